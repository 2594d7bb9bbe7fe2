/// Whether stays, admissions and severities make sense in time, beyond the order of dates within one record.
///
/// Nobody is in two places at once, and nobody is admitted after their death. A stay that ends on the day on which the
/// next begins is in order: that is the day of the move.
public struct StayOrder: Sendable {
    /// What a record has to say to mean anything, by section.
    public static let required: [Section: [String]] = [
        .admission: ["hospital", "admitted_on"],
        .whereabouts: ["place_kind", "place_from"],
        .severity: ["severity", "severity_at"],
    ]

    /// Begin and end of a section's records; the others don't last.
    static let spans: [Section: (from: String, to: String)] = [
        .admission: ("admitted_on", "discharged_on"),
        .whereabouts: ("place_from", "place_to"),
    ]

    /// What is wrong with the records of one section.
    ///
    /// - Parameters:
    ///   - section: a repeating section.
    ///   - records: its records; a finding's index is the position here.
    ///   - items: the case's single-valued items, for the day of death.
    ///   - today: the day after which nothing has happened yet.
    /// - Returns: one finding for each thing to mend, at the place where it is mended.
    public static func findings(
        _ section: Section,
        _ records: [Record],
        items: Record,
        today: CalendarDate
    ) -> [Finding] {
        var result: [Finding] = []
        for (index, record) in records.enumerated() {
            result += DateOrder.findings(in: record, index: index, today: today)
            for key in required[section] ?? [] where record[key] == nil {
                let label = Catalogue.item(key)?.ja ?? key
                result.append(Finding(Finding.Place(item: key, index: index), "required", "\(label)を入力してください。"))
            }
        }
        guard let span = spans[section] else { return result }
        return result + overlaps(section, records, span) + afterDeath(records, span, items)
            + (section == .admission ? beyondDischarge(records) : [])
    }

    private static func overlaps(
        _ section: Section,
        _ records: [Record],
        _ span: (from: String, to: String)
    ) -> [Finding] {
        let stays = records.enumerated().compactMap { index, record in
            record.day(span.from).map { (index: index, from: $0, to: record.day(span.to)) }
        }.sorted { ($0.from, $0.index) < ($1.from, $1.index) }
        let name = section.recordLabel
        return zip(stays, stays.dropFirst()).compactMap { earlier, later -> Finding? in
            guard let end = earlier.to else {
                return Finding(
                    Finding.Place(item: span.to, index: earlier.index),
                    "open",
                    "次の\(name)の記録が始まっています。この\(name)が終わった日を入力してください。"
                )
            }
            guard later.from < end else { return nil }
            return Finding(
                Finding.Place(item: span.from, index: later.index),
                "overlap",
                "前の\(name)の期間と重なっています。前の記録の終わりの日か、この記録の始まりの日を直してください。"
            )
        }
    }

    private static func afterDeath(
        _ records: [Record],
        _ span: (from: String, to: String),
        _ items: Record
    ) -> [Finding] {
        guard items[.outcome] == "died", let death = items[.outcomeOn] else { return [] }
        return records.enumerated().compactMap { index, record in
            guard let from = record.day(span.from), from > death else { return nil }
            return Finding(
                Finding.Place(item: span.from, index: index),
                "after_death",
                "死亡の日より後に始まっています。日付か転帰を直してください。"
            )
        }
    }

    /// Intensive care, ventilation and ECMO end with the admission at the latest.
    private static func beyondDischarge(_ records: [Record]) -> [Finding] {
        records.enumerated().flatMap { index, record -> [Finding] in
            guard let discharged = record[.dischargedOn] else { return [] }
            return ["icu_to", "ventilator_to", "ecmo_to"].compactMap { key in
                guard let day = record.day(key), day > discharged else { return nil }
                let label = Catalogue.item(key)?.ja ?? key
                return Finding(
                    Finding.Place(item: key, index: index),
                    "order",
                    "\(label)が退院年月日より後になっています。どちらかを正しい日付に直してください。"
                )
            }
        }
    }
}

extension Record {
    fileprivate func day(_ key: String) -> CalendarDate? {
        guard case .date(let day)? = self[key] else { return nil }
        return day
    }
}
