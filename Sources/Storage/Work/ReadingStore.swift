public import Catalogue

/// One reading of identified cases: who, when, which sections, from which address.
public struct Reading: Sendable, Hashable {
    /// When.
    public var at: Timestamp
    /// The account or client.
    public var account: Int64
    /// Its organisation's number.
    public var organisation: Int64
    /// The network address.
    public var address: String
    /// `case`, `list`, `history`, `api`, `print`.
    public var what: String
    /// Sections shown.
    public var sections: [Section]
    /// Cases shown.
    public var cases: [CaseNumber]
    /// Through what: `page` for an account, `api` for a client.
    public var through: String

    /// A reading.
    public init(
        at: Timestamp,
        account: Int64,
        organisation: Int64,
        address: String,
        what: String,
        sections: [Section],
        cases: [CaseNumber],
        through: String = "page"
    ) {
        self.at = at
        self.account = account
        self.organisation = organisation
        self.address = address
        self.what = what
        self.sections = sections
        self.cases = cases
        self.through = through
    }
}

/// The reading log.
public struct ReadingStore: Sendable {
    let vault: Vault

    /// A log whose cases are written by their order of arrival.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// Writes a reading down.
    public func put(_ reading: Reading, _ connection: any SQLConnection) throws {
        var writer = ByteWriter(capacity: 8 + reading.cases.count * 4)
        for number in reading.cases { writer.number(Int(vault.sequence(number))) }
        try connection.execute(
            """
            INSERT INTO readings (at, account, organisation, address, what, sections, cases)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .integer(reading.at.seconds), .integer(reading.account), .integer(reading.organisation),
                .text(reading.address), .text(reading.what),
                .text(reading.sections.map(\.rawValue).joined(separator: ",")), .blob(writer.bytes),
            ]
        )
        try putByCase(reading, connection)
    }

    /// How many readings were written down.
    public func count(_ connection: any SQLConnection) throws -> Int {
        Int(try connection.number("SELECT count(*) FROM readings") ?? 0)
    }
}
