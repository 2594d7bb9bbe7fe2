import Foundation
import HTTPTypes
import Testing

@testable import Web

/// Every page is looked at in a real browser: Tests/Browser/test_every_page.py names the address of each.
@Suite struct PageListTests {
    /// What is read by scripts and programs, files, and what only leads elsewhere: no pages.
    private static let other: Set<String> = [
        // Those with a test of their own: Tests/Browser/test_leaflets.py.
        "/api", "/leaflets/patients", "/leaflets/security", "/manual/pictures/{file}",
        "/account/forms/{form}", "/account/keep", "/admin/account-files/template.csv",
        "/admin/account-files/{batch}/rejects.csv",
        "/admin/connection-tests/csv", "/admin/readiness/csv", "/api/v1/openapi.json", "/assets/{file}",
        "/cases/deeds/{deed}/result.csv", "/cases/list.csv", "/cases/saved/{filter}", "/cases/{id}/presence",
        "/connection-test/clock", "/connection-test/cookie", "/connection-test/events",
        "/connection-test/organisations", "/events", "/healthz", "/metrics", "/notices/count",
        "/outbox.json", "/places", "/readyz", "/totals/csv",
    ]

    private static let pages = WebApplication.routes.filter {
        $0.method == .get && $0.policy != .client && $0.share != .api && !other.contains($0.path)
    }.map(\.path)

    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }

    private static func isPart(_ text: Substring) -> Bool { text.hasPrefix("{") }

    /// The route that an address of the list leads to: of those that match the one with the fewest open parts.
    private static func route(of address: String) -> String? {
        let sought = parts(address)
        func matches(_ path: String) -> Bool {
            let own = parts(path)
            return own.count == sought.count
                && zip(own, sought).allSatisfy { $0 == $1 || isPart($0) }
        }
        return WebApplication.routes.filter { $0.method == .get && matches($0.path) }.map(\.path).min {
            parts($0).count(where: isPart) < parts($1).count(where: isPart)
        }
    }

    /// The addresses that stand in the file, without what follows a question mark.
    private static func addresses() throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Browser/test_every_page.py")
        let text = try String(contentsOf: file, encoding: .utf8).replacing("{{", with: "{").replacing("}}", with: "}")
        return text.matches(of: /"(\/[^"?#\s]*)[^"\n]*"/).map { String($0.1) }
    }

    @Test func `every page of the route table is in the list of the browser's test`() throws {
        let listed = Set(try Self.addresses().compactMap(Self.route))
        #expect(listed.count > 50)
        #expect(Self.pages.filter { !listed.contains($0) } == [], "looked at by no browser")
    }

    @Test func `what is said to be no page is there`() {
        let paths = Set(WebApplication.routes.filter { $0.method == .get }.map(\.path))
        #expect(Self.other.subtracting(paths).isEmpty)
    }
}
