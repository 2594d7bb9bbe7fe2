import Access
import Catalogue
import Testing

@testable import Web

@Suite struct APIReviseTests {
    @Test func `changes of two programs to different items both stand, to one item they conflict`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let centre = try await site.program(of: "hc-a")
            let address = try #require(try await clinic.notify().header("Location"))
            let first = try await clinic.patch(address, ["items": ["occupation": "看護師"]], version: "\"1\"")
            #expect(first.status == 200)
            #expect(first.header("ETag") == "\"2\"")
            let second = try await centre.patch(
                address,
                ["items": ["phone": "090-1234-5678", "infected_on": .null, "infected_unknown": "yes"]],
                version: "\"1\""
            )
            #expect(second.status == 200)
            #expect(second.json["items"]?["occupation"] == "看護師")
            #expect(second.json["items"]?["phone"] == "090-1234-5678")
            #expect(second.json["items"]?["infected_on"] == nil)

            let conflict = try await centre.patch(address, ["items": ["occupation": "教員"]], version: "\"1\"")
            #expect(conflict.status == 409)
            #expect(
                conflict.json["conflicts"]
                    == [["item": "occupation", "base": "調理師", "theirs": "看護師", "mine": "教員"]]
            )
            let same = try await centre.patch(address, ["items": ["occupation": "看護師"]], version: "\"1\"")
            #expect(same.status == 200)
        }
    }

    @Test func `a test is changed by its number and added without one`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let address = try #require(try await clinic.notify().header("Location"))
            let answer = try await clinic.patch(
                address,
                [
                    "tests": [
                        ["id": 1, "ct_value": .number("21.5")],
                        ["method": "antigen_quantitative", "specimen": "saliva", "specimen_on": "2020-06-04"],
                    ]
                ],
                version: "\"1\""
            )
            #expect(answer.status == 200, "\(answer.text)")
            let tests = try #require(answer.json["tests"]?.list)
            #expect(tests.count == 2)
            #expect(tests.first?["ct_value"] == .number("21.5"))
            #expect(tests.last?["id"] == 2)
            let unknown = try await clinic.patch(address, ["tests": [["id": 9]]], version: "\"2\"")
            #expect(unknown.errors == ["tests.0.id unknown_record"])
        }
    }

    @Test func `If-Match is required, and only a version that was there is one`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let address = try #require(try await clinic.notify().header("Location"))
            let body: JSON = ["items": ["occupation": "教員"]]
            #expect(try await clinic.send(.patch, address, body).status == 428)
            for bad in [
                "1", "*", "\"a\"", "W/\"1\"", "\"1\", \"2\"", "\"01\"", "\"0\"", "\"-1\"", "\"99999999999999\"",
            ] {
                #expect(try await clinic.patch(address, body, version: bad).status == 400, "\(bad)")
            }
            #expect(try await clinic.patch(address, body, version: "\"2\"").status == 412)
        }
    }

    @Test func `a hidden item answers the same with and without a value`() async throws {
        try await TestSite.run { site in
            let full = try await APIFullCase.store(in: site)
            let clinic = try await site.program(of: "med-a")
            let filled = "/api/v1/cases/\(full.number.digits)"
            let empty = try #require(try await clinic.notify().header("Location"))
            // Of the present value, another one, none, and an item that doesn't exist.
            let bodies: [JSON] = [
                ["items": ["memo": "値"]], ["items": ["memo": "別"]], ["items": ["memo": .null]],
                ["items": ["colour": "red"]],
            ]
            for body in bodies {
                let one = try await clinic.patch(filled, body, version: "\"1\"")
                let two = try await clinic.patch(empty, body, version: "\"1\"")
                #expect(one.status == 422)
                #expect(one.text == two.text)
                #expect(one.errors.first?.hasSuffix("unknown_item") == true)
            }
            // A test of somebody else, and one that isn't there.
            let hidden = try #require(full.entries[.test]?.first { $0.owner == "hc-a" })
            let theirs = try await clinic.patch(
                filled,
                ["tests": [["id": .number(String(hidden.id))]]],
                version: "\"1\""
            )
            let none = try await clinic.patch(filled, ["tests": [["id": 999]]], version: "\"1\"")
            #expect(theirs.text == none.text)
            #expect(theirs.errors == ["tests.0.id unknown_record"])
        }
    }

    @Test func `what may be seen but not written is forbidden`() async throws {
        try await TestSite.run { site in
            let full = try await APIFullCase.store(in: site)
            let address = "/api/v1/cases/\(full.number.digits)"
            for (key, item) in [
                ("hc-b", "family_name"), ("pref-13", "memo"), ("med-b", "family_name"), ("hc-a", "hersys_id"),
            ] {
                let program = try await site.program(of: key)
                let answer = try await program.patch(
                    address,
                    ["items": .object([JSON.Member(name: item, value: "変更")])],
                    version: "\"1\""
                )
                #expect(answer.status == 403, "\(key) \(item)")
            }
        }
    }
}
