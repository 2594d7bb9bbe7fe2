import Access
import Casework
import Catalogue
import Storage
import Testing

/// 許可, お知らせ, 緊急閲覧, 閲覧記録, 閲覧の点検.
@Suite struct SharingTests {
    private static func reported() async throws -> (office: Office, number: CaseNumber) {
        let office = try await Office()
        return (office, try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number)
    }

    private static func grant(_ section: Section, write: Bool = false, days: Int = 0, to key: String = "med-1") -> Grant
    {
        Grant(organisation: key, section: section, write: write, until: CalendarDate(dayNumber: 18_404 + Int32(days)))
    }

    // MARK: Grants

    @Test func `a granted section opens to its organisation until its last day and closes when it is ended`()
        async throws
    {
        let (office, number) = try await Self.reported()
        let (centre, clinic) = (try office.caller("hc-13104"), try office.caller("med-1"))
        #expect(try await !office.casework.read(number, by: clinic).permission.reads(.welfare))
        _ = try await office.casework.grant(number, Self.grant(.welfare), by: centre)
        _ = try await office.casework.grant(number, Self.grant(.household, write: true, days: 3), by: centre)
        let open = try await office.casework.read(number, by: clinic).permission
        #expect(open.reads(.welfare) && !open.writes(.welfare))
        #expect(open.reads(.household) && open.writes(.household))
        let kinds = try await office.casework.notices(by: clinic).lines.map(\.notice.kind)
        #expect(kinds == [.grant, .grant])
        office.clock.advance(86_400)
        let next = try await office.casework.read(number, by: clinic).permission
        #expect(!next.reads(.welfare) && next.reads(.household))
        _ = try await office.casework.endGrant(number, to: "med-1", section: .household, by: centre)
        #expect(try await !office.casework.read(number, by: clinic).permission.reads(.household))
        let history = try await office.casework.history(number, by: centre).subject
        #expect(history.map(\.action) == ["notify", "grant", "grant", "grant-end"])
        #expect(history[1].reason?.contains("福祉") == true)
        #expect(try await office.casework.history(number, by: clinic).subject.map(\.action) == ["notify"])
    }

    @Test(arguments: [Section.activity, .contact, .infectionLink, .route, .management])
    func `what is closed to an institution can't be granted`(section: Section) async throws {
        let (office, number) = try await Self.reported()
        let wrong = await findings {
            _ = try await office.casework.grant(number, Self.grant(section), by: office.caller("hc-13104"))
        }
        #expect(wrong.map(\.code) == ["closed"])
        #expect(!Casework.grantable(to: .medical).contains(section))
    }

    @Test func `grants go to parties, by the health centre in charge, for a year at the most`() async throws {
        let (office, number) = try await Self.reported()
        let centre = try office.caller("hc-13104")
        for (grant, code) in [
            (Self.grant(.memo, to: "med-2"), "not_party"), (Self.grant(.memo, to: "mhlw"), "not_party"),
            (Self.grant(.memo, days: -1), "range"), (Self.grant(.memo, days: 367), "range"),
        ] {
            let wrong = await findings { _ = try await office.casework.grant(number, grant, by: centre) }
            #expect(wrong.map(\.code) == [code])
        }
        for key in ["med-1", "pref-13", "hc-13113"] {
            await #expect(throws: Refusal.self) {
                try await office.casework.grant(number, Self.grant(.memo), by: office.caller(key))
            }
        }
        #expect(try await office.casework.read(number, by: centre).subject.version == 1)
    }

    @Test func `a default is given with the party and not where it was ended`() async throws {
        let office = try await Office()
        let (centre, clinic) = (try office.caller("hc-13104"), try office.caller("med-1"))
        let standing = GrantDefault(organisation: "med-1", section: .severity, write: false, days: 2)
        try await office.casework.setGrantDefault(standing, by: centre)
        try await office.casework.setGrantDefault(
            GrantDefault(organisation: "med-2", section: .memo, write: true, days: 1),
            by: centre
        )
        let number = try await office.casework.notify(Office.report(), by: clinic).subject.number
        let file = try await office.casework.read(number, by: centre).subject
        #expect(file.grants == [Self.grant(.severity, days: 1)])
        #expect(try await office.casework.read(number, by: clinic).permission.reads(.severity))
        try await office.casework.endGrantDefault("med-1", .severity, by: centre)
        #expect(try await office.casework.grantDefaults(by: centre).map(\.organisation) == ["med-2"])
        let second = try await office.casework.notify(Office.report("鈴木", "スズキ"), by: clinic).subject
        #expect(second.grants.isEmpty)
        let wrong = await findings {
            try await office.casework.setGrantDefault(
                GrantDefault(organisation: "fol-1", section: .whereabouts, write: false, days: 400),
                by: centre
            )
        }
        #expect(Set(wrong.map(\.code)) == ["closed", "range"])
        await #expect(throws: Refusal.self) { try await office.casework.setGrantDefault(standing, by: clinic) }
    }

    // MARK: Notices

    @Test func `notices come with the change, are counted, and are read for the whole organisation`() async throws {
        let (office, number) = try await Self.reported()
        let (centre, other) = (try office.caller("hc-13104"), try office.caller("hc-14100", 5))
        _ = try await office.casework.setRelated(number, offices: ["hc-14100"], by: centre)
        _ = try await office.casework.sendBack(number, reason: "住所を確認", by: centre)
        #expect(try await office.casework.notices(by: office.caller("med-1")).lines.map(\.notice.kind) == [.returned])
        let page = try await office.casework.notices(by: other)
        #expect(page.lines.map(\.notice.kind) == [.related])
        #expect(page.lines.map(\.isReachable) == [true])
        #expect(page.unread == 1)
        let id = try #require(page.lines.first?.notice.id)
        // Another organisation's mark changes nothing here.
        try await office.casework.markNoticeRead(id, andEarlier: true, by: centre)
        #expect(try await office.casework.unreadNotices(of: "hc-14100") == 1)
        try await office.casework.markNoticeRead(id, andEarlier: false, by: other)
        #expect(try await office.casework.unreadNotices(of: "hc-14100") == 0)
        // A change that is refused tells nobody.
        await #expect(throws: Refusal.self) {
            try await office.casework.setRelated(number, offices: ["hc-13113"], seen: 1, by: centre)
        }
        #expect(try await office.casework.unreadNotices(of: "hc-13113") == 0)
    }

    @Test func `a residence elsewhere tells its health centre with the report`() async throws {
        let office = try await Office()
        var report = Office.report()
        report.items[.addressMunicipality] = "131130"
        _ = try await office.casework.notify(report, by: office.caller("med-1"))
        #expect(try await office.casework.notices(by: office.caller("hc-13113")).lines.map(\.notice.kind) == [.related])
    }

    // MARK: Break-glass

    @Test func `a case that was opened reads for three hours to one person, everybody in charge is told`()
        async throws
    {
        let (office, number) = try await Self.reported()
        let (opener, colleague) = (try office.caller("hc-14100", 7), try office.caller("hc-14100", 8))
        let asked = try await office.casework.open(number.display, reason: "救急搬送の照会", by: opener)
        #expect(asked == number)
        let seen = try await office.casework.read(number, by: opener)
        #expect(seen.permission.roles == [.opened])
        #expect(seen.subject.items[.familyName] == "佐藤")
        #expect(Section.allCases.allSatisfy { !seen.permission.writes($0) })
        await #expect(throws: Refusal.self) { try await office.casework.read(number, by: colleague) }
        await #expect(throws: Refusal.self) {
            try await office.casework.revise(number, Revision(seen: 1, items: ["memo": .text("x")]), by: opener)
        }
        let program = try office.caller("hc-14100", 7, through: .api)
        await #expect(throws: Refusal.self) { try await office.casework.read(number, by: program) }
        for key in ["hc-13104", "city-13104", "pref-13"] {
            let lines = try await office.casework.notices(by: office.caller(key)).lines
            #expect(lines.map(\.notice.kind) == [.open], "\(key)")
            #expect(lines.first?.notice.sender == "hc-14100")
        }
        let line = try await office.casework.history(number, by: office.caller("hc-13104")).subject.last
        #expect(line?.action == "open")
        #expect(line?.reason == "救急搬送の照会")
        #expect(try await office.casework.openCases(by: opener).map(\.number) == [number])
        // The readings that it allowed are marked.
        let readings = try await office.casework.readings(of: number, by: office.caller("hc-13104"))
        #expect(readings.rows.contains { $0.reading.what == "open" && $0.organisation == "hc-14100" })
        await #expect(throws: Refusal.self) { try await office.casework.readings(of: number, by: opener) }

        let elsewhere = Casework(
            engine: office.engine,
            keys: office.keys,
            passwordCost: 6,
            clock: { [clock = office.clock] in clock.now }
        )
        office.clock.advance(Casework.openingSeconds - 1)
        _ = try await elsewhere.read(number, by: opener)
        office.clock.advance(1)
        await #expect(throws: Refusal.self) { try await elsewhere.read(number, by: opener) }
        await #expect(throws: Refusal.self) { try await office.casework.history(number, by: opener) }
        #expect(try await office.casework.openCases(by: opener).isEmpty)
    }

    @Test func `a number that doesn't exist is answered as one that can't be opened`() async throws {
        let (office, _) = try await Self.reported()
        let opener = try office.caller("hc-14100")
        let absent = try #require(CaseNumber(payload: 12_345))
        var answers: Set<[Finding]> = []
        for text in [absent.digits, "1", "佐藤", ""] {
            answers.insert(
                await findings { _ = try await office.casework.open(text, reason: "照会", by: opener) }
            )
        }
        #expect(answers.count == 1)
        #expect(answers.first?.map(\.place.item) == ["number"])
        let silent = await findings {
            _ = try await office.casework.open(absent.digits, reason: "", by: opener)
        }
        #expect(silent.map(\.place.item) == ["reason"])
        for _ in 4..<Casework.openingTries {
            _ = await findings { _ = try await office.casework.open("1", reason: "照会", by: opener) }
        }
        await #expect {
            _ = try await office.casework.open("1", reason: "照会", by: opener)
        } throws: { error in
            if case Refusal.tooMany = error { true } else { false }
        }
    }

    @Test(arguments: ["med-2", "fol-1", "pref-13", "mhlw"])
    func `nobody but a health centre opens`(key: String) async throws {
        let (office, number) = try await Self.reported()
        await #expect(throws: Refusal.self) {
            try await office.casework.open(number.digits, reason: "照会", by: office.caller(key))
        }
        #expect(try await office.casework.read(number, by: office.caller("hc-13104")).subject.version == 1)
    }

    // MARK: Readings

    @Test func `who read a case is shown page by page to its health centres and headquarters`() async throws {
        let (office, number) = try await Self.reported()
        for account in 1...55 {
            office.clock.advance(1)
            _ = try await office.casework.read(number, by: office.caller("pref-13", Int64(account)))
        }
        for _ in 0..<3 { _ = try await office.casework.read(number, by: office.caller("hc-13104", 99)) }
        let centre = try office.caller("hc-13104")
        let first = try await office.casework.readings(of: number, by: centre)
        #expect(first.rows.count == Casework.readingsOnPage)
        let next = try #require(first.next)
        let rest = try await office.casework.readings(of: number, from: next, by: centre)
        #expect(rest.next == nil)
        #expect(first.rows.count + rest.rows.count == 56)
        #expect((first.rows + rest.rows).contains { $0.organisation == "hc-13104" && $0.reading.times == 3 })
        #expect(first.rows.allSatisfy { $0.reading.address == "192.0.2.1" })
        for key in ["med-1", "hc-14100", "mhlw"] {
            await #expect(throws: Refusal.self) {
                try await office.casework.readings(of: number, by: office.caller(key))
            }
        }
    }

    @Test func `the daily review names who read cases of their own name or many at night`()
        async throws
    {
        let office = try await Office()
        let directory = try await office.casework.directory()
        let store = AccountStore(Vault(office.keys))
        let names = ["佐藤 次郎", "山本 良子"]
        let ids = try await office.engine.write { connection in
            try names.enumerated().map { index, name in
                let account = Account(
                    login: "a\(index)",
                    organisation: "hc-13104",
                    name: name,
                    password: "",
                    phone: ""
                )
                return try store.insert(account, at: office.clock.now, directory: directory, connection)
            }
        }
        var numbers: [CaseNumber] = []
        for index in 0..<25 {
            let report = Office.report(index == 0 ? "佐藤" : "鈴木", index == 0 ? "サトウ" : "スズキ")
            numbers.append(try await office.casework.notify(report, by: office.caller("med-1")).subject.number)
        }
        _ = try await office.casework.read(numbers[0], by: office.caller("hc-13104", ids[0]))
        _ = try await office.casework.read(numbers[1], by: office.caller("hc-13104", ids[1]))
        office.clock.advance(13 * 3600)
        for number in numbers { _ = try await office.casework.read(number, by: office.caller("hc-13104", ids[1])) }
        office.clock.advance(86_400)
        try await office.casework.reviewReadings()
        try await office.casework.reviewReadings()
        let found = try await office.casework.unusualReadings(by: office.caller("hc-13104"))
        #expect(found.count == 2)
        let reasons = Dictionary(uniqueKeysWithValues: found.map { ($0.day.name, $0.reasons) })
        #expect(reasons["佐藤 次郎"] == [.namesake])
        #expect(reasons["山本 良子"] == [.night])
        #expect(try await office.casework.unusualReadings(by: office.caller("pref-13")).count == 2)
        #expect(try await office.casework.unusualReadings(by: office.caller("hc-14100")).isEmpty)
        await #expect(throws: Refusal.self) {
            try await office.casework.unusualReadings(by: office.caller("med-1"))
        }
    }
}
