import Storage
import Synchronization

/// An engine before whose next transaction that writes something else happens, once: somebody who was quicker.
final class InterruptedEngine: Engine {
    private let inner: any Engine
    private let between: Mutex<(@Sendable () async throws -> Void)?>

    init(_ inner: any Engine, _ between: @escaping @Sendable () async throws -> Void) {
        self.inner = inner
        self.between = Mutex(between)
    }

    var dialect: Dialect { inner.dialect }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try await inner.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        let quicker = between.withLock { next in
            defer { next = nil }
            return next
        }
        try await quicker?()
        return try await inner.write(body)
    }

    func answers() async -> Bool { await inner.answers() }

    func broadcast(_ text: String) { inner.broadcast(text) }

    func broadcasts() -> AsyncStream<Broadcast> { inner.broadcasts() }

    func close() throws { try inner.close() }
}
