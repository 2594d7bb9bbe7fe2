import Crypto

/// One step of the schema: frozen text, never changed once landed.
struct Migration: Sendable {
    let number: Int
    let name: String
    let sql: String

    /// Told apart from an edited text by this.
    var checksum: String {
        Hex.text(SHA256.hash(data: Array(sql.utf8)).prefix(8))
    }
}

/// Brings a database to the present schema.
public struct Migrator: Sendable {
    static let migrations: [Migration] = [.cases, .people, .work]

    /// The schema this program works with.
    public static var current: Int { migrations.count }

    private let engine: any Engine

    /// A migrator of a database.
    public init(_ engine: any Engine) {
        self.engine = engine
    }

    /// The schema a database has, 0 for an empty one.
    public func version() async throws -> Int {
        try await engine.read { try Self.version($0) }
    }

    /// Throws unless the database has the program's schema.
    public func check() async throws {
        let found = try await version()
        guard found == Self.current else { throw StorageFailure.schema(found: found, expected: Self.current) }
    }

    /// Runs the missing migrations, each in a transaction of its own; returns their names.
    public func migrate() async throws -> [String] {
        let dialect = engine.dialect
        try await engine.write { connection in
            try connection.script(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL
                )
                """
            )
        }
        let found = try await version()
        guard found <= Self.current else { throw StorageFailure.schema(found: found, expected: Self.current) }
        var names: [String] = []
        for migration in Self.migrations.dropFirst(found) {
            try await engine.write { connection in
                // Another process may have run it meanwhile.
                guard try Self.version(connection) < migration.number else { return }
                try connection.script(dialect.resolve(migration.sql))
                try connection.execute(
                    "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                    [.integer(Int64(migration.number)), .text(migration.name), .text(migration.checksum)]
                )
            }
            names.append(migration.name)
        }
        return names
    }

    private static func version(_ connection: any SQLConnection) throws -> Int {
        do {
            return Int(try connection.number("SELECT max(number) FROM schema_migrations") ?? 0)
        } catch StorageFailure.engine {
            // No such table: nothing has been migrated.
            return 0
        }
    }
}
