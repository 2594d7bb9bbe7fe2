import Catalogue
import Testing

@testable import Web

@Suite struct APIDescriptionTests {
    @Test func `the description is open and names every call`() async throws {
        try await TestSite.run { site in
            let answer = try await site.send(.get, "/api/v1/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.json["openapi"] == "3.1.0")
            for operation in API.operations {
                let path = answer.json["paths"]?[operation.route.path]
                let call = path?[operation.route.method.rawValue.lowercased()]
                #expect(call?["operationId"]?.text == operation.id)
                let statuses = operation.answers.map(\.status)
                #expect(Set(statuses).count == statuses.count, "\(operation.id)")
            }
            #expect(try await site.send(.head, "/api/v1/openapi.json").status == 200)
        }
    }

    @Test func `every schema that is named is there, and every item has its own`() throws {
        let document = OpenAPI.document
        let names = Set((document["components"]?["schemas"]?.members ?? []).map(\.name))
        #expect(names.count == document["components"]?["schemas"]?.members?.count)
        for reference in Self.references(document) {
            #expect(names.contains(String(reference.dropFirst("#/components/schemas/".count))), "\(reference)")
        }
        let oneCase = document["components"]?["schemas"]?["Case"]?["properties"]
        for item in Catalogue.items {
            let record = CaseJSON.records.first { $0.section == item.section }?.name
            let properties =
                record.map { document["components"]?["schemas"]?["Record_\($0)"]?["properties"] }
                ?? oneCase?["items"]?["properties"]
            #expect(properties?[item.key]?["title"]?.text == item.ja, "\(item.key)")
        }
        for version in document["x-hersys-forms"]?.list ?? [] {
            for requirement in version["required"]?.list ?? [] {
                #expect(requirement["item"]?.text.flatMap(Catalogue.item) != nil)
            }
        }
    }

    private static func references(_ json: JSON) -> [String] {
        switch json {
        case .list(let values): values.flatMap(references)
        case .object(let members):
            members.flatMap { member in
                member.name == "$ref" ? [member.value.text ?? ""] : references(member.value)
            }
        default: []
        }
    }
}
