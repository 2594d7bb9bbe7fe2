import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Storage
import Testing

@testable import Web

/// The gate before the routes, and what whoever isn't let in is shown.
@Suite struct AdmissionGateTests {
    /// A server without a place for these shares, or one whose every `/broken` fails with an error.
    private func run(
        without closed: Set<Share> = Set(Share.allCases),
        failing error: (any Error)? = nil,
        _ body: @escaping @Sendable (TestSite) async throws -> Void
    ) async throws {
        try await TestSite.run { site in
            let capacity = Capacity(common: 0) { Capacity.Terms(reserved: closed.contains($0) ? 0 : 4, borrows: false) }
            let admission = Admission(capacity) { _ in }
            var router = WebApplication.router(site.site, admission: admission)
            if let error {
                router = Router(context: WebContext.self)
                router.add(middleware: AdmissionGate(admission, site: site.site, routes: []))
                router.add(middleware: ErrorAnswers(site: site.site))
                for method in [HTTPRequest.Method.get, .post] {
                    for path in ["/broken", "/api/broken"] {
                        router.on(RouterPath(path), method: method) { request, context -> Response in
                            _ = try await FormData.read(request, context)
                            throw error
                        }
                    }
                }
            }
            let application = Hummingbird.Application(router: router)
            try await application.test(.router) { client in
                let crowded = TestSite(
                    casework: site.casework,
                    site: site.site,
                    engine: site.engine,
                    keys: site.keys,
                    client: client
                )
                try await body(crowded)
            }
        }
    }

    /// Names and values of a page's hidden fields, as the browser would send them.
    private func hidden(_ page: Answer) -> [(String, String)] {
        page.text.matches(of: #/<input type="hidden" name="([^"]*)" value="([^"]*)">/#).map {
            (unescaped($0.1), unescaped($0.2))
        }
    }

    private func unescaped(_ text: Substring) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(String(text)) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }

    private static let ours = ["Sec-Fetch-Site": "same-origin"]

    @Test func `a page that isn't let in says so and when to come back`() async throws {
        try await run { site in
            let answer = try await site.send(.get, "/cases?page=2&x=%22")
            #expect(answer.status == 503)
            #expect(answer.text.contains("<h1>ただいま大変混み合っています</h1>"))
            #expect(answer.text.contains(#"href="/cases?page=2&amp;x=%22">もう一度開く</a>"#))
            #expect((2...10).contains(Int(answer.header("Retry-After") ?? "") ?? 0))
            #expect(answer.header("Cache-Control") == "no-store")
            #expect(answer.header("Content-Security-Policy") != nil)
        }
    }

    @Test func `not everybody is told to come back at the same time`() async throws {
        try await run { site in
            var times: Set<String> = []
            for _ in 0..<50 { times.insert(try await site.send(.get, "/cases").header("Retry-After") ?? "") }
            #expect(times.count > 3)
        }
    }

    @Test(arguments: ["/api/v1/cases", "/oauth/token", "/api/v1/cases/123456789012"])
    func `a program gets a problem`(path: String) async throws {
        try await run { site in
            let method: HTTPRequest.Method = path == "/oauth/token" ? .post : .get
            let answer = try await site.send(method, path)
            #expect(answer.status == 503)
            #expect(answer.header("Content-Type") == "application/problem+json")
            #expect(answer.json["code"]?.text == "overloaded")
            #expect((2...10).contains(Int(answer.header("Retry-After") ?? "") ?? 0))
        }
    }

    @Test func `what a page fetches by itself gets a short answer`() async throws {
        try await run { site in
            let answer = try await site.send(.get, "/places?postal=1000001", ["Sec-Fetch-Dest": "empty"])
            #expect(answer.status == 503)
            #expect(answer.bytes.count < 100)
        }
    }

    @Test(arguments: ["/healthz", "/readyz", "/assets/hersys.css", "/events"])
    func `what is always let in is let in`(path: String) async throws {
        try await run { site in
            let path = path.hasPrefix("/assets/") ? Assets.address("hersys.css") : path
            let (get, head) = (try await site.send(.get, path), try await site.send(.head, path))
            let expected = path == "/events" ? 204 : 200
            #expect(get.status == expected)
            #expect(head.status == expected)
        }
    }

    @Test func `an address that doesn't exist takes a place, too`() async throws {
        try await run { site in
            let answer = try await site.send(.get, "/no/such")
            #expect(answer.status == 503)
        }
        try await run(without: []) { site in
            let answer = try await site.send(.get, "/no/such")
            #expect(answer.status == 404)
        }
    }

    @Test func `one signs in while pages and programs are crowded`() async throws {
        try await run(without: [.pages, .api]) { site in
            #expect(try await site.send(.get, "/sign-in").status == 200)
            #expect(try await site.send(.head, "/sign-in").status == 200)
            let browser = try await site.browser(of: "med-a")
            #expect(try await browser.get("/sign-in/done").status == 200)
            #expect(try await browser.get("/").status == 503)
            #expect(try await site.send(.get, "/api/v1/cases").status == 503)
        }
    }

    @Test func `a form that isn't let in keeps all that was typed, and can be sent again`() async throws {
        let typed = [
            ("family_name", #"𠮷野"><script>alert(1)</script>"#), ("remarks", "一行目\r\n二行目 & 'x'"), ("symptom", "a"),
            ("symptom", "b"), ("empty", ""),
        ]
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let again = try await self.refused(browser, "/cases/new?draft=1", typed)
            #expect(again.status == 503)
            #expect(again.text.contains("入力した内容はこのページに残っています"))
            #expect(again.text.contains(#"<form method="post" action="/cases/new?draft=1">"#))
            #expect(again.text.contains("もう一度送る</button>"))
            #expect(!again.text.contains("<script>alert"))
            #expect(hidden(again).map(\.0) == ["csrf"] + typed.map(\.0))
            #expect(hidden(again).map(\.1) == [browser.csrf] + typed.map(\.1))
            // The session's token is still in it: the second press is taken as the first would have been.
            let done = try await browser.post(
                "/sign-out",
                hidden(try await self.refused(browser, "/sign-out", [])),
                csrf: nil
            )
            #expect(done.header("Location") == "/sign-in?out=1")
        }
    }

    /// The same browser's form at a server without a place.
    private func refused(_ browser: Browser, _ path: String, _ fields: [(String, String)]) async throws -> Answer {
        let capacity = Capacity(common: 0) { _ in Capacity.Terms(reserved: 0, borrows: false) }
        let router = WebApplication.router(browser.site.site, admission: Admission(capacity) { _ in })
        return try await Hummingbird.Application(router: router).test(.router) { client in
            let site = browser.site
            let crowded = TestSite(
                casework: site.casework,
                site: site.site,
                engine: site.engine,
                keys: site.keys,
                client: client
            )
            return try await Browser(site: crowded, session: browser.session).post(path, fields)
        }
    }

    @Test func `passwords and one-time passwords don't come back`() async throws {
        try await run { site in
            let fields = [("login", "suzuki"), ("password", "correct horse"), ("return", "/cases")]
            let answer = try await site.form("/sign-in", fields, Self.ours)
            #expect(answer.status == 503)
            #expect(hidden(answer).map(\.0) == ["login", "return"])
            #expect(!answer.text.contains("correct horse"))
            #expect(answer.text.contains("パスワードと認証の数字は残していません"))
            let code = try await site.form("/sign-in/code", [("code", "987654")], Self.ours)
            #expect(!code.text.contains("987654"))
        }
    }

    @Test(arguments: ["cross-site", "same-site", "none", nil])
    func `a form that may be another site's isn't handed back`(from: String?) async throws {
        try await run { site in
            let answer = try await site.form("/cases/new", [("a", "みほん")], from.map { ["Sec-Fetch-Site": $0] } ?? [:])
            #expect(answer.status == 503)
            #expect(!answer.text.contains("みほん"))
            #expect(!answer.text.contains("<form"))
            #expect(answer.text.contains("「戻る」"))
        }
    }

    @Test(arguments: [BusyPage.mostKept, 1 << 20])
    func `what is too large isn't handed back`(size: Int) async throws {
        try await run { site in
            let answer = try await site.form("/cases/new", [("a", String(repeating: "x", count: size))], Self.ours)
            #expect(answer.status == 503)
            #expect(answer.bytes.count < 10_000)
        }
    }

    @Test func `a link that would lead elsewhere leads home`() async throws {
        try await run { site in
            let answer = try await site.send(.get, "//evil.example/cases")
            #expect(!answer.text.contains("evil"))
        }
    }

    @Test(arguments: [
        (StorageFailure.unavailable, "データベースに接続できません", "数十秒おいて"),
        (StorageFailure.full, "データを保存する場所がいっぱいです", "システムの管理者"),
    ])
    func `a form whose database is away or full keeps what was typed`(
        failure: StorageFailure,
        title: String,
        wait: String
    ) async throws {
        try await run(without: [], failing: failure) { site in
            let form = try await site.form("/broken", [("csrf", "1"), ("family_name", "鈴木")], Self.ours)
            #expect(form.status == 503)
            #expect(form.text.contains("<h1>\(title)</h1>"))
            #expect(form.text.contains(wait))
            #expect(hidden(form).map(\.1) == ["1", "鈴木"])
            #expect(Int(form.header("Retry-After") ?? "") ?? 0 >= 10)
            let page = try await site.send(.get, "/broken")
            #expect(page.status == 503)
            #expect(page.text.contains("失われていません"))
            let call = try await site.send(.post, "/api/broken")
            #expect(call.status == 503)
            #expect(call.json["code"]?.text == "unavailable")
        }
    }

    @Test func `a text that no database holds is its sender's to mend`() async throws {
        try await run(without: [], failing: StorageFailure.unstorable) { site in
            let answer = try await site.form("/broken", [("a", "b")], Self.ours)
            #expect(answer.status == 422)
        }
        #expect(Problem(StorageFailure.unstorable).status == .unprocessableContent)
    }

    @Test(arguments: [(64, 24), (1024, 896), (20_000, 17_500), (Int.max, 917_504), (8, 16)])
    func `connections leave file descriptors for the database`(files: Int, most: Int) {
        #expect(Connections.most(files: files) == most)
    }

    @Test func `every address has the share of who uses it`() {
        func share(_ method: HTTPRequest.Method, _ path: String) -> Share?? {
            WebApplication.routes.first { $0.method == method && $0.path == path }.map(\.share)
        }
        #expect(share(.get, "/") == .some(.pages))
        #expect(share(.get, "/cases") == .some(.pages))
        #expect(share(.get, "/api/v1/cases") == .some(.api))
        #expect(share(.post, "/oauth/token") == .some(.api))
        #expect(share(.get, "/sign-in") == .some(.signIn))
        #expect(share(.post, "/sign-in") == .some(.password))
        #expect(share(.post, "/sign-in/code") == .some(.signIn))
        for route in WebApplication.routes where route.share == nil {
            #expect(
                [
                    "/events", "/assets/{file}", "/healthz", "/readyz", "/metrics", "/connection-test/events",
                    "/connection-test/upload", "/manual/pictures/{file}",
                ].contains(route.path),
                "\(route.path)"
            )
        }
        for route in WebApplication.routes where route.path.hasPrefix("/r/") {
            #expect(route.share == .selfReport, "\(route.path)")
        }
    }
}
