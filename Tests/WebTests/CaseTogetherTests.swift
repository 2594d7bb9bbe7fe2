import Access
import Casework
import Catalogue
import Foundation
import Testing

@testable import Web

@Suite struct `Several people on a case` {
    private struct News: Decodable {
        let present: [String]
        let saved: String
    }

    private static func news(
        _ browser: Browser,
        _ number: CaseNumber,
        _ token: String,
        section: String = "",
        seen: Int = 9
    ) async throws -> News {
        let path = "/cases/\(number.digits)/presence?page=\(token)&section=\(section)&seen=\(seen)"
        let answer = try await browser.get(path)
        #expect(answer.status == 200)
        return try JSONDecoder().decode(News.self, from: Data(answer.bytes))
    }

    @Test func `says in words who is here, to each what they may know`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a", name: "医院 太郎")
            let number = try await clinic.filed()
            let one = try await site.browser(of: "hc-a", name: "甲 一郎")
            let two = try await site.browser(of: "hc-a", name: "乙 花子")
            let headquarters = try await site.browser(of: "pref-13", name: "丙 次郎")
            #expect(try await Self.news(one, number, "aaaaaaaa").present.isEmpty)
            let first = try await Self.news(two, number, "bbbbbbbb", section: "person").present
            #expect(first == ["甲 一郎さんがこの対象者を開いています"])
            let above = try await Self.news(headquarters, number, "cccccccc").present
            #expect(above.first == "乙 花子さん（みなと保健所）が個人基本情報を編集中です")
            #expect(above.count == 2)
            let told = try await Self.news(clinic, number, "dddddddd").present
            #expect(told == ["保健所の職員が個人基本情報を編集中です"])
            let all = try await Self.news(one, number, "aaaaaaaa").present
            #expect(all.contains("みなと病院の方がこの対象者を開いています"))
            #expect(!all.joined().contains("医院 太郎"))
            // Closed by a form, as a browser's farewell is one.
            let closed = try await two.post("/cases/\(number.digits)/presence", [("page", "bbbbbbbb")])
            #expect(closed.status == 204)
            #expect(try await Self.news(clinic, number, "dddddddd").present == ["保健所の職員がこの対象者を開いています"])
        }
    }

    @Test func `a stranger's question is answered like one for a case that doesn't exist`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let stranger = try await site.browser(of: "hc-c")
            let hidden = try await stranger.get("/cases/\(number.digits)/presence?page=aaaaaaaa")
            let nothing = try await stranger.get("/cases/123456789012/presence?page=aaaaaaaa")
            #expect(hidden.status == 404 && nothing.status == 404)
            #expect(hidden.text.count == nothing.text.count)
        }
    }

    @Test func `says who saved, by name only to those who may know it`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let number = try await clinic.filed()
            let one = try await site.browser(of: "hc-a", name: "甲 一郎")
            let two = try await site.browser(of: "hc-a", name: "乙 花子")
            #expect(try await Self.news(two, number, "bbbbbbbb", seen: 1).saved == "")
            _ = try await one.save(number, "person", seen: 1, ["occupation": ("小学校教諭", "看護師")])
            #expect(try await Self.news(two, number, "bbbbbbbb", seen: 1).saved == "甲 一郎さんが15:00に保存しました。")
            #expect(try await Self.news(clinic, number, "dddddddd", seen: 1).saved == "保健所の職員が15:00に保存しました。")
            #expect(try await Self.news(two, number, "bbbbbbbb", seen: 2).saved == "")
        }
    }

    @Test func `what is due stands on top with a way to it, and the sections say how they stand`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let number = try await clinic.filed()
            let centre = try await site.browser(of: "hc-a")
            let page = try await centre.get("/cases/\(number.digits)").text
            #expect(page.contains(##"<li data-step="confirm">"##))
            #expect(page.contains(##"<a href="#decision-title">発生届の保健所確認を待っています"##))
            #expect(page.contains("陽性ですが、居所が登録されていません。"))
            #expect(page.contains("必須 "))
            #expect(page.contains("1件"))
            #expect(page.contains(#"<svg class="timeline""#))
            // The institution has nothing to do, and isn't told of places.
            let theirs = try await clinic.get("/cases/\(number.digits)").text
            #expect(!theirs.contains("次にすること"))
            #expect(!theirs.contains("居所"))
            _ = try await centre.post("/cases/\(number.digits)/return", [("reason", "職業を直してください。")])
            let returned = try await clinic.get("/cases/\(number.digits)").text
            #expect(returned.contains(##"<a href="#returned">保健所から差し戻されています"##))
            #expect(returned.contains(#"id="returned""#))
        }
    }

    @Test func `every link of what is due leads somewhere`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let page = try await site.browser(of: "hc-a").get("/cases/\(number.digits)").text
            let list = try #require(page.firstRange(of: "次にすること")).upperBound
            let end = try #require(page[list...].firstRange(of: "</ul>")).lowerBound
            for link in page[list..<end].matches(of: /href="([^"]+)"/) {
                let address = String(link.1)
                if address.hasPrefix("#") {
                    #expect(page.contains("id=\"\(address.dropFirst())\""), "\(address)")
                } else {
                    #expect(address.hasPrefix("/cases/\(number.digits)/"))
                }
            }
        }
    }

    @Test func `the keys are listed, and can be turned off for a device`() async throws {
        try await TestSite.run { site in
            let staff = try await site.browser(of: "hc-a")
            let page = try await staff.get("/keys").text
            for key in KeyPages.groups.flatMap(\.keys).flatMap(\.keys) {
                #expect(page.contains(#"<kbd class="key">\#(key)</kbd>"#), "\(key)")
            }
            #expect(page.contains("キーボード操作を使わない"))
            let off = try await staff.post("/keys", [("keys", "off")])
            #expect(off.header("Location") == "/keys")
            let cookie = off.header("Set-Cookie") ?? ""
            #expect(cookie.hasPrefix("__Host-keys=off;") && cookie.contains("Secure"))
            #expect(!cookie.contains("HttpOnly"), "the script has to read it")
            #expect(try await staff.get("/").text.contains(#"href="/keys""#))
        }
    }
}
