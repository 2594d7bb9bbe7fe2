import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import Web

/// Every route × everybody who may not: what is answered follows from the route's policy alone, so that a new route is
/// in the table by being one.
@Suite struct RouteTableTests {
    private static let sameOrigin = ["Sec-Fetch-Site": "same-origin"]

    /// Runs with the things of みなと保健所 and its browser.
    private func run(_ body: @escaping @Sendable (TestSite, RouteTable, Browser) async throws -> Void) async throws {
        try await TestSite.run { site in
            let owner = try await site.browser(of: "hc-a")
            try await body(site, try await RouteTable(site, owner: owner), owner)
        }
    }

    /// What whoever has no session is answered with: the sign-in, or for a form of ours the page that keeps it.
    private func expectNobody(_ answer: Answer, _ route: Route, _ what: String) {
        let place = "\(what): \(route.method) \(route.path)"
        if route.path == "/events" {
            #expect(answer.status == 204, "\(place)")
        } else if answer.status == 401 {
            #expect(route.method == .post && answer.text.contains("ログインの有効期限が切れました"), "\(place)")
        } else {
            #expect(answer.status == 303, "\(place)")
            #expect(answer.header("Location")?.hasPrefix("/sign-in") == true, "\(place)")
        }
        for secret in RouteTable.secrets { #expect(!answer.text.contains(secret), "\(place)") }
    }

    @Test func `the table knows every part of every address`() async throws {
        try await run { _, table, _ in
            for route in WebApplication.routes {
                #expect(table.address(route) != nil, "give RouteTable a value for the parts of \(route.path)")
            }
        }
    }

    @Test func `no session, a made-up one, one that was signed out, one of a stopped account`() async throws {
        try await run { site, table, _ in
            let out = try await site.browser(of: "hc-a")
            try await site.casework.signOut(session: out.session)
            let stopped = try await site.browser(of: "hc-a")
            let account = try #require(try await site.casework.session(stopped.session)).account
            let login = try #require(try await site.casework.accountList().first { $0.id == account }).login
            try await site.casework.stopAccount(login: login)
            let cookies: [(String, String?)] = [
                ("no session", nil), ("made up", "__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                ("signed out", out.cookie), ("stopped", stopped.cookie),
                ("without the prefix", "session=\(out.session)"), ("empty", "__Host-session="),
                ("of another case", "__host-session=\(out.session)"),
            ]
            for (what, cookie) in cookies {
                for route in RouteTable.staff {
                    let path = try #require(table.address(route))
                    let headers = Self.sameOrigin.merging(cookie.map { ["Cookie": $0] } ?? [:]) { $1 }
                    let answer =
                        route.method == .post
                        ? try await site.form(path, [("csrf", out.csrf), ("memo", "x")], headers)
                        : try await site.send(route.method, path, headers)
                    expectNobody(answer, route, what)
                }
            }
        }
    }

    @Test func `a session that nobody used for 30 minutes, and a bearer token after an hour`() async throws {
        try await run { site, table, owner in
            let program = try await site.program(of: "hc-a")
            let later = Casework(engine: site.engine, keys: site.keys, passwordCost: 10) {
                TestSite.now.adding(seconds: 3601)
            }
            let other = Site(casework: later, isDemonstration: false)
            let application = Hummingbird.Application(router: WebApplication.router(other))
            try await application.test(.router) { client in
                let site = TestSite(
                    casework: later,
                    site: other,
                    engine: site.engine,
                    keys: site.keys,
                    client: client
                )
                let stale = Browser(site: site, session: owner.session)
                for route in RouteTable.staff {
                    let path = try #require(table.address(route))
                    let answer =
                        route.method == .post ? try await stale.post(path, [("memo", "x")]) : try await stale.get(path)
                    expectNobody(answer, route, "stale")
                }
                let late = Program(site: site, id: program.id, secret: program.secret, token: program.token)
                for route in RouteTable.client {
                    let path = try #require(table.address(route))
                    let answer = try await late.send(route.method, path, .object([]))
                    #expect(answer.status == 401, "\(route.method) \(route.path)")
                }
            }
        }
    }

    @Test func `a call of the API with no token, a wrong one, another kind of secret`() async throws {
        try await run { site, table, owner in
            let program = try await site.program(of: "hc-a")
            let headers: [(String, [String: String])] = [
                ("none", [:]), ("a cookie instead", ["Cookie": owner.cookie]),
                ("a session as a token", ["Authorization": "Bearer \(owner.session)"]),
                ("the secret itself", ["Authorization": "Bearer \(program.secret)"]),
                ("another scheme", ["Authorization": "Basic \(program.token)"]),
                ("empty", ["Authorization": "Bearer "]),
                ("cut off", ["Authorization": "Bearer \(program.token.dropLast())"]),
            ]
            for (what, fields) in headers {
                for route in RouteTable.client {
                    let path = try #require(table.address(route))
                    let answer = try await site.send(route.method, path, fields, body: Array("{}".utf8))
                    #expect(answer.status == 401, "\(what): \(route.method) \(route.path)")
                    for secret in RouteTable.secrets { #expect(!answer.text.contains(secret)) }
                }
            }
        }
    }

    /// What stays open, and what ends the session with which the rest is asked.
    private static let leaving: Set<String> = ["/events", "/sign-out", "/account/leave"]

    @Test(arguments: ["hc-b", "hc-c", "med-b", "pref-27", "lod-a", "fol-a"])
    func `to another organisation nothing of a stranger's is there, exactly as what never was`(
        key: OrganisationKey
    ) async throws {
        try await run { site, table, _ in
            let browser = try await site.browser(of: key)
            let before = try await site.program(of: "hc-a").get("/api/v1/cases/\(table.number.digits)").text
            for route in RouteTable.staff where !Self.leaving.contains(route.path) {
                let (own, unknown) = (
                    try #require(table.address(route)), try #require(table.address(route, unknown: true))
                )
                let isForm = route.method == .post
                let answer = isForm ? try await browser.post(own) : try await browser.get(own)
                let place = "\(key) \(route.method) \(route.path) \(answer.status)"
                #expect([200, 204, 303, 400, 403, 404, 409, 413, 422].contains(answer.status), "\(place)")
                for secret in RouteTable.secrets { #expect(!answer.text.contains(secret), "\(place)") }
                guard own != unknown else { continue }
                let other = isForm ? try await browser.post(unknown) : try await browser.get(unknown)
                #expect(answer.status == other.status, "\(place)")
                #expect(table.withoutNames(answer.text) == table.withoutNames(other.text), "\(place)")
            }
            let program = try await site.program(of: key)
            for route in RouteTable.client {
                let (own, unknown) = (
                    try #require(table.address(route)), try #require(table.address(route, unknown: true))
                )
                let headers = ["If-Match": "\"1\""]
                let answer = try await program.send(route.method, own, .object([]), headers)
                let place = "\(key) \(route.method) \(route.path) \(answer.status)"
                #expect(answer.status < 500, "\(place)")
                for secret in RouteTable.secrets { #expect(!answer.text.contains(secret), "\(place)") }
                guard own != unknown else { continue }
                let other = try await program.send(route.method, unknown, .object([]), headers)
                #expect(answer.status == other.status, "\(place)")
                #expect(table.withoutNames(answer.text) == table.withoutNames(other.text), "\(place)")
            }
            let after = try await site.program(of: "hc-a").get("/api/v1/cases/\(table.number.digits)").text
            #expect(before == after, "\(key) has changed the case")
        }
    }

    @Test(arguments: ["med-a", "pref-13", "mhlw"])
    func `a party with fewer rights changes nothing by sending a form of those with more`(
        key: OrganisationKey
    ) async throws {
        try await run { site, table, _ in
            let program = try await site.program(of: "hc-a")
            let address = "/api/v1/cases/\(table.number.digits)"
            let before = try await program.get(address).text
            let browser = try await site.browser(of: key)
            // What belongs to the health centre in charge alone, with all that a form of it carries.
            let fields = [
                ("version", "1"), ("seen", "1"), ("reason", "理由"), ("related", "hc-c"), ("receiver", "hc-c"),
                ("organisation", "fol-a"), ("to", "hc-c"),
            ]
            let own = ["/cases/{id}/{section}", "/cases/{id}/presence", "/cases/{id}/resubmit"]
            for route in RouteTable.forms where route.path.hasPrefix("/cases/{id}/") && !own.contains(route.path) {
                let answer = try await browser.post(try #require(table.address(route)), fields)
                #expect([303, 403, 404, 409, 422].contains(answer.status), "\(route.path) \(answer.status)")
            }
            #expect(try await program.get(address).text == before)
        }
    }

    @Test func `every form without its token, with another session's, or from another site`() async throws {
        try await run { site, table, owner in
            let other = try await site.browser(of: "hc-a")
            let tries: [(what: String, token: String?, headers: [String: String])] = [
                ("none", nil, [:]), ("empty", "", [:]), ("another session's", other.csrf, [:]),
                ("the session itself", owner.session, [:]), ("cut off", String(owner.csrf.dropLast()), [:]),
                ("from another site", owner.csrf, ["Sec-Fetch-Site": "cross-site"]),
                ("from a neighbour", owner.csrf, ["Sec-Fetch-Site": "same-site"]),
                ("from nowhere known", owner.csrf, ["Sec-Fetch-Site": "x"]),
            ]
            for one in tries {
                for route in RouteTable.forms {
                    let path = try #require(table.address(route))
                    let answer = try await owner.post(path, [], csrf: one.token.map { .some($0) }, headers: one.headers)
                    #expect(answer.status == 403, "\(one.what): \(route.path) \(answer.status)")
                }
            }
            #expect(try await owner.get("/account").status == 200)
        }
    }

    /// Open forms that take no session and aren't a browser's: a foreign site gains nothing by sending one.
    private static let forPrograms: Set<String> = [
        "/oauth/token", "/outreach/voice/{key}", "/outreach/status/{key}",
    ]

    @Test func `every open form from another site is refused, too`() async throws {
        try await run { site, table, _ in
            for route in RouteTable.routes(.open) where route.method == .post && !route.path.hasPrefix("/api") {
                guard !Self.forPrograms.contains(route.path) else { continue }
                let path = try #require(table.address(route))
                let answer = try await site.form(path, [("login", "x")], ["Sec-Fetch-Site": "cross-site"])
                #expect(answer.status == 403, "\(route.path) \(answer.status)")
                #expect(answer.cookies.isEmpty)
            }
        }
    }
}
