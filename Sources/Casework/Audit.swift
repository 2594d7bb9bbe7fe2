public import Storage

extension Casework {
    /// Walks the chains of history and health reports: finds a changed, deleted or cut-off row.
    public func verifyHistory(
        progress: @Sendable (_ rows: Int) -> Void = { _ in }
    ) async throws -> Verification {
        try await cases.verify(engine, progress: progress)
    }
}
