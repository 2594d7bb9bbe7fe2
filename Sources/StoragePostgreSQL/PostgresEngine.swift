import Foundation
public import Storage
import Synchronization

/// PostgreSQL through libpq: threads that own a connection each, some for reading and some for writing.
public final class PostgresEngine: Engine {
    private let readers = PostgresQueue()
    private let writers = PostgresQueue()
    private let listener: PostgresListener
    private let patience: Duration?
    private let isClosed = Mutex(false)
    private let ended = DispatchSemaphore(value: 0)
    private let threads: Int

    /// PostgreSQL's words.
    public let dialect = Dialect.postgres

    /// A pool of connections to a database; they are made when they are needed, and again whenever they are lost.
    ///
    /// - Parameters:
    ///   - address: where.
    ///   - readers: connections that read at the same time.
    ///   - writers: connections that write at the same time.
    ///   - patience: how long a caller waits for a database that doesn't answer; nil for ever, and no statement is
    ///     cut off: for long work on the command line.
    public init(_ address: PostgresAddress, readers: Int = 6, writers: Int = 4, patience: Duration? = .seconds(10)) {
        let address = patience == nil ? address.unhurried : address
        let seconds = patience.map { max(1, Int($0.components.seconds)) }
        self.patience = patience
        listener = PostgresListener(address)
        threads = readers + writers
        let (reading, writing, ended, listener) = (self.readers, self.writers, ended, listener)
        for number in 0..<readers {
            Self.start("read-\(number)") {
                var reader = PostgresReader(address: address, queue: reading, patience: seconds)
                reader.work()
                ended.signal()
            }
        }
        for number in 0..<writers {
            Self.start("write-\(number)") {
                var writer = PostgresWriter(address: address, queue: writing, patience: seconds)
                writer.work()
                ended.signal()
            }
        }
        Self.start("listen") { listener.work() }
    }

    private static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.stackSize = 4 << 20
        thread.start()
    }

    private func run<Result: Sendable>(
        _ queue: PostgresQueue,
        patience: Duration?,
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        let held = Held<Result>()
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let job = PostgresJob(
                run: { connection in
                    let result = try body(connection)
                    held.value.withLock { $0 = result }
                },
                finish: { error in
                    if let error { continuation.resume(throwing: error) } else { continuation.resume() }
                },
                deadline: patience.map { .now + $0 }
            )
            if !queue.add(job) { continuation.resume(throwing: StorageFailure.unavailable) }
        }
        guard let result = held.value.withLock({ $0 }) else { throw StorageFailure.engine(code: -1) }
        return result
    }

    /// Runs a closure on one consistent state of the database.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try await run(readers, patience: patience, body)
    }

    /// Runs a closure as a transaction, together with others that wait.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try await run(writers, patience: patience, body)
    }

    /// Whether the database answers within a second.
    public func answers() async -> Bool {
        await withCheckedContinuation { continuation in
            let first = Once { continuation.resume(returning: $0) }
            let isTaken = readers.add(
                PostgresJob(
                    run: { _ = try $0.number("SELECT 1") },
                    finish: { first.say($0 == nil) },
                    deadline: .now + .seconds(1)
                )
            )
            if !isTaken { return first.say(false) }
            DispatchQueue.global().asyncAfter(deadline: .now() + 1) { first.say(false) }
        }
    }

    /// Tells the other processes on this database something.
    public func broadcast(_ text: String) { listener.tell(text) }

    /// What other processes tell.
    public func broadcasts() -> AsyncStream<Broadcast> { listener.stream() }

    /// Closes all connections when what waits is done.
    public func close() throws {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        readers.close()
        writers.close()
        for _ in 0..<threads { ended.wait() }
        listener.close()
    }
}

/// Carries a result from a connection's thread to the waiting task.
private final class Held<Result: Sendable>: Sendable {
    let value = Mutex<Result?>(nil)
}

/// Passes on the first answer of several.
private final class Once: Sendable {
    private let isSaid = Mutex(false)
    private let answer: @Sendable (Bool) -> Void

    init(_ answer: @escaping @Sendable (Bool) -> Void) { self.answer = answer }

    func say(_ value: Bool) {
        let isFirst = isSaid.withLock { said in
            defer { said = true }
            return !said
        }
        if isFirst { answer(value) }
    }
}
