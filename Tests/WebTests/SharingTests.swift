import Access
import Casework
import Catalogue
import Testing

@testable import Web

/// The pages and calls of sharing.
@Suite struct SharingPageTests {
    @Test func `a case is offered, shown to the receiver with the reason, and accepted on its page`() async throws {
        try await TestSite.run { site in
            let number = try await site.report().digits
            let (sender, receiver) = (try await site.browser(of: "hc-a"), try await site.browser(of: "hc-c"))
            #expect(try await receiver.get("/cases/\(number)").status == 404)
            let empty = try await sender.post("/cases/\(number)/transfer", [("transfer_to", "hc-a"), ("reason", "転居")])
            #expect(empty.status == 422)
            #expect(empty.text.contains("すでにこの保健所が管轄です"))
            #expect(empty.text.contains("転居"), "what was typed stays")
            let form = [("transfer_to", "hc-c"), ("reason", "大阪へ転居のため"), ("seen", "1")]
            #expect(try await sender.post("/cases/\(number)/transfer", form).status == 303)
            #expect(try await receiver.get("/notices/count").text == #"{"unread":1}"#)
            let box = try await receiver.get("/notices").text
            #expect(box.contains("移管の申入れがありました"))
            #expect(box.contains(#"href="/cases/\#(number)/transfer""#))
            #expect(!box.contains("山田"))
            #expect(try await receiver.get("/cases/\(number)").text.contains("大阪へ転居のため"))
            let early = try await receiver.post("/cases/\(number)/transfer/refuse", [("reason", " ")])
            #expect(early.status == 422)
            #expect(try await receiver.post("/cases/\(number)/transfer/accept", [("seen", "2")]).status == 303)
            let again = try await receiver.post("/cases/\(number)/transfer/accept", [("seen", "2")])
            #expect(again.status == 403)
            #expect(again.text.contains("すでに承諾しました"))
            #expect(try await sender.get("/cases/\(number)").text.contains("大阪保健所"))
            #expect(try await sender.get("/transfers").text.contains("承諾"))
            #expect(try await sender.get("/cases/\(number)/transfer").status == 404)
        }
    }

    @Test func `a granted section is offered only where it isn't closed, and ended on the same screen`() async throws {
        try await TestSite.run { site in
            let number = try await site.report().digits
            let (centre, clinic) = (try await site.browser(of: "hc-a"), try await site.browser(of: "med-a"))
            let page = try await centre.get("/cases/\(number)/grants").text
            #expect(page.contains("みなと病院"))
            #expect(!page.contains(#"value="management""#))
            #expect(page.contains("行動歴（医療機関には許可できません）") || !page.contains("value=\"activity\""))
            let wrong = try await centre.post(
                "/cases/\(number)/grants",
                [("organisation", "med-a"), ("section", "activity"), ("until", "2020/6/30")]
            )
            #expect(wrong.status == 422)
            let bad = try await centre.post(
                "/cases/\(number)/grants",
                [("organisation", "med-a"), ("section", "severity"), ("until", "いつか")]
            )
            #expect(bad.status == 422)
            let given = try await centre.post(
                "/cases/\(number)/grants",
                [("organisation", "med-a"), ("section", "severity"), ("until", "2020/6/30"), ("write", "no")]
            )
            #expect(given.status == 303)
            #expect(try await centre.get("/cases/\(number)/grants").text.contains("2020/6/30"))
            #expect(try await clinic.get("/notices").text.contains("許可されました"))
            #expect(try await clinic.get("/cases/\(number)/grants").status == 404)
            let ended = try await centre.post(
                "/cases/\(number)/grants/end",
                [("organisation", "med-a"), ("section", "severity")]
            )
            #expect(ended.status == 303)
            #expect(try await centre.get("/cases/\(number)/grants").text.contains("許可はありません"))
        }
    }

    @Test func `a default is set and ended on the settings page of a health centre`() async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            let fields = [("organisation", "fol-a"), ("section", "condition"), ("days", "14"), ("write", "no")]
            #expect(try await centre.post("/settings/grants", fields).status == 303)
            #expect(try await centre.get("/settings/grants").text.contains("関わった日から14日間"))
            let closed = [("organisation", "fol-a"), ("section", "whereabouts")]
            let wrong = try await centre.post("/settings/grants", closed)
            #expect(wrong.status == 422)
            let end = [("organisation", "fol-a"), ("section", "condition")]
            #expect(try await centre.post("/settings/grants/end", end).status == 303)
            #expect(try await centre.get("/settings/grants").text.contains("既定はありません"))
            #expect(try await site.browser(of: "med-a").get("/settings/grants").status == 404)
        }
    }

    @Test func `a case is opened with a reason, and wrong numbers answer alike`() async throws {
        try await TestSite.run { site in
            let number = try await site.report().digits
            let opener = try await site.browser(of: "hc-c")
            let absent = try #require(CaseNumber(payload: 777)).digits
            var answers: Set<String> = []
            for asked in [absent, absent, "000"] {
                let answer = try await opener.post("/openings", [("number", asked), ("reason", "照会")])
                #expect(answer.status == 422)
                answers.insert(answer.text.replacing(asked, with: "").replacing(opener.csrf, with: ""))
            }
            #expect(answers.count == 1)
            let opened = try await opener.post("/openings", [("number", number), ("reason", "救急の照会")])
            #expect(opened.status == 303)
            let page = try await opener.get("/cases/\(number)")
            #expect(page.status == 200)
            #expect(page.text.contains("緊急閲覧中です"))
            #expect(!page.text.contains("/cases/\(number)/confirm"))
            #expect(try await opener.get("/cases/\(number)/readings").status == 404)
            let centre = try await site.browser(of: "hc-a")
            #expect(try await centre.get("/notices").text.contains("緊急閲覧されました"))
            let readings = try await centre.get("/cases/\(number)/readings").text
            #expect(readings.contains("大阪保健所"))
            #expect(readings.contains("緊急閲覧"))
            #expect(try await centre.get("/cases/\(number)/history").text.contains("救急の照会"))
            #expect(try await site.browser(of: "med-b").get("/openings").status == 404)
            #expect(try await site.browser(of: "pref-13").post("/openings", [("number", number)]).status == 404)
        }
    }

    @Test func `unread notices stand in the page's head until they are marked as read`() async throws {
        try await TestSite.run { site in
            let number = try await site.report().digits
            let centre = try await site.browser(of: "hc-a")
            _ = try await centre.post("/cases/\(number)/related", [("related_offices", "hc-c")])
            let other = try await site.browser(of: "hc-c")
            #expect(try await other.get("/").text.contains(#"data-notices="1""#))
            #expect(try await other.post("/notices/read", [("id", "9999"), ("all", "yes")]).status == 303)
            #expect(try await other.get("/").text.contains(#"data-notices="0""#))
            #expect(try await site.browser(of: "pref-13").get("/reading-review").text.contains("点検の基準"))
            #expect(try await other.get("/reading-review").status == 200)
            #expect(try await site.browser(of: "med-a").get("/reading-review").status == 404)
        }
    }

    @Test func `programs offer, accept and refuse, and give and end grants, on the version they have seen`()
        async throws
    {
        try await TestSite.run { site in
            let number = try await site.report().digits
            let (sender, receiver) = (try await site.program(of: "hc-a"), try await site.program(of: "hc-c"))
            let address = "/api/v1/cases/\(number)"
            let offer: JSON = ["to": "hc-c", "reason": "転居"]
            #expect(try await sender.post("\(address)/transfer", offer).status == 428)
            let nobody: JSON = ["to": "med-a", "reason": "転居"]
            let wrong = try await sender.post("\(address)/transfer", nobody, ["If-Match": "\"1\""])
            #expect(wrong.errors == ["to unknown_office"])
            #expect(try await sender.post("\(address)/transfer", offer, ["If-Match": "\"1\""]).status == 200)
            #expect(
                try await receiver.post("\(address)/transfer/refuse", ["reason": "未転居"], ["If-Match": "\"2\""]).status
                    == 204
            )
            #expect(try await receiver.get(address).status == 404)
            #expect(try await sender.post("\(address)/transfer", offer, ["If-Match": "\"3\""]).status == 200)
            let accepted = try await receiver.post("\(address)/transfer/accept", nil, ["If-Match": "\"4\""])
            #expect(accepted.status == 200)
            #expect(accepted.json["items"]?["jurisdiction"]?.text == "hc-c")
            let grant: JSON = ["organisation": "med-a", "section": "severity", "until": "2020-06-30"]
            #expect(try await sender.post("\(address)/grants", grant, ["If-Match": "\"5\""]).status == 403)
            #expect(try await receiver.post("\(address)/grants", grant, ["If-Match": "\"4\""]).status == 403)
            #expect(try await receiver.post("\(address)/grants", grant, ["If-Match": "\"5\""]).status == 200)
            let clinic = try await site.program(of: "med-a")
            #expect(try await clinic.get("\(address)/grants").json["grants"]?.list?.count == 1)
            let ended = try await receiver.post(
                "\(address)/grants/end",
                ["organisation": "med-a", "section": "severity"],
                ["If-Match": "\"6\""]
            )
            #expect(ended.json["grants"]?.list?.isEmpty == true)
        }
    }
}
