import Access
import Catalogue
import Foundation
import Storage
import TestSupport
import Testing

@testable import Casework

/// One's own sessions, how they end, and what is kept of a form at the end of one.
@Suite struct SessionTests {
    static let edge = """
        Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 \
        Safari/537.36 Edg/120.0.0.0
        """

    private func caller(_ office: Office, _ session: String) async throws -> Caller {
        Caller(try #require(try await office.casework.session(session)), through: .page, address: "192.0.2.1")
    }

    private func issue(_ office: Office, _ login: String) async throws -> String {
        try await office.casework.issueAccount(
            login: login,
            name: "別の人",
            organisation: "hc-13113",
            phone: "03-0000-0009",
            password: SignInTests.password
        )
        let pending = try await office.casework.signIn(
            login: login,
            password: SignInTests.password,
            address: "192.0.2.9",
            returnTo: "/"
        )
        return try await office.casework.completeSignIn(
            pending.secret,
            code: SignInTests.code(office),
            address: "192.0.2.9"
        ).session
    }

    @Test func `one sees one's sessions with browser and half of the address, and which is this one`() async throws {
        let office = try await SignInTests.office()
        let first = try await SignInTests.signIn(office)
        try await office.casework.noteOrigin(of: first, address: "203.0.113.77", userAgent: Self.edge)
        let began = office.clock.now
        office.clock.advance(300)
        let second = try await SignInTests.signIn(office)
        let others = try await issue(office, "other-person")
        let list = try await office.casework.ownSessions(of: second)
        #expect(list.map(\.isThis) == [true, false])
        #expect(list.map(\.browser) == ["", "Edge（Windows）"])
        #expect(list.map(\.place) == ["", "203.0.＊.＊"])
        #expect(list.map(\.startedAt) == [office.clock.now, began])
        #expect(!list.map(\.handle).contains(first))
        #expect(try await office.casework.ownSessions(of: others).count == 1)
        #expect(try await office.casework.ownSessions(of: "nonsense").isEmpty)
        let everything = try await office.everything()
        for word in ["203.0.113", "Windows", "Edge"] {
            #expect(everything.range(of: Data(word.utf8)) == nil, "\(word) stands in the database")
        }
    }

    @Test func `sessions end one by one or all but this, and never somebody else's`() async throws {
        let office = try await SignInTests.office()
        var sessions: [String] = []
        for _ in 0..<4 { sessions.append(try await SignInTests.signIn(office)) }
        let mine = sessions[0]
        let stranger = try await issue(office, "other-person")
        func handle(_ session: String) async throws -> String {
            try #require(try await office.casework.ownSessions(of: session).first { $0.isThis }).handle
        }
        try await office.casework.endSession(try await handle(sessions[1]), by: mine)
        #expect(try await office.casework.session(sessions[1]) == nil)
        #expect(try await office.casework.session(sessions[2]) != nil)
        // The handle of another account's session opens and ends nothing, and one's own stays.
        try await office.casework.endSession(try await handle(stranger), by: mine)
        try await office.casework.endSession(try await handle(mine), by: mine)
        #expect(try await office.casework.session(try await handle(mine)) == nil)
        try await office.casework.endOtherSessions(by: mine)
        for gone in sessions.dropFirst() { #expect(try await office.casework.session(gone) == nil) }
        #expect(try await office.casework.session(mine) != nil)
        #expect(try await office.casework.session(stranger) != nil)
        // A session that has ended ends no other.
        try await office.casework.leaveSession(mine)
        _ = try await SignInTests.signIn(office)
        await #expect(throws: Refusal.self) { try await office.casework.endOtherSessions(by: mine) }
    }

    @Test func `the seconds left are the idle ones, and never more than a session lasts`() async throws {
        let office = try await SignInTests.office()
        let session = try await SignInTests.signIn(office)
        #expect(try await office.casework.sitting(session)?.secondsLeft == 1800)
        office.clock.advance(59)
        // Within a minute a use isn't written down: what is said is what the server goes by.
        #expect(try await office.casework.sitting(session)?.secondsLeft == 1741)
        office.clock.advance(1)
        #expect(try await office.casework.sitting(session)?.secondsLeft == 1800)
        office.clock.advance(1700)
        #expect(try await office.casework.sitting(session, isUse: false)?.secondsLeft == 100)
        office.clock.advance(100)
        #expect(try await office.casework.sitting(session) == nil)
        let long = try await SignInTests.signIn(office)
        for _ in 0..<23 {
            office.clock.advance(1799)
            #expect(try await office.casework.sitting(long) != nil)
        }
        let left = try await office.casework.sitting(long)?.secondsLeft
        // 1,823 seconds of the twelve hours are left, but only 1,800 without a use.
        #expect(left == 1800)
        office.clock.advance(1799)
        #expect(try await office.casework.sitting(long)?.secondsLeft == 12 * 3600 - 24 * 1799)
        office.clock.advance(24)
        #expect(try await office.casework.sitting(long) == nil)
    }

    @Test(arguments: [
        ("203.0.113.9", "203.0.＊.＊"), ("2001:db8:1:2::3", "2001:db8:＊"), ("::1", "::＊"), ("test", ""), ("", ""),
        ("fe80::1%eth0", "fe80:＊"),
    ])
    func `half of an address tells its owner enough`(address: String, shown: String) {
        #expect(Casework.shortened(address) == shown)
    }

    @Test(arguments: [
        (edge, "Edge（Windows）"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 13) AppleWebKit/605 Version/17.0 Safari/605", "Safari（Mac）"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox（Linux）"),
        ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537 Chrome/120 Mobile Safari/537", "Chrome（Android）"),
        ("curl/8", ""), ("", ""), ("<script>alert(1)</script> Chrome/1", "Chrome"),
    ])
    func `of what a browser says only its family is kept`(text: String, name: String) {
        #expect(BrowserName.of(text) == name)
    }

    @Test func `a form half filled is kept sealed for its account alone, the last twenty of them`() async throws {
        let office = try await SignInTests.office()
        let session = try await SignInTests.signIn(office)
        let tanaka = try await caller(office, session)
        let other = try await caller(office, try await issue(office, "other-person"))
        let kept = try await office.casework.keepForm(
            action: "/cases/123456789012/person",
            body: "family_name=katagaki-hanako",
            by: tanaka
        )
        #expect(try await office.casework.unfinishedForm(kept.id, by: tanaka) == kept)
        await #expect(throws: Refusal.self) { try await office.casework.unfinishedForm(kept.id, by: other) }
        await #expect(throws: Refusal.self) { try await office.casework.unfinishedForm("nonsense", by: tanaka) }
        #expect(try await office.everything().range(of: Data("katagaki".utf8)) == nil)
        await #expect(throws: Refusal.self) {
            _ = try await office.casework.keepForm(
                action: "/x",
                body: String(repeating: "a", count: Casework.mostOfForm + 1),
                by: tanaka
            )
        }
        for number in 0..<20 {
            office.clock.advance(1)
            _ = try await office.casework.keepForm(action: "/x", body: "n=\(number)", by: tanaka)
        }
        await #expect(throws: Refusal.self) { try await office.casework.unfinishedForm(kept.id, by: tanaka) }
    }
}
