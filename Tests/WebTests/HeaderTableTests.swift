import Access
import Casework
import Catalogue
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// The headers that guard a page, on every answer of every route, whatever it says.
@Suite struct HeaderTableTests {
    /// Checks one answer; `isPermanent` for files that browsers keep.
    private func check(_ answer: Answer, _ place: String, isPermanent: Bool = false) {
        let policy = answer.header("Content-Security-Policy") ?? ""
        #expect(policy.hasPrefix("default-src 'none';"), "\(place)")
        for word in ["unsafe", "http:", "https:", "*"] { #expect(!policy.contains(word), "\(place)") }
        for part in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            #expect(policy.contains(part), "\(place)")
        }
        #expect(answer.header("Strict-Transport-Security")?.hasPrefix("max-age=31536000") == true, "\(place)")
        #expect(answer.header("X-Content-Type-Options") == "nosniff", "\(place)")
        #expect(answer.header("X-Frame-Options") == "DENY", "\(place)")
        #expect(answer.header("Referrer-Policy") == "no-referrer", "\(place)")
        #expect(answer.header("Cross-Origin-Opener-Policy") == "same-origin", "\(place)")
        #expect(answer.header("Cross-Origin-Resource-Policy") == "same-origin", "\(place)")
        #expect(answer.header("Permissions-Policy")?.contains("geolocation=()") == true, "\(place)")
        #expect(answer.header("Cache-Control")?.hasPrefix(isPermanent ? "public" : "no-store") == true, "\(place)")
        #expect(answer.header("Access-Control-Allow-Origin") == nil, "\(place)")
        #expect(answer.header("Server") == nil && answer.header("X-Powered-By") == nil, "\(place)")
        for cookie in answer.cookies {
            #expect(cookie.key.hasPrefix("__Host-"), "\(place)")
            // The switch of the keys is read by the page's script; it tells of nobody.
            let isRead = cookie.key == "__Host-keys"
            for word in ["Secure", "SameSite=", "Path=/"] + (isRead ? [] : ["HttpOnly"]) {
                #expect(cookie.value.contains(word), "\(place)")
            }
            #expect(!cookie.value.contains("Domain"), "\(place)")
        }
        if !answer.bytes.isEmpty { #expect(answer.header("Content-Type") != nil, "\(place)") }
        if answer.header("Content-Type")?.hasPrefix("text/html") == true {
            #expect(answer.header("Content-Type") == "text/html; charset=utf-8", "\(place)")
        }
    }

    @Test func `every route, to nobody and to somebody, with and without a body`() async throws {
        try await TestSite.run { site in
            let owner = try await site.browser(of: "hc-a")
            let table = try await RouteTable(site, owner: owner)
            let program = try await site.program(of: "hc-a")
            for route in WebApplication.routes where !["/events", "/sign-out", "/account/leave"].contains(route.path) {
                let path = try #require(table.address(route))
                let place = "\(route.method) \(route.path)"
                check(try await site.send(route.method, path), "nobody: \(place)")
                if route.method == .get { check(try await site.send(.head, path), "head: \(place)") }
                switch route.policy {
                case .staff:
                    let answer = route.method == .post ? try await owner.post(path) : try await owner.get(path)
                    check(answer, "staff: \(place)")
                case .client:
                    check(try await program.send(route.method, path, .object([])), "client: \(place)")
                case .open, .demonstration, .provider: break
                }
            }
        }
    }

    @Test func `errors of every kind, redirects, files, a lock, a server that is full or has lost its database`()
        async throws
    {
        try await TestSite.run { site in
            check(try await site.send(.get, "/nowhere"), "404")
            check(try await site.send(.get, "/api/nowhere"), "404 of the API")
            check(try await site.send(.delete, "/cases"), "a method that isn't taken")
            check(try await site.send(.trace, "/"), "TRACE")
            check(try await site.send(.options, "/sign-in"), "OPTIONS")
            check(try await site.send(.post, "/sign-in", [:], body: Array("login=%FF".utf8)), "not UTF-8")
            check(try await site.send(.post, "/sign-in", [:], body: [UInt8](repeating: 97, count: 1_100_000)), "413")
            check(try await site.form("/sign-in", [("login", "x"), ("password", "y")]), "a wrong password")
            check(
                try await site.form("/sign-in", [("login", "x")], ["Sec-Fetch-Site": "cross-site"]),
                "another site's"
            )
            for name in ["hersys.css", "idle.js", "icon.svg"] {
                check(try await site.send(.get, Assets.address(name)), name, isPermanent: true)
            }
            for _ in 0..<6 { _ = try await site.form("/sign-in", [("login", "locked-user"), ("password", "y")]) }
            let locked = try await site.form("/sign-in", [("login", "locked-user"), ("password", "y")])
            #expect(locked.status == 429)
            check(locked, "429")
            try site.engine.close()
            let away = try await site.send(.get, "/cases", ["Cookie": "__Host-session=x"])
            #expect(away.status >= 500)
            check(away, "the database is away")
            check(try await site.send(.get, "/api/v1/cases", ["Authorization": "Bearer x"]), "the same for programs")
        }
    }
}
