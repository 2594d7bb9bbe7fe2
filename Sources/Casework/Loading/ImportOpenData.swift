import Access
import Catalogue
import Crypto
public import Interchange
import Storage

/// What an import did with the rows of a file.
public struct ImportResult: Sendable, Hashable {
    /// Rows that became cases.
    public var added = 0
    /// Rows whose case was changed.
    public var changed = 0
    /// Rows that were known as they are.
    public var unchanged = 0

    /// Nothing yet.
    public init() {}
}

extension Casework {
    /// Rows in one transaction: a broken run has stored whole transactions and goes on where it broke.
    private static let together = 500

    /// Imports published cases; they carry no identity and are marked as published data.
    ///
    /// A row is known by its publisher and number: the same file again changes nothing, a newer edition changes what
    /// it corrects.
    /// - Parameters:
    ///   - list: the rows that were accepted.
    ///   - caller: who imports; their organisation is the case's headquarters.
    ///   - progress: told the number of rows done so far.
    /// - Returns: how many rows were added, changed, known.
    /// - Throws: what the database fails with; whole transactions before it stay.
    public func importOpenData(
        _ list: LineList,
        by caller: Caller,
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> ImportResult {
        let directory = try await directory()
        var result = ImportResult()
        var done = 0
        for start in stride(from: 0, to: list.rows.count, by: Self.together) {
            let rows = Array(list.rows[start..<min(start + Self.together, list.rows.count)])
            let now = clock()
            let part = try await engine.write { connection -> ImportResult in
                var part = ImportResult()
                for row in rows {
                    try self.importRow(row, caller, now, directory, &part, connection)
                }
                return part
            }
            result.added += part.added
            result.changed += part.changed
            result.unchanged += part.unchanged
            done += rows.count
            progress(done)
        }
        return result
    }

    private func importRow(
        _ row: LineList.AcceptedRow,
        _ caller: Caller,
        _ now: Timestamp,
        _ directory: Directory,
        _ result: inout ImportResult,
        _ connection: any SQLConnection
    ) throws {
        let digest = Self.digest(row)
        let known = try repeats.imported(source: "open-data", row: row.rowKey, connection)
        if let known, known.digest == digest {
            result.unchanged += 1
            return
        }
        // What was deleted stays deleted, whatever a newer edition of the file says of it.
        if let known, try cases.deleted(known.number, connection) != nil {
            result.unchanged += 1
            return
        }
        var file = CaseFile(number: try cases.number(0), isPublishedData: true, items: row.record)
        file.items[.entryRoute] = "import_file"
        if let severity = row.severity {
            file.entries[.severity] = [Entry(id: 1, owner: caller.organisation.key, items: severity)]
        }
        file.parties = [Party(caller.organisation.key, .headquarters)]
        let deed = deed("import", caller, now)
        if let known, let earlier = try cases.load(known.number, connection) {
            file.number = earlier.number
            file.items[.hersysId] = earlier.items[.hersysId]
            _ = try cases.save(file, replacing: earlier, deed, directory: directory, connection)
            try repeats.setImported(
                source: "open-data",
                row: row.rowKey,
                digest: digest,
                number: known.number,
                connection
            )
            result.changed += 1
        } else {
            let stored = try cases.insert(file, deed, directory: directory, connection)
            try repeats.setImported(
                source: "open-data",
                row: row.rowKey,
                digest: digest,
                number: stored.number,
                connection
            )
            result.added += 1
        }
    }

    /// What a row says, in few bytes.
    private static func digest(_ row: LineList.AcceptedRow) -> [UInt8] {
        var hash = SHA256()
        for record in [row.record, row.severity ?? Record()] {
            for (key, value) in record.all.sorted(by: { $0.key < $1.key }) {
                hash.update(data: Array("\(key)\u{0}\(value.stored)\u{0}".utf8))
            }
            hash.update(data: [1])
        }
        return Array(hash.finalize().prefix(16))
    }
}
