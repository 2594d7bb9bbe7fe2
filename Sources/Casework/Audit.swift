public import Storage

extension Casework {
    /// Walks the history chain: finds a changed, deleted or cut-off line.
    public func verifyHistory() async throws -> CaseStore.Verification {
        try await engine.read { try self.cases.verify($0) }
    }
}
