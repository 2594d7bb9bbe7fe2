public import Access
public import Catalogue

/// A line in an organisation's notice box (お知らせ); it names a case, where it is of one, and carries nothing of it.
public struct Notice: Sendable, Hashable {
    /// What it tells of.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// 関係保健所に設定された.
        case related
        /// 移管の申入れ.
        case transferOffer = "transfer-offer"
        /// 移管の承諾.
        case transferAccept = "transfer-accept"
        /// 移管の辞退.
        case transferRefuse = "transfer-refuse"
        /// 移管の申入れの取下げ.
        case transferWithdraw = "transfer-withdraw"
        /// 緊急閲覧.
        case open
        /// 差し戻し.
        case returned = "return"
        /// 閲覧・入力の許可.
        case grant
        /// 入院・療養先に決まった.
        case place
        /// 導入準備状況の回答の督促; of no case.
        case readiness
    }

    /// Number.
    public var id: Int64
    /// Whose box.
    public var organisation: OrganisationKey
    /// When.
    public var at: Timestamp
    /// What.
    public var kind: Kind
    /// Which case; nil for what is of none.
    public var number: CaseNumber?
    /// From whom.
    public var sender: OrganisationKey
    /// When somebody marked it as read.
    public var readAt: Timestamp?

    /// A notice.
    public init(
        id: Int64 = 0,
        organisation: OrganisationKey,
        at: Timestamp,
        kind: Kind,
        number: CaseNumber?,
        sender: OrganisationKey,
        readAt: Timestamp? = nil
    ) {
        self.id = id
        self.organisation = organisation
        self.at = at
        self.kind = kind
        self.number = number
        self.sender = sender
        self.readAt = readAt
    }
}

/// Notice boxes in the database.
public struct NoticeStore: Sendable {
    let vault: Vault

    /// Unread notices are counted up to here.
    public static let mostCounted = 100

    /// A store that turns HER-SYS IDs into rows.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// Puts a notice into its organisation's box.
    public func put(_ notice: Notice, directory: Directory, _ connection: any SQLConnection) throws {
        guard let organisation = directory.number(notice.organisation) else { return }
        try connection.send(
            "INSERT INTO notices (organisation, at, kind, seq, sender) VALUES ($1, $2, $3, $4, $5)",
            [
                .integer(organisation), .integer(notice.at.seconds), .text(notice.kind.rawValue),
                notice.number.map { .integer(vault.sequence($0)) } ?? .integer(0),
                .integer(directory.number(notice.sender) ?? 0),
            ]
        )
    }

    /// Of the kinds that this program knows: what a newer one wrote is shown, counted and marked as read by that one.
    private static let known =
        "kind IN (\(Notice.Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"

    /// One page of a box, latest first.
    public func page(
        of organisation: Int64,
        before: Int64?,
        limit: Int,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [Notice] {
        try connection.rows(
            """
            SELECT id, at, kind, seq, sender, read_at FROM notices
            WHERE organisation = $1 AND id < $2 AND \(Self.known) ORDER BY id DESC LIMIT $3
            """,
            [.integer(organisation), .integer(before ?? .max), .integer(Int64(limit))]
        ) { row -> Notice? in
            // A kind that a newer program wrote is shown by that one.
            guard let kind = Notice.Kind(rawValue: row.text(2)) else { return nil }
            let number = kind == .readiness ? nil : vault.caseNumber(row.integer(3))
            guard number != nil || kind == .readiness else { return nil }
            return Notice(
                id: row.integer(0),
                organisation: directory.key(organisation) ?? "",
                at: Timestamp(seconds: row.integer(1)),
                kind: kind,
                number: number,
                sender: directory.key(row.integer(4)) ?? "",
                readAt: row.optionalInteger(5).map(Timestamp.init(seconds:))
            )
        }.compactMap(\.self)
    }

    /// How many notices of a box are unread, ``mostCounted`` at the most.
    public func unread(of organisation: Int64, _ connection: any SQLConnection) throws -> Int {
        Int(
            try connection.number(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM notices WHERE organisation = $1 AND read_at IS NULL AND \(Self.known) LIMIT $2
                ) AS unread
                """,
                [.integer(organisation), .integer(Int64(Self.mostCounted))]
            ) ?? 0
        )
    }

    /// Marks one notice of a box as read, or all up to it.
    public func markRead(
        of organisation: Int64,
        _ id: Int64,
        andEarlier: Bool,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            UPDATE notices SET read_at = $3
            WHERE organisation = $1 AND read_at IS NULL AND \(Self.known)
                AND \(andEarlier ? "id <= $2" : "id = $2")
            """,
            [.integer(organisation), .integer(id), .integer(at.seconds)]
        )
    }
}
