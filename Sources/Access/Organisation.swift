/// An organisation's key: short, stable, used in the API and in addresses (`hc-13104`).
public typealias OrganisationKey = String

/// What an organisation is, which decides what its people do.
public enum OrganisationKind: String, Sendable, Hashable, CaseIterable {
    /// 厚生労働省.
    case ministry
    /// 都道府県調整本部.
    case prefecture
    /// 保健所設置市・特別区 本庁.
    case city
    /// 保健所.
    case healthCentre = "health_centre"
    /// 医療機関.
    case medical
    /// 健康フォローアップ受託機関.
    case followUp = "follow_up"
    /// 宿泊療養施設.
    case lodging
    /// 感染症情報センター.
    case analysis

    /// The kind's name on the screen.
    public var label: String {
        switch self {
        case .ministry: "厚生労働省"
        case .prefecture: "都道府県調整本部"
        case .city: "保健所設置市・特別区 本庁"
        case .healthCentre: "保健所"
        case .medical: "医療機関"
        case .followUp: "健康フォローアップ受託機関"
        case .lodging: "宿泊療養施設"
        case .analysis: "感染症情報センター"
        }
    }

    /// Its place in lists: as declared, from the ministry down.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }

    /// Whether its people may see medical institutions' patients as part of the health administration (行政機関).
    public var isAdministration: Bool {
        switch self {
        case .ministry, .prefecture, .city, .healthCentre: true
        case .medical, .followUp, .lodging, .analysis: false
        }
    }
}

/// An organisation that uses the system.
public struct Organisation: Sendable, Hashable {
    /// Its key.
    public var key: OrganisationKey
    /// What it is.
    public var kind: OrganisationKind
    /// 名称.
    public var name: String
    /// The organisation above it: a health centre's headquarters, a city headquarters' prefecture.
    public var parent: OrganisationKey?
    /// The health centre that its reports go to by default (最寄りの保健所), for an institution.
    public var healthCentre: OrganisationKey?
    /// Prefecture, two digits.
    public var prefecture: String
    /// 全国地方公共団体コード of where it stands.
    public var municipality: String
    /// 所在地.
    public var address: String
    /// 電話番号.
    public var phone: String
    /// 医療機関コード, 10 digits, where it has one.
    public var institutionCode: String?

    /// An organisation.
    public init(
        key: OrganisationKey,
        kind: OrganisationKind,
        name: String,
        parent: OrganisationKey? = nil,
        healthCentre: OrganisationKey? = nil,
        prefecture: String = "",
        municipality: String = "",
        address: String = "",
        phone: String = "",
        institutionCode: String? = nil
    ) {
        self.key = key
        self.kind = kind
        self.name = name
        self.parent = parent
        self.healthCentre = healthCentre
        self.prefecture = prefecture
        self.municipality = municipality
        self.address = address
        self.phone = phone
        self.institutionCode = institutionCode
    }

    /// Whether it stands before another in a list of organisations: that of whoever chooses first, then by kind from the
    /// ministry down, then by key.
    public func stands(before other: Organisation, chosenBy own: Organisation) -> Bool {
        if (key == own.key) != (other.key == own.key) { return key == own.key }
        return (kind.rank, key) < (other.kind.rank, other.key)
    }
}
