import Access
import Catalogue
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Casework

/// Two servers' casework on one database with one key file and one time.
private final class Pair: Sendable {
    static let password = "hersys-renshu-2020"

    let first: Casework
    let second: Casework
    let clock = Office.Clock()
    private let database: TemporaryDatabase
    private let other: any Engine

    var both: [Casework] { [first, second] }

    init() async throws {
        database = try await TemporaryDatabase()
        other = try database.another()
        let (keys, time) = (KeyRing.generate(), clock)
        first = Casework(engine: database.engine, keys: keys, passwordCost: 6) { time.now }
        second = Casework(engine: other, keys: keys, passwordCost: 6) { time.now }
        try await Loader.load(Office.organisations, into: first)
    }

    deinit { try? other.close() }

    func caller(
        _ key: OrganisationKey,
        _ account: Int64 = 1,
        through: Caller.Channel = .page
    ) throws -> Caller {
        let organisation = try #require(Office.organisations.first { $0.key == key })
        return Caller(
            Viewer(organisation: organisation, account: account, name: "\(organisation.name) \(account)"),
            through: through,
            address: "192.0.2.1"
        )
    }

    /// Runs while both hear each other.
    func hearing(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for casework in both { group.addTask { await casework.hear() } }
            defer { group.cancelAll() }
            try await body()
        }
    }
}

/// Something that happens once.
private final class Flag: Sendable {
    private let held = Mutex(false)
    var isSet: Bool { held.withLock { $0 } }
    func set() { held.withLock { $0 = true } }
}

/// The first event of a stream that is what is looked for, nil after two seconds.
private func first(
    _ events: AsyncStream<PageEvent>,
    where isWanted: @escaping @Sendable (PageEvent) -> Bool
) async -> PageEvent? {
    await withTaskGroup(of: PageEvent?.self) { group in
        group.addTask {
            for await event in events where isWanted(event) { return event }
            return nil
        }
        group.addTask {
            try? await Task.sleep(for: .seconds(2))
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}

@Suite struct SeveralServersTests {
    /// Waits until the listening connections are there: what was told before is not heard.
    private static func untilHeard(_ pair: Pair) async throws {
        let probe = pair.second.events.events(for: "probe")
        let isHeard = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in probe { return isHeard.set() }
            }
            for _ in 0..<200 {
                if isHeard.isSet { break }
                let number = try #require(CaseNumber(payload: 0))
                pair.first.events.publish(CaseEvent(number: number, version: 1, action: "probe"), to: ["probe"])
                try await Task.sleep(for: .milliseconds(20))
            }
            group.cancelAll()
        }
    }

    @Test(.enabled(if: EngineKind.standard == .postgres))
    func `an event of one server reaches pages at the other within two seconds, and nobody else's`() async throws {
        let pair = try await Pair()
        try await pair.hearing {
            try await Self.untilHeard(pair)
            let centre = pair.second.events.events(for: "hc-13104")
            let stranger = pair.second.events.events(for: "hc-14100")
            let here = pair.first.events.events(for: "hc-13104")
            let number = try await pair.first.notify(Office.report(), by: pair.caller("med-1")).subject.number
            let wanted = PageEvent.changed(CaseEvent(number: number, version: 1, action: "notify"))
            #expect(await first(centre) { _ in true } == wanted)
            // The server in which it happened tells its pages itself, once.
            #expect(await first(here) { _ in true } == wanted)
            _ = try await pair.first.confirm(number, by: pair.caller("hc-13104"))
            pair.first.events.finish()
            pair.second.events.finish()
            var more = 0
            for await _ in here { more += 1 }
            #expect(more == 1)
            for await _ in stranger { Issue.record("a stranger heard of the case") }
        }
    }

    @Test(.enabled(if: EngineKind.standard == .postgres))
    func `an organisation that one server adds is known to the other at once`() async throws {
        let pair = try await Pair()
        try await pair.hearing {
            try await Self.untilHeard(pair)
            #expect(try await pair.second.directory()["hc-99"] == nil)
            try await Loader.load([Organisation(key: "hc-99", kind: .healthCentre, name: "新設保健所")], into: pair.first)
            var isKnown = false
            for _ in 0..<200 where !isKnown {
                isKnown = try await pair.second.directory()["hc-99"] != nil
                if !isKnown { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(isKnown)
        }
    }

    @Test(.enabled(if: EngineKind.standard == .postgres))
    func `who has a case open at one server is seen at the other, by name, until the page is closed`() async throws {
        let pair = try await Pair()
        try await pair.first.issueAccount(
            login: "tanaka",
            name: "田中 花子",
            organisation: "hc-13104",
            phone: "03-0000-0002",
            password: Pair.password
        )
        let number = try await pair.first.notify(Office.report(), by: pair.caller("med-1")).subject.number
        let accounts = pair.first.accounts
        let account = try #require(
            try await pair.first.engine.read { try accounts.find(login: "tanaka", $0) }
        )
        let tanaka = try pair.caller("hc-13104", account.id)
        let other = try pair.caller("hc-13104", 99)
        func seen() async throws -> [Presence] {
            try await pair.second.present(at: number, editing: nil, page: "pagetwo2", seen: nil, by: other).present
        }
        func comes(_ expected: [Presence]) async throws -> Bool {
            for _ in 0..<100 {
                if try await seen() == expected { return true }
                try await Task.sleep(for: .milliseconds(20))
            }
            return false
        }
        try await pair.hearing {
            try await Self.untilHeard(pair)
            _ = try await pair.first.present(at: number, editing: .person, page: "pageone1", seen: nil, by: tanaka)
            let who = Presence.Who.person(name: "田中 花子", organisation: "hc-13104")
            #expect(try await comes([Presence(who: who, section: .person)]))
            pair.first.leave(page: "pageone1", by: tanaka)
            #expect(try await comes([]))
            // A server that ends says no farewell: without a sign its pages are gone after a minute.
            _ = try await pair.first.present(at: number, editing: nil, page: "pageone1", seen: nil, by: tanaka)
            #expect(try await comes([Presence(who: who, section: nil)]))
            pair.clock.advance(60)
            #expect(try await seen().isEmpty)
        }
    }

    @Test func `a session of one server counts at the other, and ends at both`() async throws {
        let pair = try await Pair()
        try await pair.first.issueAccount(
            login: "tanaka",
            name: "田中",
            organisation: "hc-13104",
            phone: "03-0000-0002",
            password: Pair.password
        )
        let pending = try await pair.first.signIn(
            login: "tanaka",
            password: Pair.password,
            address: "192.0.2.1",
            returnTo: "/"
        )
        #expect(try await pair.second.pendingSignIn(pending.secret) != nil)
        let text = try #require(try await pair.second.messages().first?.text)
        let session = try await pair.second.completeSignIn(
            pending.secret,
            code: String(text.filter { $0.isNumber }.prefix(6)),
            address: "192.0.2.1"
        ).session
        let viewer = try await pair.first.session(session)
        #expect(viewer?.organisation.key == "hc-13104")
        #expect(pair.second.isFormToken(pair.first.formToken(session: session), session: session))
        try await pair.second.signOut(session: session)
        #expect(try await pair.first.session(session) == nil)
    }

    @Test func `wrong passwords at both count together`() async throws {
        let pair = try await Pair()
        func attempt(_ casework: Casework) async throws {
            _ = try await casework.signIn(
                login: "nobody",
                password: "wrong-password-1",
                address: "198.51.100.7",
                returnTo: "/"
            )
        }
        for number in 0..<6 {
            let said = await findings { try await attempt(pair.both[number % 2]) }
            #expect(said.map(\.place.item) == ["login"])
        }
        for casework in pair.both {
            do {
                try await attempt(casework)
                Issue.record("not locked")
            } catch Refusal.tooMany(let seconds) {
                #expect(seconds == 30)
            }
        }
    }

    @Test func `a draft that was begun at one is finished at the other, once`() async throws {
        let pair = try await Pair()
        let clinic = try pair.caller("med-1")
        let draft = try await pair.first.newDraft(["family_name": "下書き"], by: clinic)
        #expect(try await pair.second.draft(draft.id, by: clinic)?.fields["family_name"] == "下書き")
        _ = try await pair.second.saveDraft(draft.id, ["family_name": "続き"], by: clinic)
        #expect(try await pair.first.draft(draft.id, by: clinic)?.fields["family_name"] == "続き")
        var report = Office.report()
        report.draft = draft.id
        let sent = report
        let numbers = try await Self.atOnce(pair, writers: 6) { casework, _ in
            try await casework.notify(sent, by: clinic).subject.number
        }
        #expect(Set(numbers).count == 1)
        #expect(try await pair.first.firstPage(by: pair.caller("hc-13104")).waiting == 1)
    }

    /// Runs the same at both servers at the same moment, several times.
    private static func atOnce<Result: Sendable>(
        _ pair: Pair,
        writers: Int,
        _ body: @escaping @Sendable (Casework, Int) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            for writer in 0..<writers { group.addTask { try await body(pair.both[writer % 2], writer) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `numbers of two servers never collide`() async throws {
        let pair = try await Pair()
        let clinic = try pair.caller("med-1")
        let numbers = try await Self.atOnce(pair, writers: 8) { casework, writer in
            var mine: [CaseNumber] = []
            for _ in 0..<10 { mine.append(try await casework.notify(Office.report(), by: clinic).subject.number) }
            return mine
        }.flatMap { $0 }
        #expect(Set(numbers).count == 80)
        #expect(try await pair.second.verifyHistory() == .whole(lines: 80, reports: 0))
    }

    @Test func `a key that is used at both at the same moment makes one case`() async throws {
        let pair = try await Pair()
        let client = try pair.caller("med-1", -7, through: .api)
        for round in 0..<5 {
            var report = Office.report()
            report.repeatKey = (key: "key-\(round)", digest: [UInt8(round)])
            let sent = report
            let numbers = try await Self.atOnce(pair, writers: 6) { casework, _ in
                try await casework.notify(sent, by: client).subject.number
            }
            #expect(Set(numbers).count == 1)
        }
        #expect(try await pair.first.firstPage(by: pair.caller("hc-13104")).waiting == 5)
        #expect(try await pair.first.verifyHistory() == .whole(lines: 5, reports: 0))
    }

    @Test func `eight writers at two servers revise one case and nothing is lost`() async throws {
        let pair = try await Pair()
        let centre = try pair.caller("hc-13104")
        let number = try await pair.first.notify(Office.report(), by: pair.caller("med-1")).subject.number
        let rounds = 6
        let conflicts = try await Self.atOnce(pair, writers: 8) { casework, writer in
            var (done, conflicts) = (0, 0)
            var seen = 1
            while done < rounds {
                let words = "写\(writer)の\(done)"
                do {
                    let revision = Revision(seen: seen, items: ["occupation": .text(words)])
                    seen = try await casework.revise(number, revision, by: centre).subject.version
                    done += 1
                } catch Refusal.conflict(let found) {
                    #expect(found.map(\.item) == ["occupation"])
                    conflicts += 1
                    seen = try await casework.read(number, by: centre).subject.version
                }
            }
            return conflicts
        }
        // Each that was accepted is a version with a line of its own, and each value stands in the history.
        let file = try await pair.second.read(number, by: centre).subject
        #expect(file.version == 1 + 8 * rounds)
        let lines = try await pair.first.history(number, by: centre).subject
        let values = Set(lines.flatMap(\.changes).filter { $0.change.item == "occupation" }.map(\.change.new))
        for writer in 0..<8 {
            for done in 0..<rounds { #expect(values.contains(.text("写\(writer)の\(done)"))) }
        }
        #expect(conflicts.reduce(0, +) > 0)
        #expect(try await pair.first.verifyHistory() == .whole(lines: 1 + 8 * rounds, reports: 0))
    }

    @Test func `different items changed at both at the same moment all stand`() async throws {
        let pair = try await Pair()
        let centre = try pair.caller("hc-13104")
        let number = try await pair.first.notify(Office.report(), by: pair.caller("med-1")).subject.number
        let items = ["occupation", "address_line", "stay_line", "phone"]
        _ = try await Self.atOnce(pair, writers: 4) { casework, writer in
            let value = writer == 3 ? "03-0000-9999" : "新しい\(writer)"
            let revision = Revision(seen: 1, items: [items[writer]: .text(value)])
            return try await casework.revise(number, revision, by: centre).subject.version
        }
        let file = try await pair.second.read(number, by: centre).subject
        #expect(file.version == 5)
        #expect(file.items["occupation"] == .text("新しい0"))
        #expect(file.items["stay_line"] == .text("新しい2"))
        #expect(file.items["phone"] == .text("03-0000-9999"))
    }

    @Test func `what is told to other servers comes back as it was, in one short line`() throws {
        let number = try #require(CaseNumber(payload: 12_345))
        let event = CaseEvent(number: number, version: 3, action: "revise")
        let keys: Set<OrganisationKey> = ["hc-1", "a b,c%\n", "保健所"]
        let line = EventLine.changed(event, keys)
        #expect(EventLine(line.text) == line)
        #expect(line.text.utf8.allSatisfy { (32..<127).contains($0) })
        #expect(EventLine(EventLine.directory.text) == .directory)
        #expect(EventLine(EventLine.much.text) == .much)
        let many = Set((0..<1000).map { "organisation-\($0)" })
        #expect(EventLine(EventLine.changed(event, many).text) == .much)
        #expect(EventLine(EventLine.changed(event, []).text) == .changed(event, []))
    }

    @Test(arguments: [
        "", "case/2 x", "case/1 1 2 3 4", "case/1 123456789012 1 revise hc-1", "case/1", "%", "directory/2",
    ])
    func `a line that isn't known is passed over`(text: String) {
        #expect(EventLine(text) == nil)
    }
}
