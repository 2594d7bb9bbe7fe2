import CLibPQ
import Storage

/// What can't stand in a transaction: making and dropping databases, vacuuming.
public enum PostgresStatement {
    /// Runs a statement on a connection of its own; blocks until it has ended.
    public static func run(_ sql: String, at address: PostgresAddress) throws {
        do {
            let session = try PostgresSession(address.unhurried, patience: nil)
            try session.script(sql)
        } catch let failure as SessionFailure {
            throw failure.storage
        }
    }
}
