public import Access
public import Catalogue

/// One thing that was done with an account: who, to whom, when.
public struct AccountEvent: Sendable, Hashable {
    /// What was done.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// 発行.
        case issued
        /// 変更: name, telephone, duties.
        case changed
        /// 停止.
        case stopped
        /// 再開.
        case resumed
        /// 初期パスワードの再発行.
        case reset
        /// 二段階目の確認方法の初期化, after a lost telephone.
        case factorReset = "factor_reset"
        /// The holder has set a password of their own.
        case passwordSet = "password_set"
        /// The holder has accepted システム利用規約.
        case termsAccepted = "terms_accepted"
    }

    /// A fact that is other than before.
    public struct Change: Sendable, Hashable {
        /// Which: `name`, `phone`, `duties`, `organisation`, `terms`.
        public var name: String
        /// Before, empty for nothing.
        public var old: String
        /// After, empty for nothing.
        public var new: String

        /// A change.
        public init(_ name: String, old: String = "", new: String) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    /// Its number, 0 before it is stored.
    public var id: Int64 = 0
    /// The account with which it was done.
    public var account: Int64
    /// When.
    public var at: Timestamp
    /// What.
    public var action: Action
    /// Who: an account's number, 0 for a command.
    public var actor: Int64
    /// Their organisation then; nil for a command.
    public var organisation: OrganisationKey?
    /// Their name then.
    public var actorName: String
    /// Through what: `page`, `import`, `command`.
    public var through: String
    /// Why, where a reason was given.
    public var reason: String?
    /// What is other than before.
    public var changes: [Change]

    /// Something that was done.
    public init(
        account: Int64,
        at: Timestamp,
        action: Action,
        actor: Int64,
        organisation: OrganisationKey?,
        actorName: String,
        through: String,
        reason: String? = nil,
        changes: [Change] = []
    ) {
        self.account = account
        self.at = at
        self.action = action
        self.actor = actor
        self.organisation = organisation
        self.actorName = actorName
        self.through = through
        self.reason = reason
        self.changes = changes
    }
}

/// Who issued, changed and stopped which account; rows are added and never changed.
///
/// Names, telephones and reasons are sealed.
public struct AccountEventStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// Adds what was done, within the transaction that does it.
    public func put(_ event: AccountEvent, directory: Directory, _ connection: any SQLConnection) throws {
        var writer = ByteWriter(capacity: 128)
        writer.text(event.actorName)
        writer.optional(event.reason)
        writer.number(event.changes.count)
        for change in event.changes {
            writer.text(change.name)
            writer.text(change.old)
            writer.text(change.new)
        }
        try connection.execute(
            """
            INSERT INTO account_events (account, at, action, actor, actor_organisation, through, sealed)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .integer(event.account), .integer(event.at.seconds), .text(event.action.rawValue),
                .integer(event.actor), .integer(event.organisation.flatMap(directory.number) ?? 0),
                .text(event.through), .blob(try vault.seal(writer.bytes, "account-event", event.account)),
            ]
        )
    }

    /// What was done with an account, latest first.
    public func events(
        of account: Int64,
        most: Int,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [AccountEvent] {
        try connection.rows(
            """
            SELECT id, at, action, actor, actor_organisation, through, sealed FROM account_events
            WHERE account = $1 ORDER BY id DESC LIMIT $2
            """,
            [.integer(account), .integer(Int64(most))]
        ) { row in
            var reader = ByteReader(try vault.open(row.blob(6), "account-event", account))
            let name = try reader.text()
            let reason = try reader.optionalText()
            var changes: [AccountEvent.Change] = []
            for _ in 0..<(try reader.count()) {
                changes.append(.init(try reader.text(), old: try reader.text(), new: try reader.text()))
            }
            guard let action = AccountEvent.Action(rawValue: row.text(2)) else {
                throw StorageFailure.unreadable("account_events")
            }
            var event = AccountEvent(
                account: account,
                at: Timestamp(seconds: row.integer(1)),
                action: action,
                actor: row.integer(3),
                organisation: directory.key(row.integer(4)),
                actorName: name,
                through: row.text(5),
                reason: reason,
                changes: changes
            )
            event.id = row.integer(0)
            return event
        }
    }
}
