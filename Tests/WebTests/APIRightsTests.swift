import Access
import Catalogue
import HTTPTypes
import Testing

@testable import Web

@Suite struct APIRightsTests {
    private static let roles = APIFullCase.parties.map(\.organisation) + ["mhlw"]

    @Test(arguments: roles)
    func `a client sees exactly the items that its rights allow`(key: OrganisationKey) async throws {
        try await TestSite.run { site in
            let full = try await APIFullCase.store(in: site)
            let program = try await site.program(of: key)
            let organisation = try #require(TestSite.organisations.first { $0.key == key })
            let viewer = Viewer(organisation: organisation, account: 1, name: "")
            let permission = try #require(Gate.permission(full, viewer, on: TestSite.now.japanDate))
            let address = "/api/v1/cases/\(full.number.digits)"
            let one = try await program.get(address)
            #expect(one.status == 200)
            let listed = try #require(try await program.get("/api/v1/cases").json["cases"]?.list?.first)
            for shown in [one.json, listed] {
                let items = Set((shown["items"]?.members ?? []).map(\.name))
                #expect(items == Set(CaseJSON.singleItems.filter { permission.reads($0) }.map(\.key)))
                for (name, section) in CaseJSON.records {
                    let expected = (full.entries[section] ?? []).map { entry in
                        Set(Catalogue.items(in: section).filter { permission.reads($0, owner: entry.owner) }.map(\.key))
                    }.filter { !$0.isEmpty }
                    let records = (shown[name]?.list ?? []).map { record in
                        Set((record.members ?? []).map(\.name)).subtracting(["id"])
                    }
                    #expect(records == expected, "\(key) \(name)")
                    #expect((shown[name] != nil) == permission.reads(section), "\(key) \(name)")
                }
            }
            let history = try await program.get("\(address)/history")
            let changed = (history.json["history"]?.list ?? []).flatMap { $0["changes"]?.list ?? [] }
            for change in changed {
                let item = try #require(change["item"]?.text.flatMap(Catalogue.item))
                #expect(permission.reads(item, owner: "hc-a") || permission.reads(item, owner: "med-a"), "\(item.key)")
            }
        }
    }

    @Test func `a case that may not be seen answers like one that doesn't exist, to every call`() async throws {
        try await TestSite.run { site in
            let made = try await site.program(of: "med-a").notify()
            let hidden = try #require(made.json["id"]?.text)
            let stranger = try await site.program(of: "hc-c")
            let none = try #require(CaseNumber(payload: 77)?.digits)
            for (method, suffix, body) in [
                (.get, "", nil), (.get, "/history", nil), (.post, "/confirm", nil), (.post, "/resubmit", nil),
                (.patch, "", ["items": ["sex": "male"]]), (.patch, "", ["items": ["colour": 1]]),
                (.post, "/return", ["reason": "x"]), (.post, "/related", ["offices": []]),
            ] as [(HTTPRequest.Method, String, JSON?)] {
                var answers: [Answer] = []
                for id in [hidden, none, "1", "123456789012", "%E5%B1%B1", "１２３４"] {
                    let path = "/api/v1/cases/\(Self.encoded(id))\(suffix)"
                    answers.append(try await stranger.send(method, path, body, ["If-Match": "\"1\""]))
                }
                #expect(answers.allSatisfy { $0.status == 404 }, "\(method) \(suffix)")
                #expect(Set(answers.map(\.text)).count == 1)
                #expect(Set(answers.map { $0.headers.map(\.name.canonicalName) }).count == 1)
            }
        }
    }

    private static func encoded(_ id: String) -> String {
        id.hasPrefix("%") ? id : Redirect.percentEncoded(id)
    }

    @Test func `without a token that works there is nothing`() async throws {
        try await TestSite.run { site in
            for header in ["", "Bearer", "Bearer x", "Basic YTpi"] {
                for operation in API.operations where operation.route.policy == .client {
                    let path = operation.route.path.replacing("{id}", with: "123456789012")
                    let answer = try await site.send(operation.route.method, path, ["Authorization": header])
                    #expect(answer.status == 401)
                    #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
                    #expect(answer.json["status"] == 401)
                }
            }
        }
    }
}
