import Access
import Casework
import Catalogue
import Storage
import Testing

/// 日次総数報告 on the first day that is counted and after.
@Suite struct `Daily totals` {
    private static let day = TotalsRights.firstDay

    private static func counts(_ numbers: [Code: Int] = ["u10": 2, "30s": 3]) -> AgeCounts {
        var counts = AgeCounts()
        for (band, number) in numbers { counts[band] = number }
        return counts
    }

    /// An office whose clock stands at ten o'clock of a day after the first.
    private static func office(days: Int = 0) async throws -> Office {
        let office = try await Office()
        let ahead = day.adding(days: days).days(since: office.clock.now.japanDate)
        office.clock.advance(Int64(ahead) * 86_400)
        return office
    }

    @Test func `an institution reports its own day, corrects it the same day, and every state is kept`() async throws {
        let office = try await Self.office()
        let clinic = try office.caller("med-1")
        let first = try await office.casework.reportTotal(
            TotalReport(day: Self.day, counts: Self.counts(), seen: 0),
            by: clinic
        )
        #expect(first.version == 1)
        #expect(first.office == "hc-13104")
        let second = try await office.casework.reportTotal(
            TotalReport(day: Self.day, counts: Self.counts(["u10": 1]), seen: 1),
            by: clinic
        )
        #expect(second.version == 2)
        let shown = try await office.casework.totalDay(nil, Self.day, by: clinic)
        #expect(shown.total == second)
        #expect(shown.changes.map(\.counts) == [Self.counts(), Self.counts(["u10": 1])])
        #expect(shown.changes.map(\.actor) == ["新宿あおばクリニック 1", "新宿あおばクリニック 1"])
    }

    @Test func `the same numbers again change nothing, and nobody at all is a report`() async throws {
        let office = try await Self.office()
        let clinic = try office.caller("med-1")
        let centre = try office.caller("hc-13104")
        #expect(try await office.casework.officeTotals(Self.day, by: centre).first?.missing.map(\.key) == ["med-1"])
        for _ in 0..<2 {
            let total = try await office.casework.reportTotal(
                TotalReport(day: Self.day, counts: AgeCounts()),
                by: clinic
            )
            #expect(total.version == 1)
        }
        let found = try #require(try await office.casework.officeTotals(Self.day, by: centre).first)
        #expect(found.missing.isEmpty)
        #expect(found.reported.map(\.institution) == ["med-1"])
        let sums = try await office.casework.totalSums(Self.day...Self.day, by: centre)
        #expect(sums.map(\.reported) == [1])
        #expect(sums.map(\.institutions) == [1])
    }

    @Test func `two who correct at once don't overwrite each other unseen`() async throws {
        let office = try await Self.office()
        let clinic = try office.caller("med-1")
        _ = try await office.casework.reportTotal(
            TotalReport(day: Self.day, counts: Self.counts(), seen: 0),
            by: clinic
        )
        await expectRefusal(["day changed"]) {
            _ = try await office.casework.reportTotal(
                TotalReport(day: Self.day, counts: Self.counts(["u10": 9]), seen: 0),
                by: clinic
            )
        }
    }

    @Test func `twenty at once make one state after the other, none twice`() async throws {
        let office = try await Self.office()
        let clinic = try office.caller("med-1")
        await withTaskGroup(of: Void.self) { group in
            for number in 1...20 {
                group.addTask {
                    _ = try? await office.casework.reportTotal(
                        TotalReport(day: Self.day, counts: Self.counts(["u10": number])),
                        by: clinic
                    )
                }
            }
        }
        let shown = try await office.casework.totalDay(nil, Self.day, by: clinic)
        #expect(shown.changes.map(\.version) == Array(1...shown.changes.count))
        #expect(shown.total?.version == shown.changes.count)
        #expect(shown.total?.counts == shown.changes.last?.counts)
    }

    @Test func `the day after, only the headquarters corrects, and says why`() async throws {
        let office = try await Self.office()
        let clinic = try office.caller("med-1")
        _ = try await office.casework.reportTotal(TotalReport(day: Self.day, counts: Self.counts()), by: clinic)
        office.clock.advance(86_400)
        var correction = TotalReport(day: Self.day, institution: "med-1", counts: Self.counts(["80s": 1]))
        await expectRefusal(["day closed"]) { _ = try await office.casework.reportTotal(correction, by: clinic) }
        for key in ["pref-13", "city-13104"] {
            let headquarters = try office.caller(key)
            correction.reason = ""
            correction.counts["80s"] += 1
            await expectRefusal(["reason required"]) {
                _ = try await office.casework.reportTotal(correction, by: headquarters)
            }
            correction.reason = "医療機関からの連絡による"
            _ = try await office.casework.reportTotal(correction, by: headquarters)
        }
        let shown = try await office.casework.totalDay(nil, Self.day, by: clinic)
        #expect(shown.changes.map(\.organisation) == ["med-1", "pref-13", "city-13104"])
        #expect(shown.changes.map(\.reason) == [nil, "医療機関からの連絡による", "医療機関からの連絡による"])
        // Who it was in another organisation is that organisation's own.
        #expect(shown.changes.map(\.actor) == ["新宿あおばクリニック 1", "", ""])
    }

    @Test(arguments: [(-1, "day range"), (1, "day range")])
    func `neither a day before the first nor one to come is reported`(offset: Int, finding: String) async throws {
        let office = try await Self.office()
        let clinic = try office.caller("med-1")
        await expectRefusal([finding]) {
            _ = try await office.casework.reportTotal(
                TotalReport(day: Self.day.adding(days: offset), counts: AgeCounts()),
                by: clinic
            )
        }
    }

    @Test(arguments: [(7, [String]()), (8, ["day closed"])])
    func `what was missed is entered for a week`(days: Int, findings: [String]) async throws {
        let office = try await Self.office(days: days)
        let clinic = try office.caller("med-1")
        let late = TotalReport(day: Self.day, counts: AgeCounts())
        if findings.isEmpty {
            #expect(try await office.casework.reportTotal(late, by: clinic).version == 1)
        } else {
            await expectRefusal(findings) { _ = try await office.casework.reportTotal(late, by: clinic) }
        }
    }

    @Test(arguments: [-1, 10_000])
    func `a number nobody can mean is refused`(number: Int) async throws {
        let office = try await Self.office()
        let clinic = try office.caller("med-1")
        await expectRefusal(["60s range"]) {
            _ = try await office.casework.reportTotal(
                TotalReport(day: Self.day, counts: Self.counts(["60s": number])),
                by: clinic
            )
        }
    }

    /// Who asks: whether it reads med-1's day, what it may enter, whose sums it reads.
    static let rights: [(String, Bool, TotalsRights.Entry, [String])] = [
        ("med-1", true, .own, []), ("med-2", false, .none, []), ("hc-13104", true, .none, ["hc-13104"]),
        ("hc-13113", false, .none, ["hc-13113"]), ("hc-14100", false, .none, ["hc-14100"]),
        ("city-13104", true, .correction, ["hc-13104"]),
        ("pref-13", true, .correction, ["hc-13104", "hc-13113"]),
        ("mhlw", true, .none, ["hc-13104", "hc-13113", "hc-14100"]), ("fol-1", false, .none, []),
    ]

    @Test(arguments: rights)
    func `each reads and enters what is its own`(
        key: String,
        reads: Bool,
        entry: TotalsRights.Entry,
        sums: [String]
    ) async throws {
        let office = try await Self.office()
        _ = try await office.casework.reportTotal(
            TotalReport(day: Self.day, counts: Self.counts()),
            by: office.caller("med-1")
        )
        let caller = try office.caller(key)
        let day = try? await office.casework.totalDay("med-1", Self.day, by: caller)
        #expect((day != nil) == reads)
        #expect((day?.entry ?? .none) == entry)
        let offices = (try? await office.casework.totalSums(Self.day...Self.day, by: caller).map(\.office)) ?? []
        #expect(offices == sums)
        let csv = (try? await office.casework.totalsCSV(Self.day...Self.day, by: caller)) ?? []
        let text = String(decoding: csv, as: UTF8.self)
        #expect(Set(text.split(separator: "\r\n").dropFirst().map { String($0.split(separator: ",")[2]) }) == Set(sums))
        let change = TotalReport(day: Self.day, institution: "med-1", counts: Self.counts(["90plus": 1]), reason: "訂正")
        let isDone = (try? await office.casework.reportTotal(change, by: caller)) != nil
        #expect(isDone == (entry != .none))
    }

    @Test func `sums are those of the days and health centres, and the ministry's are everybody's`() async throws {
        let office = try await Self.office(days: 1)
        let next = Self.day.adding(days: 1)
        for (key, day, numbers) in [
            ("med-1", Self.day, ["u10": 1, "30s": 2]), ("med-1", next, ["u10": 4]), ("med-2", next, ["unknown": 8]),
        ] as [(String, CalendarDate, [Code: Int])] {
            _ = try await office.casework.reportTotal(
                TotalReport(day: day, counts: Self.counts(numbers)),
                by: office.caller(key)
            )
        }
        let sums = try await office.casework.totalSums(Self.day...next, by: office.caller("mhlw"))
        #expect(sums.count == 6)
        #expect(sums.map(\.counts.total) == [3, 0, 0, 4, 8, 0])
        #expect(sums.map(\.reported) == [1, 0, 0, 1, 1, 0])
        let csv = try await office.casework.totalsCSV(Self.day...next, by: office.caller("hc-13113"))
        let lines = String(decoding: csv.dropFirst(3), as: UTF8.self).split(separator: "\r\n")
        #expect(lines.last == "2022-09-27,13,hc-13113,渋谷区保健所,1,1,8,0,0,0,0,0,0,0,0,0,0,8")
        await expectRefusal(["from range"]) {
            _ = try await office.casework.totalSums(Self.day...Self.day.adding(days: 31), by: office.caller("mhlw"))
        }
    }
}

/// Expects a refusal for certain fields.
private func expectRefusal(_ findings: [String], _ body: () async throws -> Void) async {
    do {
        try await body()
        Issue.record("nothing was refused")
    } catch Refusal.findings(let found) {
        #expect(found.map { "\($0.place.item) \($0.code)" } == findings)
    } catch {
        Issue.record(error)
    }
}
