import Access
import Casework
import Catalogue

/// The course of a case (経過): what happened on which day, in lanes.
///
/// It is made of what the gate let through and of nothing else: what the viewer may not see isn't in the picture.
struct CaseTimeline {
    /// A kind of thing, drawn on a line of its own.
    enum Lane: Int, CaseIterable {
        case course, test, place, admission, intensiveCare, ventilator, ecmo, severity, health, report

        /// Its name in front of the line and in the table.
        var label: String {
            switch self {
            case .course: "発病・届出・解除"
            case .test: "検査"
            case .place: "居所"
            case .admission: "入院"
            case .intensiveCare: "ICU"
            case .ventilator: "人工呼吸器"
            case .ecmo: "ECMO"
            case .severity: "重症度"
            case .health: "健康観察"
            case .report: "届出の処理"
            }
        }
    }

    /// How a thing is drawn; the words beside it say the same.
    enum Sign: String {
        /// Something that happened.
        case event
        /// Something bad: positive, an emergency, a death.
        case strong
        /// A negative result, a report of health in which nothing stands out.
        case light
        /// Not known yet, planned, or to be looked at.
        case open
        /// A time from a day to a day.
        case bar
    }

    /// One thing on one day, or from a day to a day.
    struct Entry: Equatable {
        let lane: Lane
        let sign: Sign
        /// The day, or the first one.
        let from: CalendarDate
        /// The last day of a bar; nil for one that has none yet, and for what happened on one day.
        var to: CalendarDate?
        /// What stands in the picture.
        let short: String
        /// What stands in the table.
        let long: String

        /// A bar without a last day goes on.
        var isOngoing: Bool { sign == .bar && to == nil }
    }

    /// Everything that has a day, in the order of the lanes and then of the days.
    let entries: [Entry]
    /// The day from which the case is counted, for the choice of the days that are drawn.
    let anchor: CalendarDate?
    /// Japan's day now: bars without an end are drawn up to it.
    let today: CalendarDate

    /// The course of a case.
    ///
    /// - Parameters:
    ///   - disclosed: the case as its viewer may see it.
    ///   - history: its history as the same viewer may see it, oldest first.
    ///   - words: names of organisations.
    ///   - today: Japan's day now.
    init(_ disclosed: Disclosed<CaseFile>, history: [HistoryEntry] = [], words: CaseWords, today: CalendarDate) {
        let file = disclosed.subject
        let administration = disclosed.permission.roles.contains(where: Gate.seesWhole)
        let all =
            Self.course(file.items) + Self.tests(file, words) + Self.places(file, words) + Self.admissions(file)
            + Self.severities(file) + Self.health(file)
            + Self.report(file, history, words, seesCharge: administration)
        entries = all.enumerated().sorted { left, right in
            (left.element.lane.rawValue, left.element.from, left.offset)
                < (right.element.lane.rawValue, right.element.from, right.offset)
        }.map(\.element)
        let items = file.items
        anchor =
            items[.onsetOn] ?? items[.diagnosedOn] ?? items[.notifiedOn]
            ?? (file.entries[.test] ?? []).compactMap { $0.items[.specimenOn] }.min() ?? entries.map(\.from).min()
        self.today = today
    }

    /// A course by hand: tests of the layout.
    init(entries: [Entry], anchor: CalendarDate?, today: CalendarDate) {
        self.entries = entries
        self.anchor = anchor
        self.today = today
    }

    // MARK: What becomes an entry

    private static func course(_ items: Record) -> [Entry] {
        let outcome = items[.outcome].map(CodeList.outcome.label) ?? "転帰"
        let days: [(CalendarDate?, Sign, String, String)] = [
            (items[.infectedOn], .open, "感染", "感染したと推定される日"), (items[.onsetOn], .event, "発病", "発病"),
            (items[.firstVisitOn], .event, "初診", "初診"), (items[.diagnosedOn], .event, "診断", "診断"),
            (items[.notifiedOn], .event, "届出", "届出"), (items[.diedOn], .strong, "死亡", "死亡（発生届）"),
            (items[.releaseDueOn], .open, "解除予定", "待機解除予定日"),
            (items[.releaseToldOn], .event, "解除連絡", "待機解除の連絡"),
            (items[.outcomeOn], items[.outcome] == "died" ? .strong : .event, outcome, "転帰：\(outcome)"),
        ]
        return days.compactMap { day, sign, short, long in
            day.map { Entry(lane: .course, sign: sign, from: $0, short: short, long: long) }
        }
    }

    private static func tests(_ file: CaseFile, _ words: CaseWords) -> [Entry] {
        (file.entries[.test] ?? []).compactMap { entry in
            guard let day = entry.items[.specimenOn] ?? entry.items[.resultOn] else { return nil }
            let result = entry.items[.result]
            let sign: Sign = result == "positive" ? .strong : result == "negative" ? .light : .open
            let short = result.map(CodeList.testResult.label) ?? "結果なし"
            let shown: [Item<Code>] = [.method, .specimen]
            let details =
                shown.compactMap { item in
                    entry.items[item.key].map { words.text($0, of: item.definition) }
                }
                + [
                    entry.items[.ctValue].map { "Ct値 \($0.text)" },
                    entry.items[.specimenOn] == nil ? nil : entry.items[.resultOn].map { "結果判明 \(Self.day($0))" },
                ].compactMap { $0 }
            let what = entry.items[.specimenOn] == nil ? "結果判明" : "検体採取"
            let long = (["\(what)：\(short)"] + details).joined(separator: "、")
            return Entry(lane: .test, sign: sign, from: day, short: short, long: long)
        }
    }

    private static func places(_ file: CaseFile, _ words: CaseWords) -> [Entry] {
        (file.entries[.whereabouts] ?? []).compactMap { entry in
            guard let from = entry.items[.placeFrom] else { return nil }
            let kind = entry.items[.placeKind].map(CodeList.placeKind.label) ?? "居所"
            let place = [entry.items[.placeOrganisation]?.name, entry.items[.placeOther], entry.items[.placeRoom]]
            let long = ([kind] + place.compactMap { $0 }).joined(separator: "　")
            return bar(.place, from, entry.items[.placeTo], kind, long)
        }
    }

    private static func admissions(_ file: CaseFile) -> [Entry] {
        (file.entries[.admission] ?? []).flatMap { entry -> [Entry] in
            let items = entry.items
            let hospital = items[.hospital]?.name ?? ""
            let times: [(Lane, CalendarDate?, CalendarDate?, String)] = [
                (.admission, items[.admittedOn], items[.dischargedOn], hospital.isEmpty ? "入院" : hospital),
                (.intensiveCare, items[.icuFrom], items[.icuTo], "ICU"),
                (.ventilator, items[.ventilatorFrom], items[.ventilatorTo], "人工呼吸器"),
                (.ecmo, items[.ecmoFrom], items[.ecmoTo], "ECMO"),
            ]
            return times.compactMap { lane, from, to, words in
                // An end without a beginning is a day by itself.
                if let to, from == nil {
                    return Entry(lane: lane, sign: .event, from: to, short: "終了", long: "\(words)の終了")
                }
                return from.map { bar(lane, $0, to, words, words) }
            }
        }
    }

    private static func bar(
        _ lane: Lane,
        _ from: CalendarDate,
        _ to: CalendarDate?,
        _ short: String,
        _ long: String
    ) -> Entry {
        // A slip of the keys is shown as it stands, on one day: the table has both.
        if let to, to < from {
            let slip = "\(long)（終了日 \(day(to)) が開始日より前）"
            return Entry(lane: lane, sign: .bar, from: from, to: from, short: short, long: slip)
        }
        return Entry(lane: lane, sign: .bar, from: from, to: to, short: short, long: long)
    }

    private static func severities(_ file: CaseFile) -> [Entry] {
        (file.entries[.severity] ?? []).compactMap { entry in
            guard let at = entry.items[.severityAt], let code = entry.items[.severity] else { return nil }
            let label = CodeList.severity.label(code)
            let sign: Sign = code == "severe" ? .strong : .event
            return Entry(lane: .severity, sign: sign, from: at.japanDate, short: label, long: label)
        }
    }

    /// One entry a day: the most urgent report's, with how many there were.
    private static func health(_ file: CaseFile) -> [Entry] {
        var days: [CalendarDate: [Record]] = [:]
        for entry in file.entries[.observation] ?? [] {
            if let at = entry.items[.observedAt] { days[at.japanDate, default: []].append(entry.items) }
        }
        return days.sorted { $0.key < $1.key }.map { day, reports in
            let worst = reports.max { Alarm.of($0) < Alarm.of($1) } ?? Record()
            let alarm = Alarm.of(worst)
            let figures = [
                reports.compactMap { $0[.bodyTemperature] }.max().map { "体温 \($0.text)℃" },
                reports.compactMap { $0[.spo2] }.min().map { "SpO2 \($0)%" },
            ].compactMap { $0 }
            let count = reports.count > 1 ? ["報告\(reports.count)件"] : []
            // Figures in which nothing stands out are in the section's own table.
            let words = alarm == .none ? [] : [alarm.label] + figures
            let long = (words + count).joined(separator: "、")
            let sign: Sign = alarm == .emergency ? .strong : alarm == .watch ? .open : .light
            return Entry(
                lane: .health,
                sign: sign,
                from: day,
                short: alarm.label,
                long: long.isEmpty ? "報告あり" : long
            )
        }
    }

    /// What was decided about the report, and where the charge went.
    private static func report(
        _ file: CaseFile,
        _ history: [HistoryEntry],
        _ words: CaseWords,
        seesCharge: Bool
    ) -> [Entry] {
        let decisions: [String: (short: String, sign: Sign)] = [
            "confirm": ("保健所確認", .event), "return": ("差し戻し", .strong), "resubmit": ("再提出", .open),
        ]
        let transfers: [String: (short: String, sign: Sign)] = [
            "transfer-offer": ("移管依頼", .open), "transfer-accept": ("移管", .event),
            "transfer-refuse": ("移管辞退", .light), "transfer-withdraw": ("移管取下げ", .light),
        ]
        let known = seesCharge ? decisions.merging(transfers) { $1 } : decisions
        return history.compactMap { line in
            known[line.action].map { told in
                Entry(
                    lane: .report,
                    sign: told.sign,
                    from: line.at.japanDate,
                    short: told.short,
                    long: "\(told.short)（\(words.organisation(line.organisation))）"
                )
            }
        }
    }

    private static func day(_ day: CalendarDate) -> String {
        let (year, month, dayOfMonth) = day.parts
        return "\(year)/\(month)/\(dayOfMonth)"
    }
}
