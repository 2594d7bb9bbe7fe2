public import Catalogue

/// A link through which a person reports their own health, without the secret that leads to it.
public struct ReportLink: Sendable, Hashable {
    /// The case's place in the order of arrival.
    public let sequence: Int64
    /// Digest of the birth date that opens it.
    public let proof: [UInt8]
    /// Wrong birth dates so far.
    public let failures: Int
    /// Until when it works.
    public let until: Timestamp
    /// Since when it doesn't.
    public let stoppedAt: Timestamp?
    /// The number of the health centre in charge now.
    public let jurisdiction: Int64?
    /// 現在のステータス of the case.
    public let status: Code?
}

/// Links through which persons report their own health (健康観察用のURL).
///
/// Neither the secret in the address nor the birth date stands in the database: both are keyed digests.
public struct ReportLinkStore: Sendable {
    let vault: Vault

    /// A store of links with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// The name of a link's row.
    public func id(of secret: String) -> [UInt8] {
        vault.digest("report-link", secret.utf8)
    }

    /// What opens a link: the same birth date has another digest for every link.
    public func proof(of birthDate: CalendarDate, id: [UInt8]) -> [UInt8] {
        vault.digest("report-proof", Array(birthDate.iso.utf8) + id)
    }

    /// Adds a link to a case.
    public func create(
        id: [UInt8],
        sequence: Int64,
        proof: [UInt8],
        at: Timestamp,
        until: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.send(
            "INSERT INTO report_links (id, seq, proof, created_at, until_at) VALUES ($1, $2, $3, $4, $5)",
            [.blob(id), .integer(sequence), .blob(proof), .integer(at.seconds), .integer(until.seconds)]
        )
    }

    /// Stops all links of a case.
    public func stop(sequence: Int64, at: Timestamp, _ connection: any SQLConnection) throws {
        try connection.send(
            "UPDATE report_links SET stopped_at = $2 WHERE seq = $1 AND stopped_at IS NULL",
            [.integer(sequence), .integer(at.seconds)]
        )
    }

    /// Counts a wrong birth date.
    public func countFailure(id: [UInt8], _ connection: any SQLConnection) throws {
        try connection.send("UPDATE report_links SET failures = failures + 1 WHERE id = $1", [.blob(id)])
    }

    /// Makes sure that of two transactions that report through a link at the same time one is run again, and then
    /// sees what the other stored.
    ///
    /// Only where several write at once: a row written anew is a page more for each report.
    public func claim(id: [UInt8], _ connection: any SQLConnection) throws {
        try connection.send("UPDATE report_links SET failures = failures WHERE id = $1", [.blob(id)])
    }

    private static let columns = """
        l.seq, l.proof, l.failures, l.until_at, l.stopped_at, f.jurisdiction, f.status
        """

    private static func link(_ row: any SQLRow) -> ReportLink {
        ReportLink(
            sequence: row.integer(0),
            proof: row.blob(1),
            failures: Int(row.integer(2)),
            until: Timestamp(seconds: row.integer(3)),
            stoppedAt: row.optionalInteger(4).map { Timestamp(seconds: $0) },
            jurisdiction: row.optionalInteger(5),
            status: row.optionalText(6).map { Code($0) }
        )
    }

    /// The link with a digest; a deleted case has none.
    public func find(id: [UInt8], _ connection: any SQLConnection) throws -> ReportLink? {
        try connection.first(
            """
            SELECT \(Self.columns) FROM report_links l JOIN facts f ON f.seq = l.seq WHERE l.id = $1
            """,
            [.blob(id)],
            Self.link
        )
    }

    /// The link with a digest, and what was reported of its case since a moment: one statement for each report.
    public func find(
        id: [UInt8],
        reportsSince: Timestamp,
        now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> (link: ReportLink, recent: [(form: String, items: Record)])? {
        let observations = ObservationStore(vault)
        var link: ReportLink?
        var recent: [(form: String, items: Record)] = []
        // The end is there for engines that divide the table by time: the parts of months to come aren't asked.
        try connection.query(
            """
            SELECT \(Self.columns), o.at, o.sealed FROM report_links l
            JOIN facts f ON f.seq = l.seq
            LEFT JOIN observations o ON o.seq = l.seq AND o.at >= $2 AND o.at <= $3
            WHERE l.id = $1 ORDER BY o.at DESC LIMIT 8
            """,
            [.blob(id), .integer(reportsSince.seconds), .integer(now.seconds + 3600)]
        ) { row in
            let found = Self.link(row)
            link = found
            guard !row.isNull(7) else { return }
            recent.append(try observations.open(row.blob(8), sequence: found.sequence, at: row.integer(7)))
        }
        return link.map { ($0, recent) }
    }
}
