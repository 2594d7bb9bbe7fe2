import Casework
import Catalogue
import Storage
import Testing

@testable import Outreach
@testable import Web

/// What a telephone provider asks and tells: with its signature, in any order, more than once.
struct ProviderRouteTests {
    private static let account = ProviderAccount(
        address: "https://api.example.com",
        account: "AC1",
        token: "himitsu-no-kagi",
        from: "+815000000000",
        callback: "https://hersys.example.jp"
    )
    private static let code = "482916"
    private static let spoken = "ヨン、ハチ、ニー、キュー、イチ、ロク。"

    /// A server with a provider and one message that the provider has taken; its key.
    private static func run(_ body: @escaping @Sendable (TestSite, String) async throws -> Void) async throws {
        try await TestSite.run { plain in
            try await plain.with(provider: account) { site in
                try await site.putCall(code)
                let driver = Taker()
                let dispatcher = Dispatcher(site.casework, ways: Ways(call: driver), pause: { .milliseconds(5) })
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await dispatcher.run() }
                    for _ in 0..<1000 {
                        let outcome = try await site.casework.outreachAttempts(most: 1).first?.outcome
                        if outcome == "accepted" { break }
                        try await Task.sleep(for: .milliseconds(10))
                    }
                    dispatcher.stop()
                }
                let key = try #require(try await site.casework.outreachAttempts(most: 1).first?.key)
                try await body(site, key)
            }
        }
    }

    /// A driver whose provider takes everything.
    private struct Taker: Driver {
        let name = "provider"
        let media: Set<Medium> = [.call, .sms]
        let places = 1
        func run() async {}
        func send(_ message: Outgoing) async -> Attempted { Attempted(.accepted, reference: "CA1") }
    }

    /// A signed request.
    private static func ask(
        _ site: TestSite,
        _ path: String,
        _ fields: [(String, String)],
        token: String = account.token,
        signedPath: String? = nil
    ) async throws -> Answer {
        let form = fields.map { (name: $0.0, value: $0.1) }
        let signature = ProviderSignature.make(account.callback + (signedPath ?? path), form, token: token)
        return try await site.send(
            .post,
            path,
            [
                "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature,
            ],
            body: Array(HTTPProvider.encode(form).utf8)
        )
    }

    private static func outcome(_ site: TestSite) async throws -> String? {
        try await site.casework.outreachAttempts(most: 1).first?.outcome
    }

    @Test func `a call is asked for step by step, and the code told once behind a 1`() async throws {
        try await Self.run { site, key in
            let voice = "/outreach/voice/\(key)"
            let first = try await Self.ask(site, "\(voice)?asked=0", [("CallSid", "CA1")])
            #expect(first.status == 200)
            #expect(first.header("Content-Type") == "text/xml; charset=utf-8")
            #expect(first.text.contains("<Gather "))
            #expect(!first.text.contains(Self.spoken))
            let again = try await Self.ask(site, "\(voice)?asked=1", [("CallSid", "CA1"), ("Digits", "")])
            #expect(again.text.contains("asked=2"))
            #expect(!again.text.contains(Self.spoken))
            let told = try await Self.ask(site, "\(voice)?asked=2", [("CallSid", "CA1"), ("Digits", "1")])
            #expect(told.text.contains(Self.spoken))
            #expect(try await Self.outcome(site) == "speaking")
            // The same signed question once more.
            let replayed = try await Self.ask(site, "\(voice)?asked=2", [("CallSid", "CA1"), ("Digits", "1")])
            #expect(replayed.status == 200)
            #expect(replayed.text == VoiceDocument.end)
            let end = try await Self.ask(site, "\(voice)?told=1", [("CallSid", "CA1")])
            #expect(end.text == VoiceDocument.end)
            #expect(try await Self.outcome(site) == "heard")
            // What comes late changes nothing, and the message is gone.
            _ = try await Self.ask(site, "/outreach/status/\(key)", [("CallSid", "CA1"), ("CallStatus", "ringing")])
            _ = try await Self.ask(site, "/outreach/status/\(key)", [("CallSid", "CA1"), ("CallStatus", "completed")])
            #expect(try await Self.outcome(site) == "heard")
            #expect(try await site.casework.messages().isEmpty)
        }
    }

    @Test(arguments: [
        (["completed", "ringing", "initiated"], "hung-up"), (["ringing", "busy", "completed"], "busy"),
        (["ringing", "ringing", "no-answer"], "no-answer"), (["initiated"], "accepted"),
    ])
    func `reports come in any order and twice`(_ reports: [String], _ outcome: String) async throws {
        try await Self.run { site, key in
            for report in reports {
                let answer = try await Self.ask(
                    site,
                    "/outreach/status/\(key)",
                    [("CallSid", "CA1"), ("CallStatus", report)]
                )
                #expect(answer.status == 204)
            }
            #expect(try await Self.outcome(site) == outcome)
        }
    }

    @Test func `answered and no 1 isn't heard, begun and not ended is heard in part`() async throws {
        try await Self.run { site, key in
            _ = try await Self.ask(site, "/outreach/voice/\(key)?asked=0", [("CallSid", "CA1")])
            _ = try await Self.ask(site, "/outreach/status/\(key)", [("CallSid", "CA1"), ("CallStatus", "completed")])
            #expect(try await Self.outcome(site) == "no-key")
        }
        try await Self.run { site, key in
            _ = try await Self.ask(site, "/outreach/voice/\(key)?asked=1", [("CallSid", "CA1"), ("Digits", "1")])
            _ = try await Self.ask(site, "/outreach/status/\(key)", [("CallSid", "CA1"), ("CallStatus", "completed")])
            #expect(try await Self.outcome(site) == "heard-part")
        }
    }

    @Test func `without the right signature the address doesn't exist`() async throws {
        try await Self.run { site, key in
            let path = "/outreach/voice/\(key)?asked=1"
            let fields = [("CallSid", "CA1"), ("Digits", "1")]
            let unsigned = try await site.send(
                .post,
                path,
                ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array("CallSid=CA1&Digits=1".utf8)
            )
            #expect(unsigned.status == 404)
            #expect(try await Self.ask(site, path, fields, token: "another").status == 404)
            #expect(try await Self.ask(site, path, fields, token: "").status == 404)
            // Signed for the first step, sent to the second.
            let foreign = try await Self.ask(site, path, fields, signedPath: "/outreach/voice/\(key)?asked=0")
            #expect(foreign.status == 404)
            #expect(!foreign.text.contains(Self.spoken))
            #expect(try await Self.ask(site, path, [("CallSid", "CA2"), ("Digits", "1")]).status == 404)
            #expect(try await Self.ask(site, "/outreach/voice/0000?asked=1", fields).status == 404)
            #expect(try await Self.ask(site, "/outreach/status/0000", [("CallStatus", "busy")]).status == 404)
            #expect(try await Self.outcome(site) == "accepted")
        }
    }

    @Test func `without a provider the addresses don't exist`() async throws {
        try await TestSite.run { site in
            let answer = try await Self.ask(site, "/outreach/voice/0000?asked=1", [("Digits", "1")])
            #expect(answer.status == 404)
        }
    }
}

extension TestSite {
    /// Puts a call into the outbox.
    fileprivate func putCall(_ code: String) async throws {
        let outbox = OutboxStore(Vault(keys))
        let message = Message(at: Self.now, kind: "call", to: "090-1234-5678", text: "x", code: code, account: 7)
        try await engine.write { try outbox.put(message, $0) }
    }
}
