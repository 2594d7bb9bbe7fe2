import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// Columns, orders, saved filters, selections: each account's own, and nothing that tells of what is hidden.
@Suite struct ListTests {
    private static func numbers(_ office: Office, _ name: String, _ key: OrganisationKey) async throws -> [CaseNumber] {
        var request = ListRequest()
        request.sort = ListSort(name: name)
        request.limit = 2
        var found: [CaseNumber] = []
        repeat {
            let page = try await office.casework.list(request, by: office.caller(key))
            found += page.rows.map(\.subject.number)
            request.after = page.next
        } while request.after != nil && found.count < 100
        return found
    }

    @Test func `a list is put in order by names, which stand sealed, over its pages`() async throws {
        let office = try await Office()
        let clinic = try office.caller("med-1")
        var numbers: [CaseNumber] = []
        for (name, kana) in [("渡辺", "ワタナベ"), ("青木", "アオキ"), ("佐藤", "サトウ"), ("加藤", "カトウ"), ("江藤", "エトウ")] {
            numbers.append(try await office.casework.notify(Office.report(name, kana), by: clinic).subject.number)
        }
        let rising = [1, 4, 3, 2, 0].map { numbers[$0] }
        #expect(try await Self.numbers(office, "name", "hc-13104") == rising)
        #expect(try await Self.numbers(office, "-name", "hc-13104") == rising.reversed())
        #expect(try await Self.numbers(office, "-onset_on", "hc-13104") == numbers.reversed())
        // The de-identified view has no order by names: it stays as it was.
        #expect(try await Self.numbers(office, "name", "mhlw") == numbers.reversed())
    }

    @Test func `the order of a list tells nothing of an item that a row hides`() async throws {
        let office = try await Office()
        let clinic = try office.caller("med-1")
        let day = CalendarDate(dayNumber: 18_404)
        var numbers: [CaseNumber] = []
        for days in [-9, -5, -7] {
            var report = Office.report()
            report.items[.onsetOn] = day.adding(days: days)
            report.items[.birthDate] = CalendarDate(year: 1980, month: 1, day: 1)?.adding(days: days)
            numbers.append(try await office.casework.notify(report, by: clinic).subject.number)
        }
        // med-2 has tested all three: it sees who they are and not when they fell ill.
        for number in numbers {
            _ = try await office.casework.change(number, by: office.caller("hc-13104"), action: "revise") {
                file,
                _,
                _ in
                var test = Record()
                test[.specimenOn] = day
                test[.result] = "positive"
                file.entries[.test, default: []].append(Entry(id: file.nextEntryID, owner: "med-2", items: test))
            }
        }
        let tester = try office.caller("med-2")
        let seen = try await office.casework.list(ListRequest(), by: tester).rows
        #expect(seen.count == 3 && seen.allSatisfy { $0.subject.items[.onsetOn] == nil })
        #expect(try await Self.numbers(office, "onset_on", "med-2") == numbers.reversed())
        #expect(try await Self.numbers(office, "-onset_on", "med-2") == numbers.reversed())
        #expect(try await Self.numbers(office, "onset_on", "med-1") == [0, 2, 1].map { numbers[$0] })
        // 現在のステータス isn't an order for an institution at all.
        #expect(ListSort(name: "status")?.isOffered(to: .medical) == false)
    }

    @Test(arguments: [
        ("medical", "status"), ("follow_up", "onset_on"), ("ministry", "family_name"), ("ministry", "name"),
    ])
    func `a column that the organisation never reads can't be chosen`(kind: String, column: String) async throws {
        let office = try await Office()
        let organisation = try #require(Office.organisations.first { $0.kind.rawValue == kind })
        let caller = try office.caller(organisation.key)
        await #expect(throws: Refusal.self) { try await office.casework.setColumns([column], by: caller) }
        await #expect(throws: Refusal.self) { try await office.casework.setColumns(["no_such_item"], by: caller) }
        #expect(try await office.casework.columns(by: caller) == nil)
        #expect(!ListColumn.standard(organisation.kind).contains { $0.id == column })
    }

    @Test func `columns are kept for one account in their order, until it goes back to the usual ones`() async throws {
        let office = try await Office()
        let caller = try office.caller("hc-13104", 7)
        try await office.casework.setColumns(["occupation", "name", "onset_on", "name"], by: caller)
        #expect(try await office.casework.columns(by: caller)?.map(\.id) == ["occupation", "name", "onset_on"])
        #expect(try await office.casework.columns(by: office.caller("hc-13104", 8)) == nil)
        // The same account at an institution: what is not read there is left out.
        try await office.casework.setColumns(["status", "name"], by: caller)
        #expect(try await office.casework.columns(by: office.caller("med-1", 7))?.map(\.id) == ["name"])
        try await office.casework.setColumns([], by: caller)
        #expect(try await office.casework.columns(by: caller) == nil)
    }

    @Test func `filters are saved under names, by one account and for it alone`() async throws {
        let office = try await Office()
        let caller = try office.caller("hc-13104", 7)
        try await office.casework.saveFilter(named: " 確認待ち ", ["intake": "submitted", "q": "佐藤"], by: caller)
        try await office.casework.saveFilter(named: "自宅", ["status": "home"], by: caller)
        let filters = try await office.casework.savedFilters(by: caller)
        #expect(filters.map(\.name) == ["確認待ち", "自宅"])
        #expect(filters[0].fields == ["intake": "submitted", "q": "佐藤"])
        let other = try office.caller("hc-13104", 8)
        #expect(try await office.casework.savedFilters(by: other).isEmpty)
        await #expect(throws: Refusal.self) { try await office.casework.savedFilter(filters[0].id, by: other) }
        await #expect(throws: Refusal.self) {
            try await office.casework.renameFilter(filters[0].id, to: "自宅", by: caller)
        }
        await #expect(throws: Refusal.self) { try await office.casework.saveFilter(named: "  ", [:], by: caller) }
        try await office.casework.renameFilter(filters[0].id, to: "待ち", by: caller)
        try await office.casework.removeFilter(filters[1].id, by: other)
        #expect(try await office.casework.savedFilters(by: caller).map(\.name) == ["待ち", "自宅"])
        try await office.casework.removeFilter(filters[1].id, by: caller)
        #expect(try await office.casework.savedFilters(by: caller).map(\.name) == ["待ち"])
    }

    @Test func `a selection grows and shrinks page by page, and holds only what was shown`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let numbers = try await BulkTests.reports(5, office)
        let id = try await office.casework.newSelection(by: centre).id
        func select(_ ticked: [Int], of shown: [Int]) async throws -> [CaseNumber] {
            try await office.casework.select(
                ticked.map { numbers[$0] },
                of: shown.map { numbers[$0] },
                in: id,
                by: centre
            ).numbers
        }
        #expect(try await select([0, 1], of: [0, 1, 2]) == [numbers[0], numbers[1]])
        #expect(try await select([3], of: [3, 4]) == [numbers[0], numbers[1], numbers[3]])
        #expect(try await select([1, 4], of: [0, 1, 2]) == [numbers[1], numbers[3]])
        await #expect(throws: Refusal.self) {
            try await office.casework.selection(id, by: office.caller("hc-13104", 2))
        }
        #expect(try await office.casework.selectAll(ListRequest(), in: id, by: centre).numbers.count == 5)
        var none = ListRequest()
        none.status = "died"
        #expect(try await office.casework.selectAll(none, in: id, by: centre).numbers.isEmpty)
    }

    @Test(arguments: [
        "太田 愛", "愛 太田", "太田愛", "愛太田", "太田　愛", "オオタ アイ", "アイ オオタ", "おおた あい", "おおたあい", "アイオオタ", "ｵｵﾀ ｱｲ",
        "オータ アイ", "オタ アイ", "太田", "オオタ", "太\u{E0100}田 愛",
    ])
    func `a person is found by any spelling and either order of the name`(words: String) async throws {
        let office = try await Office()
        var report = Office.report("太田", "オオタ")
        report.items[.givenName] = "愛"
        report.items[.givenKana] = "アイ"
        let number = try await office.casework.notify(report, by: office.caller("med-1")).subject.number
        _ = try await office.casework.notify(Office.report("多田", "タダ"), by: office.caller("med-1"))
        var request = ListRequest()
        request.words = words
        let found = try await office.casework.list(request, by: office.caller("hc-13104")).rows
        #expect(found.map(\.subject.number) == [number])
    }

    @Test(arguments: [
        ("髙橋", "タカハシ", "高橋 花子"), ("高橋", "タカハシ", "花子 髙橋"), ("齋藤", "サイトウ", "斎藤花子"), ("邉見", "ヘンミ", "花子辺見"),
        ("濵田", "ハマダ", "浜田"), ("𠮷田", "ヨシダ", "吉田 花子"), ("桒原", "クワバラ", "桑原"), ("櫻井", "サクライ", "桜井 花子"),
        ("島", "シマ", "嶋 花子"), ("佐々木", "ササキ", "佐佐木花子"), ("大野", "オオノ", "オーノ ハナコ"), ("小野", "オノ", "ハナコ　ｵﾉ"),
        ("神田", "カンダ", "神田 花子"), ("渡邊", "ワタナベ", "渡辺"), ("瀨戸", "セト", "瀬戸花子"), ("龍崎", "リュウザキ", "竜﨑 花子"),
    ])
    func `old and new kanji, variants and long vowels find each other`(
        name: String,
        kana: String,
        words: String
    ) async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(name, kana), by: office.caller("med-1"))
            .subject.number
        var request = ListRequest()
        request.words = words
        let found = try await office.casework.list(request, by: office.caller("hc-13104")).rows
        #expect(found.map(\.subject.number) == [number])
    }

    @Test(arguments: [
        "NGUYEN VAN AN", "nguyen van an", "An Nguyen Van", "Ｎｇｕｙｅｎ", "VAN AN, NGUYEN", "グエン・ヴァン・アン", "アン グエン バン",
    ])
    func `a name in Latin letters is found in any order of its parts`(words: String) async throws {
        let office = try await Office()
        var report = Office.report("グエン", "グエン")
        report.items[.familyName] = nil
        report.items[.givenName] = nil
        report.items[.latinName] = "NGUYEN VAN AN"
        report.items[.givenKana] = "ヴァン・アン"
        let number = try await office.casework.notify(report, by: office.caller("med-1")).subject.number
        var request = ListRequest()
        request.words = words
        let found = try await office.casework.list(request, by: office.caller("hc-13104")).rows
        #expect(found.map(\.subject.number) == [number])
    }
}
