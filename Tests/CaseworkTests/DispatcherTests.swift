import Access
import Catalogue
import Foundation
import Outreach
import Storage
import Synchronization
import Testing

@testable import Casework

/// A driver that writes down what it was given and answers as a test says.
private final class Recorder: Driver {
    let name: String
    let media: Set<Medium>
    let places = 3
    private let held = Mutex<(sent: [Outgoing], open: Int, most: Int)>(([], 0, 0))
    private let answer: @Sendable (Int) async -> Attempted

    init(
        _ name: String = "sip",
        _ media: Set<Medium> = [.call, .sms],
        answer: @escaping @Sendable (_ count: Int) async -> Attempted = { _ in Attempted(.heard) }
    ) {
        self.name = name
        self.media = media
        self.answer = answer
    }

    var sent: [Outgoing] { held.withLock { $0.sent } }
    var most: Int { held.withLock { $0.most } }

    func run() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(10)) }
    }

    func send(_ message: Outgoing) async -> Attempted {
        let count = held.withLock { held in
            held.sent.append(message)
            held.open += 1
            held.most = max(held.most, held.open)
            return held.sent.count
        }
        let attempted = await answer(count)
        held.withLock { $0.open -= 1 }
        return attempted
    }
}

/// Messages on their way out.
struct DispatcherTests {
    private static let phone = "090-1234-5678"
    private static let code = "482916"

    private static func put(
        _ office: Office,
        kind: String = "call",
        to: String = phone,
        text: String = "ワンタイムパスワードは 4 8 2 9 1 6 です。",
        code: String = code
    ) async throws {
        let (now, outbox) = (office.clock.now, office.casework.outbox)
        try await office.engine.write {
            try outbox.put(Message(at: now, kind: kind, to: to, text: text, code: code, account: 7), $0)
        }
    }

    private static func dispatcher(_ office: Office, _ ways: Ways) -> Dispatcher {
        Dispatcher(office.casework, ways: ways, pause: { .milliseconds(5) }, delay: { _ in 3 })
    }

    /// Runs dispatchers while a test looks on, and ends them in order.
    private static func run(_ dispatchers: [Dispatcher], _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for dispatcher in dispatchers { group.addTask { await dispatcher.run() } }
            try await body()
            for dispatcher in dispatchers { dispatcher.stop() }
        }
    }

    private static func until(_ isTrue: () async throws -> Bool) async throws {
        for _ in 0..<1000 {
            if try await isTrue() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("not within ten seconds")
    }

    private static func outcomes(_ office: Office) async throws -> [String] {
        try await office.casework.outreachAttempts(most: 50).reversed().map(\.outcome)
    }

    private static func left(_ office: Office) async throws -> Int64? {
        try await office.engine.read { try $0.number("SELECT count(*) FROM outbox") }
    }

    @Test func `a message goes out once, whatever the number of dispatchers`() async throws {
        let office = try await Office()
        for _ in 0..<20 { try await Self.put(office) }
        let driver = Recorder { _ in
            try? await Task.sleep(for: .milliseconds(5))
            return Attempted(.heard)
        }
        let ways = Ways(call: driver)
        try await Self.run((0..<3).map { _ in Self.dispatcher(office, ways) }) {
            try await Self.until { try await Self.left(office) == 0 }
        }
        #expect(driver.sent.count == 20)
        #expect(Set(driver.sent.map(\.key)).count == 20)
        #expect(try await Self.outcomes(office) == Array(repeating: "heard", count: 20))
    }

    @Test func `no more go out at once than the driver has places`() async throws {
        let office = try await Office()
        for _ in 0..<9 { try await Self.put(office) }
        // The first two stay on the line until a third has begun, however slow the machine is.
        let begun = Mutex(0)
        let driver = Recorder { count in
            begun.withLock { $0 = max($0, count) }
            for _ in 0..<1000 where begun.withLock({ $0 < 3 }) { try? await Task.sleep(for: .milliseconds(10)) }
            try? await Task.sleep(for: .milliseconds(30))
            return Attempted(.heard)
        }
        try await Self.run([Self.dispatcher(office, Ways(call: driver))]) {
            try await Self.until { try await Self.left(office) == 0 }
        }
        #expect(driver.most == 3)
    }

    @Test func `who dies between sending and noting has sent, and nobody sends again`() async throws {
        let office = try await Office()
        try await Self.put(office)
        let (attempts, engine, now) = (office.casework.attempts, office.engine, office.clock.now)
        // Taken, perhaps sent, and never heard of again.
        let held = try await engine.write {
            try attempts.take(kinds: ["call"], driver: "sip", most: 5, now: now, lease: 300, engine.dialect, $0)
        }
        #expect(held.count == 1)
        let driver = Recorder()
        try await Self.run([Self.dispatcher(office, Ways(call: driver))]) {
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await Self.outcomes(office) == ["begun"])
            office.clock.advance(301)
            try await Self.until { try await Self.outcomes(office) == ["unknown"] }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(driver.sent.isEmpty)
        #expect(try await Self.left(office) == 0)
        // Who was thought dead and comes back still says what he knows; the message stays gone.
        let first = try #require(held.first)
        try await engine.write {
            try attempts.note(first, AttemptNews(Attempted(.heard)), .again(now), at: now, $0)
        }
        #expect(try await Self.outcomes(office) == ["heard"])
        #expect(try await Self.left(office) == 0)
    }

    @Test func `what nobody has taken is tried again with the same key, and not for ever`() async throws {
        let office = try await Office()
        try await Self.put(office)
        let driver = Recorder {
            $0 < 3 ? Attempted(.postponed, cause: "http-503") : Attempted(.accepted, reference: "CA1")
        }
        try await Self.run([Self.dispatcher(office, Ways(call: driver))]) {
            for count in 1...3 {
                try await Self.until { driver.sent.count == count }
                try await Self.until { try await Self.outcomes(office).last != "begun" }
                office.clock.advance(4)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try await Self.outcomes(office) == ["postponed", "postponed", "accepted"])
        #expect(Set(driver.sent.map(\.key)).count == 1)

        let busy = try await Office()
        try await Self.put(busy)
        let closed = Recorder { _ in Attempted(.postponed, cause: "no-line") }
        try await Self.run([Self.dispatcher(busy, Ways(call: closed))]) {
            try await Self.until {
                busy.clock.advance(4)
                return try await Self.left(busy) == 0
            }
        }
        #expect(closed.sent.count == Dispatcher.mostAttempts)
        #expect(try await Self.outcomes(busy).last == "failed")
    }

    @Test func `an answer that was lost isn't tried again`() async throws {
        let office = try await Office()
        try await Self.put(office)
        let driver = Recorder { _ in Attempted(.unknown, cause: "no-answer") }
        try await Self.run([Self.dispatcher(office, Ways(call: driver))]) {
            try await Self.until { try await Self.outcomes(office) == ["unknown"] }
            // Within the life of the code, and long after it.
            for _ in 0..<3 {
                office.clock.advance(200)
                try await Task.sleep(for: .milliseconds(40))
            }
            try await Self.until { try await Self.left(office) == 0 }
        }
        #expect(driver.sent.count == 1)
    }

    @Test func `a code that has had its time isn't sent`() async throws {
        let office = try await Office()
        try await Self.put(office)
        office.clock.advance(Dispatcher.lifetime)
        let driver = Recorder()
        try await Self.run([Self.dispatcher(office, Ways(call: driver))]) {
            try await Self.until { try await Self.outcomes(office) == ["expired"] }
        }
        #expect(driver.sent.isEmpty)
    }

    @Test(arguments: [
        ("0990-12-3456", "blocked", "service"), ("+1 202-555-0100", "blocked", "international"),
        ("119", "blocked", "emergency"), ("そのうち", "blocked", "form"),
    ])
    func `a number that isn't called is written down, and not called`(
        _ number: String,
        _ outcome: String,
        _ cause: String
    ) async throws {
        let office = try await Office()
        try await Self.put(office, to: number)
        let driver = Recorder()
        try await Self.run([Self.dispatcher(office, Ways(call: driver))]) {
            try await Self.until { try await Self.left(office) == 0 }
        }
        let attempt = try #require(try await office.casework.outreachAttempts(most: 1).first)
        #expect(attempt.outcome == outcome)
        #expect(attempt.cause == cause)
        #expect(driver.sent.isEmpty)
    }

    @Test(arguments: [
        (Medium.sms, phone, true, Medium.sms), (.sms, "03-1234-5678", true, .call), (.sms, phone, false, .call),
        (.call, phone, true, .call),
    ])
    func `an SMS that can't arrive becomes a call`(
        _ wanted: Medium,
        _ number: String,
        _ hasSMS: Bool,
        _ medium: Medium
    ) async throws {
        let office = try await Office()
        try await Self.put(office, kind: wanted.rawValue, to: number)
        let (lines, provider) = (Recorder("sip", [.call]), Recorder("provider"))
        try await Self.run([Self.dispatcher(office, Ways(call: lines, sms: hasSMS ? provider : nil))]) {
            try await Self.until { try await Self.left(office) == 0 }
        }
        #expect(lines.sent.map(\.medium) == (medium == .call ? [.call] : []))
        #expect(provider.sent.map(\.medium) == (medium == .sms ? [.sms] : []))
        let attempt = try #require(try await office.casework.outreachAttempts(most: 1).first)
        #expect(attempt.kind == medium.rawValue)
        #expect(attempt.driver == (medium == .call ? "sip" : "provider"))
    }

    @Test func `a message of an older server holds its code in the text alone`() async throws {
        let office = try await Office()
        try await Self.put(office, code: "")
        try await Self.put(office, text: "お知らせ", code: "")
        let driver = Recorder()
        try await Self.run([Self.dispatcher(office, Ways(call: driver))]) {
            try await Self.until { try await Self.left(office) == 0 }
        }
        #expect(driver.sent.count == 1)
        #expect(driver.sent.first?.code == SecretDigits(Self.code))
        #expect(try await Self.outcomes(office).sorted() == ["failed", "heard"])
    }

    @Test func `the practice telephone shows, and never says that it was sent`() async throws {
        let office = try await Office()
        try await Self.put(office)
        try await Self.put(office, to: "119")
        try await Self.run([Self.dispatcher(office, Ways(call: OutboxDriver()))]) {
            try await Self.until { try await Self.outcomes(office).sorted() == ["blocked", "shown"] }
        }
        #expect(try await office.casework.messages().count == 2)
    }

    @Test func `neither number nor code stands in the database in clear`() async throws {
        let office = try await Office()
        try await Self.put(office)
        try await Self.put(office)
        let driver = Recorder { $0 == 1 ? Attempted(.heard) : Attempted(.accepted, reference: "CA77") }
        try await Self.run([Self.dispatcher(office, Ways(call: driver))]) {
            try await Self.until {
                let outcomes = try await Self.outcomes(office)
                return outcomes.count == 2 && !outcomes.contains("begun")
            }
        }
        let attempt = try #require(try await office.casework.outreachAttempts(most: 1).first)
        #expect(attempt.account == 7)
        #expect(attempt.purpose == "sign-in")
        let all = try await office.everything()
        for text in ["1234-5678", "9012345678", "12345678", Self.code, "4 8 2 9 1 6"] {
            #expect(all.range(of: Data(text.utf8)) == nil, "\(text)")
        }
    }
}
