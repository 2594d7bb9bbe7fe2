import Access
import Casework
import Catalogue
import Foundation
import Storage
import Testing

@testable import Web

/// Columns, orders, saved filters and bulk deeds as pages.
struct ListPageTests {
    private static var family: String { APISamples.notification["items"]?["family_name"]?.text ?? "" }

    private static func reports(_ count: Int, _ site: TestSite) async throws -> [CaseNumber] {
        var numbers: [CaseNumber] = []
        for index in 0..<count {
            let day = CalendarDate(dayNumber: 3000 + Int32(index))
            numbers.append(
                try await site.report([
                    ("birth_date", .text(day.iso)), ("phone", .text("03-1111-\(1000 + index)")),
                    ("age_at_diagnosis", .null),
                ])
            )
        }
        return numbers
    }

    @Test func `columns are chosen, moved and taken away, and stand in the list in their order`() async throws {
        try await TestSite.run { site in
            _ = try await site.report()
            let browser = try await site.browser(of: "hc-a")
            for fields in [
                [("go", "add"), ("add_column", "occupation")], [("up", "occupation")], [("remove", "days")],
            ] {
                #expect(try await browser.post("/cases/columns", fields).status == 303)
            }
            let page = try await browser.get("/cases").text
            #expect(page.contains("職業"))
            #expect(page.contains(#"data-label="職業""#))
            #expect(!page.contains(#"data-label="診断日・発病日""#))
            let heads = page.matches(of: /data-label="([^"]+)"/).map { String($0.1) }
            #expect(heads.firstIndex(of: "職業") ?? 99 < heads.firstIndex(of: "更新") ?? 0)
            _ = try await browser.post("/cases/columns", [("go", "standard")])
            #expect(!(try await browser.get("/cases").text).contains(#"data-label="職業""#))
        }
    }

    @Test func `the list is kept as a file: its cases, the chosen columns, and nothing that may not be read`()
        async throws
    {
        try await TestSite.run { site in
            let numbers = try await Self.reports(53, site)
            let browser = try await site.browser(of: "hc-a")
            _ = try await browser.post("/cases/columns", [("go", "add"), ("add_column", "occupation")])
            #expect(try await browser.get("/cases").text.contains(##"href="/cases/list.csv""##))
            let file = try await browser.get("/cases/list.csv")
            #expect(file.header("Content-Type") == "text/csv; charset=utf-8")
            #expect(file.header("Cache-Control") == "no-store")
            let lines = file.text.split(separator: "\r\n").map(String.init)
            #expect(lines.count == 54)
            #expect(lines[0].contains("HER-SYS ID,発生届,姓（漢字）") && lines[0].contains("職業"))
            #expect(lines[1].hasPrefix(numbers[52].display) && lines[53].hasPrefix(numbers[0].display))
            let occupation = try #require(APISamples.notification["items"]?["occupation"]?.text)
            #expect(lines[1].contains(Self.family) && lines[1].contains(occupation))
            // The same search as on the screen, without its words in the address.
            let sent = try await browser.post("/cases/search", [("q", "03-1111-1007")])
            let found = (sent.header("Location") ?? "").replacing("/cases?", with: "/cases/list.csv?")
            let one = try await browser.get(found).text.split(separator: "\r\n")
            #expect(one.count == 2 && one[1].hasPrefix(numbers[7].display))
            let ministry = try await site.browser(of: "mhlw").get("/cases/list.csv").text
            #expect(ministry.split(separator: "\r\n").count == 54)
            #expect(!ministry.contains(Self.family) && !ministry.contains("姓（漢字）"))
            let stranger = try await site.browser(of: "med-b").get("/cases/list.csv").text
            #expect(stranger.split(separator: "\r\n").count == 1)
            // What was taken away is known; what names nobody isn't asked about.
            let readings = try await site.casework.readings(of: numbers[0], by: site.caller("hc-a")).rows
            #expect(readings.contains { $0.organisation == "hc-a" && $0.reading.what == "export" })
        }
    }

    @Test func `nobody is offered to narrow the list by what they may not read`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let mark = "data-case=\"\(number.digits)\""
            for (key, names) in [
                ("hc-a", "institution intake status"), ("pref-13", "institution intake office status"),
                ("mhlw", "intake office status"), ("med-a", "intake"), ("fol-a", ""), ("lod-a", ""),
            ] {
                let browser = try await site.browser(of: key)
                let page = try await browser.get("/cases").text
                var offered = ["institution", "office", "status"].filter { page.contains("id=\"field-\($0)\"") }
                if page.contains("/cases?intake=") { offered.append("intake") }
                #expect(offered.sorted().joined(separator: " ") == names, "\(key)")
                guard ["hc-a", "pref-13", "mhlw"].contains(key) else { continue }
                #expect(page.contains(mark))
                // Typed into the address it finds nothing either.
                let found = try await browser.get("/cases?institution=med-a").text
                #expect(found.contains(mark) == names.contains("institution"), "\(key)")
            }
        }
    }

    @Test(arguments: [("med-a", "status"), ("mhlw", "family_name"), ("mhlw", "name"), ("fol-a", "onset_on")])
    func `a hidden item is neither offered nor taken as a column or an order`(
        viewer: OrganisationKey,
        item: String
    ) async throws {
        try await TestSite.run { site in
            _ = try await site.report()
            let browser = try await site.browser(of: viewer)
            let form = try await browser.get("/cases/columns").text
            #expect(!form.contains(#"value="\#(item)""#))
            #expect(try await browser.post("/cases/columns", [("go", "add"), ("add_column", item)]).status == 422)
            let plain = try await browser.get("/cases").text
            for order in [item, "-\(item)"] {
                let page = try await browser.get("/cases?order=\(order)").text
                #expect(page.matches(of: /data-case="/).count == plain.matches(of: /data-case="/).count)
                #expect(!page.contains("order=\(order)"))
            }
            let program = try await site.program(of: viewer)
            let refused = try await program.get("/api/v1/cases?sort=\(item)")
            #expect(refused.errors == ["sort code"])
            let unknown = try await program.get("/api/v1/cases?sort=no_such_item")
            #expect(unknown.errors == ["sort code"])
        }
    }

    @Test func `a program sorts as the pages do`() async throws {
        try await TestSite.run { site in
            let numbers = try await Self.reports(3, site)
            let program = try await site.program(of: "hc-a")
            func found(_ sort: String) async throws -> [String] {
                try await program.get("/api/v1/cases?sort=\(sort)").json["cases"]?.list?.compactMap { $0["id"]?.text }
                    ?? []
            }
            #expect(try await found("birth_date") == numbers.map(\.digits))
            #expect(try await found("-birth_date") == numbers.reversed().map(\.digits))
            #expect(try await found("oldest") == numbers.map(\.digits))
            #expect(try await found("-submitted_at").count == 3)
        }
    }

    @Test func `a filter is saved with its words sealed, opened by one click, renamed and deleted`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let browser = try await site.browser(of: "hc-a")
            let nameless = try await browser.post("/cases/saved", [("q", Self.family), ("name", "")])
            #expect(nameless.status == 422)
            #expect(nameless.text.contains("条件の名前を40文字以内で"))
            let saved = try await browser.post(
                "/cases/saved",
                [("q", Self.family), ("intake", "submitted"), ("name", "今日の確認")]
            )
            #expect(saved.status == 303)
            let first = try await browser.get("/").text
            let link = try #require(first.firstMatch(of: /href="(\/cases\/saved\/[^"]+)">今日の確認/)).1
            let opened = try await browser.get(String(link))
            let address = opened.header("Location") ?? ""
            #expect(address.contains("intake=submitted") && address.contains("find="))
            #expect(!address.contains(Redirect.percentEncoded(Self.family)))
            let list = try await browser.get(address).text
            #expect(list.contains("data-case=\"\(number.digits)\""))
            #expect(list.contains("今日の確認"))
            let other = try await site.browser(of: "hc-a")
            #expect(try await other.get(String(link)).status == 404)
            #expect(!(try await other.get("/").text).contains("今日の確認"))
            _ = try await browser.post(String(link), [("go", "rename"), ("name", "別の名前")])
            #expect((try await browser.get("/cases/saved").text).contains("別の名前"))
            _ = try await browser.post(String(link), [("go", "remove")])
            #expect(!(try await browser.get("/cases").text).contains("別の名前"))
        }
    }

    @Test func `cases are selected over two pages, looked through, changed, and the result is told`() async throws {
        try await TestSite.run { site in
            let numbers = try await Self.reports(53, site)
            let browser = try await site.browser(of: "hc-a")
            let begun = try await browser.post("/cases/selection", [("order", "oldest")])
            let address = begun.header("Location") ?? ""
            let id = try #require(address.firstMatch(of: /select=([^&]+)/)).1
            let page = try await browser.get(address).text
            #expect(page.contains("0件を選択しています") && page.contains("条件に合う53件をすべて選ぶ"))
            let shown = numbers.prefix(50).map { ("shown", $0.digits) }
            let next = try await browser.post(
                "/cases/selection/\(id)",
                shown + [("case", numbers[0].digits), ("case", numbers[1].digits), ("order", "oldest"), ("go", "next")]
            )
            let second = try await browser.get(next.header("Location") ?? "").text
            #expect(second.contains("2件を選択しています"))
            #expect(second.matches(of: /name="shown"/).count == 3)
            let unchosen = try await browser.post(
                "/cases/selection/\(id)",
                numbers.suffix(3).map { ("shown", $0.digits) } + [("case", numbers[52].digits), ("go", "status")]
            )
            #expect(unchosen.status == 422 && unchosen.text.contains("変更後のステータスを選んでください"))
            let going = try await browser.post("/cases/selection/\(id)", [("go", "status"), ("to_status", "home")])
            let preview = try await browser.get(going.header("Location") ?? "").text
            #expect(preview.contains("3件を変更する") && preview.contains("自宅療養中"))
            #expect(preview.contains(numbers[52].display) && !preview.contains(numbers[51].display))
            // A colleague is quicker with one of them.
            let program = try await site.program(of: "hc-a")
            _ = try await program.post("/api/v1/cases/\(numbers[1].digits)/confirm")
            func hidden(_ name: String) -> String {
                let parts = preview.components(separatedBy: "name=\"\(name)\" value=\"")
                return parts.count > 1 ? String(parts[1].prefix { $0 != "\"" }) : ""
            }
            let sent = ["deed", "value", "deed_id", "seen"].map { ($0, hidden($0)) }
            let silent = try await browser.post("/cases/selection/\(id)/do", sent)
            #expect(silent.status == 422 && silent.text.contains("ステータスを手で変更する理由を1000文字以内で"))
            let fields = sent + [("reason", "宿泊施設が満室です")]
            let done = try await browser.post("/cases/selection/\(id)/do", fields)
            let place = done.header("Location") ?? ""
            let result = try await browser.get(place).text
            #expect(result.contains("2件を変更し、1件は変更していません"))
            #expect(result.contains("確認画面を開いた後に内容が変わったため"))
            let file = try await browser.get("\(place)/result.csv")
            #expect(file.header("Content-Type") == "text/csv; charset=utf-8")
            #expect(file.text.contains("\(numbers[1].display),"))
            #expect(file.text.split(separator: "\r\n").count == 4)
            // Sent again it does nothing more and shows the same.
            let again = try await browser.post("/cases/selection/\(id)/do", fields)
            #expect(again.header("Location") == place)
            let history = try await browser.get("/cases/\(numbers[52].digits)/history").text
            #expect(history.contains("宿泊施設が満室です"))
            let status = try await program.get("/api/v1/cases?status=home").json["cases"]?.list?.count
            #expect(status == 2)
            let other = try await site.browser(of: "hc-a")
            #expect(try await other.get(place).status == 404)
            #expect(try await other.get("/cases/selection/\(id)/preview?deed=confirm").status == 404)
        }
    }

    @Test(arguments: ["med-a", "pref-13", "mhlw", "fol-a"])
    func `who is in charge of no case has nothing to do with many`(viewer: OrganisationKey) async throws {
        try await TestSite.run { site in
            _ = try await site.report()
            let browser = try await site.browser(of: viewer)
            #expect(!(try await browser.get("/cases").text).contains("まとめて操作"))
            #expect(try await browser.post("/cases/selection").status == 404)
        }
    }
}
