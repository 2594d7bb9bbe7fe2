// Whether a key file opens what is stored, tried at a few rows: a number says nothing about the key's bytes.

extension Resealing {
    /// Rows that are tried at each end of a table: one damaged row alone says nothing about the key.
    private static let tried = 5

    /// Whether these keys open rows: false where there are some, and not one opens of those that are tried.
    public func opensSome(_ connection: any SQLConnection) throws -> Bool {
        var isEmpty = true
        for column in columns {
            guard let isOpen = try opens(column, key: nil, connection) else { continue }
            if isOpen { return true }
            isEmpty = false
        }
        return isEmpty
    }

    /// The columns in which rows of a number don't open with the key that has this number here.
    ///
    /// - Parameters:
    ///   - counts: which columns have rows of which numbers, as ``counts(_:)`` tells.
    ///   - connection: the database.
    /// - Returns: table and column with the number, each once.
    /// - Throws: what the engine throws.
    public func closed(
        _ counts: [(part: String, key: UInt32, rows: Int)],
        _ connection: any SQLConnection
    ) throws -> [(part: String, key: UInt32)] {
        try counts.filter { count in
            guard let column = columns.first(where: { $0.name == count.part }) else { return false }
            return try opens(column, key: count.key, connection) == false
        }.map { ($0.part, $0.key) }
    }

    /// Whether one of the oldest and newest rows opens; nil where there is none.
    private func opens(_ column: SealedColumn, key: UInt32?, _ connection: any SQLConnection) throws -> Bool? {
        let names = (column.key + column.also).map(\.name).joined(separator: ", ")
        let width = column.key.count + column.also.count
        let heads = key.map { [Vault.Seal.bytes($0, isCarried: false), Vault.Seal.bytes($0, isCarried: true)] } ?? []
        let isOfKey = key == nil ? "" : " AND substr(\(column.column), 1, 4) IN ($1, $2)"
        var result: Bool?
        for direction in ["ASC", "DESC"] {
            let order = column.key.map { "\($0.name) \(direction)" }.joined(separator: ", ")
            let rows = try connection.rows(
                """
                SELECT \(names), \(column.column) FROM \(column.table) WHERE \(column.column) IS NOT NULL\(isOfKey)
                ORDER BY \(order) LIMIT \(Self.tried)
                """,
                heads.map { .blob($0) }
            ) { (values: column.values($0), sealed: $0.blob(width)) }
            for row in rows {
                result = false
                do {
                    _ = try vault.open(row.sealed, column.context, column.seat(row.values, vault))
                    return true
                } catch StorageFailure.unreadable {
                    // The next one may open.
                }
            }
        }
        return result
    }
}
