import Access
import Casework
import Catalogue
import Foundation
import HTTPTypes
import Storage
import Testing

@testable import Web

struct GeneralListTests {
    /// The person of the API's example.
    private static var family: String { APISamples.notification["items"]?["family_name"]?.text ?? "" }

    @Test func `a search's words don't stand in the address and find the case`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let browser = try await site.browser(of: "hc-a")
            let sent = try await browser.post("/cases/search", [("q", Self.family)])
            let address = sent.header("Location") ?? ""
            #expect(sent.status == 303)
            #expect(address.hasPrefix("/cases?find="))
            #expect(!address.contains(Redirect.percentEncoded(Self.family)))
            let found = try await browser.get(address)
            #expect(found.text.contains("data-case=\"\(number.digits)\""))
            #expect(found.text.contains("氏名・フリガナ「\(Self.family)」"))
            #expect(found.text.contains("として検索しました"))
            // Another session can't read it.
            let other = try await site.browser(of: "hc-a")
            let closed = try await other.get(address)
            #expect(closed.text.contains("検索する言葉をもう一度入力してください"))
            #expect(!closed.text.contains("value=\"\(Self.family)\""))
        }
    }

    @Test func `words typed into the address are sealed at once`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "hc-a")
            let answer = try await browser.get("/cases?q=%E5%B1%B1%E7%94%B0&intake=submitted")
            #expect(answer.status == 303)
            #expect(answer.header("Location")?.hasPrefix("/cases?find=") == true)
            #expect(answer.header("Location")?.hasSuffix("&intake=submitted") == true)
        }
    }

    @Test(arguments: [
        ("昭和60年3月2日", "生年月日 1985年3月2日（昭和60年）"), ("0312345678", "電話番号 "), ("ヤマダ ハナコ", "氏名・フリガナ「ヤマダ ハナコ」"),
        ("<b>", "氏名・フリガナ「&lt;b&gt;」"),
    ])
    func `the page says how a word was taken and what to try`(typed: String, said: String) async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "hc-a")
            let sent = try await browser.post("/cases/search", [("q", typed)])
            let page = try await browser.get(sent.header("Location") ?? "").text
            #expect(page.contains(said))
            #expect(page.contains("該当する対象者は見つかりませんでした"))
        }
    }

    @Test func `filters stand in the address, odd ones are left out`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "pref-13")
            let sent = try await browser.post(
                "/cases/search",
                [("q", " "), ("intake", "x"), ("status", "home"), ("office", "hc-a"), ("order", "updated")]
            )
            #expect(sent.header("Location") == "/cases?status=home&office=hc-a&order=updated")
            let page = try await browser.get("/cases?status=home&office=hc-a&order=updated").text
            #expect(page.contains(#"<option value="home" selected>"#))
            #expect(page.contains(#"<option value="hc-b">しぶや保健所"#))
            #expect(!page.contains("大阪保健所"))
        }
    }

    @Test func `pages follow each other by the last case`() async throws {
        try await TestSite.run { site in
            for _ in 0..<51 { _ = try await site.report() }
            let browser = try await site.browser(of: "hc-a")
            let first = try await browser.get("/cases").text
            #expect(first.matches(of: /data-case="/).count == 50)
            let next = first.firstMatch(of: /rel="next" href="([^"]+)"/).map { String($0.1) } ?? ""
            #expect(next.wholeMatch(of: /\/cases\?after=\d{12}/) != nil)
            let second = try await browser.get(next).text
            #expect(second.matches(of: /data-case="/).count == 1)
            #expect(second.contains("最初のページへ"))
            #expect(!second.contains("rel=\"next\""))
        }
    }

    @Test(arguments: ["mhlw", "ana-a"])
    func `de-identified viewers have no column of names and search by the number alone`(
        viewer: OrganisationKey
    ) async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let browser = try await site.browser(of: viewer)
            let page = try await browser.get("/cases").text
            #expect(!page.contains(Self.family))
            #expect(!page.contains(#"data-label="氏名""#))
            #expect(!page.contains(#"data-label="届出医療機関""#))
            #expect(page.contains("data-case=\"\(number.digits)\""))
            let elsewhere = try await site.program(of: "hc-c").notify([("birth_date", "1950-01-01")])
            #expect(elsewhere.status == 201)
            let address = try #require(elsewhere.header("Location")).replacing("/api/v1", with: "")
            // The ministry has the whole country, an analysis centre the area of the government that issued its ID.
            #expect(try await browser.get(address).status == (viewer == "mhlw" ? 200 : 404))
            #expect(try await browser.get("/cases").text.matches(of: /data-case="/).count == (viewer == "mhlw" ? 2 : 1))
            let sent = try await browser.post("/cases/search", [("q", Self.family)])
            let refused = try await browser.get(sent.header("Location") ?? "").text
            #expect(refused.contains("HER-SYS ID（12桁）で検索してください"))
            #expect(!refused.contains("data-case="))
        }
    }

    @Test func `an institution's list has its own cases and no column that it may not read`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let own = try await site.browser(of: "med-a")
            let page = try await own.get("/cases").text
            #expect(page.contains("data-case=\"\(number.digits)\""))
            #expect(page.contains(number.display))
            #expect(page.contains(#"data-label="氏名""#))
            #expect(!page.contains(#"data-label="状況""#))
            #expect(page.contains("確認待ち"))
            let other = try await site.browser(of: "med-b")
            #expect(!(try await other.get("/cases").text).contains("data-case="))
        }
    }

    @Test func `events tell the parties which case changed, and end with the server`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let browser = try await site.browser(of: "med-a")
            let stranger = try await site.browser(of: "med-b")
            let centre = try await site.browser(of: "hc-a")
            async let heard = browser.get("/events")
            async let silence = stranger.get("/events")
            while site.casework.events.open < 2 { try await Task.sleep(for: .milliseconds(5)) }
            let sent = try await centre.post("/cases/\(number.digits)/confirm")
            #expect(sent.status == 303)
            try await Task.sleep(for: .milliseconds(100))
            site.casework.events.finish()
            let answer = try await heard
            #expect(answer.header("Content-Type") == "text/event-stream; charset=utf-8")
            #expect(
                answer.text.contains(
                    "event: case\ndata: {\"case\":\"\(number.digits)\",\"version\":2,\"action\":\"confirm\"}\n\n"
                )
            )
            #expect(!(try await silence).text.contains("event:"))
        }
    }

    @Test func `a postal code names its places`() async throws {
        try await TestSite.run { site in
            try await site.casework.loadPlaces(
                [.init(code: "131041", prefecture: "東京都", name: "新宿区", kana: "シンジュクク")],
                [.init(postal: "1600022", municipality: "131041", town: "新宿")]
            )
            let browser = try await site.browser(of: "med-a")
            let answer = try await browser.get("/places?postal=160-0022")
            #expect(answer.text == #"[{"municipality":"131041","name":"東京都新宿区","town":"新宿"}]"#)
            for odd in ["", "?postal=", "?postal=16000", "?postal=9999999", "?postal=%EF%BC%91600022"] {
                #expect(try await browser.get("/places\(odd)").text == "[]")
            }
        }
    }
}

struct GeneralHomeTests {
    @Test func `an institution sees what came back first, then its drafts, then its reports`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let waiting = try await site.report()
            let centre = try await site.browser(of: "hc-a")
            let reason = "発病日をもう一度確かめてください"
            #expect(try await centre.post("/cases/\(number.digits)/return", [("reason", reason)]).status == 303)
            let browser = try await site.browser(of: "med-a")
            _ = try await browser.get("/cases/new")
            #expect(!(try await browser.get("/").text).contains("入力途中の発生届"))
            let viewer = try #require(try await site.casework.session(browser.session))
            let caller = Caller(viewer, through: .page, address: "test")
            _ = try await site.casework.newDraft(["family_name": "田中", "given_name": "<i>"], by: caller)
            let page = try await browser.get("/").text
            let returned = try #require(page.range(of: "差し戻された発生届"))
            let drafts = try #require(page.range(of: "入力途中の発生届"))
            let latest = try #require(page.range(of: "最近の発生届"))
            #expect(returned.lowerBound < drafts.lowerBound)
            #expect(drafts.lowerBound < latest.lowerBound)
            #expect(page.contains(reason))
            #expect(page.contains("田中 &lt;i&gt;"))
            #expect(page.contains(waiting.display))
            #expect(page.contains("発生届を入力する"))
        }
    }

    @Test func `a health centre sees what waits, the oldest first, with the way to confirm it`() async throws {
        try await TestSite.run { site in
            let first = try await site.report()
            let second = try await site.report()
            let page = try await site.browser(of: "hc-a").get("/").text
            #expect(page.contains("確認待ちの発生届"))
            #expect(page.contains(#"<span class="figure-number">2<small>件"#))
            let places = [first, second].map { page.range(of: "data-case=\"\($0.digits)\"")?.lowerBound }
            #expect(places[0] != nil)
            #expect((places[0] ?? page.endIndex) < (places[1] ?? page.startIndex))
            #expect(page.contains("href=\"/cases/\(first.digits)#decision-title\""))
            #expect(page.contains("data-live"))
        }
    }

    @Test func `a headquarters sees what waits at each of its health centres`() async throws {
        try await TestSite.run { site in
            _ = try await site.report()
            let page = try await site.browser(of: "pref-13").get("/").text
            #expect(page.contains(#"href="/cases?intake=submitted&amp;office=hc-a">みなと保健所</a>"#))
            #expect(page.contains(#"<rect width="1000" height="20"/>"#))
            #expect(page.contains("確認待ちのない保健所（1）"))
            #expect(page.contains(#"office=hc-b">しぶや保健所</a></li>"#))
            #expect(!page.contains("大阪保健所"))
        }
    }

    @Test(arguments: ["mhlw", "ana-a", "fol-a", "lod-a"])
    func `others have a first page without anybody's name`(viewer: OrganisationKey) async throws {
        try await TestSite.run { site in
            _ = try await site.report()
            let answer = try await site.browser(of: viewer).get("/")
            #expect(answer.status == 200)
            #expect(!answer.text.contains("発生届を入力する"))
            #expect(!answer.text.contains(APISamples.notification["items"]?["family_name"]?.text ?? "?"))
        }
    }

    @Test func `only those who notify are shown the way to the form`() async throws {
        try await TestSite.run { site in
            for (viewer, notifies) in [("med-a", true), ("hc-a", true), ("pref-13", false), ("mhlw", false)] {
                let page = try await site.browser(of: viewer).get("/account").text
                #expect(page.contains(#"<a href="/cases/new">"#) == notifies)
                #expect(page.contains(#"<a href="/account" aria-current="page">"#))
            }
        }
    }

    @Test(arguments: [(30, "1分未満"), (1800, "30分"), (12_000, "3時間20分"), (90_000, "1日1時間")])
    func `a wait is told in the unit that matters`(seconds: Int, said: String) {
        #expect(HomeView.elapsed(Int64(seconds)) == said)
    }

    @Test(arguments: [(0, "1秒"), (59, "59秒"), (61, "2分"), (3600, "1時間")])
    func `a wait ahead is rounded up`(seconds: Int, said: String) {
        #expect(ErrorPages.wait(seconds) == said)
    }
}
