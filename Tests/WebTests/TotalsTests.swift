import Access
import Casework
import Catalogue
import Foundation
import Testing

@testable import Web

@Suite struct `Daily totals on pages and in the API` {
    private static let now = Timestamp(TestSite.day("2022-10-03"), hour: 15)

    @Test func `are entered, corrected and shown with every state`() async throws {
        try await TestSite.run(at: Self.now) { site in
            let clinic = try await site.browser(of: "med-a")
            let empty = try await clinic.get("/totals")
            #expect(empty.text.contains("報告する</button>"))
            let sent = try await clinic.post(
                "/totals",
                [("day", "2022-10-03"), ("seen", "0"), ("30s", "１２"), ("u10", "")]
            )
            #expect(sent.header("Location") == "/totals?day=2022-10-03&saved=1")
            let page = try await clinic.get("/totals?day=2022-10-03&saved=1")
            #expect(page.text.contains("合計 12人"))
            #expect(page.holds("30s", "12"))
            let wrong = try await clinic.post("/totals", [("day", "2022-10-03"), ("seen", "1"), ("30s", "十")])
            #expect(wrong.status == 422)
            #expect(wrong.holds("30s", "十"))
            #expect(wrong.text.contains(##"href="#field-30s""##))
            #expect(
                try await clinic.post("/totals", [("day", "2022-10-03"), ("seen", "1"), ("30s", "11")]).status == 303
            )
            let states = try await clinic.get("/totals").text
            #expect(states.contains(#"data-label="30代">12</td>"#))
            #expect(states.contains(#"data-label="30代">11</td>"#))

            let centre = try await site.browser(of: "hc-a")
            let sums = try await centre.get("/totals")
            #expect(sums.text.contains(#"data-label="30代">11</td>"#))
            let looked = try await centre.get("/totals/med-a/2022-10-03")
            #expect(looked.status == 200)
            #expect(!looked.text.contains("data-totals"))

            let headquarters = try await site.browser(of: "pref-13")
            let form: [(String, String)] = [
                ("day", "2022-10-03"), ("seen", "2"), ("institution", "med-a"), ("30s", "10"),
            ]
            #expect(try await headquarters.post("/totals", form).status == 422)
            let done = try await headquarters.post("/totals", form + [("reason", "確認の上、訂正")])
            #expect(done.header("Location") == "/totals/med-a/2022-10-03?saved=1")
            let csv = try await headquarters.get("/totals/csv?from=2022-10-03&until=2022-10-03")
            #expect(csv.header("Content-Type") == "text/csv; charset=utf-8")
            #expect(csv.text.contains("2022-10-03,13,hc-a,みなと保健所,1,1,10,0,0,0,10,0,0,0,0,0,0,0"))
        }
    }

    @Test(arguments: ["hc-b", "hc-c", "med-b", "pref-27", "fol-a", "lod-a", "ana-a"])
    func `are no business of`(key: String) async throws {
        try await TestSite.run(at: Self.now) { site in
            let clinic = try await site.program(of: "med-a")
            let body: JSON = ["counts": ["30s": 12]]
            #expect(try await clinic.send(.put, "/api/v1/totals/2022-10-03", body).status == 200)
            let browser = try await site.browser(of: key)
            let page = try await browser.get("/totals/med-a/2022-10-03")
            #expect(page.status == (["fol-a", "lod-a", "ana-a"].contains(key) ? 403 : 404))
            #expect(try await !browser.get("/totals").text.contains(">12<"))
            let program = try await site.program(of: key)
            let query = "from=2022-10-03&until=2022-10-03"
            for path in ["totals?\(query)&institution=med-a", "totals/2022-10-03?institution=med-a"] {
                #expect(try await program.get("/api/v1/\(path)").status == 404, "\(path)")
            }
            let change: JSON = ["counts": [:], "institution": "med-a", "reason": "訂正"]
            #expect(try await program.send(.put, "/api/v1/totals/2022-10-03", change).status == 404)
            #expect(try await clinic.get("/api/v1/totals/2022-10-03").json["total"] == 12)
        }
    }

    @Test func `are sent and read by programs`() async throws {
        try await TestSite.run(at: Self.now) { site in
            let clinic = try await site.program(of: "med-a")
            let path = "/api/v1/totals/2022-10-03"
            #expect(try await clinic.get(path).status == 404)
            let example = try #require(OpenAPI.examples["total"])
            let made = try await clinic.send(.put, path, example)
            #expect(made.json["version"] == 1)
            #expect(made.json["counts"]?["u10"] == 2)
            let again = try await clinic.send(.put, path, ["counts": ["u10": 3], "version": 0])
            #expect(again.errors == ["day changed"])
            #expect(try await clinic.send(.put, path, ["counts": ["u10": 3], "version": 1]).json["version"] == 2)
            #expect(try await clinic.get(path).json["changes"]?.list?.count == 2)
            for (body, errors) in [
                (["counts": ["ninety": 1]], ["ninety unknown_code"]), (["counts": ["u10": -1]], ["counts.u10 range"]),
                (["counts": ["u10": .number("1.5")]], ["counts.u10 range"]), ([:], ["counts required"]),
                (["counts": [:], "more": 1], ["more unknown_member"]),
            ] as [(JSON, [String])] {
                #expect(try await clinic.send(.put, path, body).errors == errors)
            }
            #expect(try await clinic.send(.put, "/api/v1/totals/2022-13-03", example).status == 404)
            let list = try await clinic.get("/api/v1/totals?from=2022-10-01&until=2022-10-03")
            #expect(list.json["totals"]?.list?.map { $0["total"] } == [3])
            let sums = try await site.program(of: "mhlw").get("/api/v1/totals?from=2022-10-03&until=2022-10-03")
            #expect(sums.json["sums"]?.list?.first { $0["health_centre"] == "hc-a" }?["total"] == 3)
            #expect(try await clinic.get("/api/v1/totals?from=2022-10-01").errors == ["until format"])
        }
    }
}
