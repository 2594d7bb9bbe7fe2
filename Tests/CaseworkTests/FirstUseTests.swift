import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// はじめての利用, and changing one's password later.
@Suite struct FirstUseTests {
    private static let fresh = "atarashii-aikotoba-2020"

    /// A nurse whose account was just issued and who has signed in with the sheet.
    private static func nurse() async throws -> (desk: IssuingOffice, caller: Caller, session: String, initial: String)
    {
        let desk = try await IssuingOffice()
        let issuer = try await desk.caller("shinjuku")
        let issued = try await desk.work.issue(IssuingOffice.draft("nurse", "hc-13104"), by: issuer, session: "i")
        let slip = try #require(try await desk.work.idSlips(issued.slips, session: "i", by: issuer).first)
        let session = try await desk.signIn("nurse", slip.password)
        return (desk, try await desk.caller("nurse"), session, slip.password)
    }

    @Test func `a new ID owes a password, then the terms, then nothing`() async throws {
        let (desk, caller, session, initial) = try await Self.nurse()
        #expect(try await desk.work.firstUse(of: caller.viewer.account) == .password)
        let other = try await desk.signIn("nurse", initial)
        try await desk.work.setFirstPassword(Self.fresh, again: Self.fresh, keeping: session, by: caller)
        #expect(try await desk.work.firstUse(of: caller.viewer.account) == .terms)
        #expect(try await desk.work.session(session) != nil)
        #expect(try await desk.work.session(other) == nil)
        #expect(await complaints { _ = try await desk.signIn("nurse", initial) } == ["login wrong"])
        try await desk.work.acceptTerms(Casework.termsVersion, by: caller)
        #expect(try await desk.work.firstUse(of: caller.viewer.account) == nil)
        #expect(try await desk.work.termsAccepted(by: caller) == desk.office.clock.now)
        let issuer = try await desk.caller("shinjuku")
        let events = try await desk.work.managedAccount("nurse", by: issuer).events.map(\.action)
        #expect(events == [.termsAccepted, .passwordSet, .issued])
    }

    @Test func `the sheet is gone once the password is the holder's own`() async throws {
        let (desk, caller, session, _) = try await Self.nurse()
        try await desk.work.setFirstPassword(Self.fresh, again: Self.fresh, keeping: session, by: caller)
        #expect(try await desk.office.engine.read { try $0.number("SELECT count(*) FROM account_slips") } == 0)
    }

    @Test(arguments: [
        ("short", "short", "password length"),
        (String(repeating: "a", count: 129), String(repeating: "a", count: 129), "password length"),
        ("my-nurse-password", "my-nurse-password", "password own_name"), (fresh, "another", "again differs"),
    ])
    func `a password that won't do is refused and still owed`(
        password: String,
        again: String,
        expected: String
    ) async throws {
        let (desk, caller, session, _) = try await Self.nurse()
        #expect(
            await complaints {
                try await desk.work.setFirstPassword(password, again: again, keeping: session, by: caller)
            } == [expected]
        )
        #expect(try await desk.work.firstUse(of: caller.viewer.account) == .password)
    }

    @Test func `the initial password is no new one, and a new one is set once`() async throws {
        let (desk, caller, session, initial) = try await Self.nurse()
        func set(_ password: String) async -> [String]? {
            await complaints {
                try await desk.work.setFirstPassword(password, again: password, keeping: session, by: caller)
            }
        }
        #expect(await set(initial) == ["password same"])
        #expect(await set(Self.fresh) == nil)
        #expect(await set("mata-betsu-no-aikotoba") == ["not found"])
    }

    @Test func `another version of the terms than the one in force is accepted by nobody`() async throws {
        let (desk, caller, _, _) = try await Self.nurse()
        for version in [0, Casework.termsVersion + 1] {
            #expect(
                await complaints { try await desk.work.acceptTerms(version, by: caller) } == ["accepted version"]
            )
        }
        // Whoever accepted an earlier version is asked for this one.
        let account = caller.viewer.account
        try await desk.office.engine.write { connection in
            try FirstUseStore.setPassword(account, connection)
            try FirstUseStore.accept(terms: Casework.termsVersion - 1, account, at: Timestamp(seconds: 0), connection)
        }
        #expect(try await desk.work.firstUse(of: account) == .terms)
    }

    @Test func `changing one's password asks for the old one and ends the other sessions`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.account("nurse", "hc-13104")
        let mine = try await desk.signIn("nurse")
        let other = try await desk.signIn("nurse")
        func change(_ old: String) async -> [String]? {
            await complaints {
                try await desk.work.changePassword(
                    from: old,
                    to: Self.fresh,
                    again: Self.fresh,
                    keeping: mine,
                    by: caller
                )
            }
        }
        #expect(await change("wrong-wrong-wrong") == ["old wrong"])
        #expect(try await desk.work.session(other) != nil)
        #expect(await change(IssuingOffice.password) == nil)
        #expect(try await desk.work.session(mine) != nil)
        #expect(try await desk.work.session(other) == nil)
        #expect(await complaints { _ = try await desk.signIn("nurse") } == ["login wrong"])
        _ = try await desk.signIn("nurse", Self.fresh)
    }

    @Test func `an open session is no place to guess the password`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.account("nurse", "hc-13104")
        let mine = try await desk.signIn("nurse")
        func change(_ old: String) async throws {
            try await desk.work.changePassword(from: old, to: Self.fresh, again: Self.fresh, keeping: mine, by: caller)
        }
        // Six, as at the sign-in, with which they are counted.
        for _ in 0..<6 { #expect(await complaints { try await change("wrong-wrong-wrong") } == ["old wrong"]) }
        do {
            try await change(IssuingOffice.password)
            Issue.record("a locked account's password was compared")
        } catch Refusal.tooMany(let seconds) {
            #expect(seconds == 30)
        }
        #expect(await complaints { _ = try await desk.signIn("nurse") } == ["Refusal"])
        desk.office.clock.advance(30)
        try await change(IssuingOffice.password)
        #expect(try await desk.work.sitting(mine)?.isConfirmed == true)
    }
}
