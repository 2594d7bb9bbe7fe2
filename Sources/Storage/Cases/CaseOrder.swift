import Catalogue

extension CaseQuery {
    /// In what order a list is read; the arrival of the cases decides where the rest is equal.
    public struct Order: Sendable, Hashable {
        /// What the order goes by.
        public enum Key: Sendable, Hashable {
            /// The order in which cases came.
            case registered
            /// The latest change.
            case updated
            /// A fact that stands in the clear.
            case fact(CaseFact)
        }

        /// What the order goes by.
        public let key: Key
        /// Whether the greatest comes first; what is empty comes last then, and first otherwise.
        public let isDescending: Bool

        /// An order.
        public init(_ key: Key, isDescending: Bool) {
            self.key = key
            self.isDescending = isDescending
        }

        /// Newest first, by the order in which cases came.
        public static let newest = Order(.registered, isDescending: true)
        /// Oldest first.
        public static let oldest = Order(.registered, isDescending: false)
        /// Latest change first.
        public static let updated = Order(.updated, isDescending: true)

        /// Whether an index holds the order, so that a page costs the same among any number of cases.
        public var isIndexed: Bool {
            switch key {
            case .registered, .updated: true
            case .fact(let fact): fact.isIndexed
            }
        }

        /// What the order compares, on the table of facts named `f`.
        var expression: String {
            switch key {
            case .registered: "f.seq"
            case .updated: "f.updated_at"
            case .fact(let fact): fact.expression
            }
        }

        var direction: String { isDescending ? "DESC" : "ASC" }
        /// What stands behind in the order.
        var behind: String { isDescending ? "<" : ">" }
    }
}

/// An item by which the database can put cases in order, by the key of the item.
public enum CaseFact: String, Sendable, Hashable, CaseIterable {
    /// 現在のステータス.
    case status
    /// 届出の類型.
    case caseClass = "case_class"
    /// 性別.
    case sex
    /// 年代.
    case ageBand = "age_band"
    /// 転帰.
    case outcome
    /// 入力経路.
    case entryRoute = "entry_route"
    /// 住所の市区町村.
    case municipality = "address_municipality"
    /// 管轄保健所.
    case jurisdiction
    /// 提出日時.
    case submittedAt = "submitted_at"
    /// 保健所確認日時.
    case confirmedAt = "confirmed_at"
    /// 発病年月日.
    case onsetOn = "onset_on"
    /// 診断年月日.
    case diagnosedOn = "diagnosed_on"
    /// 公表年月日.
    case publishedOn = "published_on"

    /// Whether an index holds its order.
    public var isIndexed: Bool {
        switch self {
        case .submittedAt, .onsetOn, .diagnosedOn: true
        default: false
        }
    }

    /// Below every day and every second that a case can have.
    private static let nothing = "-1000000000"

    var expression: String { Self.expressions[self] ?? "f.seq" }

    private static let expressions = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.made) })

    private var made: String {
        switch self {
        case .status: coded("status")
        case .caseClass: coded("case_class")
        case .sex: coded("sex")
        case .ageBand: coded("age_band")
        case .outcome: coded("outcome")
        case .entryRoute: coded("entry_route")
        case .municipality: "COALESCE(f.municipality, '')"
        case .jurisdiction: "COALESCE(f.jurisdiction, 0)"
        case .submittedAt: "COALESCE(f.submitted_at, \(Self.nothing))"
        case .confirmedAt: "COALESCE(f.confirmed_at, \(Self.nothing))"
        case .onsetOn: "COALESCE(f.onset_day, \(Self.nothing))"
        case .diagnosedOn: "COALESCE(f.diagnosed_day, \(Self.nothing))"
        case .publishedOn: "COALESCE(f.published_day, \(Self.nothing))"
        }
    }

    /// Codes in the order of their list, as people know it.
    private func coded(_ column: String) -> String {
        let entries = Catalogue.item(rawValue)?.type.codeList?.entries ?? []
        let places = entries.enumerated().map { "WHEN '\($1.code.rawValue)' THEN \($0 + 1)" }.joined(separator: " ")
        return "CASE f.\(column) \(places) ELSE 0 END"
    }
}
