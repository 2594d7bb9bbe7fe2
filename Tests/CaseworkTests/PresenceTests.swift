import Access
import Catalogue
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Casework

/// Casework with a case in it: an institution, its health centre, a related one, the headquarters, a contractor.
private struct Ground {
    let office: Office
    let number: CaseNumber
    var casework: Casework { office.casework }

    init() async throws {
        office = try await Office()
        number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.setRelated(number, offices: ["hc-13113"], by: office.caller("hc-13104"))
    }

    /// A page's sign; its token follows from the account.
    @discardableResult
    func sign(
        _ key: OrganisationKey,
        _ account: Int64,
        editing section: Section? = nil,
        seen: Int? = nil
    ) async throws -> PageNews {
        try await casework.present(
            at: number,
            editing: section,
            page: "page0000\(account)",
            seen: seen,
            by: office.caller(key, account)
        )
    }
}

@Suite struct `Who has a case open` {
    @Test func `people who see the whole case are named to each other`() async throws {
        let ground = try await Ground()
        #expect(try await ground.sign("hc-13104", 1).present.isEmpty)
        let other = try await ground.sign("hc-13113", 2, editing: .memo)
        #expect(other.present == [Presence(who: .person(name: "新宿区保健所 1", organisation: "hc-13104"), section: nil)])
        let first = try await ground.sign("hc-13104", 1)
        #expect(first.present == [Presence(who: .person(name: "渋谷区保健所 2", organisation: "hc-13113"), section: .memo)])
    }

    @Test func `an institution is told of the health centre in charge without a name, and of nobody else`() async throws
    {
        let ground = try await Ground()
        try await ground.sign("hc-13113", 2)
        try await ground.sign("pref-13", 3)
        #expect(try await ground.sign("med-1", 4).present.isEmpty)
        try await ground.sign("hc-13104", 1, editing: .activity)
        // The section stays hidden with it: the institution never sees 行動歴.
        #expect(try await ground.sign("med-1", 4).present == [Presence(who: .office, section: nil)])
        try await ground.sign("hc-13104", 5, editing: .person)
        #expect(try await ground.sign("med-1", 4).present == [Presence(who: .office, section: .person)])
        // Those who see the whole case are told the institution, and no name.
        let seen = try await ground.sign("hc-13104", 1, editing: .activity)
        #expect(seen.present.contains(Presence(who: .organisation("med-1"), section: nil)))
    }

    @Test func `the ministry is told of nobody, and nobody of it`() async throws {
        let ground = try await Ground()
        try await ground.sign("hc-13104", 1)
        #expect(try await ground.sign("mhlw", 9).present.isEmpty)
        #expect(try await ground.sign("hc-13104", 1).present.isEmpty)
    }

    @Test func `for whoever is no party there is no such case`() async throws {
        let ground = try await Ground()
        for key in ["hc-14100", "med-2"] {
            await #expect(throws: Refusal.self) { try await ground.sign(key, 6) }
        }
        #expect(try await ground.sign("hc-13104", 1).present.isEmpty)
    }

    @Test func `a closed page is gone at once, a silent one after a minute`() async throws {
        let ground = try await Ground()
        try await ground.sign("hc-13113", 2)
        #expect(try await ground.sign("hc-13104", 1).present.count == 1)
        ground.casework.leave(page: "page00002", by: try ground.office.caller("hc-13113", 2))
        #expect(try await ground.sign("hc-13104", 1).present.isEmpty)
        try await ground.sign("hc-13113", 2)
        ground.office.clock.advance(59)
        #expect(try await ground.sign("hc-13104", 1).present.count == 1)
        ground.office.clock.advance(1)
        #expect(try await ground.sign("hc-13104", 1).present.isEmpty)
        // Nobody closes another's page.
        try await ground.sign("hc-13113", 2)
        ground.casework.leave(page: "page00002", by: try ground.office.caller("hc-13104", 1))
        #expect(try await ground.sign("hc-13104", 1).present.count == 1)
    }

    @Test func `what was saved is told with the name that the viewer may know`() async throws {
        let ground = try await Ground()
        #expect(try await ground.sign("hc-13104", 1, seen: 2).change == nil)
        let revision = Revision(seen: 2, items: ["occupation": .text("看護師")])
        _ = try await ground.casework.revise(ground.number, revision, by: ground.office.caller("hc-13104", 7))
        #expect(try await ground.sign("hc-13104", 1, seen: 2).change?.actor == "新宿区保健所 7")
        let told = try await ground.sign("med-1", 4, seen: 2).change
        #expect(told?.actor == "")
        #expect(try await ground.sign("hc-13104", 1, seen: 3).change == nil)
    }

    @Test func `pages of the case hear that somebody came or went, only those who are told of them`() async throws {
        let ground = try await Ground()
        let hub = ground.casework.events
        let (centre, institution) = (
            hub.events(for: "hc-13104", showing: ground.number), hub.events(for: "med-1", showing: ground.number)
        )
        let (list, stranger) = (hub.events(for: "hc-13104"), hub.events(for: "hc-14100", showing: ground.number))
        try await ground.sign("hc-13104", 1)
        try await ground.sign("med-1", 4)
        // The institution mustn't notice this by the moment at which it hears something.
        try await ground.sign("hc-13113", 2)
        try await ground.sign("hc-13113", 2)
        hub.finish()
        func count(_ events: AsyncStream<PageEvent>) async -> Int {
            var count = 0
            for await event in events where event == .presence(ground.number) { count += 1 }
            return count
        }
        // Itself, the institution, the related centre; a sign that says nothing new is told to nobody.
        #expect(await count(centre) == 3)
        // Itself: it has nobody to be told of but the health centre, which was there before.
        #expect(await count(institution) == 1)
        #expect(await count(list) == 0)
        #expect(await count(stranger) == 0)
    }

    @Test func `an account's pages are limited, and a page is on one case at a time`() throws {
        let board = PresenceBoard(tell: { _ in }, deliver: { _, _ in })
        let (one, two) = try (#require(CaseNumber(payload: 1)), #require(CaseNumber(payload: 2)))
        let now = Timestamp(seconds: 1_600_000_000)
        func page(_ number: CaseNumber, _ token: String, _ account: Int64 = 1) -> OpenPage {
            OpenPage(
                number: number,
                token: token,
                account: account,
                organisation: "hc",
                standing: .whole,
                section: nil
            )
        }
        let viewer = page(one, "viewer00", 2)
        for index in 0..<100 {
            let at = now.adding(seconds: Int64(index) / 10)
            board.sign(page(one, "page\(1000 + index)"), name: "甲", now: at)
        }
        #expect(board.others(of: viewer, now: now).count == 40)
        board.sign(page(two, "page1099"), name: "甲", now: now.adding(seconds: 10))
        #expect(board.others(of: viewer, now: now).count == 39)
    }

    @Test func `signs go to the other servers together, comings and goings at once`() throws {
        let told = Mutex<[String]>([])
        let board = PresenceBoard(tell: { line in told.withLock { $0.append(line) } }, deliver: { _, _ in })
        let number = try #require(CaseNumber(payload: 1))
        let start = Timestamp(seconds: 1_600_000_000)
        func sign(_ account: Int64, _ seconds: Int64) -> Int {
            let page = OpenPage(
                number: number,
                token: "page0000",
                account: account,
                organisation: "hc",
                standing: .whole,
                section: nil
            )
            board.sign(page, name: "甲", now: start.adding(seconds: seconds))
            return told.withLock { lines in
                defer { lines = [] }
                return lines.count
            }
        }
        #expect(sign(1, 0) == 1)
        #expect(sign(2, 0) == 1)
        #expect(sign(1, 20) == 1)
        #expect(sign(2, 20) == 0)
        #expect(sign(1, 25) == 0)
        #expect(sign(1, 31) == 2)
        board.leave(account: 1, token: "page0000")
        #expect(told.withLock { $0 } == ["gone/1 1 page0000"])
    }

    @Test(arguments: Section.allCases.map { Optional($0) } + [nil])
    func `a line to another server comes back as it was`(section: Section?) throws {
        let number = try #require(CaseNumber(payload: 77))
        for standing in Standing.allCases {
            let page = OpenPage(
                number: number,
                token: "abcdef0123456789",
                account: 12,
                organisation: "医 療,機関",
                standing: standing,
                section: section
            )
            #expect(EventLine(EventLine.present(page).text) == .present(page))
        }
        let gone = EventLine.gone(account: 3, token: "abcdef01")
        #expect(EventLine(gone.text) == gone)
        for line in ["here/1", "here/1 1 2 3", "gone/1 x abcdef01", "gone/1 1 AB", "here/2 a"] {
            #expect(EventLine(line) == nil, "\(line)")
        }
    }
}
