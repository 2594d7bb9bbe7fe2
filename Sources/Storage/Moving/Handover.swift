import Dispatch
import Synchronization

/// Rows of one table on their way.
struct Batch: Sendable {
    let table: TableShape
    let values: [SQLValue]
    let rows: Int

    /// Parameters of one statement: more gain nothing, and PostgreSQL's planner slows down.
    private static let mostParameters = 1000

    /// Stores the rows: as many in a statement as it may have parameters, the rest one by one.
    func store(_ connection: any SQLConnection) throws {
        let width = table.columns.count
        let together = max(Self.mostParameters / width, 1)
        let many = statement(rows: together)
        let one = statement(rows: 1)
        var row = 0
        while row < rows {
            let count = rows - row >= together ? together : 1
            try connection.send(count == 1 ? one : many, Array(values[row * width..<(row + count) * width]))
            row += count
        }
    }

    private func statement(rows: Int) -> String {
        let width = table.columns.count
        let places = (0..<rows).map { row in
            "(\((0..<width).map { "$\(row * width + $0 + 1)" }.joined(separator: ", ")))"
        }
        let names = table.columns.map(\.name).joined(separator: ", ")
        return "INSERT INTO \(table.name) (\(names)) VALUES \(places.joined(separator: ", "))"
    }
}

/// Between the engine's thread that reads, which may wait, and the tasks that write, which may not.
///
/// The reading transaction stays open all the while: everything comes from one state of the source.
final class Handover: Sendable {
    /// The writing side gave up.
    struct Stopped: Error {}

    let batches: AsyncStream<Batch>
    private let continuation: AsyncStream<Batch>.Continuation
    private let free = DispatchSemaphore(value: 0)
    private let isStopped = Mutex(false)

    /// A handover in which so many batches wait at the most.
    init(capacity: Int) {
        (batches, continuation) = AsyncStream.makeStream()
        // Not as the semaphore's first value: it may not be let go of below that.
        for _ in 0..<capacity { free.signal() }
    }

    /// Hands over rows; waits while the writing side is behind.
    func put(_ batch: Batch) throws {
        free.wait()
        if isStopped.withLock({ $0 }) { throw Stopped() }
        continuation.yield(batch)
    }

    /// Says that a batch is stored.
    func isStored() { free.signal() }

    /// Says that nothing comes any more.
    func finish() { continuation.finish() }

    /// Says that nothing is stored any more.
    func stop() {
        isStopped.withLock { $0 = true }
        free.signal()
    }

    /// Stores everything that comes, some batches at the same time; returns when nothing comes any more.
    func store(_ target: any Engine, atOnce: Int = 2) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                var running = 0
                for await batch in batches {
                    if running == atOnce {
                        _ = try await group.next()
                        running -= 1
                    }
                    running += 1
                    group.addTask {
                        try await target.write { try batch.store($0) }
                        self.isStored()
                    }
                }
                try await group.waitForAll()
            }
        } catch {
            stop()
            throw error
        }
    }
}

/// Something that happens once.
final class FirstTime: Sendable {
    private let isTaken = Mutex(false)

    /// Whether this is the first time.
    func take() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }
}
