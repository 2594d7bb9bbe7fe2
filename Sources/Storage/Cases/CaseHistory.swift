public import Access
public import Catalogue

extension CaseStore {
    /// A history line on its way into the chain.
    struct Line: Sendable {
        let sequence: Int64
        let version: Int
        let at: Int64
        let account: Int64
        let organisation: Int64
        let sealed: [UInt8]

        /// What the chain is taken over, worked out before the writer's turn.
        let digest: [UInt8]

        init(sequence: Int64, version: Int, at: Int64, account: Int64, organisation: Int64, sealed: [UInt8]) {
            self.sequence = sequence
            self.version = version
            self.at = at
            self.account = account
            self.organisation = organisation
            self.sealed = sealed
            digest = Chain.digest([sequence, Int64(version), at, account, organisation], sealed)
        }
    }

    /// What a line of history tells of.
    public enum Told: Sendable {
        /// These changes.
        case changes([HistoryEntry.ItemChange])
        /// All that a new case holds but these items and sections, of which later lines tell.
        case beginning(CaseFile, butItems: Set<String> = [], butSections: Set<Section> = [])
    }

    func line(
        version: Int,
        _ told: Told,
        _ deed: Deed,
        sequence: Int64,
        directory: Directory
    ) throws -> Line {
        Line(
            sequence: sequence,
            version: version,
            at: deed.at.seconds,
            account: deed.account,
            organisation: directory.number(deed.organisation) ?? 0,
            // The version is part of what is authenticated: a line can't be put in another's place.
            sealed: try vault.seal(CaseCodec.encode(deed, told), "history", sequence << 16 | Int64(version & 0xffff))
        )
    }

    /// Puts lines at the end of the connection's lane.
    func append(_ lines: [Line], _ connection: any SQLConnection) throws {
        try Chain(book: .history, vault: vault).append(lines.map(\.digest), connection) { index, place, hash in
            let line = lines[index]
            try connection.send(
                """
                INSERT INTO history (place, seq, version, at, account, organisation, sealed, hash)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                [
                    .integer(place), .integer(line.sequence), .integer(Int64(line.version)), .integer(line.at),
                    .integer(line.account), .integer(line.organisation), .blob(line.sealed), .blob(hash),
                ]
            )
        }
    }

    /// All lines of a case's history, oldest first.
    public func history(
        of number: CaseNumber,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [HistoryEntry] {
        let sequence = vault.sequence(number)
        return try connection.rows(
            "SELECT version, at, account, organisation, sealed FROM history WHERE seq = $1 ORDER BY version",
            [.integer(sequence)]
        ) { row in
            let version = Int(row.integer(0))
            var line = try CaseCodec.decodeHistory(
                vault.open(row.blob(4), "history", sequence << 16 | Int64(version & 0xffff)),
                version: version,
                at: Timestamp(seconds: row.integer(1)),
                account: row.integer(2),
                organisation: directory.key(row.integer(3)) ?? ""
            )
            line.changes.sort { left, right in
                (left.entry ?? 0, Catalogue.place(of: left.change.item))
                    < (right.entry ?? 0, Catalogue.place(of: right.change.item))
            }
            return line
        }
    }
}

extension CaseFile {
    /// Every item's change from an earlier state of the case, records of repeating sections by their numbers.
    public func changes(from earlier: CaseFile?) -> [HistoryEntry.ItemChange] {
        var result = items.changes(from: earlier?.items ?? Record()).map { HistoryEntry.ItemChange($0) }
        let sections = Set(entries.keys).union(earlier?.entries.keys ?? [:].keys)
        for section in sections.sorted(by: { $0.rawValue < $1.rawValue }) {
            let old = Dictionary(
                (earlier?.entries[section] ?? []).map { ($0.id, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            let new = entries[section] ?? []
            for entry in new {
                result += entry.items.changes(from: old[entry.id]?.items ?? Record()).map {
                    .init($0, section: section, entry: entry.id, owner: entry.owner)
                }
            }
            let kept = Set(new.map(\.id))
            for entry in old.values.sorted(by: { $0.id < $1.id }) where !kept.contains(entry.id) {
                result += Record().changes(from: entry.items).map {
                    .init($0, section: section, entry: entry.id, owner: entry.owner)
                }
            }
        }
        return result
    }
}
