import Access
import Catalogue
import Storage
import Testing

@testable import Casework

@Suite struct SecondFactorResetTests {
    @Test func `an issuer sets a lost second factor back, and its owner is told`() async throws {
        let office = try await SecondFactorTests.office(sends: .none)
        let caller = try await SecondFactorTests.caller(office)
        try await SecondFactorTests.issue("issuer", office, phone: "090-0000-0009", duties: [.issuer])
        let issuer = try await SecondFactorTests.caller(office, "issuer")
        let pending = try await SecondFactorTests.begin(office)
        let session = try await office.casework.completeSignIn(
            pending.secret,
            code: SecondFactorTests.code(office),
            address: "192.0.2.1"
        ).session
        _ = try await SecondFactorTests.setApp(office, caller)
        let party = try #require(RelyingParty(origin: TestDevice.origin))
        let device = TestDevice()
        let asked = try await office.casework.beginPasskey(at: party, session: session, by: caller)
        try await office.casework.addPasskey(
            device.made(asked),
            name: "職場",
            at: party,
            session: session,
            by: caller
        )
        let half = try await SecondFactorTests.begin(office)

        for (phone, reason, places) in [
            ("", "紛失", ["phone"]), ("110", "紛失", ["phone"]), ("080-1111-2222", " \n", ["reason"]),
            ("12", "", ["phone", "reason"]), ("080-1111-2222", String(repeating: "長", count: 501), ["reason"]),
        ] {
            let said = await findings {
                try await office.casework.resetSecondFactor(login: "tanaka", phone: phone, reason: reason, by: issuer)
            }
            #expect(said.map(\.place.item) == places)
        }
        #expect(try await office.casework.session(session) != nil)

        try await office.casework.resetSecondFactor(
            login: "tanaka",
            phone: "080-1111-2222",
            reason: "スマートフォンを紛失",
            by: issuer
        )
        #expect(try await office.casework.session(session) == nil)
        #expect(try await office.casework.pendingSignIn(half.secret) == nil)
        let factor = try await office.casework.secondFactor(by: caller)
        #expect(factor.phoneEnding == "2222")
        #expect(!factor.hasAuthenticator)
        #expect(factor.recoveryLeft == nil)
        #expect(factor.passkeys.isEmpty)
        let event = try #require(factor.news.first)
        #expect(event.kind == .reset)
        #expect(event.author == issuer.viewer.account)
        #expect(event.authorName == "新宿区保健所 issuer")
        #expect(event.text == "スマートフォンを紛失")

        let next = try await SecondFactorTests.begin(office)
        #expect(next.method == .phone(ending: "2222"))
        #expect(try await office.casework.messages().first?.to == "080-1111-2222")
        let opened = try await office.casework.completeSignIn(
            next.secret,
            code: SecondFactorTests.code(office),
            address: "192.0.2.1"
        )
        #expect(opened.hasNews)
    }

    @Test func `nobody else may, and whose account there is isn't told`() async throws {
        let office = try await SecondFactorTests.office(sends: .none)
        try await SecondFactorTests.issue("issuer", office, duties: [.issuer])
        try await SecondFactorTests.issue("second", office, duties: [.issuer])
        try await SecondFactorTests.issue("shibuya", office, organisation: "hc-13113", duties: [.issuer])
        try await SecondFactorTests.issue("ministry", office, organisation: "mhlw", duties: [.issuer])
        try await SecondFactorTests.issue("clinic", office, organisation: "med-1")
        func outcome(_ login: String, by author: String) async throws -> String {
            let caller = try await SecondFactorTests.caller(office, author)
            do {
                _ = try await office.casework.resettableAccount(login: login, by: caller)
                return "shown"
            } catch Refusal.notFound {
                do {
                    // Nothing about what was entered before the right is sure.
                    try await office.casework.resetSecondFactor(login: login, phone: "", reason: "", by: caller)
                    return "reset"
                } catch Refusal.notFound {
                    return "not found"
                }
            } catch Refusal.forbidden {
                return "own"
            }
        }
        for (login, author, expected) in [
            ("tanaka", "issuer", "shown"), ("clinic", "issuer", "shown"), ("issuer", "issuer", "own"),
            ("second", "issuer", "not found"), ("issuer", "ministry", "shown"), ("tanaka", "ministry", "not found"),
            ("tanaka", "shibuya", "not found"), ("tanaka", "tanaka", "not found"), ("tanaka", "clinic", "not found"),
            ("nobody", "issuer", "not found"), ("ministry", "issuer", "not found"),
        ] {
            #expect(try await outcome(login, by: author) == expected, "\(login) by \(author)")
        }
    }
}
