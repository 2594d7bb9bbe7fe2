public import Access
public import Catalogue

/// A case that was deleted, as it stood.
public struct DeletedCase: Sendable {
    /// The case with its version after the deletion.
    public let file: CaseFile
    /// When it was deleted.
    public let deletedAt: Timestamp
    /// When it was made.
    let createdAt: Timestamp
    /// When it was changed last before that.
    public let updatedAt: Timestamp
}

/// Deleted cases stand in a table of their own and in none that lists, searches, figures or links read: no question
/// has to remember to leave them out.
extension CaseStore {
    /// A deleted case's seal opens in its own table only: a row that somebody moves by hand is unreadable.
    private static let seal: StaticString = "deleted-case"

    /// Takes a case out of everything that is read; the number stays taken.
    ///
    /// - Parameters:
    ///   - file: the case as it was loaded in the same transaction.
    ///   - deed: by whom, when and why: the last line of its history.
    ///   - directory: the organisations.
    ///   - connection: the transaction.
    /// - Returns: the case with its version after the deletion.
    /// - Throws: `StorageFailure.duplicate` where somebody stored a version in between.
    public func delete(
        _ file: CaseFile,
        _ deed: Deed,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> CaseFile {
        var gone = file
        gone.version += 1
        let sequence = vault.sequence(file.number)
        let removed = try connection.execute(
            "DELETE FROM cases WHERE seq = $1 AND version = $2",
            [.integer(sequence), .integer(Int64(file.version))]
        )
        guard removed == 1 else { throw StorageFailure.duplicate }
        let times = try connection.first(
            "SELECT created_at, updated_at FROM facts WHERE seq = $1",
            [.integer(sequence)]
        ) { (created: $0.integer(0), updated: $0.integer(1)) }
        try connection.send(
            """
            INSERT INTO deleted_cases (seq, version, jurisdiction, deleted_at, created_at, updated_at, sealed)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .integer(sequence), .integer(Int64(gone.version)),
                .optional(file.jurisdiction.flatMap(directory.number)), .integer(deed.at.seconds),
                .integer(times?.created ?? deed.at.seconds), .integer(times?.updated ?? deed.at.seconds),
                .blob(try vault.seal(CaseCodec.encode(gone), Self.seal, sequence)),
            ]
        )
        try connection.send("DELETE FROM facts WHERE seq = $1", [.integer(sequence)])
        try replaceParties(of: sequence, [], earlier: file.parties, directory, connection)
        try replaceTokens(of: sequence, [], earlier: search.tokens(of: file), connection)
        try append(
            [try line(version: gone.version, .changes([]), deed, sequence: sequence, directory: directory)],
            connection
        )
        return gone
    }

    /// Puts a deleted case back where it was.
    ///
    /// - Parameters:
    ///   - deleted: the case as it was found in the same transaction.
    ///   - parties: who takes part now.
    ///   - deed: by whom and when.
    ///   - directory: the organisations.
    ///   - connection: the transaction.
    /// - Returns: the case with its new version.
    /// - Throws: `StorageFailure.duplicate` where somebody was quicker.
    public func restore(
        _ deleted: DeletedCase,
        parties: [Party],
        _ deed: Deed,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> CaseFile {
        var file = deleted.file
        file.parties = parties
        file.version += 1
        let sequence = vault.sequence(file.number)
        let removed = try connection.execute(
            "DELETE FROM deleted_cases WHERE seq = $1 AND version = $2",
            [.integer(sequence), .integer(Int64(deleted.file.version))]
        )
        guard removed == 1 else { throw StorageFailure.duplicate }
        try connection.send(
            "INSERT INTO cases (seq, version, sealed) VALUES ($1, $2, $3)",
            [
                .integer(sequence), .integer(Int64(file.version)),
                .blob(try vault.seal(CaseCodec.encode(file), "case", sequence)),
            ]
        )
        try connection.send(
            CaseFacts.insert,
            CaseFacts.parameters(
                file,
                sequence: sequence,
                directory: directory,
                createdAt: deleted.createdAt,
                updatedAt: deed.at
            )
        )
        try replaceParties(of: sequence, file.parties, earlier: [], directory, connection)
        try replaceTokens(of: sequence, search.tokens(of: file), earlier: [], connection)
        try append(
            [try line(version: file.version, .changes([]), deed, sequence: sequence, directory: directory)],
            connection
        )
        return file
    }

    /// The deleted case with a HER-SYS ID.
    public func deleted(_ number: CaseNumber, _ connection: any SQLConnection) throws -> DeletedCase? {
        try deletedCases(
            "seq = $1",
            [.integer(vault.sequence(number))],
            connection
        ).first
    }

    /// A health centre's cases that were deleted since a moment, the latest first.
    public func deleted(
        jurisdiction: Int64,
        since: Timestamp,
        limit: Int,
        _ connection: any SQLConnection
    ) throws -> [DeletedCase] {
        try deletedCases(
            "jurisdiction = $1 AND deleted_at >= $2 ORDER BY deleted_at DESC, seq DESC LIMIT $3",
            [.integer(jurisdiction), .integer(since.seconds), .integer(Int64(limit))],
            connection
        )
    }

    private func deletedCases(
        _ condition: String,
        _ parameters: [SQLValue],
        _ connection: any SQLConnection
    ) throws -> [DeletedCase] {
        try connection.rows(
            "SELECT seq, version, deleted_at, created_at, updated_at, sealed FROM deleted_cases WHERE \(condition)",
            parameters
        ) { row in
            let sequence = row.integer(0)
            guard let number = vault.caseNumber(sequence) else { throw StorageFailure.unreadable("number") }
            return DeletedCase(
                file: try CaseCodec.decode(
                    vault.open(row.blob(5), Self.seal, sequence),
                    number: number,
                    version: Int(row.integer(1))
                ),
                deletedAt: Timestamp(seconds: row.integer(2)),
                createdAt: Timestamp(seconds: row.integer(3)),
                updatedAt: Timestamp(seconds: row.integer(4))
            )
        }
    }
}
