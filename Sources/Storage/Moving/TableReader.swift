import Crypto

/// The sum over all rows of a table; the same for the same rows in any order and on any engine.
///
/// Each row's hash is added up, for two engines don't sort texts alike.
struct TableSum: Sendable, Hashable {
    private(set) var rows = 0
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    mutating func add(_ hash: SHA256) {
        rows += 1
        hash.finalize().withUnsafeBytes {
            high &+= $0.loadUnaligned(as: UInt64.self)
            low &+= $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        }
    }
}

/// Reads a table along its primary key, a page at a time: a server hands over a whole answer at once.
struct TableReader {
    let table: TableShape
    /// Rows that are wanted, by `$n` from the first; nil for all.
    var condition: (sql: String, parameters: [SQLValue])?

    /// Rows of a page: some megabytes at the most, and a transaction's worth of writing.
    static let page = 2000

    /// How many rows there are to be read.
    func count(_ connection: any SQLConnection) throws -> Int {
        let condition = condition.map { " WHERE \($0.sql)" } ?? ""
        let sql = "SELECT count(*) FROM \(table.name)\(condition)"
        return Int(try connection.number(sql, self.condition?.parameters ?? []) ?? 0)
    }

    /// Hands over each page as values, row behind row, and adds every row to a sum.
    func pages(
        _ connection: any SQLConnection,
        _ sum: inout TableSum,
        _ page: (_ values: [SQLValue], _ rows: Int) throws -> Void
    ) throws {
        var after: [SQLValue] = []
        while true {
            var values: [SQLValue] = []
            var (count, total) = (0, sum)
            try connection.query(statement(isFirst: after.isEmpty), (condition?.parameters ?? []) + after) { row in
                var hash = SHA256()
                for (index, column) in table.columns.enumerated() {
                    values.append(read(row, index, column.kind, &hash))
                }
                total.add(hash)
                count += 1
            }
            sum = total
            if count > 0 { try page(values, count) }
            guard count == Self.page else { return }
            let last = values.suffix(table.columns.count)
            after = table.key.map { last[last.startIndex + $0] }
        }
    }

    private func statement(isFirst: Bool) -> String {
        let names = table.columns.map(\.name).joined(separator: ", ")
        let key = table.key.map { table.columns[$0].name }
        var conditions = condition.map { [$0.sql] } ?? []
        if !isFirst {
            let first = (condition?.parameters.count ?? 0) + 1
            let places = key.indices.map { "$\(first + $0)" }.joined(separator: ", ")
            conditions.append("(\(key.joined(separator: ", "))) > (\(places))")
        }
        return "SELECT \(names) FROM \(table.name)"
            + (conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))")
            + " ORDER BY \(key.joined(separator: ", ")) LIMIT \(Self.page)"
    }

    private func read(_ row: any SQLRow, _ index: Int, _ kind: TableShape.Kind, _ hash: inout SHA256) -> SQLValue {
        guard !row.isNull(index) else {
            hash.update(data: [0])
            return .null
        }
        switch kind {
        case .number:
            let number = row.integer(index)
            hash.update(data: [1])
            withUnsafeBytes(of: number.littleEndian) { hash.update(bufferPointer: $0) }
            return .integer(number)
        case .text, .bytes:
            // A text is summed up as the bytes that are stored, so that one that isn't UTF-8 shows.
            let bytes = row.blob(index)
            hash.update(data: [kind == .text ? 2 : 3])
            withUnsafeBytes(of: bytes.count.littleEndian) { hash.update(bufferPointer: $0) }
            bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
            return kind == .text ? .text(String(decoding: bytes, as: UTF8.self)) : .blob(bytes)
        }
    }
}
