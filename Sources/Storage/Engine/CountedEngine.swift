import Synchronization

/// How often a database was asked.
public struct EngineCounts: Sendable, Hashable {
    /// Reading transactions that ended well.
    public var reads = 0
    /// Writing transactions that ended well.
    public var writes = 0
    /// Transactions that failed for want of the database.
    public var failures = 0
}

/// An engine that counts what goes through it.
public final class CountedEngine: Engine {
    private let inner: any Engine
    private let held = Mutex(EngineCounts())

    /// Counts what goes to an engine.
    public init(_ inner: any Engine) { self.inner = inner }

    /// So far.
    public var counts: EngineCounts { held.withLock { $0 } }

    /// The engine's words.
    public var dialect: Dialect { inner.dialect }

    /// Reads, and counts.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        let result = try await counted { try await inner.read(body) }
        held.withLock { $0.reads += 1 }
        return result
    }

    /// Writes, and counts.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        let result = try await counted { try await inner.write(body) }
        held.withLock { $0.writes += 1 }
        return result
    }

    private func counted<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as StorageFailure {
            switch failure {
            case .unavailable, .full, .engine: held.withLock { $0.failures += 1 }
            case .duplicate, .unreadable, .unstorable, .schema: break
            }
            throw failure
        }
    }

    /// Whether the database answers within a second.
    public func answers() async -> Bool { await inner.answers() }

    /// Tells the other processes something.
    public func broadcast(_ text: String) { inner.broadcast(text) }

    /// What other processes tell.
    public func broadcasts() -> AsyncStream<Broadcast> { inner.broadcasts() }

    /// Closes all connections.
    public func close() throws { try inner.close() }
}
