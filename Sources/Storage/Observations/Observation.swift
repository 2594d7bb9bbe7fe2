public import Access
public import Catalogue

/// One report of health (健康観察): what somebody said of a person at one time.
public struct Observation: Sendable, Hashable {
    /// Who sent it.
    public enum Source: Int64, Sendable {
        /// 本人・家族: the page behind the link that they were given.
        case person = 1
        /// 自動電話.
        case call = 2
        /// 職員, on a screen or through the API.
        case staff = 3
    }

    /// Its number: never given twice, small enough for every program that reads JSON.
    public var id = 0
    /// When it came.
    public var at: Timestamp
    /// Who sent it.
    public var source: Source
    /// The account or client; 0 for the person.
    public var account: Int64
    /// The organisation that entered it, nil for the person.
    public var organisation: OrganisationKey?
    /// How much it needs to be looked at, from 0; in clear, so that a day's list is sorted without opening a seal.
    public var alarm: Int
    /// The form it was typed into: the same contents of the same form twice are one report.
    public var form: String
    /// What it says.
    public var items: Record

    /// A report of health.
    public init(
        at: Timestamp,
        source: Source,
        account: Int64 = 0,
        organisation: OrganisationKey? = nil,
        alarm: Int = 0,
        form: String = "",
        items: Record
    ) {
        self.at = at
        self.source = source
        self.account = account
        self.organisation = organisation
        self.alarm = alarm
        self.form = form
        self.items = items
    }
}
