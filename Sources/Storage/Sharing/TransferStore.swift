public import Access
public import Catalogue

/// An offer to take over the charge of a case (移管の申入れ), and what became of it.
public struct CaseTransfer: Sendable, Hashable {
    /// Where an offer stands.
    public enum State: Int, Sendable, Hashable {
        /// 回答待ち.
        case open = 0
        /// 承諾.
        case accepted
        /// 辞退.
        case refused
        /// 取下げ.
        case withdrawn
    }

    /// Number.
    public let id: Int64
    /// The case.
    public let number: CaseNumber
    /// The health centre that offers.
    public let sender: OrganisationKey
    /// The health centre that is asked.
    public let receiver: OrganisationKey
    /// Whether the receiver was a related health centre before the offer.
    public let wasRelated: Bool
    /// Where it stands.
    public let state: State
    /// When it was offered.
    public let offeredAt: Timestamp
    /// When it was answered or withdrawn.
    public let endedAt: Timestamp?
    /// Why it was offered.
    public let reason: String
    /// Why it was refused or withdrawn.
    public let answer: String?
}

/// Transfers of the charge in the database; reasons are sealed.
public struct TransferStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    private func seal(_ text: String, _ sequence: Int64) throws -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.text(text)
        return try vault.seal(writer.bytes, "transfer", sequence)
    }

    private func open(_ bytes: [UInt8], _ sequence: Int64) throws -> String {
        var reader = ByteReader(try vault.open(bytes, "transfer", sequence))
        return try reader.text()
    }

    /// Stores an offer; the database takes one open one for each case.
    ///
    /// - Throws: `StorageFailure.duplicate` where there is an open one already.
    public func offer(
        _ number: CaseNumber,
        from sender: Int64,
        to receiver: Int64,
        wasRelated: Bool,
        reason: String,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        let sequence = vault.sequence(number)
        try connection.execute(
            """
            INSERT INTO transfers (seq, sender, receiver, known, state, offered_at, offer)
            VALUES ($1, $2, $3, $4, 0, $5, $6)
            """,
            [
                .integer(sequence), .integer(sender), .integer(receiver), .integer(wasRelated ? 1 : 0),
                .integer(at.seconds), .blob(try seal(reason, sequence)),
            ]
        )
    }

    /// Ends an open offer.
    ///
    /// - Returns: false where it was ended by somebody else.
    public func end(
        _ transfer: CaseTransfer,
        as state: CaseTransfer.State,
        answer: String?,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Bool {
        let sequence = vault.sequence(transfer.number)
        let changed = try connection.execute(
            "UPDATE transfers SET state = $2, ended_at = $3, answer = $4 WHERE id = $1 AND state = 0",
            [
                .integer(transfer.id), .integer(Int64(state.rawValue)), .integer(at.seconds),
                try answer.map { .blob(try seal($0, sequence)) } ?? .null,
            ]
        )
        return changed == 1
    }

    private static let columns = """
        id, seq, sender, receiver, known, state, offered_at, ended_at, offer, answer FROM transfers
        """

    private func transfer(_ row: any SQLRow, _ directory: Directory) throws -> CaseTransfer {
        let sequence = row.integer(1)
        guard let number = vault.caseNumber(sequence) else { throw StorageFailure.unreadable("number") }
        return CaseTransfer(
            id: row.integer(0),
            number: number,
            sender: directory.key(row.integer(2)) ?? "",
            receiver: directory.key(row.integer(3)) ?? "",
            wasRelated: row.integer(4) == 1,
            state: CaseTransfer.State(rawValue: Int(row.integer(5))) ?? .withdrawn,
            offeredAt: Timestamp(seconds: row.integer(6)),
            endedAt: row.optionalInteger(7).map(Timestamp.init(seconds:)),
            reason: try open(row.blob(8), sequence),
            answer: row.isNull(9) ? nil : try open(row.blob(9), sequence)
        )
    }

    /// The latest offer of a case.
    public func latest(
        of number: CaseNumber,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> CaseTransfer? {
        try connection.first(
            "SELECT \(Self.columns) WHERE seq = $1 ORDER BY id DESC LIMIT 1",
            [.integer(vault.sequence(number))]
        ) { try transfer($0, directory) }
    }

    /// The offers that a health centre sent or received, latest first.
    public func all(
        of organisation: Int64,
        isReceiver: Bool,
        limit: Int,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [CaseTransfer] {
        try connection.rows(
            "SELECT \(Self.columns) WHERE \(isReceiver ? "receiver" : "sender") = $1 ORDER BY id DESC LIMIT $2",
            [.integer(organisation), .integer(Int64(limit))]
        ) { try transfer($0, directory) }
    }
}
