import Access
import Catalogue
import HTTPTypes
import Testing

@testable import Web

/// The table of addresses as a whole.
struct GeneralRouteTests {
    /// An address with its variable parts filled in.
    private static func filled(_ route: Route) -> String {
        let parts = route.path.split(separator: "/").map { part in
            part == "**" || part.hasPrefix("{") ? "123456789012" : String(part)
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func routes(_ policy: Route.Policy) -> [Route] {
        WebApplication.routes.filter { $0.policy == policy }
    }

    @Test func `no address is there twice`() {
        let all = WebApplication.routes.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(all).count == all.count)
    }

    @Test func `what anybody may ask is a short list`() {
        let open = Set(Self.routes(.open).map(\.path).filter { !$0.hasPrefix("/api") })
        #expect(
            open.subtracting([
                "/sign-in", "/sign-in/code", "/sign-in/resend", "/sign-in/recovery", "/sign-in/code/passkey",
                "/sign-in/passkey", "/sign-in/passkey/options", "/healthz", "/readyz", "/assets/{file}", "/oauth/token",
                "/metrics", "/r/{secret}", "/connection-test", "/connection-test/print", "/connection-test/cookie",
                "/connection-test/clock", "/connection-test/organisations", "/connection-test/events",
                "/connection-test/upload", "/leaflets/patients", "/leaflets/security",
                "/manual", "/manual/{chapter}", "/manual/pictures/{file}",
            ]).isEmpty
        )
        #expect(Set(Self.routes(.demonstration).map(\.path)) == ["/outbox", "/outbox.json"])
    }

    @Test func `every staff address sends whoever has no session to the sign-in`() async throws {
        try await TestSite.run { site in
            for route in Self.routes(.staff) {
                let answer = try await site.send(route.method, Self.filled(route))
                #expect(answer.bytes.isEmpty)
                // What a page listens to is simply over; only what people open leads to signing in.
                guard route.path != "/events" else {
                    #expect(answer.status == 204)
                    continue
                }
                #expect(answer.status == 303, "\(route.method) \(route.path)")
                #expect(answer.header("Location")?.hasPrefix("/sign-in") == true, "\(route.path)")
            }
        }
    }

    @Test func `a session that never was is none`() async throws {
        try await TestSite.run { site in
            for route in Self.routes(.staff) {
                let answer = try await site.send(
                    route.method,
                    Self.filled(route),
                    ["Cookie": "a=b; __Host-session=0000; c=d"]
                )
                #expect(answer.status == (route.path == "/events" ? 204 : 303), "\(route.method) \(route.path)")
            }
        }
    }

    @Test func `every form without the session's token is refused`() async throws {
        try await TestSite.run { site in
            let browser = try await browser(site)
            for route in Self.routes(.staff) where route.method == .post {
                let without = try await browser.post(Self.filled(route), csrf: nil, headers: [:])
                #expect(without.status == 403, "\(route.path)")
                let wrong = try await browser.post(Self.filled(route), csrf: "0", headers: [:])
                #expect(wrong.status == 403, "\(route.path)")
            }
            #expect(try await browser.get("/account").status == 200)
        }
    }

    @Test(arguments: ["cross-site", "same-site", "nonsense"])
    func `every form from another site is refused though its token is right`(from: String) async throws {
        try await TestSite.run { site in
            let browser = try await browser(site)
            for route in Self.routes(.staff) where route.method == .post {
                let answer = try await browser.post(Self.filled(route), headers: ["Sec-Fetch-Site": from])
                #expect(answer.status == 403, "\(route.path)")
            }
            #expect(try await browser.get("/account").status == 200)
        }
    }

    /// What only health centres have: that it exists is no secret.
    private static let centresOwn: Set<String> = [
        "/faxes", "/faxes/scan", "/faxes/{id}/aside", "/print", "/cases/selection/{selection}/print",
    ]

    @Test(arguments: [("med-a", centresOwn), ("hc-a", [])] as [(OrganisationKey, Set<String>)])
    func `every staff address that is fetched answers somebody signed in`(
        key: OrganisationKey,
        refused: Set<String>
    ) async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: key)
            for route in Self.routes(.staff) where route.method == .get && route.path != "/events" {
                let answer = try await browser.get(Self.filled(route))
                let expected = refused.contains(route.path) ? [403] : [200, 303, 404]
                #expect(expected.contains(answer.status), "\(route.path) \(answer.status)")
            }
        }
    }

    @Test func `every call of the API wants a token`() async throws {
        try await TestSite.run { site in
            for route in Self.routes(.client) {
                let answer = try await site.send(route.method, Self.filled(route))
                #expect(answer.status == 401, "\(route.method) \(route.path)")
            }
        }
    }

    @Test func `the demonstration's addresses aren't there on a real server`() async throws {
        try await TestSite.run { site in
            for route in Self.routes(.demonstration) {
                let answer = try await site.send(route.method, Self.filled(route))
                #expect(answer.status == 404, "\(route.path)")
            }
        }
    }

    private func browser(_ site: TestSite) async throws -> Browser {
        try await site.browser(of: "med-a")
    }
}
