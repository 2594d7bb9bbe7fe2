import Access
import Catalogue
import Testing

@testable import Web

@Suite struct APICaseTests {
    @Test func `the description's example is filed, read, listed and in the history`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let made = try await clinic.post("/api/v1/cases", APISamples.notification)
            #expect(made.status == 201)
            #expect(made.header("ETag") == "\"1\"")
            let address = try #require(made.header("Location"))
            #expect(made.json["intake"] == "submitted")
            #expect(made.json["items"]?["family_name"] == "山田")
            #expect(made.json["items"]?["age_at_diagnosis"] == 40)
            #expect(made.json["tests"]?.list?.first?["id"] == 1)
            #expect(made.json["tests"]?.list?.first?["specimen"] == "saliva")
            #expect(made.json["display_id"]?.text?.replacing("-", with: "") == made.json["id"]?.text)

            let read = try await clinic.get(address)
            #expect(read.status == 200)
            #expect(read.json == made.json)
            #expect(read.header("ETag") == "\"1\"")
            let again = try await clinic.get(address, ["If-None-Match": "W/\"0\", \"1\""])
            #expect(again.status == 304)
            #expect(again.bytes.isEmpty)

            let list = try await clinic.get("/api/v1/cases")
            #expect(list.json["cases"]?.list?.count == 1)
            #expect(list.json["next"] == .null)
            #expect(list.json["cases"]?.list?.first?["updated_at"] == "2020-06-05T15:00:00+09:00")

            let history = try await clinic.get("\(address)/history")
            #expect(history.status == 200)
            #expect(history.json["history"]?.list?.first?["action"] == "notify")
            #expect(history.json["history"]?.list?.first?["through"] == "api")
        }
    }

    @Test func `what was answered can be sent again and makes the same case`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let first = try await clinic.notify().json
            let written: (JSON.Member) -> Bool = { Catalogue.item($0.name)?.section != .management }
            let items = (first["items"]?.members ?? []).filter(written)
            let tests = (first["tests"]?.list ?? []).map { test in
                JSON.object((test.members ?? []).filter { $0.name != "id" })
            }
            let second = try await clinic.post(
                "/api/v1/cases",
                ["form": "2020-02", "items": .object(items), "tests": .list(tests)]
            )
            #expect(second.status == 201)
            #expect((second.json["items"]?.members ?? []).filter(written) == items)
            #expect(second.json["tests"] == first["tests"])
        }
    }

    @Test func `one key makes one case, and another body under it is refused`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let key = ["Idempotency-Key": "karte-2020/06/05 #17"]
            let first = try await clinic.post("/api/v1/cases", APISamples.notification, key)
            let second = try await clinic.post("/api/v1/cases", APISamples.notification, key)
            #expect(first.status == 201)
            #expect(second.status == 201)
            #expect(first.json["id"] == second.json["id"])
            let other = try await clinic.post("/api/v1/cases", APISamples.notification([("given_name", "次郎")]), key)
            #expect(other.status == 422)
            #expect(other.json["code"] == "idempotency_mismatch")
            let another = try await site.program(of: "med-b")
            #expect(
                try await another.post("/api/v1/cases", APISamples.notification, key).json["id"] != first.json["id"]
            )
            for bad in ["", String(repeating: "a", count: 256)] {
                let answer = try await clinic.post("/api/v1/cases", APISamples.notification, ["Idempotency-Key": bad])
                #expect(answer.status == 400)
            }
        }
    }

    @Test(
        arguments: [
            (["form": "2020-02"], ["items required"]), ([], [" type"]), ("text", [" type"]),
            (["items": []], ["items type"]), (["items": [:], "tests": [:]], ["tests type"]),
            (["items": [:], "tests": [1]], ["tests.0 type"]),
            (["items": [:], "colour": 1, "Name 山田": 2], ["colour unknown_member", "? unknown_member"]),
            (["items": ["colour": "red", "山田": 1]], ["colour unknown_item", "? unknown_item"]),
            (["items": ["specimen": "saliva"]], ["specimen unknown_item"]),
            (
                ["items": [:], "tests": [["id": 1], ["sex": "male"]]],
                ["tests.0.id unknown_item", "tests.1.sex unknown_item"]
            ),
            (["items": [:], "tests": [["specimen_on": "R2.6.3"]]], ["tests.0.specimen_on format"]),
            (["items": ["sex": "男", "onset_on": 20]], ["sex code", "onset_on type"]),
            (
                ["items": [:], "form": 1, "health_centre": true, "keep_warnings": "yes"],
                ["form type", "health_centre type", "keep_warnings type"]
            ),
        ] as [(JSON, [String])]
    )
    func `every member that can't be read is named`(body: JSON, errors: [String]) async throws {
        try await TestSite.run { site in
            let answer = try await site.program(of: "med-a").post("/api/v1/cases", body)
            #expect(answer.status == 422)
            #expect(answer.header("Content-Type") == "application/problem+json")
            #expect(answer.errors == errors)
        }
    }

    @Test func `the form's checks answer at their items, warnings as warnings that can be kept`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let missing = try await clinic.post(
                "/api/v1/cases",
                APISamples.notification([("onset_on", "2020-06-04"), ("diagnosed_on", "2020-06-03")], without: ["sex"])
            )
            #expect(missing.status == 422)
            #expect(missing.errors == ["sex required", "diagnosed_on order"])
            let late = APISamples.replacing(
                "tests",
                by: [
                    [
                        "method": "pcr", "specimen": "saliva", "specimen_on": "2020-06-04", "result_on": "2020-06-03",
                        "result": "positive",
                    ]
                ]
            )
            let test = try await clinic.post("/api/v1/cases", late)
            #expect(test.errors == ["tests.0.result_on order"])
            #expect(test.json["errors"]?.list?.first?["index"] == 0)
            #expect(
                try await clinic.post("/api/v1/cases", APISamples.replacing("form", by: "2019-01")).errors == [
                    "form unknown_form"
                ]
            )
            #expect(
                try await clinic.post("/api/v1/cases", APISamples.replacing("health_centre", by: "hc-x")).errors == [
                    "jurisdiction required"
                ]
            )
            #expect(try await clinic.notify([("status", "home")]).errors == ["status not_writable"])

            let unlikely = [("birth_date", "1900-01-01" as JSON)]
            let warned = try await clinic.notify(unlikely)
            #expect(warned.status == 422)
            #expect(warned.errors == ["birth_date unlikely"])
            #expect(warned.json["errors"]?.list?.first?["severity"] == "warning")
            var body = APISamples.notification(unlikely)
            body = body.with([("keep_warnings", true)])
            #expect(try await clinic.post("/api/v1/cases", body).status == 201)
        }
    }

    @Test func `an organisation that doesn't notify is told so`() async throws {
        try await TestSite.run { site in
            for key in ["mhlw", "pref-13", "fol-a", "lod-a", "ana-a"] {
                let answer = try await site.program(of: key).notify()
                #expect(answer.status == 403)
                #expect(answer.json["code"] == "forbidden")
            }
        }
    }

    @Test func `a health centre confirms, sends back and names related ones`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let centre = try await site.program(of: "hc-a")
            let other = try await site.program(of: "hc-c")
            let address = try #require(try await clinic.notify().header("Location"))

            #expect(try await clinic.post("\(address)/confirm").status == 403)
            #expect(try await centre.post("\(address)/return", ["reason": " "]).errors == ["reason required"])
            #expect(try await centre.post("\(address)/return", ["why": "x"]).errors == ["why unknown_member"])
            let returned = try await centre.post("\(address)/return", ["reason": "採取日を確かめてください"])
            #expect(returned.status == 200)
            #expect(returned.json["intake"] == "returned")
            #expect(returned.json["return_reason"] == "採取日を確かめてください")
            #expect(returned.header("ETag") == "\"2\"")
            #expect(try await centre.post("\(address)/resubmit").status == 403)
            #expect(try await clinic.post("\(address)/resubmit").json["intake"] == "submitted")

            #expect(try await other.get(address).status == 404)
            let related = try await centre.post("\(address)/related", ["offices": ["hc-c"]])
            #expect(related.status == 200)
            #expect(try await other.get(address).status == 200)
            #expect(try await centre.post("\(address)/related", ["offices": ["hc-x"]]).status == 422)
            #expect(try await centre.post("\(address)/related", ["offices": [1]]).errors == ["offices type"])
            #expect(try await centre.post("\(address)/related", [:]).errors == ["offices type"])
            #expect(try await other.post("\(address)/related", ["offices": []]).status == 403)

            let confirmed = try await centre.post("\(address)/confirm")
            #expect(confirmed.json["intake"] == "confirmed")
            #expect(confirmed.json["items"]?["confirmed_at"] == "2020-06-05T15:00:00+09:00")
            #expect(try await centre.post("\(address)/confirm").status == 403)
        }
    }
}
