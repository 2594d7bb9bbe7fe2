public import Access
public import Catalogue

/// A line of a health centre's FAX受信簿.
public struct FaxLine: Sendable, Hashable {
    /// Where a received FAX stands.
    public enum State: Int64, Sendable {
        /// 未入力.
        case waiting = 0
        /// 入力済: it became a case.
        case entered = 1
        /// 対象から外した: there is nothing to enter.
        case setAside = 2
    }

    /// Why nothing is entered.
    public enum Reason: String, Sendable, CaseIterable {
        /// 重複.
        case duplicate
        /// 対象外.
        case notConcerned = "not_concerned"
        /// その他.
        case other

        /// The reason on the screen.
        public var label: String {
            switch self {
            case .duplicate: "重複"
            case .notConcerned: "対象外"
            case .other: "その他"
            }
        }
    }

    /// Random name, part of addresses.
    public var id: String
    /// When the FAX arrived.
    public var receivedAt: Timestamp
    /// Where it stands.
    public var state: State
    /// The institution that sent it, where it is one of the system's.
    public var institution: OrganisationKey?
    /// Who sent it, as it was written down.
    public var sender: String
    /// Sheets.
    public var pages: Int
    /// メモ.
    public var memo: String
    /// Who wrote the line.
    public var recorder: String
    /// Why it was set aside.
    public var reason: Reason?
    /// A remark on that.
    public var note: String
    /// Who set it aside.
    public var closer: String
    /// When it was entered or set aside.
    public var closedAt: Timestamp?
    /// The case that it became.
    public var number: CaseNumber?

    /// A line of a FAX that has just been received.
    public init(
        id: String,
        receivedAt: Timestamp,
        institution: OrganisationKey? = nil,
        sender: String,
        pages: Int,
        memo: String = "",
        recorder: String
    ) {
        self.id = id
        self.receivedAt = receivedAt
        state = .waiting
        self.institution = institution
        self.sender = sender
        self.pages = pages
        self.memo = memo
        self.recorder = recorder
        note = ""
        closer = ""
    }
}

/// FAX受信簿: times and states in clear so that the backlog can be counted, who sent what sealed.
public struct FaxStore: Sendable {
    let vault: Vault

    /// A register that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    private static let columns = "id, received_at, state, seq, closed_at, sealed"

    /// What is sealed opens in its own row only.
    func seat(_ id: String) -> Int64 {
        vault.digest("fax", Array(id.utf8)).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    private func seal(_ line: FaxLine) throws -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.number(1)
        writer.optional(line.institution)
        writer.text(line.sender)
        writer.number(line.pages)
        writer.text(line.memo)
        writer.text(line.recorder)
        writer.optional(line.reason?.rawValue)
        writer.text(line.note)
        writer.text(line.closer)
        return try vault.seal(writer.bytes, "fax", seat(line.id))
    }

    private func line(_ row: any SQLRow) throws -> FaxLine {
        let id = row.text(0)
        var reader = ByteReader(try vault.open(row.blob(5), "fax", seat(id)))
        guard try reader.number() == 1, let state = FaxLine.State(rawValue: row.integer(2)) else {
            throw StorageFailure.unreadable("fax")
        }
        var line = FaxLine(
            id: id,
            receivedAt: Timestamp(seconds: row.integer(1)),
            institution: try reader.optionalText(),
            sender: try reader.text(),
            pages: try reader.number(),
            memo: try reader.text(),
            recorder: try reader.text()
        )
        line.state = state
        line.reason = try reader.optionalText().flatMap(FaxLine.Reason.init(rawValue:))
        line.note = try reader.text()
        line.closer = try reader.text()
        line.number = row.optionalInteger(3).flatMap(vault.caseNumber)
        line.closedAt = row.optionalInteger(4).map { Timestamp(seconds: $0) }
        return line
    }

    /// Writes a line; one that is there already stays as it is, so that a form sent twice makes one line.
    ///
    /// Whether it is the same one is for the caller to see.
    public func put(_ line: FaxLine, organisation: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO faxes (id, organisation, received_at, state, seq, closed_at, sealed)
            VALUES ($1, $2, $3, 0, NULL, NULL, $4) ON CONFLICT (id) DO NOTHING
            """,
            [.text(line.id), .integer(organisation), .integer(line.receivedAt.seconds), .blob(try seal(line))]
        )
    }

    /// A health centre's line.
    public func find(_ id: String, organisation: Int64, _ connection: any SQLConnection) throws -> FaxLine? {
        try connection.first(
            "SELECT \(Self.columns) FROM faxes WHERE id = $1 AND organisation = $2",
            [.text(id), .integer(organisation)],
            line
        )
    }

    /// The lines that wait, the oldest first.
    public func waiting(
        organisation: Int64,
        limit: Int,
        _ connection: any SQLConnection
    ) throws -> [FaxLine] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM faxes WHERE organisation = $1 AND state = 0
            ORDER BY received_at, id LIMIT $2
            """,
            [.integer(organisation), .integer(Int64(limit))],
            line
        )
    }

    /// The lines that were entered or set aside, the latest first.
    public func closed(organisation: Int64, limit: Int, _ connection: any SQLConnection) throws -> [FaxLine] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM faxes WHERE organisation = $1 AND state <> 0
            ORDER BY closed_at DESC, id LIMIT $2
            """,
            [.integer(organisation), .integer(Int64(limit))],
            line
        )
    }

    /// How many lines of a health centre wait, and since when the oldest does.
    public func backlog(
        organisation: Int64,
        _ connection: any SQLConnection
    ) throws -> (count: Int, oldest: Timestamp?) {
        let found = try connection.first(
            "SELECT count(*), min(received_at) FROM faxes WHERE organisation = $1 AND state = 0",
            [.integer(organisation)]
        ) { (Int($0.integer(0)), $0.optionalInteger(1).map { Timestamp(seconds: $0) }) }
        return found ?? (0, nil)
    }

    /// Notes that a waiting line became a case; false where it waits no more.
    public func enter(
        _ id: String,
        organisation: Int64,
        number: CaseNumber,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Bool {
        try connection.execute(
            """
            UPDATE faxes SET state = 1, seq = $3, closed_at = $4 WHERE id = $1 AND organisation = $2 AND state = 0
            """,
            [.text(id), .integer(organisation), .integer(vault.sequence(number)), .integer(at.seconds)]
        ) == 1
    }

    /// Sets a waiting line aside, or lets one that was set aside wait again; false where it stands otherwise.
    public func move(_ line: FaxLine, organisation: Int64, _ connection: any SQLConnection) throws -> Bool {
        let before: FaxLine.State = line.state == .waiting ? .setAside : .waiting
        return try connection.execute(
            """
            UPDATE faxes SET state = $3, closed_at = $4, sealed = $5
            WHERE id = $1 AND organisation = $2 AND state = $6
            """,
            [
                .text(line.id), .integer(organisation), .integer(line.state.rawValue),
                line.closedAt.map { .integer($0.seconds) } ?? .null, .blob(try seal(line)), .integer(before.rawValue),
            ]
        ) == 1
    }
}
