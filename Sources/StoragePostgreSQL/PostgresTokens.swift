import Foundation
import Storage

/// Tokens of transactions: each writing transaction stores one of its own, so that after a lost answer the next
/// connection can tell whether it took place.
///
/// The table is the engine's own and no part of the schema.
enum PostgresTokens {
    /// A token that nobody else has.
    static func random() -> [UInt8] {
        (0..<16).map { _ in UInt8.random(in: .min ... .max) }
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    /// Makes the table where it is missing.
    static func prepare(_ session: PostgresSession) throws {
        try session.send("SELECT count(*) FROM pg_class WHERE oid = to_regclass('commits')", [])
        var count: Int64 = 0
        try session.finish().rows { count = $0.integer(0) }
        if count == 0 {
            try session.script(
                """
                CREATE TABLE IF NOT EXISTS commits (id BYTEA PRIMARY KEY, at BIGINT NOT NULL);
                CREATE INDEX IF NOT EXISTS commits_at ON commits (abs(at));
                """
            )
        }
    }

    /// Forgets some tokens of yesterday: a lost answer is asked for within a minute.
    ///
    /// A few at a time and often: a busy day leaves millions.
    static func sweep(_ session: PostgresSession) throws {
        try session.send(
            """
            DELETE FROM commits WHERE id IN (
                SELECT id FROM commits WHERE abs(at) < $1 ORDER BY abs(at) LIMIT 5000 FOR UPDATE SKIP LOCKED
            )
            """,
            [.integer(now - 86_400)]
        )
        _ = try session.finish()
    }

    /// Stores a transaction's token within it.
    static func store(_ token: [UInt8], _ session: PostgresSession) throws {
        try session.send("INSERT INTO commits (id, at) VALUES ($1, $2)", [.blob(token), .integer(now)])
    }

    /// Whether the transaction of a token took place; after this it never will if it hasn't.
    ///
    /// The token is stored again, as given up, which its negative time says. As long as the transaction may still be
    /// going on, that waits for it; then either the key is taken, and the row says by whom, or it is ours and the
    /// transaction can't commit any more.
    ///
    /// Where the key is taken its row is written all the same: after a crash of the server a commit can be seen that
    /// no standby has yet, and only a commit behind it waits until they have both.
    static func isStored(_ token: [UInt8], _ session: PostgresSession) throws -> Bool? {
        try session.send(
            "INSERT INTO commits (id, at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET at = commits.at",
            [.blob(token), .integer(-now)]
        )
        // The insertion is a transaction of its own; the next statement sees who was first.
        _ = try session.finish()
        try session.send("SELECT at FROM commits WHERE id = $1", [.blob(token)])
        var at: Int64?
        try session.finish().rows { at = $0.integer(0) }
        return at.map { $0 >= 0 }
    }
}
