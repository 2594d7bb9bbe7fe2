import Access
import Catalogue
import Foundation
import Storage
import Testing

@testable import Casework

/// 導入準備状況: answers, the ministry's days, reminders, and what they mean for the sign-in.
@Suite struct ReadinessTests {
    /// The office's clock stands on 22 May 2020.
    private static let today = CalendarDate(dayNumber: 18_404)
    private static let common = today.adding(days: 7)

    private static func draft(
        _ starts: CalendarDate? = nil,
        seen: Int = 0,
        contact: String = "感染症対策課 佐藤"
    ) -> ReadinessDraft {
        ReadinessDraft(
            onCommonDay: starts == nil,
            startsOn: starts,
            reason: starts == nil ? "" : "端末の準備が遅れるため",
            contact: contact,
            phone: "03-0000-1111",
            mail: "kansen@example.lg.jp",
            seen: seen
        )
    }

    private static func setDays(_ office: Office, answerBy: CalendarDate? = nil, seen: Int = 0) async throws {
        try await office.casework.setOpeningDays(
            common: common,
            answerBy: answerBy,
            seen: seen,
            by: issuer(office)
        )
    }

    /// The ministry's, with the duty that sets the days.
    private static func issuer(_ office: Office) async throws -> Caller {
        let caller = try office.caller("mhlw")
        let now = office.clock.now
        try await office.engine.write {
            try DutyStore.set([.issuer], of: caller.viewer.account, by: 0, at: now, $0)
        }
        return caller
    }

    // MARK: Answers

    @Test func `a headquarters answers, changes its answer, and both stay in the history`() async throws {
        let office = try await Office()
        let tokyo = try office.caller("pref-13")
        try await office.casework.answerReadiness(Self.draft(), by: tokyo)
        office.clock.advance(60)
        try await office.casework.answerReadiness(Self.draft(Self.today.adding(days: 20), seen: 1), by: tokyo)
        let page = try await office.casework.readiness(by: tokyo)
        #expect(page.answers.map(\.version) == [2, 1])
        #expect(page.answers.map(\.startsOn) == [Self.today.adding(days: 20), nil])
        #expect(page.answers.first?.reason == "端末の準備が遅れるため")
        #expect(page.answers.map(\.actor) == ["東京都調整本部 1", "東京都調整本部 1"])
        #expect(page.answers[0].at > page.answers[1].at)
        let register = try await office.casework.readinessRegister(by: office.caller("mhlw"))
        #expect(register.standings.map(\.government.key) == ["pref-13", "city-13104"])
        #expect(register.unanswered.map(\.government.key) == ["city-13104"])
        #expect(register.standings.first?.giver == "東京都調整本部")
    }

    @Test func `two who answer at once don't overwrite each other`() async throws {
        let office = try await Office()
        let tokyo = try office.caller("pref-13")
        try await office.casework.answerReadiness(Self.draft(), by: tokyo)
        let found = await findings { try await office.casework.answerReadiness(Self.draft(seen: 0), by: tokyo) }
        #expect(found.map(\.code) == ["changed"])
        #expect(try await office.casework.readiness(by: tokyo).answers.count == 1)
    }

    @Test(arguments: [
        ("reason", "required"), ("starts_on", "required"), ("starts_on", "range"), ("starts_on", "order"),
        ("contact", "required"), ("contact", "length"), ("phone", "length"), ("mail", "format"), ("mail", "required"),
    ])
    func `an answer that can't be used is refused at its place`(place: String, code: String) async throws {
        let office = try await Office()
        try await Self.setDays(office)
        var draft = Self.draft(Self.common.adding(days: 3))
        switch (place, code) {
        case ("reason", _): draft.reason = "　"
        case ("starts_on", "required"): draft.startsOn = nil
        case ("starts_on", "range"): draft.startsOn = Self.today.adding(days: 400)
        case ("starts_on", _): draft.startsOn = Self.common
        case ("contact", "required"): draft.contact = ""
        case ("contact", _): draft.contact = String(repeating: "課", count: 61)
        case ("phone", _): draft.phone = "03-12"
        case ("mail", "format"): draft.mail = "kansen@"
        default: draft.mail = ""
        }
        let found = await findings {
            try await office.casework.answerReadiness(draft, by: office.caller("pref-13"))
        }
        #expect(found.map { "\($0.place.item) \($0.code)" } == ["\(place) \(code)"])
        #expect(try await office.casework.readiness(by: office.caller("pref-13")).answers.isEmpty)
    }

    @Test func `after the last day only the ministry changes an answer, and writes that it came by mail`() async throws
    {
        let office = try await Office()
        try await Self.setDays(office, answerBy: Self.today)
        try await office.casework.answerReadiness(Self.draft(), by: office.caller("pref-13"))
        office.clock.advance(86_400)
        #expect(try await office.casework.readiness(by: office.caller("pref-13")).mayAnswer == false)
        await #expect(throws: Refusal.self) {
            try await office.casework.answerReadiness(Self.draft(seen: 1), by: office.caller("pref-13"))
        }
        var mailed = Self.draft(Self.common.adding(days: 1), seen: 1)
        mailed.byMail = true
        try await office.casework.answerReadiness(of: "pref-13", mailed, by: office.caller("mhlw"))
        let answer = try await office.casework.readiness(by: office.caller("pref-13")).answers.first
        #expect(answer?.byMail == true)
        #expect(answer?.actor == "厚生労働省 1")
        // A government can't say that its own answer came by mail.
        try await Self.setDays(office, seen: 1)
        mailed.seen = 0
        try await office.casework.answerReadiness(mailed, by: office.caller("city-13104"))
        #expect(try await office.casework.readiness(by: office.caller("city-13104")).answers.first?.byMail == false)
    }

    @Test(arguments: [
        ("pref-13", "city-13104"), ("city-13104", "pref-13"), ("hc-13104", "pref-13"), ("med-1", "city-13104"),
        ("fol-1", "pref-13"), ("lod-1", "pref-13"), ("mhlw", "hc-13104"), ("mhlw", "nowhere"),
    ])
    func `nobody reads or gives an answer of another government`(key: String, government: String) async throws {
        let office = try await Office()
        let caller = try office.caller(key)
        await #expect(throws: Refusal.self) { _ = try await office.casework.readiness(of: government, by: caller) }
        await #expect(throws: Refusal.self) {
            try await office.casework.answerReadiness(of: government, Self.draft(), by: caller)
        }
        let register = try await office.casework.readinessRegister(by: office.caller("mhlw"))
        #expect(register.unanswered.count == register.standings.count)
    }

    @Test func `a health centre reads its government's answer and gives none`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let page = try await office.casework.readiness(by: centre)
        #expect(page.government.key == "city-13104")
        #expect(!page.mayAnswer)
        await #expect(throws: Refusal.self) { try await office.casework.answerReadiness(Self.draft(), by: centre) }
    }

    @Test(arguments: ["pref-13", "hc-13104", "med-1"])
    func `the register, the days and reminders are the ministry's alone`(key: String) async throws {
        let office = try await Office()
        let caller = try office.caller(key)
        await #expect(throws: Refusal.self) { _ = try await office.casework.readinessRegister(by: caller) }
        await #expect(throws: Refusal.self) { _ = try await office.casework.readinessCSV(by: caller) }
        await #expect(throws: Refusal.self) { _ = try await office.casework.remindOfReadiness(by: caller) }
        await #expect(throws: Refusal.self) {
            try await office.casework.setOpeningDays(common: Self.common, answerBy: nil, seen: 0, by: caller)
        }
    }

    @Test func `who is to be asked is stored sealed`() async throws {
        let office = try await Office()
        let draft = Self.draft(Self.today.adding(days: 9), contact: "防疫係 三船敏江")
        try await office.casework.answerReadiness(draft, by: office.caller("pref-13"))
        let everything = try await office.everything()
        for text in ["三船敏江", "端末の準備が遅れる", "kansen@example", "03-0000-1111"] {
            #expect(everything.range(of: Data(text.utf8)) == nil, "\(text)")
        }
    }

    // MARK: Reminders

    @Test func `who hasn't answered is reminded in its notice box, once a day`() async throws {
        let office = try await Office()
        let ministry = try office.caller("mhlw")
        try await office.casework.answerReadiness(Self.draft(), by: office.caller("pref-13"))
        let first = try await office.casework.remindOfReadiness(by: ministry)
        #expect(first == (1, 0))
        let again = try await office.casework.remindOfReadiness(by: ministry)
        #expect(again == (0, 1))
        let box = try await office.casework.notices(by: office.caller("city-13104"))
        #expect(box.lines.map(\.notice.kind) == [.readiness])
        #expect(box.lines.first?.notice.number == nil)
        #expect(box.lines.first?.isReachable == true)
        #expect(box.unread == 1)
        #expect(try await office.casework.unreadNotices(of: "pref-13") == 0)
        office.clock.advance(86_400)
        let tomorrow = try await office.casework.remindOfReadiness(by: ministry)
        #expect(tomorrow == (1, 0))
        let register = try await office.casework.readinessRegister(by: ministry)
        #expect(register.unanswered.first?.remindedAt == office.clock.now)
    }

    // MARK: The days

    @Test func `only the ministry's issuers set the days`() async throws {
        let office = try await Office()
        let ministry = try office.caller("mhlw")
        await #expect(throws: Refusal.self) {
            try await office.casework.setOpeningDays(common: Self.common, answerBy: nil, seen: 0, by: ministry)
        }
        try await Self.setDays(office)
    }

    @Test func `who works already isn't shut out by a later day`() async throws {
        let office = try await Office()
        let tokyo = try office.caller("pref-13")
        try await Self.setDays(office)
        office.clock.advance(Int64(Self.common.days(since: Self.today)) * 86_400)
        #expect(try await office.casework.entry(of: "med-1") == .open)
        let later = await findings {
            try await office.casework.answerReadiness(Self.draft(Self.common.adding(days: 30)), by: tokyo)
        }
        #expect(later.map(\.code) == ["begun"])
        // Who is to be asked can still change, and the ministry can still put a government off.
        try await office.casework.answerReadiness(Self.draft(), by: tokyo)
        let all = await findings {
            try await office.casework.setOpeningDays(
                common: Self.common.adding(days: 30),
                answerBy: nil,
                seen: 1,
                by: office.caller("mhlw")
            )
        }
        #expect(all.map(\.code) == ["begun"])
        #expect(try await office.casework.entry(of: "med-1") == .open)
        try await office.casework.answerReadiness(
            of: "city-13104",
            Self.draft(Self.common.adding(days: 30)),
            by: office.caller("mhlw")
        )
        #expect(try await office.casework.entry(of: "med-1") != .open)
    }

    @Test func `days are set one after the other and can be taken back`() async throws {
        let office = try await Office()
        try await Self.setDays(office, answerBy: Self.today)
        let found = await findings { try await Self.setDays(office) }
        #expect(found.map(\.code) == ["changed"])
        let late = await findings {
            try await Self.setDays(office, answerBy: Self.common.adding(days: 1), seen: 1)
        }
        #expect(late.map(\.place.item) == ["answer_by"])
        let ministry = try await Self.issuer(office)
        try await office.casework.setOpeningDays(common: nil, answerBy: nil, seen: 1, by: ministry)
        #expect(try await office.casework.entry(of: "med-1") == .open)
        let settings = try await office.casework.readinessRegister(by: ministry).settings
        #expect(settings.map(\.common) == [nil, Self.common])
        #expect(settings.last?.answerBy == Self.today)
    }

    @Test(arguments: [
        ("med-1", "新宿区"), ("hc-13104", "新宿区"), ("city-13104", "新宿区"), ("med-2", "東京都"), ("hc-13113", "東京都"),
        ("fol-1", "東京都"), ("lod-1", "東京都"), ("pref-13", "東京都"), ("hc-14100", "HER-SYS"),
    ])
    func `everybody waits for the government that they belong to`(key: String, government: String) async throws {
        let office = try await Office()
        try await Self.setDays(office)
        let later = Self.common.adding(days: 4)
        let city = try office.caller("city-13104")
        try await office.casework.answerReadiness(Self.draft(later), by: city)
        func refusal() async throws -> NotYetOpen? {
            switch try await office.casework.entry(of: key) {
            case .open: nil
            case .preparing(let refusal), .closed(let refusal): refusal
            }
        }
        #expect(
            try await refusal() == NotYetOpen(government: government, day: government == "新宿区" ? later : Self.common)
        )
        office.clock.advance(7 * 86_400)
        #expect(try await (refusal() == nil) == (government != "新宿区"))
        office.clock.advance(4 * 86_400)
        #expect(try await refusal() == nil)
        #expect(try await office.casework.entry(of: "mhlw") == .open)
    }

    @Test func `before the day no session opens after the right code, and on the day one does`() async throws {
        let office = try await Office()
        let password = "hersys-renshu-2020"
        try await office.casework.issueAccount(
            login: "aoba",
            name: "青葉",
            organisation: "med-1",
            phone: "03-0000-0002",
            password: password
        )
        func signIn(_ password: String) async throws -> String {
            let pending = try await office.casework.signIn(
                login: "aoba",
                password: password,
                address: "192.0.2.9",
                returnTo: "/"
            )
            let text = try #require(try await office.casework.messages().first?.text)
            let code = String(text.filter { $0.isNumber }.prefix(6))
            let opened = try await office.casework.completeSignIn(pending.secret, code: code, address: "192.0.2.9")
            return opened.session
        }
        try await Self.setDays(office)
        let refusal = NotYetOpen(government: "新宿区", day: Self.common)
        await #expect(throws: refusal) { _ = try await signIn(password) }
        let sessions = try await office.engine.read { try $0.number("SELECT count(*) FROM sessions") }
        #expect(sessions == 0)
        // Whoever hasn't the password hears nothing of the day.
        let wrong = await findings { _ = try await signIn("falsch-falsch-falsch") }
        #expect(wrong.map(\.code) == ["wrong"])
        office.clock.advance(7 * 86_400)
        let session = try await signIn(password)
        #expect(try await office.casework.session(session)?.organisation.key == "med-1")
    }

    @Test func `another server hears of a day at once`() async throws {
        let office = try await Office()
        let clock = office.clock
        let other = Casework(engine: office.engine, keys: office.keys, passwordCost: 6, clock: { clock.now })
        #expect(try await other.entry(of: "med-1") == .open)
        try await Self.setDays(office)
        // Within the minute that a directory is kept at the most, also where no line between servers is up.
        office.clock.advance(61)
        #expect(try await other.entry(of: "med-1") != .open)
    }

    @Test func `the register goes out as a file without formulas`() async throws {
        let office = try await Office()
        var draft = Self.draft(Self.common)
        draft.reason = "=1+1"
        try await office.casework.answerReadiness(draft, by: office.caller("pref-13"))
        let text = String(decoding: try await office.casework.readinessCSV(by: office.caller("mhlw")), as: UTF8.self)
        let lines = text.split(separator: "\r\n")
        #expect(lines.count == 3)
        #expect(lines[1].contains("13,pref-13,東京都,遅らせる"))
        #expect(lines[1].contains("'=1+1"))
        #expect(lines[2].contains("新宿区,未回答"))
    }
}
