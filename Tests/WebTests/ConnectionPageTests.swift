import Access
import Casework
import Catalogue
import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

/// 接続環境の確認 without a browser: what the server sees, takes in and keeps.
struct ConnectionPageTests {
    private static func over(
        _ transport: Transport?,
        _ site: TestSite,
        _ body: @escaping @Sendable (TestSite) async throws -> Void
    ) async throws {
        let (casework, engine, keys) = (site.casework, site.engine, site.keys)
        let other = Site(casework: casework, isDemonstration: false, transport: { _ in transport })
        try await Hummingbird.Application(router: WebApplication.router(other)).test(.router) { client in
            try await body(TestSite(casework: casework, site: other, engine: engine, keys: keys, client: client))
        }
    }

    /// The row of a check on a page.
    private static func row(_ check: ConnectionCheck, _ page: Answer) -> String {
        let parts = page.text.components(separatedBy: #"<tr data-check="\#(check.rawValue)">"#)
        return parts.count > 1 ? parts[1].components(separatedBy: "</tr>")[0] : ""
    }

    @Test(
        arguments: [
            (Transport(version: .tls13, isHTTP2: true), "○ 良好", "TLS 1.3で通信しています（HTTP/2）"),
            (Transport(version: .tls12, isHTTP2: false), "○ 良好", "TLS 1.2で通信しています（HTTP/1.1）"),
            (Transport(version: .older, isHTTP2: false), "× 不可", "TLS 1.1以前"),
            (nil, "－ 未確認", "プロキシ経由"),
        ] as [(Transport?, String, String)]
    )
    func `the page says how the connection is encrypted`(
        transport: Transport?,
        sign: String,
        words: String
    ) async throws {
        try await TestSite.run { site in
            try await Self.over(transport, site) { site in
                let page = try await site.send(.get, "/connection-test")
                #expect(page.status == 200)
                let row = Self.row(.tls, page)
                #expect(row.contains(sign))
                #expect(row.contains(words))
            }
        }
    }

    @Test func `the cookie is set, read back, and missed where a browser keeps none`() async throws {
        try await TestSite.run { site in
            let first = try await site.send(.get, "/connection-test")
            #expect(first.cookies["__Host-connection-test"]?.contains("Secure; HttpOnly; SameSite=Lax") == true)
            #expect(Self.row(.cookie, first).contains("－ 未確認"))
            let cookie = ["Cookie": "__Host-connection-test=1"]
            #expect(Self.row(.cookie, try await site.send(.get, "/connection-test?again=1", cookie)).contains("○ 良好"))
            #expect(Self.row(.cookie, try await site.send(.get, "/connection-test?again=1")).contains("× 不可"))
            #expect(try await site.send(.get, "/connection-test/cookie", cookie).text == #"{"cookie":true}"#)
            #expect(try await site.send(.get, "/connection-test/cookie").text == #"{"cookie":false}"#)
        }
    }

    @Test func `without a script the page says what needs one, and names what the department allows`() async throws {
        try await TestSite.run { site in
            let page = try await site.send(.get, "/connection-test", ["Host": "hersys.example"])
            #expect(Self.row(.javascript, page).contains("× 不可"))
            for check in [ConnectionCheck.clock, .events, .upload, .latency, .display] {
                #expect(Self.row(check, page).contains("JavaScriptが必要です"), "\(check)")
            }
            for word in ["ポート443", "TLS 1.2以上", "text/event-stream", "Cookie", "LGWAN", "仮想ブラウザ"] {
                #expect(page.text.contains(word), "\(word)")
            }
        }
    }

    @Test func `the organisation is chosen after the prefecture, and the result reaches the list`() async throws {
        try await TestSite.run { site in
            try await Self.over(Transport(version: .tls13, isHTTP2: true), site) { site in
                var fields = [
                    ("r.clock", "warn"), ("r.tls", "fail"), ("r.cookie", "fail"), ("r.print", "ok"), ("machine", "窓口1"),
                ]
                let nowhere = try await site.form("/connection-test", fields)
                #expect(nowhere.status == 422)
                #expect(nowhere.text.contains("まだ送信していません。") && !nowhere.text.contains("送信した結果です。"))
                fields.append(("prefecture", "13"))
                let second = try await site.form("/connection-test", fields)
                #expect(second.status == 200)
                #expect(second.text.contains(#"<option value="hc-a">みなと保健所</option>"#))
                #expect(!second.text.contains("大阪保健所"))
                #expect(second.text.contains(#"name="r.clock" value="warn""#))
                let unnamed = try await site.form("/connection-test", fields + [("organisation", "")])
                #expect(unnamed.status == 422)
                // One of another prefecture isn't taken for one of this.
                let other = try await site.form("/connection-test", fields + [("organisation", "hc-c")])
                #expect(other.status == 422)
                let cookie = ["Cookie": "__Host-connection-test=1"]
                let stored = try await site.form("/connection-test", fields + [("organisation", "hc-a")], cookie)
                #expect(stored.status == 200)
                #expect(stored.text.contains("結果を厚生労働省に送りました") && stored.text.contains("送信した結果です。"))
                let ministry = try await site.browser(of: "mhlw")
                let machines = try await ministry.get("/admin/connection-tests/hc-a").text
                #expect(machines.contains("窓口1"))
                let list = try await ministry.get("/admin/connection-tests?state=trouble").text
                #expect(list.contains("みなと保健所"))
                #expect(list.contains("パソコンの時計 △ 1台"))
                // What the server saw itself isn't what the form says.
                #expect(!list.contains("通信の暗号化（TLS） ×"))
                #expect(!list.contains("Cookie（クッキー） ×"))
                let missing = try await ministry.get("/admin/connection-tests?state=none&prefecture=13").text
                #expect(missing.contains("しぶや保健所"))
                #expect(!missing.contains(#"data-tested="hc-a""#))
                #expect(!missing.contains("大阪保健所"))
            }
        }
    }

    @Test func `another site's form is refused`() async throws {
        try await TestSite.run { site in
            let foreign = ["Sec-Fetch-Site": "cross-site"]
            let answer = try await site.form("/connection-test", [("prefecture", "13")], foreign)
            #expect(answer.status == 403)
            #expect(try await site.send(.post, "/connection-test/upload", foreign, body: [1]).status == 403)
        }
    }

    // MARK: Large bodies and streams

    private static func length(_ body: [UInt8]) -> [String: String] { ["Content-Length": String(body.count)] }

    @Test func `a body of five megabytes is taken in and one beyond the bound refused`() async throws {
        try await TestSite.run { site in
            let body = [UInt8](repeating: 0, count: 5_000_000)
            let answer = try await site.send(.post, "/connection-test/upload", Self.length(body), body: body)
            #expect(answer.status == 200)
            #expect(answer.text == #"{"received":5000000}"#)
            let large = [UInt8](repeating: 0, count: ConnectionTestPages.mostBytes + 1)
            #expect(
                try await site.send(.post, "/connection-test/upload", Self.length(large), body: large).status == 413
            )
        }
    }

    @Test func `an address has one large body at a time, and gets its place back`() async throws {
        try await TestSite.run { site in
            #expect(site.site.testPlaces.take(.upload, "test"))
            let busy = try await site.send(.post, "/connection-test/upload", [:], body: [1])
            #expect(busy.status == 429)
            #expect(busy.header("Retry-After") == "3")
            site.site.testPlaces.give(.upload, "test")
            for _ in 0..<3 {
                #expect(try await site.send(.post, "/connection-test/upload", [:], body: [1]).status == 200)
            }
        }
    }

    @Test func `all together have so many places`() {
        let places = TestPlaces()
        for number in 0..<8 { #expect(places.take(.upload, "192.0.2.\(number)")) }
        #expect(!places.take(.upload, "192.0.2.99"))
        #expect(places.take(.stream, "192.0.2.99"))
        places.give(.upload, "192.0.2.3")
        #expect(places.take(.upload, "192.0.2.99"))
        #expect(!places.take(.upload, "192.0.2.99"))
    }

    @Test func `three events come, and who asks too often hears that it is busy`() async throws {
        try await TestSite.run { site in
            let began = ContinuousClock.now
            let answer = try await site.send(.get, "/connection-test/events")
            #expect(answer.header("Content-Type") == "text/event-stream; charset=utf-8")
            #expect(answer.text == (1...3).map { "event: test\ndata: \($0)\n\n" }.joined())
            #expect(ContinuousClock.now - began >= .seconds(1))
            for _ in 0..<8 { #expect(site.site.testPlaces.take(.stream, "test")) }
            #expect(try await site.send(.get, "/connection-test/events").text == "event: busy\ndata: 0\n\n")
        }
    }

    @Test func `the sign-in page leads to the test, and neither holds a script or style`() async throws {
        try await TestSite.run { site in
            #expect(try await site.send(.get, "/sign-in").text.contains(#"<a href="/connection-test">"#))
            for path in ["/connection-test", "/connection-test/print"] {
                let text = try await site.send(.get, path).text
                #expect(!text.contains(" style="))
                #expect(!text.contains("<style"))
                for script in text.matches(of: /<script[^>]*>([^<]*)/) { #expect(script.1.isEmpty) }
                #expect(text.matches(of: /<h1/).count == 1)
                let ids = text.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
                #expect(Set(ids).count == ids.count)
                for file in text.matches(of: /\/assets\/[^"]+/) {
                    #expect(try await site.send(.get, String(file.0)).status == 200, "\(file.0)")
                }
            }
            let clock = try await site.send(.get, "/connection-test/clock").text
            #expect(clock == #"{"now":\#(TestSite.now.seconds)}"#)
            let listed = try await site.send(.get, "/connection-test/organisations?prefecture=27").text
            #expect(listed == #"[["pref-27","大阪府調整本部"],["hc-c","大阪保健所"]]"#)
        }
    }
}
