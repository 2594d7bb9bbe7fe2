/// A row among the migrations that says that a database isn't there to be served: every program takes it for a
/// schema that is too new, and refuses.
public enum Unfinished {
    /// Rows are being copied into it, or a copy was interrupted.
    public static let copying = 1_000_000
    /// It holds what was taken out of another database and nothing else.
    public static let archive = 1_000_001

    /// Marks a database; in the transaction in which it was found to be empty.
    static func mark(_ number: Int, _ connection: any SQLConnection) throws {
        try connection.execute(
            "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, '')",
            [.integer(Int64(number)), .text(number == copying ? "copying" : "archive")]
        )
    }

    static func isMarked(_ number: Int, _ connection: any SQLConnection) throws -> Bool {
        try connection.number("SELECT number FROM schema_migrations WHERE number = $1", [.integer(Int64(number))])
            != nil
    }

    static func unmark(_ number: Int, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM schema_migrations WHERE number = $1", [.integer(Int64(number))])
    }
}
