public import Catalogue

/// A case that somebody opened for some hours (緊急閲覧).
public struct Opening: Sendable, Hashable {
    /// The case.
    public let number: CaseNumber
    /// Until when it can be read.
    public let until: Timestamp
}

/// Cases opened for some hours, and the attempts that met nothing.
public struct OpeningStore: Sendable {
    let vault: Vault

    /// Stands for the case of an attempt that met none; no case has it.
    private static let noCase: Int64 = -1

    /// A store that turns HER-SYS IDs into rows.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// Opens a case for an account until a moment; without a number it counts a failed attempt.
    public func put(
        _ number: CaseNumber?,
        organisation: Int64,
        account: Int64,
        at: Timestamp,
        until: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            "INSERT INTO openings (seq, organisation, account, at, until_at) VALUES ($1, $2, $3, $4, $5)",
            [
                .integer(number.map(vault.sequence) ?? Self.noCase), .integer(organisation), .integer(account),
                .integer(at.seconds), .integer(until.seconds),
            ]
        )
    }

    /// Whether an account of an organisation has a case open at a moment.
    public func isOpen(
        _ number: CaseNumber,
        organisation: Int64,
        account: Int64,
        at: Timestamp,
        life: Int64,
        _ connection: any SQLConnection
    ) throws -> Bool {
        try connection.number(
            """
            SELECT count(*) FROM openings
            WHERE account = $1 AND at > $2 AND seq = $3 AND organisation = $4 AND until_at > $5
            """,
            [
                .integer(account), .integer(at.seconds - life - 1), .integer(vault.sequence(number)),
                .integer(organisation), .integer(at.seconds),
            ]
        ) ?? 0 > 0
    }

    /// The cases that an account has open, the one that ends last first.
    public func open(
        organisation: Int64,
        account: Int64,
        at: Timestamp,
        life: Int64,
        _ connection: any SQLConnection
    ) throws -> [Opening] {
        try connection.rows(
            """
            SELECT seq, max(until_at) FROM openings
            WHERE account = $1 AND at > $2 AND organisation = $3 AND until_at > $4 AND seq >= 0
            GROUP BY seq ORDER BY max(until_at) DESC LIMIT 50
            """,
            [.integer(account), .integer(at.seconds - life - 1), .integer(organisation), .integer(at.seconds)]
        ) { row -> Opening? in
            vault.caseNumber(row.integer(0)).map { Opening(number: $0, until: Timestamp(seconds: row.integer(1))) }
        }.compactMap(\.self)
    }

    /// How many attempts of an account met nothing since a moment.
    public func failures(account: Int64, since: Timestamp, _ connection: any SQLConnection) throws -> Int {
        Int(
            try connection.number(
                "SELECT count(*) FROM openings WHERE account = $1 AND at > $2 AND seq = $3",
                [.integer(account), .integer(since.seconds), .integer(Self.noCase)]
            ) ?? 0
        )
    }
}
