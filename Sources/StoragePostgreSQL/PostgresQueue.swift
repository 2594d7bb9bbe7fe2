import Foundation

/// A closure that waits for a connection.
struct PostgresJob: Sendable {
    /// Runs within a transaction.
    let run: @Sendable (PostgresConnection) throws -> Void
    /// Tells the caller how it ended; called once.
    let finish: @Sendable ((any Error)?) -> Void
    /// When the caller stops waiting.
    let deadline: ContinuousClock.Instant?

    var isOver: Bool { deadline.map { $0 < .now } ?? false }
}

/// Closures waiting for the threads that own connections.
final class PostgresQueue: @unchecked Sendable {  // SAFETY: everything is touched under the condition's lock only.
    private let condition = NSCondition()
    private var jobs: [PostgresJob] = []
    private var isClosed = false

    /// Adds a closure; false where nobody takes any more.
    func add(_ job: PostgresJob) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return false }
        jobs.append(job)
        condition.signal()
        return true
    }

    /// Waits for closures and takes some; nil once closed and empty.
    func take(most: Int) -> [PostgresJob]? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty {
            if isClosed { return nil }
            condition.wait()
        }
        let taken = Array(jobs.prefix(most))
        jobs.removeFirst(taken.count)
        return taken
    }

    /// Lets the threads end when the last closure is done.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }
}
