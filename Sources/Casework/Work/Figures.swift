public import Storage

extension Casework {
    /// What waits in the database now, as numbers of nobody.
    public func backlog() async throws -> Backlog {
        let now = clock()
        return try await engine.read { try BacklogStore.read(now: now, $0) }
    }

    /// How often the database was asked; nil where nobody counts.
    public var databaseCounts: EngineCounts? { (engine as? CountedEngine)?.counts }
}
