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
        listColumns: "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        divides: false,
        tuning: ""
    )
}
