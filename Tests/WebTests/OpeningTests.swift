import Access
import Catalogue
import Foundation
import Hummingbird
import HummingbirdTesting
import Storage
import Testing

@testable import Casework
@testable import Web

/// The opening day as people meet it: before it, on it, and on the ministry's pages.
///
/// The test's day is 5 June 2020.
struct OpeningTests {
    private static let common = TestSite.day("2020-06-10")

    private static func setDay(_ site: TestSite, answerBy: CalendarDate? = nil) async throws {
        let ministry = try #require(TestSite.organisations.first { $0.kind == .ministry })
        let caller = Caller(Viewer(organisation: ministry, account: 1, name: "担当"), through: .page, address: "test")
        let now = site.casework.clock()
        try await site.casework.engine.write { try DutyStore.set([.issuer], of: 1, by: 0, at: now, $0) }
        let seen = try await site.casework.readinessRegister(by: caller).settings.first?.version ?? 0
        try await site.casework.setOpeningDays(common: common, answerBy: answerBy, seen: seen, by: caller)
    }

    /// The same database on another day.
    private static func on(
        _ day: CalendarDate,
        _ site: TestSite,
        _ body: @escaping @Sendable (TestSite) async throws -> Void
    ) async throws {
        let now = Timestamp(day, hour: 9)
        let casework = Casework(engine: site.engine, keys: site.keys, passwordCost: 10) { now }
        let other = Site(casework: casework, isDemonstration: false)
        let (engine, keys) = (site.engine, site.keys)
        try await Hummingbird.Application(router: WebApplication.router(other)).test(.router) { client in
            try await body(TestSite(casework: casework, site: other, engine: engine, keys: keys, client: client))
        }
    }

    /// An account, and what the server answers to its code.
    private static func signIn(
        _ site: TestSite,
        _ organisation: OrganisationKey,
        isNew: Bool = true
    ) async throws -> Answer {
        let login = "\(organisation)-opening"
        if isNew {
            try await site.casework.issueAccount(
                login: login,
                name: "鈴木",
                organisation: organisation,
                phone: "03-9999-0000",
                password: TestSite.password
            )
        }
        let first = try await site.form("/sign-in", [("login", login), ("password", TestSite.password)])
        let cookie = try #require(first.cookieValue("__Host-sign-in"))
        return try await site.form(
            "/sign-in/code",
            [("code", try await site.code())],
            ["Cookie": "__Host-sign-in=\(cookie)"]
        )
    }

    @Test(arguments: ["med-a", "fol-a", "lod-a", "ana-a"])
    func `an institution hears its government's day after the code, and comes in on that day`(
        key: String
    ) async throws {
        try await TestSite.run { site in
            try await Self.setDay(site)
            let early = try await Self.signIn(site, key)
            #expect(early.status == 403)
            #expect(early.text.contains("東京都の利用開始は6月10日です。"))
            #expect(early.cookieValue("__Host-session") == nil)
            try await Self.on(Self.common, site) { site in
                let opened = try await Self.signIn(site, key, isNew: false)
                #expect(opened.status == 303)
                #expect(opened.cookieValue("__Host-session") != nil)
            }
        }
    }

    @Test func `a wrong password or code says nothing of the day`() async throws {
        try await TestSite.run { site in
            try await Self.setDay(site)
            _ = try await Self.signIn(site, "med-a")
            let wrong = try await site.form("/sign-in", [("login", "med-a-opening"), ("password", "other words here")])
            #expect(wrong.status == 422)
            #expect(!wrong.text.contains("利用開始"))
            let first = try await site.form(
                "/sign-in",
                [("login", "med-a-opening"), ("password", TestSite.password)]
            )
            let cookie = try #require(first.cookieValue("__Host-sign-in"))
            let code = try await site.code() == "000000" ? "111111" : "000000"
            let refused = try await site.form(
                "/sign-in/code",
                [("code", code)],
                ["Cookie": "__Host-sign-in=\(cookie)"]
            )
            #expect(refused.status == 422)
            #expect(!refused.text.contains("利用開始"))
        }
    }

    @Test func `a session that is open when the day is set hears nothing more`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            #expect(try await clinic.get("/cases").status == 200)
            try await Self.setDay(site)
            let answer = try await clinic.get("/cases")
            #expect(answer.status == 403)
            #expect(answer.text.contains("東京都の利用開始は6月10日です。"))
            #expect(try await clinic.get("/events").status == 204)
            #expect(try await clinic.get("/sign-in").status == 200)
            #expect(try await clinic.post("/sign-out").status == 303)
        }
    }

    @Test(arguments: ["pref-13", "hc-a"])
    func `who prepares opens what prepares, and no page with cases`(key: String) async throws {
        try await TestSite.run { site in
            _ = try await site.report()
            let staff = try await site.browser(of: key)
            try await Self.setDay(site)
            for route in WebApplication.routes where route.policy == .staff && route.method == .get {
                let path = route.path.replacing(/\{[^}]*\}/, with: "123456789012")
                let answer = try await staff.get(path)
                if path == "/" {
                    #expect(answer.header("Location") == "/readiness")
                } else if path == "/events" {
                    #expect(answer.status == 204)
                } else if Preparing.allows(path) {
                    #expect(answer.status != 403 || !answer.text.contains("利用開始は"), "\(path)")
                } else {
                    #expect(answer.status == 403, "\(path)")
                    #expect(answer.text.contains("東京都の利用開始は6月10日です。"), "\(path)")
                }
            }
            let page = try await staff.get("/readiness")
            #expect(page.status == 200)
            #expect(!page.text.contains(#"href="/cases""#))
            let form = try await staff.post("/cases/new", [("family_name", "試験")])
            #expect(form.status == 403)
        }
    }

    @Test func `what prepares is a short list without cases`() {
        let allowed = WebApplication.routes.filter { $0.policy == .staff && Preparing.allows($0.path) }.map(\.path)
        let folders = Set(allowed.map { "/\($0.split(separator: "/").first ?? "")" })
        let known: Set<String> = [
            "/readiness", "/account", "/admin", "/notices", "/keys", "/sign-in", "/sign-out", "/manual", "/first-use",
        ]
        #expect(folders.isSubset(of: known))
        #expect(allowed.allSatisfy { !$0.contains("cases") })
        for path in ["/cases", "/readinessx", "/r/abc", "/", "/accounts"] {
            #expect(!Preparing.allows(path), "\(path)")
        }
    }

    @Test func `the ministry works before the day, programs of others wait for it`() async throws {
        try await TestSite.run { site in
            let program = try await site.program(of: "med-a")
            try await Self.setDay(site)
            let ministry = try await Self.signIn(site, "mhlw")
            #expect(ministry.status == 303)
            #expect(ministry.cookieValue("__Host-session") != nil)
            let refused = try await program.notify()
            #expect(refused.status == 403)
            #expect(refused.text.contains("東京都の利用開始は6月10日です。"))
        }
    }

    // MARK: Pages

    @Test func `a headquarters answers, sees its answer, and the ministry sees it in the register`() async throws {
        try await TestSite.run { site in
            let tokyo = try await site.browser(of: "pref-13")
            let ministry = try await site.browser(of: "mhlw")
            try await Self.setDay(site)
            let empty = try await tokyo.post("/readiness", [("seen", "0")])
            #expect(empty.status == 422)
            #expect(empty.text.contains("利用を開始する時期を選んでください。"))
            for field in ["contact", "phone", "mail"] { #expect(empty.text.contains("error-\(field)"), "all at once") }
            #expect(!empty.text.contains("error-starts_on") && !empty.text.contains("error-reason"))
            let unread = try await tokyo.post("/readiness", [("start", "later"), ("starts_on", "いつか"), ("seen", "0")])
            for field in ["starts_on", "reason", "contact", "phone", "mail"] {
                #expect(unread.text.contains("error-\(field)"), "\(field)")
            }
            #expect(unread.text.contains("いつか") && !unread.text.contains("利用を開始する日を入力してください"))
            let fields = [
                ("start", "later"), ("starts_on", "2020/6/15"), ("reason", "端末の準備<b>のため"), ("contact", "対策課 佐藤"),
                ("phone", "03-0000-1111"), ("mail", "kansen@example.lg.jp"), ("seen", "0"),
            ]
            #expect(try await tokyo.post("/readiness", fields, csrf: .none).status != 303)
            #expect(try await tokyo.post("/readiness", fields).header("Location") == "/readiness?done=1")
            let page = try await tokyo.get("/readiness?done=1").text
            #expect(page.contains("2020年6月15日"))
            #expect(page.contains("端末の準備&lt;b&gt;のため"))
            let register = try await ministry.get("/admin/readiness")
            #expect(register.text.contains("対策課 佐藤"))
            #expect(!register.text.contains("△ 1/"))
            #expect(register.text.contains("○ 1/1"))
            #expect(register.text.contains("× 0/1"))
            #expect(try await ministry.get("/readiness").header("Location") == "/admin/readiness")
            let csv = try await ministry.get("/admin/readiness/csv")
            #expect(csv.header("Content-Type") == "text/csv; charset=utf-8")
        }
    }

    @Test func `the ministry enters what came by mail, sets days and reminds`() async throws {
        try await TestSite.run { site in
            let ministry = try await site.browser(of: "mhlw", duties: [.issuer])
            let wrong = try await ministry.post("/admin/readiness/days", [("common", "いつか"), ("seen", "0")])
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("いつか"))
            let days = [("common", "2020/6/10"), ("answer_by", "R2.6.8"), ("seen", "0")]
            let asked = try await ministry.post("/admin/readiness/days", days)
            #expect(asked.status == 422)
            #expect(asked.text.contains("チェックを付けて"))
            let past = [("common", "2020/6/10"), ("answer_by", "2020/6/1"), ("confirmed", "1"), ("seen", "0")]
            #expect(try await ministry.post("/admin/readiness/days", past).text.contains("今日以降の日"))
            let sure = days + [("confirmed", "1")]
            #expect(try await ministry.post("/admin/readiness/days", sure).status == 303)
            let same = days.dropLast() + [("confirmed", "1"), ("seen", "1")]
            #expect(try await ministry.post("/admin/readiness/days", Array(same)).text.contains("変わっていません"))
            let answer = [
                ("start", "common"), ("contact", "対策課"), ("phone", "072-000-1111"), ("mail", "a@example.lg.jp"),
                ("by_mail", "yes"), ("seen", "0"),
            ]
            #expect(try await ministry.post("/admin/readiness/pref-27", answer).status == 303)
            #expect(try await ministry.get("/admin/readiness/pref-27").text.contains("メールで受けた回答"))
            let reminded = try await ministry.post("/admin/readiness/remind")
            #expect(reminded.header("Location") == "/admin/readiness?reminded=1&already=0")
            let again = try await ministry.post("/admin/readiness/remind")
            #expect(again.header("Location") == "/admin/readiness?reminded=0&already=1")
            // The reminder is read by people who only prepare.
            let tokyo = try await site.browser(of: "pref-13")
            let box = try await tokyo.get("/notices").text
            #expect(box.contains("導入準備状況（利用開始の時期）が未回答です"))
            #expect(box.contains(#"href="/readiness""#))
        }
    }

    @Test(arguments: ["pref-13", "hc-a", "med-a", "fol-a", "ana-a"])
    func `the ministry's pages aren't there for others`(key: String) async throws {
        try await TestSite.run { site in
            let staff = try await site.browser(of: key)
            for path in [
                "/admin/readiness", "/admin/readiness/csv", "/admin/readiness/pref-13", "/admin/connection-tests",
                "/admin/connection-tests/csv", "/admin/connection-tests/hc-a",
            ] {
                #expect(try await staff.get(path).status == 404, "\(path)")
            }
            for path in ["/admin/readiness/days", "/admin/readiness/remind", "/admin/readiness/pref-13"] {
                #expect(try await staff.post(path, [("start", "common")]).status == 404, "\(path)")
            }
        }
    }

    // MARK: The map

    @Test func `each prefecture has a tile of its own on the map`() {
        let codes = CodeList.prefecture.entries.map(\.code.rawValue)
        #expect(Set(PrefectureMap.places.keys) == Set(codes))
        let places = PrefectureMap.places.values.map { $0.column * 100 + $0.row }
        #expect(Set(places).count == 47)
        let count = PrefectureMap.Count(total: 3, answered: 2, later: 1)
        let text = String(decoding: PrefectureMap.svg(["13": count]).bytes, as: UTF8.self)
        #expect(text.components(separatedBy: "<rect ").count == 48)
        #expect(text.contains("△ 2/3"))
        #expect(text.contains("延期1"))
        #expect(text.components(separatedBy: #"class="tile-count">－"#).count == 47)
    }
}
