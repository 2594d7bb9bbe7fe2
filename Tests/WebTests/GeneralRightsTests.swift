import Access
import Casework
import Catalogue
import Testing

@testable import Web

/// The table role × section through every page: what a role may not read stands nowhere in what it is sent.
@Suite struct GeneralRightsTests {
    /// A value of an item's type that stands nowhere else.
    static func marker(_ item: ItemDefinition, _ index: Int, _ owner: String) -> Value? {
        let mark = "ZQ\(index)\(owner)"
        switch item.type {
        case .name, .kana, .text, .longText, .email: return .text(mark)
        case .institution: return .institution(InstitutionName(name: mark))
        default: return nil
        }
    }

    private static let roles = APIFullCase.parties.map(\.organisation) + ["mhlw"]

    @Test(arguments: roles)
    func `no page holds a value that the role may not read`(key: OrganisationKey) async throws {
        try await TestSite.run { site in
            let full = try await APIFullCase.store(in: site) { file in
                for (index, item) in Catalogue.items.enumerated() where item.section != .management {
                    if item.section.repeats {
                        for place in file.entries[item.section, default: []].indices {
                            guard let entry = file.entries[item.section]?[place] else { continue }
                            if let value = Self.marker(item, index, entry.owner == "med-a" ? "A" : "B") {
                                file.entries[item.section]?[place].items[item.key] = value
                            }
                        }
                    } else if let value = Self.marker(item, index, "S") {
                        file.items[item.key] = value
                    }
                }
            }
            let organisation = try #require(TestSite.organisations.first { $0.key == key })
            let viewer = Viewer(organisation: organisation, account: 1, name: "")
            let permission = try #require(Gate.permission(full, viewer, on: TestSite.now.japanDate))
            let browser = try await site.browser(of: key)
            let address = "/cases/\(full.number.digits)"
            var paths = [
                "/", "/cases", address, "\(address)/history", "/cases/new",
                "/cases/new?household=\(full.number.digits)",
            ]
            paths += ["/cases/list.csv", "/placement", "/placement/\(full.number.digits)", "/cared-for", "/beds"]
            paths += Section.allCases.map { "\(address)/\($0.rawValue)" }
            let texts = try await paths.asyncMap { try await browser.get($0).text }
            let page = texts[2]
            for (index, item) in Catalogue.items.enumerated() where item.section != .management {
                for (mark, owner) in [("S", nil), ("A", "med-a"), ("B", "hc-a")] as [(String, OrganisationKey?)] {
                    guard item.section.repeats == (owner != nil), Self.marker(item, index, mark) != nil else {
                        continue
                    }
                    let needle = "ZQ\(index)\(mark)"
                    let isShown = texts.contains { $0.contains(needle) }
                    if permission.reads(item, owner: owner) {
                        #expect(page.contains(needle), "\(key) misses \(item.key)")
                    } else {
                        #expect(!isShown, "\(key) is shown \(item.key) of \(owner ?? "the case")")
                    }
                }
            }
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
