import Catalogue
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// What every answer carries, and what no page may hold.
struct GeneralHeaderTests {
    @Test(arguments: ["/sign-in", "/", "/nowhere", "/healthz", "/api/v1/cases", "/api/nowhere"])
    func `every answer is guarded`(path: String) async throws {
        try await TestSite.run { site in
            let answer = try await site.send(.get, path)
            let policy = answer.header("Content-Security-Policy") ?? ""
            #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self';"))
            #expect(!policy.contains("unsafe"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(answer.header("Strict-Transport-Security") == "max-age=31536000; includeSubDomains")
            #expect(answer.header("X-Content-Type-Options") == "nosniff")
            #expect(answer.header("Referrer-Policy") == "no-referrer")
            #expect(answer.header("Cross-Origin-Opener-Policy") == "same-origin")
            #expect(answer.header("Cross-Origin-Resource-Policy") == "same-origin")
            #expect(answer.header("Permissions-Policy")?.contains("camera=()") == true)
            #expect(answer.header("Cache-Control") == "no-store")
            #expect(answer.header("Server") == nil)
        }
    }

    @Test func `files are kept for ever under a name that changes with their contents`() async throws {
        try await TestSite.run { site in
            for (name, type) in [
                ("hersys.css", "text/css"), ("hersys.js", "text/javascript"), ("icon.svg", "image/svg+xml"),
                ("entry.css", "text/css"), ("entry.js", "text/javascript"),
            ] {
                let address = Assets.address(name)
                #expect(address.wholeMatch(of: /\/assets\/[a-z]+-[0-9a-f]{16}\.[a-z]+/) != nil)
                let answer = try await site.send(.get, address)
                #expect(answer.status == 200)
                #expect(answer.header("Content-Type")?.hasPrefix(type) == true)
                #expect(answer.header("Cache-Control") == "public, max-age=31536000, immutable")
            }
            let wrong = try await site.send(.get, "/assets/hersys-0000000000000000.css")
            #expect(wrong.status == 404)
            #expect(wrong.header("Cache-Control") == "no-store")
        }
    }

    @Test func `a head is a page without its body`() async throws {
        try await TestSite.run { site in
            let answer = try await site.send(.head, "/sign-in")
            #expect(answer.status == 200)
            #expect(answer.bytes.isEmpty)
        }
    }

    /// Pages of ours that are shown to a medical institution and to nobody.
    private static let pages = [
        "/sign-in", "/", "/cases", "/cases/new", "/account", "/account/authenticator", "/nowhere", "/sign-in/done",
    ]

    @Test func `no page has a script or a style in it, and all it links is there`() async throws {
        try await TestSite.run { site in
            _ = try await site.report()
            let browser = try await site.browser(of: "med-a")
            for path in Self.pages {
                var answer = path == "/sign-in" ? try await site.send(.get, path) : try await browser.get(path)
                if answer.status == 303, let next = answer.header("Location") { answer = try await browser.get(next) }
                let text = answer.text
                #expect(text.contains("<html lang=\"ja\">"), "\(path)")
                #expect(!text.contains(" style="), "\(path)")
                #expect(text.firstMatch(of: /<[^>]* on[a-z]+="/) == nil, "\(path)")
                #expect(!text.contains("<style"), "\(path)")
                for script in text.matches(of: /<script[^>]*>([^<]*)/) { #expect(script.1.isEmpty) }
                #expect(text.matches(of: /<h1/).count == 1, "\(path)")
                #expect(text.contains(##"<a class="skip" href="#main">"##), "\(path)")
                // Markup that was escaped by mistake.
                #expect(!text.contains("&lt;"), "\(path)")
                for file in text.matches(of: /\/assets\/[^"]+/) {
                    #expect(try await site.send(.get, String(file.0)).status == 200, "\(file.0)")
                }
                let ids = text.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
                #expect(Set(ids).count == ids.count, "\(path)")
            }
        }
    }

    @Test func `a page that isn't there says so in words`() async throws {
        try await TestSite.run { site in
            let answer = try await site.send(.get, "/nowhere")
            #expect(answer.status == 404)
            #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
            #expect(answer.text.contains("ページまたは対象者が見つかりません"))
            let program = try await site.send(.get, "/oauth/nowhere")
            #expect(program.status == 404)
            #expect(program.header("Content-Type") == "application/problem+json")
        }
    }

    @Test func `a body beyond the limit is refused`() async throws {
        try await TestSite.run { site in
            let body = [UInt8](repeating: UInt8(ascii: "a"), count: (1 << 20) + 1)
            let answer = try await site.send(.post, "/sign-in", [:], body: body)
            #expect(answer.status == 413)
            #expect(answer.text.contains("大きすぎます"))
        }
    }

    @Test func `the server lives and is ready`() async throws {
        try await TestSite.run { site in
            #expect(try await site.send(.get, "/healthz").text == "ok\n")
            #expect(try await site.send(.get, "/readyz").status == 200)
            try site.engine.close()
            #expect(try await site.send(.get, "/healthz").status == 200)
            #expect(try await site.send(.get, "/readyz").status == 503)
        }
    }

    @Test func `the log has patterns of addresses and nothing of a person`() async throws {
        try await TestSite.run { site in
            let lines = LogLines()
            let number = try await site.report()
            let browser = try await site.browser(of: "med-a")
            try await site.with(logger: lines.logger) { site in
                let logged = Browser(site: site, session: browser.session)
                _ = try await logged.get("/cases/\(number.digits)")
                _ = try await logged.get("/cases?q=%E5%B1%B1%E7%94%B0")
                _ = try await logged.post("/cases/search", [("q", "山田")])
                _ = try await logged.get("/cases/999999999999?secret=1")
                _ = try await site.send(.get, "/no/such/%E5%B1%B1%E7%94%B0")
                _ = try await site.form("/sign-in", [("login", "yamada"), ("password", "geheim-geheim")])
            }
            let all = lines.all.joined(separator: "\n")
            #expect(all.contains("route=/cases/{id} status=200"))
            #expect(all.contains("route=/sign-in status=422"))
            #expect(all.contains("outcome=wrong"))
            for word in [number.digits, "山田", "%E5", "secret", "yamada", "geheim", browser.session, "find="] {
                #expect(!all.contains(word), "\(word)")
            }
        }
    }
}
