import Access
import Casework
import Catalogue
import Foundation
import Testing

@testable import Web

@Suite struct `The course of a case` {
    private static let today = TestSite.day("2020-06-20")

    private static func viewer(_ key: OrganisationKey) -> Viewer {
        let organisation = TestSite.organisations.first { $0.key == key } ?? TestSite.organisations[0]
        return Viewer(organisation: organisation, account: 1, name: "見る人")
    }

    /// A case with something in every lane.
    private static func file() throws -> CaseFile {
        let number = try #require(CaseNumber(payload: 1))
        func day(_ iso: String) -> CalendarDate { TestSite.day(iso) }
        var items = Record()
        items[.infectedOn] = day("2020-05-28")
        items[.onsetOn] = day("2020-06-01")
        items[.firstVisitOn] = day("2020-06-03")
        items[.diagnosedOn] = day("2020-06-04")
        items[.notifiedOn] = day("2020-06-04")
        items[.releaseDueOn] = day("2020-06-19")
        var test = Record()
        test[.specimenOn] = day("2020-06-03")
        test[.result] = "positive"
        test[.method] = "pcr"
        var stay = Record()
        stay[.placeKind] = "home"
        stay[.placeFrom] = day("2020-06-04")
        stay[.placeTo] = day("2020-06-08")
        stay[.placeRoom] = "502号室"
        var admission = Record()
        admission[.admittedOn] = day("2020-06-08")
        admission[.hospital] = InstitutionName(name: "架空病院")
        admission[.icuFrom] = day("2020-06-09")
        admission[.icuTo] = day("2020-06-14")
        admission[.ventilatorFrom] = day("2020-06-10")
        admission[.ventilatorTo] = day("2020-06-12")
        admission[.ecmoFrom] = day("2020-06-11")
        admission[.ecmoTo] = day("2020-06-11")
        var severity = Record()
        severity[.severityAt] = Timestamp(day("2020-06-10"), hour: 1)
        severity[.severity] = "severe"
        var report = Record()
        report[.observedAt] = Timestamp(day("2020-06-07"), hour: 23, minute: 30)
        report[.spo2] = 90
        return CaseFile(
            number: number,
            version: 3,
            form: "2020-02",
            intake: .confirmed,
            items: items,
            entries: [
                .test: [Entry(id: 1, owner: "med-a", items: test)],
                .whereabouts: [Entry(id: 2, owner: "hc-a", items: stay)],
                .admission: [Entry(id: 3, owner: "hc-a", items: admission)],
                .severity: [Entry(id: 4, owner: "hc-a", items: severity)],
                .observation: [Entry(id: 5, owner: nil, items: report)],
            ],
            parties: [Party("hc-a", .inCharge), Party("med-a", .reporting), Party("lod-a", .lodging)]
        )
    }

    private static func course(
        _ file: CaseFile,
        for key: OrganisationKey = "hc-a",
        history: [HistoryEntry] = []
    ) throws -> CaseTimeline {
        let disclosed = try #require(Gate.disclose(file, to: viewer(key), on: today))
        return CaseTimeline(disclosed, history: history, words: CaseWords(), today: today)
    }

    private static func line(_ action: String, _ iso: String) -> HistoryEntry {
        HistoryEntry(
            version: 2,
            at: Timestamp(TestSite.day(iso), hour: 9),
            account: 1,
            actor: "甲",
            organisation: "hc-a",
            through: "page",
            action: action,
            changes: []
        )
    }

    @Test func `every lane has what its section holds, on Japan's day`() throws {
        let history = [Self.line("confirm", "2020-06-05"), Self.line("transfer-accept", "2020-06-06")]
        let course = try Self.course(Self.file(), history: history)
        let found = course.entries.map { "\($0.lane.label) \($0.from.iso) \($0.to?.iso ?? "") \($0.short)" }
        #expect(
            found == [
                "発病・届出・解除 2020-05-28  感染", "発病・届出・解除 2020-06-01  発病", "発病・届出・解除 2020-06-03  初診",
                "発病・届出・解除 2020-06-04  診断", "発病・届出・解除 2020-06-04  届出", "発病・届出・解除 2020-06-19  解除予定",
                "検査 2020-06-03  陽性", "居所 2020-06-04 2020-06-08 自宅", "入院 2020-06-08  架空病院",
                "ICU 2020-06-09 2020-06-14 ICU", "人工呼吸器 2020-06-10 2020-06-12 人工呼吸器",
                "ECMO 2020-06-11 2020-06-11 ECMO", "重症度 2020-06-10  重症", "健康観察 2020-06-07  緊急",
                "届出の処理 2020-06-05  保健所確認", "届出の処理 2020-06-06  移管",
            ]
        )
        #expect(course.entries.first { $0.lane == .admission }?.isOngoing == true)
    }

    @Test func `what the viewer may not see isn't in the picture`() throws {
        let history = [Self.line("transfer-accept", "2020-06-06")]
        let clinic = try Self.course(Self.file(), for: "med-a", history: history)
        #expect(Set(clinic.entries.map(\.lane)) == [.course, .test])
        #expect(!clinic.entries.contains { $0.short == "解除予定" })
        let text = String(decoding: CaseTimelineView(course: clinic).html.bytes, as: UTF8.self)
        for word in ["居所", "入院", "架空病院", "重症", "緊急", "移管", "502号室"] { #expect(!text.contains(word), "\(word)") }
        let lodging = try Self.course(Self.file(), for: "lod-a")
        #expect(Set(lodging.entries.map(\.lane)) == [.health])
    }

    @Test func `an empty case shows nothing`() throws {
        let file = try CaseFile(number: Self.file().number, version: 1, parties: [Party("hc-a", .inCharge)])
        let course = try Self.course(file)
        #expect(CaseTimelineLayout(course) == nil)
        #expect(CaseTimelineView(course: course).html.bytes.isEmpty)
    }

    // MARK: Layout

    private static func entry(
        _ lane: CaseTimeline.Lane,
        _ sign: CaseTimeline.Sign,
        _ from: Int,
        _ to: Int? = nil,
        _ short: String
    ) -> CaseTimeline.Entry {
        let first = TestSite.day("2020-06-01")
        return CaseTimeline.Entry(
            lane: lane,
            sign: sign,
            from: first.adding(days: from),
            to: to.map { first.adding(days: $0) },
            short: short,
            long: short
        )
    }

    private static func layout(_ entries: [CaseTimeline.Entry], today: Int = 10) -> CaseTimelineLayout? {
        let first = TestSite.day("2020-06-01")
        return CaseTimelineLayout(
            CaseTimeline(entries: entries, anchor: first, today: first.adding(days: today))
        )
    }

    /// What is wrong with a layout; nothing where nothing overlaps and everything lies inside.
    private static func faults(_ layout: CaseTimelineLayout) -> [String] {
        var faults: [String] = []
        var rows: Set<Int> = []
        for lane in layout.lanes {
            let own = lane.firstRow..<(lane.firstRow + lane.rows)
            if !rows.isDisjoint(with: own) { faults.append("\(lane.lane) shares a row") }
            rows.formUnion(own)
            for (index, piece) in lane.pieces.enumerated() {
                if !own.contains(piece.row) { faults.append("\(piece.label) outside of its lane") }
                if piece.left < CaseTimelineLayout.margin - 0.01 || piece.right > layout.width + 0.01 {
                    faults.append("\(piece.label) outside of the picture")
                }
                if piece.x < piece.left - 0.01 || piece.x + piece.width > piece.right + 0.01 {
                    faults.append("\(piece.label) beyond its own room")
                }
                let words = CaseTimelineLayout.width(of: piece.label)
                if piece.labelX < piece.left - 0.01 || piece.labelX + words > piece.right + 0.01 {
                    faults.append("words of \(piece.label) beyond their room")
                }
                for other in lane.pieces[(index + 1)...] where other.row == piece.row {
                    if piece.left < other.right && other.left < piece.right {
                        faults.append("\(piece.label) over \(other.label)")
                    }
                }
            }
        }
        let bottom = CaseTimelineLayout.head + Double(layout.rows) * CaseTimelineLayout.rowHeight
        if bottom > layout.height { faults.append("rows below the picture") }
        for (left, right) in zip(layout.ticks, layout.ticks.dropFirst()) where right.x - left.x < 40 {
            faults.append("ticks \(left.label) \(right.label)")
        }
        if let last = layout.ticks.last, last.x + 40 > layout.width + 0.01 { faults.append("tick \(last.label)") }
        if let today = layout.today, !(CaseTimelineLayout.margin...layout.width).contains(today) {
            faults.append("today")
        }
        return faults
    }

    @Test func `one day in each lane`() throws {
        let layout = try #require(Self.layout([Self.entry(.course, .event, 0, nil, "発病")]))
        #expect(layout.lanes.map(\.lane) == [.course])
        #expect(layout.days == TestSite.day("2020-05-31")...TestSite.day("2020-06-11"))
        #expect(layout.rows == 1)
        let piece = try #require(layout.lanes.first?.pieces.first)
        #expect(abs(piece.x - (CaseTimelineLayout.margin + layout.dayWidth)) < 0.01)
        #expect(Self.faults(layout).isEmpty)
    }

    @Test func `forty tests stay readable: the same result of a day is one sign with its number`() throws {
        let tests = (0..<40).map { Self.entry(.test, .light, $0 / 20, nil, "陰性") }
        let layout = try #require(Self.layout(tests))
        #expect(layout.lanes.first?.pieces.map(\.label) == ["陰性×20", "陰性×20"])
        let spread = (0..<40).map { Self.entry(.test, $0.isMultiple(of: 9) ? .strong : .light, $0, nil, "陰性") }
        let wide = try #require(Self.layout(spread))
        #expect(Self.faults(wide).isEmpty)
        #expect(wide.rows <= 4)
    }

    @Test func `sixty days of health reports stand in one row`() throws {
        let days = (0..<60).map { Self.entry(.health, .light, $0, nil, "") }
        let layout = try #require(Self.layout(days, today: 60))
        #expect(layout.rows == 1)
        #expect(Self.faults(layout).isEmpty)
    }

    @Test func `a bar without an end goes on to today, but an old case isn't drawn out for months`() throws {
        let open = [Self.entry(.place, .bar, 2, nil, "自宅"), Self.entry(.course, .event, 0, nil, "発病")]
        let now = try #require(Self.layout(open, today: 12))
        let bar = try #require(now.lanes.last?.pieces.first)
        #expect(bar.isOngoing)
        #expect(abs(bar.width - 11 * now.dayWidth) < 0.01)
        let late = try #require(Self.layout(open, today: 700))
        #expect(late.days.upperBound == TestSite.day("2020-06-18"))
        #expect(late.today == nil)
    }

    @Test func `a wrong year doesn't press the rest together and is counted`() throws {
        let entries = [
            Self.entry(.course, .event, 0, nil, "発病"), Self.entry(.course, .event, 3, nil, "診断"),
            Self.entry(.course, .open, -36_500, nil, "感染"), Self.entry(.place, .bar, 3, 36_500, "自宅"),
        ]
        let layout = try #require(Self.layout(entries))
        #expect(layout.days.upperBound.days(since: layout.days.lowerBound) < 20)
        #expect(layout.outside == 1)
        #expect(Self.faults(layout).isEmpty)
    }

    @Test(arguments: 0..<400)
    func `nothing overlaps in a lane, and everything lies inside`(seed: Int) throws {
        var random = Numbers(seed: UInt64(seed))
        let labels = ["", "陰性", "陽性", "PCR", "新型コロナ架空総合医療センター南館", "中等症Ⅰ", "ICU"]
        let span = [3, 20, 60, 300, 5000].randomElement(using: &random) ?? 20
        let entries = (0..<Int.random(in: 1...80, using: &random)).map { _ -> CaseTimeline.Entry in
            let lane = CaseTimeline.Lane.allCases.randomElement(using: &random) ?? .test
            let from = Int.random(in: -span...span, using: &random)
            let isBar = Bool.random(using: &random)
            let long = Int.random(in: 0...span, using: &random)
            return Self.entry(
                lane,
                isBar ? .bar : .light,
                from,
                isBar && Bool.random(using: &random) ? from + long : nil,
                labels.randomElement(using: &random) ?? ""
            )
        }.sorted { ($0.lane.rawValue, $0.from) < ($1.lane.rawValue, $1.from) }
        guard let layout = Self.layout(entries, today: Int.random(in: -5...span, using: &random)) else { return }
        #expect(Self.faults(layout).isEmpty, "\(Self.faults(layout))")
        let drawn = layout.lanes.flatMap(\.pieces).count
        #expect(drawn > 0 && drawn + layout.outside <= entries.count)
    }

    /// Numbers that are the same every time.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }
}
