import Access
import Casework
import Catalogue
import Storage
import Testing

/// Lists whose lines come, go and move while somebody turns the pages.
@Suite struct `Pages of what moves` {
    @Test func `notices that a newer version wrote don't hide those behind them`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13113")
        let directory = try await office.casework.directory()
        let (own, sender) = (try #require(directory.number("hc-13113")), try #require(directory.number("hc-13104")))
        var report = Office.report()
        report.items[.addressMunicipality] = "131130"
        let number = try await office.casework.notify(report, by: office.caller("med-1")).subject.number
        #expect(try await office.casework.notices(by: centre).lines.count == 1)
        try await office.engine.write { connection in
            let sequence = try connection.number("SELECT seq FROM notices") ?? 0
            func put(_ kind: String) throws {
                try connection.execute(
                    "INSERT INTO notices (organisation, at, kind, seq, sender) VALUES ($1, $2, $3, $4, $5)",
                    [.integer(own), .integer(1), .text(kind), .integer(sequence), .integer(sender)]
                )
            }
            for _ in 0..<Casework.noticesOnPage { try put("grant") }
            try put("of-a-later-version")
        }
        let first = try await office.casework.notices(by: centre)
        #expect(first.lines.count == Casework.noticesOnPage)
        #expect(first.unread == Casework.noticesOnPage + 1)
        let next = try #require(first.next)
        let rest = try await office.casework.notices(before: next, by: centre)
        #expect(rest.lines.map(\.notice.kind) == [.related])
        #expect(rest.lines.map(\.notice.number) == [number])
        // Marked as read is what was shown.
        let newest = try #require(first.lines.first).notice.id + 1
        try await office.casework.markNoticeRead(newest, andEarlier: true, by: centre)
        #expect(try await office.casework.notices(by: centre).unread == 0)
        let unread = try await office.engine.read {
            try $0.number("SELECT count(*) FROM notices WHERE read_at IS NULL AND kind = 'of-a-later-version'")
        }
        #expect(unread == 1)
    }

    @Test func `a reader who comes again while the pages are turned is neither passed over nor shown twice`()
        async throws
    {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let centre = try office.caller("hc-13104", 500)
        for account in 1...60 {
            // Two in a second.
            office.clock.advance(Int64(account % 2))
            _ = try await office.casework.read(number, by: office.caller("pref-13", Int64(account)))
        }
        let first = try await office.casework.readings(of: number, by: centre)
        let shown = Set(first.rows.map(\.reading.account))
        let late = try #require((1...60).first { !shown.contains($0) })
        office.clock.advance(5)
        _ = try await office.casework.read(number, by: office.caller("pref-13", late))
        let next = try #require(first.next)
        let rest = try await office.casework.readings(of: number, from: next, by: centre)
        let all = (first.rows + rest.rows).map(\.reading.account)
        #expect(rest.next == nil)
        #expect(all.sorted() == Array(1...60))
    }

    @Test(arguments: ["fol-1", "med-2"])
    func `who leaves the list while the pages are turned takes nobody else off it`(key: OrganisationKey) async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let holder = try office.caller(key)
        var numbers: [CaseNumber] = []
        if key == "fol-1" {
            numbers = try await BulkTests.reports(Casework.caredForOnPage + 2, office)
            let seen = numbers.map { SeenCase($0, version: 1) }
            _ = try await office.casework.perform(.assign("fol-1"), id: "all", on: seen, by: centre)
        } else {
            try await office.casework.countRooms([.bed: RoomCount(total: 500, used: 0)], by: holder)
            numbers = try await BulkTests.reports(Casework.caredForOnPage + 2, office)
            for number in numbers {
                _ = try await office.casework.place(
                    number,
                    PlaceDecision(at: "med-2", .bed, from: office.casework.today),
                    by: office.caller("pref-13")
                )
            }
        }
        let first = try await office.casework.caredFor(by: holder)
        let shown = first.present.map(\.file.subject.number)
        #expect(shown.count == Casework.caredForOnPage)
        try await office.casework.delete(shown[3], reason: "二重登録", by: centre)
        let next = try #require(first.next)
        let rest = try await office.casework.caredFor(after: next, by: holder)
        #expect(Set(shown).union(rest.present.map(\.file.subject.number)) == Set(numbers))
        #expect(rest.present.count == 2)
        #expect(rest.next == nil)
    }
}
