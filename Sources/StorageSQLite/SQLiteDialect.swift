import Storage

extension Dialect {
    /// What is SQLite's own.
    static let sqlite = Dialect(
        bytes: "BLOB",
        identity: "INTEGER PRIMARY KEY AUTOINCREMENT",
        key: "INTEGER PRIMARY KEY",
        clustered: " WITHOUT ROWID",
        skipLocked: "",
        countTables: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
        divides: false,
        tuning: "",
        inventory: .sqlite
    )
}

extension Inventory {
    /// What SQLite knows of its tables.
    static let sqlite = Inventory(
        tables: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
        columns: """
            SELECT name, lower(type), pk,
                pk > 0 AND (SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = $1)
            FROM pragma_table_info($1) ORDER BY cid
            """,
        lastNumber: "SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
        // The table has no key of its own that an upsert could meet.
        setLastNumber: [
            "DELETE FROM sqlite_sequence WHERE name = '{table}' AND $1 >= 0",
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', $1)",
        ],
        empty: "DELETE FROM",
        settle: ""
    )
}
