public import Catalogue

/// The role in which an organisation takes part in a case; what it sees follows from it.
public enum CaseRole: String, Sendable, Hashable, CaseIterable {
    /// 管轄保健所.
    case inCharge = "in_charge"
    /// 関係保健所.
    case related
    /// 調整本部・本庁 whose health centre is in charge or related.
    case headquarters
    /// The institution that entered the notification (届出医療機関).
    case reporting
    /// An institution that entered a test (検査実施機関).
    case testing
    /// 入院先医療機関.
    case admitting
    /// 健康フォローアップ受託機関.
    case followUp = "follow_up"
    /// 宿泊療養施設.
    case lodging
    /// 厚生労働省.
    case ministry
    /// 感染症情報センター.
    case analysis
    /// The person, or the family head reporting for them.
    case person
    /// 緊急閲覧: a health centre that has opened another's case for some hours with a written reason.
    ///
    /// Never stored with the case: it holds only for who opened it, and only for that time.
    case opened
}

/// An organisation with a role on a case, for a time.
public struct Party: Sendable, Hashable {
    /// The organisation.
    public var organisation: OrganisationKey
    /// Its role.
    public var role: CaseRole
    /// First day, nil for since ever.
    public var from: CalendarDate?
    /// Last day, nil for without end.
    public var until: CalendarDate?

    /// A party of a case.
    public init(
        _ organisation: OrganisationKey,
        _ role: CaseRole,
        from: CalendarDate? = nil,
        until: CalendarDate? = nil
    ) {
        self.organisation = organisation
        self.role = role
        self.from = from
        self.until = until
    }

    /// Whether the role is held on a day.
    public func holds(on day: CalendarDate) -> Bool {
        (from ?? day) <= day && day <= (until ?? day)
    }
}

/// What the health centre in charge opens to an organisation beyond the notice's table.
public struct Grant: Sendable, Hashable {
    /// Who may.
    public var organisation: OrganisationKey
    /// What.
    public var section: Section
    /// Whether it may write as well as read.
    public var write: Bool
    /// Last day.
    public var until: CalendarDate

    /// A grant.
    public init(organisation: OrganisationKey, section: Section, write: Bool, until: CalendarDate) {
        self.organisation = organisation
        self.section = section
        self.write = write
        self.until = until
    }
}

/// One record of a repeating section: a test, a stay.
public struct Entry: Sendable, Hashable {
    /// Number within the case, never reused.
    public var id: Int
    /// The organisation that entered it.
    public var owner: OrganisationKey?
    /// Its items.
    public var items: Record

    /// A record of a repeating section.
    public init(id: Int, owner: OrganisationKey?, items: Record) {
        self.id = id
        self.owner = owner
        self.items = items
    }
}

/// Where a notification stands between the institution and the health centre.
public enum Intake: String, Sendable, Hashable, CaseIterable {
    /// There is no notification: a contact, a person to be tested, published data.
    case none
    /// 提出済・保健所確認待ち.
    case submitted
    /// 差し戻し.
    case returned
    /// 保健所確認済.
    case confirmed

    /// Name on the screen.
    public var label: String {
        switch self {
        case .none: "届出なし"
        case .submitted: "確認待ち"
        case .returned: "差し戻し"
        case .confirmed: "保健所確認済"
        }
    }
}

/// A case as it is kept: one episode of one person (対象者の記録).
///
/// It never leaves `Casework` as it is; what leaves is a ``Disclosed`` one.
public struct CaseFile: Sendable, Hashable {
    /// HER-SYS ID.
    public var number: CaseNumber
    /// Counts the changes; the first stored state is 1.
    public var version: Int
    /// The notification form's version, where there is a notification.
    public var form: String?
    /// Where the notification stands.
    public var intake: Intake
    /// Why it was sent back (差し戻し理由).
    public var returnReason: String?
    /// Whether it is published data without identity, imported from an open-data line list.
    public var isPublishedData: Bool
    /// Single-valued items of all sections.
    public var items: Record
    /// Records of repeating sections, oldest first.
    public var entries: [Section: [Entry]]
    /// Who takes part.
    public var parties: [Party]
    /// What was opened beyond the table.
    public var grants: [Grant]

    /// A case.
    public init(
        number: CaseNumber,
        version: Int = 0,
        form: String? = nil,
        intake: Intake = .none,
        returnReason: String? = nil,
        isPublishedData: Bool = false,
        items: Record = Record(),
        entries: [Section: [Entry]] = [:],
        parties: [Party] = [],
        grants: [Grant] = []
    ) {
        self.number = number
        self.version = version
        self.form = form
        self.intake = intake
        self.returnReason = returnReason
        self.isPublishedData = isPublishedData
        self.items = items
        self.entries = entries
        self.parties = parties
        self.grants = grants
    }

    /// The health centre in charge.
    public var jurisdiction: OrganisationKey? {
        parties.first { $0.role == .inCharge }?.organisation
    }

    /// A number for the next record of a repeating section.
    public var nextEntryID: Int {
        (entries.values.lazy.flatMap { $0 }.map(\.id).max() ?? 0) + 1
    }
}
