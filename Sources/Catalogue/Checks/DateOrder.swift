/// Items that must follow each other in time; those left empty are passed over.
///
/// Each date is compared with the nearest earlier one that has a value, so that one slip gives one finding, at the
/// later of the two.
public struct DateOrder: Sendable {
    /// The items in the order in which their days come; equal days are in order.
    public let items: [String]
    /// Whether a wrong order is refused or only unlikely.
    public let severity: Finding.Severity

    /// A sequence of items in time.
    public init(_ items: [String], severity: Finding.Severity = .refusal) {
        self.items = items
        self.severity = severity
    }

    /// Every order that holds within one record, of a case or of a repeating section.
    public static let all: [DateOrder] = [
        DateOrder(["birth_date", "infected_on", "onset_on", "diagnosed_on", "notified_on"]),
        DateOrder(["birth_date", "died_on", "notified_on"]),
        DateOrder(["onset_on", "died_on"]),
        DateOrder(["birth_date", "first_visit_on", "diagnosed_on"]),
        DateOrder(["birth_date", "interviewed_on"]),
        DateOrder(["birth_date", "outcome_on"]),
        DateOrder(["birth_date", "departed_on", "arrived_on"]),
        DateOrder(["onset_on", "outcome_on"]),
        DateOrder(["specimen_on", "result_on"]),
        DateOrder(["specimen_on", "contact_planned_on"], severity: .warning),
        DateOrder(["admitted_on", "discharged_on"]),
        DateOrder(["icu_from", "icu_to"]),
        DateOrder(["ventilator_from", "ventilator_to"]),
        DateOrder(["ecmo_from", "ecmo_to"]),
        DateOrder(["admitted_on", "icu_from"], severity: .warning),
        DateOrder(["admitted_on", "ventilator_from"], severity: .warning),
        DateOrder(["admitted_on", "ecmo_from"], severity: .warning),
        DateOrder(["place_from", "place_to"]),
        DateOrder(["activity_from", "activity_to"]),
        DateOrder(["contact_first_on", "contact_last_on"]),
    ]

    /// Items that speak of a plan and may lie in the future.
    public static let planned: Set<String> = [
        "contact_planned_on", "release_due_on", "discharged_on", "place_from", "place_to", "published_on",
    ]

    /// What is wrong with the dates and times of one record.
    /// - Parameters:
    ///   - record: a case's items, or one test, stay, activity, ….
    ///   - index: the record's position where its section repeats.
    ///   - today: the day after which nothing has happened yet.
    /// - Returns: dates before the one they follow, and dates in the future.
    public static func findings(in record: Record, index: Int? = nil, today: CalendarDate) -> [Finding] {
        var result = future(in: record, index: index, today: today)
        for order in all {
            var earlier: (key: String, value: Value)?
            for key in order.items {
                guard let value = record[key] else { continue }
                if let earlier, value.isBefore(earlier.value) {
                    let place = Finding.Place(item: key, index: index)
                    // 生年月日 → 発病 and 生年月日 → 初診 can both be wrong by one slip; each place is told once.
                    if !result.contains(where: { $0.place == place && $0.code == "order" }) {
                        result.append(
                            Finding(
                                place,
                                "order",
                                "\(label(key))が\(label(earlier.key))より前になっています。どちらかを正しい日付に直してください。",
                                severity: order.severity
                            )
                        )
                    }
                }
                earlier = (key, value)
            }
        }
        return result
    }

    private static func future(in record: Record, index: Int?, today: CalendarDate) -> [Finding] {
        record.all.compactMap { key, value in
            guard let day = value.day, day > today, !planned.contains(key) else { return nil }
            return Finding(
                Finding.Place(item: key, index: index),
                "future",
                "\(label(key))が今日より後になっています。正しい日付に直してください。"
            )
        }.sorted { $0.place.item < $1.place.item }
    }

    private static func label(_ key: String) -> String {
        Catalogue.item(key)?.ja ?? key
    }
}

extension Value {
    /// The day of a date or of a time in Japan.
    fileprivate var day: CalendarDate? {
        switch self {
        case .date(let date): date
        case .time(let time): time.japanDate
        default: nil
        }
    }

    fileprivate func isBefore(_ other: Value) -> Bool {
        if case .time(let mine) = self, case .time(let theirs) = other { return mine < theirs }
        guard let mine = day, let theirs = other.day else { return false }
        return mine < theirs
    }
}
