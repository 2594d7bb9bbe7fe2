import GRDB
import Storage

/// A database file of somebody else's, read and never written.
public enum SQLiteFile {
    /// The rows of a statement as texts, NULL as an empty one.
    ///
    /// - Throws: `StorageFailure` where the file isn't a database or lacks the tables.
    public static func rows(path: String, _ sql: String) async throws -> [[String]] {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try await queue.read { database in
                try Row.fetchAll(database, sql: sql).map { row in
                    row.databaseValues.map { String.fromDatabaseValue($0) ?? "" }
                }
            }
        } catch let error as DatabaseError {
            throw SQLiteEngine.failure(error.extendedResultCode.rawValue)
        }
    }
}
