import Access
public import Catalogue

/// The days that the ministry has set for the beginning (共通の利用開始日、回答の期限).
public struct OpeningSetting: Sendable, Hashable {
    /// Counts the changes; the first is 1.
    public var version: Int
    /// When it was set.
    public var at: Timestamp
    /// By whose account.
    public var account: Int64
    /// By whom, as the name was then.
    public var actor: String
    /// The common day; nil: everything is open.
    public var common: CalendarDate?
    /// The last day on which local governments may change their answers; nil: any day.
    public var answerBy: CalendarDate?

    /// Days for the beginning.
    public init(
        version: Int,
        at: Timestamp,
        account: Int64,
        actor: String,
        common: CalendarDate?,
        answerBy: CalendarDate?
    ) {
        self.version = version
        self.at = at
        self.account = account
        self.actor = actor
        self.common = common
        self.answerBy = answerBy
    }
}

/// A local government's answer when it begins (導入準備状況); organisations by their numbers.
public struct StoredReadiness: Sendable, Hashable {
    /// The headquarters that it is for.
    public var government: Int64
    /// Counts the answers; the first is 1.
    public var version: Int
    /// When.
    public var at: Timestamp
    /// By whose account.
    public var account: Int64
    /// For which organisation that account is: the ministry's enters what came by mail.
    public var answeredBy: Int64
    /// By whom, as the name was then.
    public var actor: String
    /// Whether the answer came by mail and was entered by somebody else.
    public var byMail: Bool
    /// The day; nil for the common one.
    public var startsOn: CalendarDate?
    /// Why later.
    public var reason: String
    /// Whom to ask.
    public var contact: String
    /// Their telephone.
    public var phone: String
    /// Their mail address.
    public var mail: String

    /// An answer.
    public init(
        government: Int64,
        version: Int,
        at: Timestamp,
        account: Int64,
        answeredBy: Int64,
        actor: String,
        byMail: Bool,
        startsOn: CalendarDate?,
        reason: String,
        contact: String,
        phone: String,
        mail: String
    ) {
        self.government = government
        self.version = version
        self.at = at
        self.account = account
        self.answeredBy = answeredBy
        self.actor = actor
        self.byMail = byMail
        self.startsOn = startsOn
        self.reason = reason
        self.contact = contact
        self.phone = phone
        self.mail = mail
    }
}

/// Days of the beginning, answers and reminders in the database; answers are only ever added to.
public struct ReadinessStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    private static func day(_ number: Int64?) -> CalendarDate? {
        number.map { CalendarDate(dayNumber: Int32(truncatingIfNeeded: $0)) }
    }

    private static func value(_ day: CalendarDate?) -> SQLValue {
        .optional(day.map { Int64($0.dayNumber) })
    }

    // MARK: The ministry's days

    /// Adds days; they count from now on.
    ///
    /// - Throws: ``StorageFailure/duplicate`` where somebody has set that version already.
    public func put(_ setting: OpeningSetting, _ connection: any SQLConnection) throws {
        var writer = ByteWriter(capacity: 32)
        writer.text(setting.actor)
        let version = Int64(setting.version)
        let stored = try connection.execute(
            """
            INSERT INTO opening_days (version, at, account, common_on, answer_by, sealed)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (version) DO NOTHING
            """,
            [
                .integer(version), .integer(setting.at.seconds), .integer(setting.account),
                Self.value(setting.common), Self.value(setting.answerBy),
                .blob(try vault.seal(writer.bytes, "opening-days", version)),
            ]
        )
        guard stored == 1 else { throw StorageFailure.duplicate }
    }

    /// All days that were ever set, the present ones first.
    public func settings(_ connection: any SQLConnection) throws -> [OpeningSetting] {
        try connection.rows(
            "SELECT version, at, account, common_on, answer_by, sealed FROM opening_days ORDER BY version DESC"
        ) { row in
            var reader = ByteReader(try vault.open(row.blob(5), "opening-days", row.integer(0)))
            return OpeningSetting(
                version: Int(row.integer(0)),
                at: Timestamp(seconds: row.integer(1)),
                account: row.integer(2),
                actor: try reader.text(),
                common: Self.day(row.optionalInteger(3)),
                answerBy: Self.day(row.optionalInteger(4))
            )
        }
    }

    // MARK: Answers

    /// What sealed bytes belong to: those of another government or answer don't open.
    static func place(_ government: Int64, _ version: Int64) -> Int64 { government << 20 | version }

    /// Adds an answer; it counts from now on.
    ///
    /// - Throws: ``StorageFailure/duplicate`` where somebody has given that version already.
    public func put(_ answer: StoredReadiness, _ connection: any SQLConnection) throws {
        var writer = ByteWriter(capacity: 256)
        for text in [answer.actor, answer.reason, answer.contact, answer.phone, answer.mail] { writer.text(text) }
        let version = Int64(answer.version)
        let stored = try connection.execute(
            """
            INSERT INTO readiness (government, version, at, account, answered_by, by_mail, starts_on, sealed)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (government, version) DO NOTHING
            """,
            [
                .integer(answer.government), .integer(version), .integer(answer.at.seconds), .integer(answer.account),
                .integer(answer.answeredBy), .integer(answer.byMail ? 1 : 0), Self.value(answer.startsOn),
                .blob(try vault.seal(writer.bytes, "readiness", Self.place(answer.government, version))),
            ]
        )
        guard stored == 1 else { throw StorageFailure.duplicate }
    }

    private static let fields = "government, version, at, account, answered_by, by_mail, starts_on, sealed"

    private func answer(_ row: any SQLRow) throws -> StoredReadiness {
        let place = Self.place(row.integer(0), row.integer(1))
        var reader = ByteReader(try vault.open(row.blob(7), "readiness", place))
        let actor = try reader.text()
        return StoredReadiness(
            government: row.integer(0),
            version: Int(row.integer(1)),
            at: Timestamp(seconds: row.integer(2)),
            account: row.integer(3),
            answeredBy: row.integer(4),
            actor: actor,
            byMail: row.integer(5) != 0,
            startsOn: Self.day(row.optionalInteger(6)),
            reason: try reader.text(),
            contact: try reader.text(),
            phone: try reader.text(),
            mail: try reader.text()
        )
    }

    /// The answers that count now, one for each government that has given one.
    public func current(_ connection: any SQLConnection) throws -> [StoredReadiness] {
        try connection.rows(
            """
            SELECT \(Self.fields) FROM readiness
            WHERE version = (SELECT max(later.version) FROM readiness later
                WHERE later.government = readiness.government)
            ORDER BY government
            """,
            [],
            answer
        )
    }

    /// All answers of a government, the present one first.
    public func answers(of government: Int64, _ connection: any SQLConnection) throws -> [StoredReadiness] {
        try connection.rows(
            "SELECT \(Self.fields) FROM readiness WHERE government = $1 ORDER BY version DESC",
            [.integer(government)],
            answer
        )
    }

    // MARK: Reminders

    /// Notes that a government is reminded on a day; false where it has been on that day.
    public func remind(
        _ government: Int64,
        _ day: CalendarDate,
        at: Timestamp,
        account: Int64,
        _ connection: any SQLConnection
    ) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO readiness_reminders (government, day, at, account) VALUES ($1, $2, $3, $4)
            ON CONFLICT (government, day) DO NOTHING
            """,
            [.integer(government), Self.value(day), .integer(at.seconds), .integer(account)]
        ) == 1
    }

    /// When each government was reminded last.
    public func reminders(_ connection: any SQLConnection) throws -> [Int64: Timestamp] {
        let rows = try connection.rows("SELECT government, max(at) FROM readiness_reminders GROUP BY government") {
            ($0.integer(0), Timestamp(seconds: $0.integer(1)))
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    // MARK: What the sign-in asks

    /// The days from which each government's people may sign in; needs no key.
    static func days(
        _ connection: any SQLConnection,
        keys: [Int64: OrganisationKey]
    ) throws -> OpeningDays {
        let common = try connection.number("SELECT common_on FROM opening_days ORDER BY version DESC LIMIT 1")
        guard let common = day(common) else { return OpeningDays() }
        let rows = try connection.rows(
            """
            SELECT government, starts_on FROM readiness
            WHERE starts_on IS NOT NULL AND version = (SELECT max(later.version) FROM readiness later
                WHERE later.government = readiness.government)
            """
        ) { ($0.integer(0), day($0.integer(1))) }
        var later: [OrganisationKey: CalendarDate] = [:]
        for (government, starts) in rows {
            if let key = keys[government] { later[key] = starts }
        }
        return OpeningDays(common: common, later: later)
    }
}
