/// One version of the notification form (発生届), in force from a day on.
///
/// A stored report keeps the version it was written on, so that it can be shown and corrected as it was.
public struct FormVersion: Sendable {
    /// The version's name: `2020-02`, `2021-02`, `2022-06-30`, `2022-09-26`.
    public let id: String
    /// First day of its validity.
    public let from: CalendarDate
    /// The boxes of the paper in their order.
    public let groups: [Group]
    /// What must be filled in, in the order of the paper.
    public let requirements: [Requirement]
    /// What the test records must hold.
    public let testRequirement: TestRequirement
    /// Whether only people of the four groups of 2022-09-26 are notified; everybody else is in 日次総数報告.
    public let onlyFourGroups: Bool

    /// One box of the paper.
    public struct Group: Sendable {
        /// Number of the box on 別記様式6-1, or nil where the version's paper has none.
        public let number: String?
        /// Heading.
        public let title: String
        /// Keys of its single-valued items in the order of the paper.
        public let items: [String]
        /// Keys of the items that repeat with each test (検査記録); empty in every box but the one of the tests.
        public let testItems: [String]

        /// A box.
        init(_ number: String?, _ title: String, _ items: [String], tests: [String] = []) {
            self.number = number
            self.title = title
            self.items = items
            testItems = tests
        }
    }

    /// All single-valued items of the form in the order of the paper.
    public var items: [String] { groups.flatMap(\.items) }

    /// All items of a test on the form in the order of the paper.
    public var testItems: [String] { groups.flatMap(\.testItems) }

    /// All versions, the oldest first.
    public static let all: [FormVersion] = [.february2020, .february2021, .june2022, .september2022]

    /// The version in force on a day; before the first, the first.
    public static func inForce(on day: CalendarDate) -> FormVersion {
        all.last { $0.from <= day } ?? february2020
    }

    /// Last day of its validity, nil for the one in force until further notice.
    public var until: CalendarDate? {
        Self.all.first { $0.from > from }?.from.adding(days: -1)
    }

    /// From when until when it is in force, as the choice of versions names it: 「2022年6月30日〜2022年9月25日」.
    public var period: String {
        func text(_ day: CalendarDate) -> String {
            let (year, month, day) = day.parts
            return "\(year)年\(month)月\(day)日"
        }
        return until.map { "\(text(from))〜\(text($0))" } ?? "\(text(from))から"
    }

    /// The version of that name, or nil where there is none.
    public static func version(_ id: String) -> FormVersion? {
        all.first { $0.id == id }
    }
}

/// An item that must be filled in.
public struct Requirement: Sendable {
    /// When it must.
    public enum Condition: Sendable, Hashable {
        /// Always.
        case always
        /// For a living person who is ill: 患者（確定例） and 疑似症患者.
        case patient
        /// For a dead person: the two 死体 classes.
        case body
        /// For somebody under the age of majority on the day of the diagnosis.
        case minor
        /// Where an item is answered with one of these codes.
        case answered(String, [Code])
    }

    /// The item.
    public let item: String
    /// When it must be filled in.
    public let condition: Condition
    /// Items of which any one, filled in, stands in its place: a name in Latin letters, an age, 「不明」.
    public let alternatives: [String]

    /// A required item.
    init(_ item: String, _ condition: Condition = .always, or alternatives: [String] = []) {
        self.item = item
        self.condition = condition
        self.alternatives = alternatives
    }

    /// Whether the item must be filled in on a record like this, and nothing stands in its place.
    func applies(to record: Record, today: CalendarDate) -> Bool {
        holds(for: record, today: today) && !alternatives.contains { record.answers($0) }
    }

    private func holds(for record: Record, today: CalendarDate) -> Bool {
        switch condition {
        case .always: true
        case .patient: record[.caseClass]?.isPatient ?? false
        case .body: record[.caseClass]?.isBody ?? false
        case .minor: record.age(today).map { $0 < Majority.age(on: record.referenceDay(today)) } ?? false
        case .answered(let key, let codes):
            if case .code(let code) = record[key] { codes.contains(code) } else { false }
        }
    }
}

/// What the test records of a notification must hold.
public enum TestRequirement: Sendable {
    /// For each method of diagnosis but the clinical one, a test by that method with these items.
    case eachMethod([String])
    /// One test with these items, except for a suspected case, which has none.
    case one([String])
}

extension Record {
    /// Whether an item has a value that answers the question; 「不明」 ticked as "no" answers nothing.
    func answers(_ key: String) -> Bool {
        switch self[key] {
        case nil: false
        case .text(let text): !text.isEmpty
        case .codes(let codes): !codes.isEmpty
        case .code(let code): key != Item.infectedUnknown.key || code != "no"
        case .institution(let institution): !institution.name.isEmpty
        default: true
        }
    }
}
