import Access
import Catalogue
import Foundation
import Storage
import Testing

@testable import Casework

/// Issuing, changing, stopping, resuming, resetting, and their history.
@Suite struct IssueTests {
    @Test func `the ministry issues to a health centre's issuer, who issues to a clinic, which uses it`() async throws {
        let desk = try await IssuingOffice()
        let ministry = try await desk.caller("mhlw")
        let first = try await desk.work.issue(
            IssuingOffice.draft("shibuya.issuer", "hc-13113", [.issuer]),
            by: ministry,
            session: "m"
        )
        let slip = try #require(try await desk.work.idSlips(first.slips, session: "m", by: ministry).first)
        _ = try await desk.signIn("shibuya.issuer", slip.password)
        let issuer = try await desk.caller("shibuya.issuer")
        #expect(try await desk.work.firstUse(of: issuer.viewer.account) == .password)
        let second = try await desk.work.issue(IssuingOffice.draft("med-2", "med-2"), by: issuer, session: "s")
        let clinic = try #require(try await desk.work.idSlips(second.slips, session: "s", by: issuer).first)
        #expect(clinic.organisation.key == "med-2" && clinic.phoneEnding == "0003")
        let session = try await desk.signIn("med-2", clinic.password)
        #expect(try await desk.work.session(session)?.organisation.key == "med-2")
    }

    @Test(
        arguments: [
            ("shinjuku", IssuingOffice.draft("a", "hc-13104"), ["login format"]),
            ("shinjuku", IssuingOffice.draft("", "hc-13104"), ["login required"]),
            ("shinjuku", IssuingOffice.draft("tokyo", "hc-13104"), ["login exists"]),
            ("shinjuku", IssuingOffice.draft("new", "hc-13104", name: " "), ["name required"]),
            ("shinjuku", IssuingOffice.draft("new", "hc-13104", name: "一\n二"), ["name format"]),
            ("shinjuku", IssuingOffice.draft("new", "hc-13104", phone: "119"), ["phone emergency"]),
            ("shinjuku", IssuingOffice.draft("new", "nowhere"), ["organisation unknown"]),
            ("shinjuku", IssuingOffice.draft("new", "hc-13113"), ["organisation not_governed"]),
            ("shinjuku", IssuingOffice.draft("new", "med-2"), ["organisation not_governed"]),
            ("shinjuku", IssuingOffice.draft("new", "hc-13104", [.issuer]), ["duties unfit"]),
            ("shinjuku", IssuingOffice.draft("new", "med-1", [.supervisor]), ["duties unfit"]),
            ("mhlw", IssuingOffice.draft("new", "hc-13104"), ["duties required"]),
            ("mhlw", IssuingOffice.draft("new", "med-1", [.issuer]), ["organisation not_governed"]),
            ("shinjuku", IssuingOffice.draft("ＮＥＷ 01", "med-1"), ["login space"]),
            ("shinjuku", IssuingOffice.draft(" new　", "med-1"), nil),
            ("shinjuku", IssuingOffice.draft("new", "med-1", [.manager]), nil),
            ("tokyo", IssuingOffice.draft("new", "med-2"), nil),
            ("tokyo", IssuingOffice.draft("new", "fol-9"), nil),
            ("mhlw", IssuingOffice.draft("new", "mhlw"), nil),
        ] as [(String, AccountDraft, [String]?)]
    )
    func `what is wrong with an account is said at its place`(
        issuer: String,
        draft: AccountDraft,
        expected: [String]?
    ) async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller(issuer)
        let found = await complaints { _ = try await desk.work.issue(draft, by: caller, session: "s") }
        #expect(found == expected)
        guard expected != nil, draft.login == "new" else { return }
        #expect(try await desk.work.accountList().allSatisfy { $0.login != "new" })
    }

    @Test(arguments: [Set<Duty>(), [.supervisor], [.manager]])
    func `whoever isn't an issuer issues nothing`(duties: Set<Duty>) async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.account("somebody", "hc-13104", duties)
        let draft = IssuingOffice.draft("new", "hc-13104")
        #expect(await complaints { _ = try await desk.work.issue(draft, by: caller, session: "s") } == ["not found"])
        #expect(
            await complaints { _ = try await desk.work.checkAccountFile(Array("a".utf8), by: caller) } == ["not found"]
        )
        #expect(await complaints { try await desk.work.requireIssuer(caller, of: "hc-13104") } == ["not found"])
    }

    @Test func `an institution's ID with the duty issues named users of its own and of nobody else`() async throws {
        let desk = try await IssuingOffice()
        let clinic = try await desk.account("med-1", "med-1", [.manager])
        _ = try await desk.work.issue(IssuingOffice.draft("med-1-nurse", "med-1"), by: clinic, session: "c")
        for other in ["med-9", "hc-13104"] {
            let draft = IssuingOffice.draft("other", other)
            #expect(
                await complaints { _ = try await desk.work.issue(draft, by: clinic, session: "c") }
                    == ["organisation not_governed"]
            )
        }
        let page = try await desk.work.accountPage(desk.work.accountFilter(), after: "", by: clinic)
        #expect(page.rows.map(\.login) == ["med-1", "med-1-nurse"])
    }

    @Test func `an initial password has sixteen letters that aren't taken for each other`() {
        let passwords = (0..<200).map { _ in InitialPassword.make() }
        #expect(Set(passwords).count == 200)
        for password in passwords {
            #expect(password.count == 16)
            #expect(password.allSatisfy { !"0O1lIio".contains($0) && $0.isASCII })
        }
    }

    @Test func `a sheet is shown to the session that issued it, for a quarter of an hour`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let issued = try await desk.work.issue(IssuingOffice.draft("new", "med-1"), by: caller, session: "mine")
        for _ in 0..<2 { #expect(try await desk.work.idSlips(issued.slips, session: "mine", by: caller).count == 1) }
        #expect(
            await complaints { _ = try await desk.work.idSlips(issued.slips, session: "other", by: caller) }
                == ["not found"]
        )
        let password = try await desk.work.idSlips(issued.slips, session: "mine", by: caller)[0].password
        let everything = try await desk.office.everything()
        #expect(everything.range(of: Data(password.utf8)) == nil)
        desk.office.clock.advance(899)
        #expect(try await desk.work.idSlips(issued.slips, session: "mine", by: caller).count == 1)
        desk.office.clock.advance(1)
        #expect(
            await complaints { _ = try await desk.work.idSlips(issued.slips, session: "mine", by: caller) }
                == ["not found"]
        )
        let now = desk.office.clock.now
        for rule in SweepRule.hourly(idleSince: now, now: now.adding(seconds: 1)) {
            try await rule.sweep(desk.office.engine)
        }
        #expect(try await desk.office.engine.read { try $0.number("SELECT count(*) FROM account_slips") } == 0)
    }

    @Test func `an initial password may be typed as it is printed, one's own only as it was set`() async throws {
        let desk = try await IssuingOffice()
        let shinjuku = try await desk.caller("shinjuku")
        try await desk.account("sasaki", "hc-13104")
        func begin(_ password: String) async -> Bool {
            await complaints {
                _ = try await desk.work.signIn(
                    login: "sasaki",
                    password: password,
                    address: "192.0.2.1",
                    returnTo: "/"
                )
            } == nil
        }
        #expect(await !begin(IssuingOffice.password.uppercased()))
        let batch = try await desk.work.resetPassword("sasaki", reason: "紛失", by: shinjuku, session: "session")
        let slip = try #require(try await desk.work.idSlips(batch, session: "session", by: shinjuku).first)
        let letters = Array(slip.password)
        let printed = stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<$0 + 4]) }
        #expect(await begin(printed.joined(separator: " ")))
        #expect(await begin(printed.joined(separator: "　").uppercased()))
        #expect(await begin(slip.password))
        #expect(await !begin(String(slip.password.dropLast())))
    }

    @Test(arguments: ["0120-000-123", "0570-000-123", "0800-000-0123", "+1 212 555 0100", "020-000-1234"])
    func `a telephone that is never called is refused where it is entered`(phone: String) async throws {
        let desk = try await IssuingOffice()
        let shinjuku = try await desk.caller("shinjuku")
        try await desk.account("sasaki", "hc-13104")
        let found = await findings {
            try await desk.work.changeAccount("sasaki", name: "佐々木", phone: phone, duties: [], by: shinjuku)
        }
        #expect(found.map(\.place.item) == ["phone"])
    }

    @Test func `whoever lost the duty meanwhile sees no sheet any more`() async throws {
        let desk = try await IssuingOffice()
        let shinjuku = try await desk.caller("shinjuku")
        try await desk.account("sasaki", "hc-13104")
        let batch = try await desk.work.resetPassword("sasaki", reason: "紛失", by: shinjuku, session: "session")
        #expect(try await desk.work.idSlips(batch, session: "session", by: shinjuku).count == 1)
        let now = desk.office.clock.now
        try await desk.office.engine.write {
            try DutyStore.set([], of: shinjuku.viewer.account, by: 0, at: now, $0)
        }
        await #expect(throws: Refusal.self) {
            _ = try await desk.work.idSlips(batch, session: "session", by: shinjuku)
        }
    }

    @Test func `a telephone that the issuer changed is told at the next sign-in`() async throws {
        let desk = try await IssuingOffice()
        let sasaki = try await desk.account("sasaki", "hc-13104")
        let shinjuku = try await desk.caller("shinjuku")
        try await desk.work.changeAccount("sasaki", name: "sasakiの担当", phone: "03-0000-0002", duties: [], by: shinjuku)
        #expect(try await desk.work.secondFactor(by: sasaki).news.isEmpty)
        try await desk.work.changeAccount("sasaki", name: "sasakiの担当", phone: "03-0000-0088", duties: [], by: shinjuku)
        #expect(try await desk.work.secondFactor(by: sasaki).news.map(\.kind) == [.phoneChanged])
    }

    @Test func `a sheet that was printed is gone at once`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let issued = try await desk.work.issue(IssuingOffice.draft("new", "med-1"), by: caller, session: "mine")
        try await desk.work.dropSlips(issued.slips, session: "other")
        #expect(try await desk.work.idSlips(issued.slips, session: "mine", by: caller).count == 1)
        try await desk.work.dropSlips(issued.slips, session: "mine")
        #expect(
            await complaints { _ = try await desk.work.idSlips(issued.slips, session: "mine", by: caller) }
                == ["not found"]
        )
    }

    @Test func `stopping ends every session and every sign-in that is half done, and resuming opens none`() async throws
    {
        let desk = try await IssuingOffice()
        try await desk.account("nurse", "hc-13104")
        let sessions = [try await desk.signIn("nurse"), try await desk.signIn("nurse")]
        let half = try await desk.work.signIn(
            login: "nurse",
            password: IssuingOffice.password,
            address: "192.0.2.1",
            returnTo: "/"
        )
        let code = try await SignInTests.code(desk.office)
        let caller = try await desk.caller("shinjuku")
        #expect(
            await complaints { try await desk.work.stopAccount("nurse", reason: " ", by: caller) }
                == ["reason required"]
        )
        try await desk.work.stopAccount("nurse", reason: "退職", by: caller)
        // Another server with its own memory sees it with the next request.
        let other = Casework(engine: desk.office.engine, keys: desk.office.keys, passwordCost: 6) {
            desk.office.clock.now
        }
        for session in sessions {
            #expect(try await desk.work.session(session) == nil)
            #expect(try await other.session(session) == nil)
        }
        let again = try await desk.work.pendingSignIn(half.secret)
        #expect(again == nil)
        #expect(
            await complaints { _ = try await desk.work.completeSignIn(half.secret, code: code, address: "192.0.2.1") }
                == ["not found"]
        )
        try await desk.work.resumeAccount("nurse", reason: "復職", by: caller)
        for session in sessions { #expect(try await desk.work.session(session) == nil) }
        #expect(try await desk.work.session(desk.signIn("nurse")) != nil)
    }

    @Test func `a new initial password ends the old one and its sessions`() async throws {
        let desk = try await IssuingOffice()
        let nurse = try await desk.account("nurse", "hc-13104")
        let session = try await desk.signIn("nurse")
        let manager = try await desk.account("manager", "hc-13104", [.manager])
        let slips = try await desk.work.resetPassword("nurse", reason: "紛失", by: manager, session: "m")
        #expect(try await desk.work.session(session) == nil)
        #expect(await complaints { _ = try await desk.signIn("nurse") } == ["login wrong"])
        let slip = try #require(try await desk.work.idSlips(slips, session: "m", by: manager).first)
        _ = try await desk.signIn("nurse", slip.password)
        #expect(try await desk.work.firstUse(of: nurse.viewer.account) == .password)
    }

    @Test(arguments: [
        ("manager", Duty.manager, "nurse", "forbidden forbidden ok ok"),
        ("supervisor", .supervisor, "nurse", "forbidden forbidden forbidden forbidden"),
        ("manager", .manager, "shinjuku", "forbidden forbidden forbidden ok"),
        ("manager", .manager, "tokyo", "not found not found not found not found"),
        ("manager", .manager, "manager", "forbidden forbidden forbidden forbidden"),
    ])
    func `what isn't allowed is refused: change, resume, reset, stop`(
        login: String,
        duty: Duty,
        subject: String,
        expected: String
    ) async throws {
        let desk = try await IssuingOffice()
        try await desk.account("nurse", "hc-13104")
        let caller = try await desk.account(login, "hc-13104", [duty])
        let work = desk.work
        var found: [[String]?] = []
        found.append(
            await complaints {
                try await work.changeAccount(subject, name: "別", phone: "03-0000-0009", duties: [], by: caller)
            }
        )
        found.append(await complaints { try await work.resumeAccount(subject, reason: "理由", by: caller) })
        found.append(
            await complaints {
                _ = try await work.resetPassword(subject, reason: "理由", by: caller, session: "x")
            }
        )
        found.append(await complaints { try await work.stopAccount(subject, reason: "理由", by: caller) })
        #expect(found.map { $0?.joined() ?? "ok" }.joined(separator: " ") == expected)
    }

    @Test func `the history says who did what to whom, and why, sealed`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        _ = try await desk.work.issue(IssuingOffice.draft("new", "med-1"), by: caller, session: "s")
        try await desk.work.changeAccount(
            "new",
            name: "別の名前",
            phone: "090-0000-0003",
            duties: [.manager],
            by: caller
        )
        // Nothing changed, nothing said.
        try await desk.work.changeAccount(
            "new",
            name: "別の名前",
            phone: "090-0000-0003",
            duties: [.manager],
            by: caller
        )
        try await desk.work.stopAccount("new", reason: "廃院のため", by: caller)
        try await desk.work.stopAccount(login: "tokyo")
        let found = try await desk.work.managedAccount("new", by: caller)
        #expect(found.events.map(\.action) == [.stopped, .changed, .issued])
        #expect(found.events.allSatisfy { $0.actor == caller.viewer.account && $0.organisation == "hc-13104" })
        #expect(found.events.map(\.reason) == ["廃院のため", nil, nil])
        #expect(
            found.events[1].changes == [
                .init("name", old: "佐々木 花", new: "別の名前"), .init("duties", old: "", new: "システム利用管理者"),
            ]
        )
        let everything = try await desk.office.everything()
        for word in ["廃院のため", "090-0000-0003"] { #expect(everything.range(of: Data(word.utf8)) == nil) }
        let ministry = try await desk.caller("mhlw")
        let command = try await desk.work.managedAccount("tokyo", by: ministry).events
        #expect(command.map(\.action) == [.stopped, .issued] && command.allSatisfy { $0.actor == 0 })
    }

    @Test func `duties that somebody else names stay when an account is changed`() async throws {
        let desk = try await IssuingOffice()
        let ministry = try await desk.caller("mhlw")
        try await desk.account("both", "hc-13104", [.issuer, .manager])
        try await desk.work.changeAccount("both", name: "二役", phone: "03-0000-0002", duties: [.issuer], by: ministry)
        #expect(try await desk.work.managedAccount("both", by: ministry).duties == [.issuer, .manager])
        #expect(
            await complaints {
                try await desk.work.changeAccount("both", name: "二役", phone: "03-0000-0002", duties: [], by: ministry)
            } == ["duties required"]
        )
    }
}
