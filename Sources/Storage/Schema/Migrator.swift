public import Catalogue
import Crypto

/// One step of the schema: frozen text, never changed once landed.
struct Migration: Sendable {
    let number: Int
    let name: String
    /// The oldest schema whose programs go on working once this step is done.
    ///
    /// A step that only adds says an older number: servers of that schema keep serving while it runs and after it.
    let serves: Int
    let sql: String

    init(number: Int, name: String, serves: Int? = nil, sql: String) {
        self.number = number
        self.name = name
        self.serves = serves ?? number
        self.sql = sql
    }

    /// Told apart from an edited text by this.
    var checksum: String {
        Hex.text(SHA256.hash(data: Array(sql.utf8)).prefix(8))
    }
}

/// Brings a database to the present schema.
public struct Migrator: Sendable {
    static let migrations: [Migration] = [
        .cases, .people, .work, .growth, .deletion, .lists, .sharing, .totals, .fax, .localItems, .issuing,
        .machines, .sessionOrigins, .opening, .secondFactor, .outreach, .confirmation,
        .fingerprints,
    ]

    /// The schema this program works with.
    public static var current: Int { migrations.count }

    private let engine: any Engine
    private let migrations: [Migration]

    /// A migrator of a database.
    public init(_ engine: any Engine) {
        self.init(engine, Self.migrations)
    }

    /// A migrator of a program with other steps: tests of what comes before and after.
    init(_ engine: any Engine, _ migrations: [Migration]) {
        self.engine = engine
        self.migrations = migrations
    }

    /// The schema a database has, 0 for an empty one.
    public func version() async throws -> Int {
        let dialect = engine.dialect
        return try await engine.read { try Self.version($0, dialect) }
    }

    /// Throws unless a program of this schema works with the database: it has this schema, or a later one that still
    /// serves this.
    public func check() async throws {
        let (dialect, expected) = (engine.dialect, migrations.count)
        let (found, serves) = try await engine.read { connection in
            let found = try Self.version(connection, dialect)
            guard found > expected else { return (found, found) }
            let serves = try connection.number(
                "SELECT max(CASE WHEN serves = 0 THEN number ELSE serves END) FROM schema_migrations WHERE number > $1",
                [.integer(Int64(expected))]
            )
            return (found, Int(serves ?? 0))
        }
        guard found == expected || (found > expected && serves > 0 && serves <= expected) else {
            throw StorageFailure.schema(found: found, expected: expected)
        }
    }

    /// Runs the missing migrations, each in a transaction of its own; returns their names.
    public func migrate(at now: Timestamp) async throws -> [String] {
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
        guard found <= migrations.count else {
            throw StorageFailure.schema(found: found, expected: migrations.count)
        }
        var names: [String] = []
        for migration in migrations.dropFirst(found) {
            try await engine.write { connection in
                // Another process may have run it, or be at it: then it holds this row until it has ended.
                guard try Self.version(connection, dialect) < migration.number else { return }
                try connection.execute(
                    "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                    [.integer(Int64(migration.number)), .text(migration.name), .text(migration.checksum)]
                )
                try connection.script(dialect.resolve(migration.sql))
                guard migration.number >= Migration.growth.number else { return }
                try connection.execute(
                    "UPDATE schema_migrations SET serves = $2 WHERE number = $1",
                    [.integer(Int64(migration.number)), .integer(Int64(migration.serves))]
                )
            }
            names.append(migration.name)
        }
        // Parts are made after the settings that they take over.
        if !dialect.tuning.isEmpty, !names.isEmpty { try await engine.write { try $0.script(dialect.tuning) } }
        try await Growth.prepare(engine, at: now.seconds)
        return names
    }

    private static func version(_ connection: any SQLConnection, _ dialect: Dialect) throws -> Int {
        guard try connection.number(dialect.countTables, [.text("schema_migrations")]) != 0 else { return 0 }
        return Int(try connection.number("SELECT max(number) FROM schema_migrations") ?? 0)
    }
}
