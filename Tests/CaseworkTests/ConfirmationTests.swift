import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// 本人の確認: the password or a passkey again, before somebody changes how they sign in.
@Suite struct ConfirmationTests {
    private struct Desk {
        let office: Office
        let caller: Caller
        let session: String
        let party: RelyingParty
        var casework: Casework { office.casework }

        init() async throws {
            office = try await SecondFactorTests.office(sends: .none)
            caller = try await SecondFactorTests.caller(office)
            session = try await SignInTests.signIn(office)
            party = try #require(RelyingParty(origin: TestDevice.origin))
        }

        var isConfirmed: Bool {
            get async throws { try #require(try await casework.sitting(session)).isConfirmed }
        }

        func confirm(_ password: String) async throws {
            try await casework.confirm(password: password, session: session, by: caller)
        }

        func register(_ device: TestDevice) async throws {
            let asked = try await casework.beginPasskey(at: party, session: session, by: caller)
            try await casework.addPasskey(device.made(asked), name: "職場", at: party, session: session, by: caller)
        }
    }

    @Test func `a sign-in is enough for five minutes, and so is the password again`() async throws {
        let desk = try await Desk()
        #expect(try await desk.isConfirmed)
        desk.office.clock.advance(299)
        #expect(try await desk.isConfirmed)
        desk.office.clock.advance(1)
        #expect(try await !desk.isConfirmed)
        #expect(await complaints { try await desk.confirm("wrong-wrong-wrong") } == ["confirm-password wrong"])
        #expect(try await !desk.isConfirmed)
        try await desk.confirm(SecondFactorTests.password)
        #expect(try await desk.isConfirmed)
        desk.office.clock.advance(300)
        #expect(try await !desk.isConfirmed)
    }

    @Test func `it holds for the session in which it was said, and nobody says it for another's`() async throws {
        let desk = try await Desk()
        try await SecondFactorTests.issue("suzuki", desk.office)
        let stranger = try await SecondFactorTests.caller(desk.office, "suzuki")
        desk.office.clock.advance(400)
        let other = try await SignInTests.signIn(desk.office)
        desk.office.clock.advance(400)
        try await desk.confirm(SecondFactorTests.password)
        #expect(try await desk.casework.sitting(other)?.isConfirmed == false)
        await #expect(throws: Refusal.self) {
            try await desk.casework.confirm(
                password: SecondFactorTests.password,
                session: other,
                by: stranger
            )
        }
        #expect(try await desk.casework.sitting(other)?.isConfirmed == false)
    }

    @Test func `wrong ones are counted and locked with those of the sign-in`() async throws {
        let desk = try await Desk()
        for _ in 0..<3 { _ = await complaints { try await desk.confirm("wrong-wrong-wrong") } }
        for _ in 0..<3 {
            _ = await complaints {
                _ = try await desk.casework.signIn(
                    login: "tanaka",
                    password: "wrong-wrong-wrong",
                    address: "192.0.2.1",
                    returnTo: "/"
                )
            }
        }
        // Locked: even the right one is not looked at, here nor there.
        #expect(await complaints { try await desk.confirm(SecondFactorTests.password) } == ["Refusal"])
        #expect(await complaints { _ = try await SecondFactorTests.begin(desk.office) } == ["Refusal"])
        desk.office.clock.advance(31)
        try await desk.confirm(SecondFactorTests.password)
    }

    @Test func `a passkey whose device knows its owner is as good as the password`() async throws {
        let desk = try await Desk()
        var device = TestDevice()
        #expect(
            try await desk.casework.confirmationRequest(at: desk.party, session: desk.session, by: desk.caller) == nil
        )
        try await desk.register(device)
        desk.office.clock.advance(400)
        func confirm(_ device: TestDevice, session: String? = nil) async throws {
            let asked = try #require(
                try await desk.casework.confirmationRequest(at: desk.party, session: desk.session, by: desk.caller)
            )
            #expect(asked.needsVerification)
            try await desk.casework.confirm(
                passkey: device.signed(asked),
                at: desk.party,
                session: session ?? desk.session,
                by: desk.caller
            )
        }
        device.counter += 1
        var touched = device
        // Present, not verified: somebody has touched it.
        touched.flags = 0x01
        #expect(await complaints { try await confirm(touched) } == ["passkey wrong"])
        var elsewhere = device
        elsewhere.origin = "https://hersys.example.com"
        #expect(await complaints { try await confirm(elsewhere) } == ["passkey wrong"])
        #expect(await complaints { try await confirm(device, session: "another") } == ["passkey wrong"])
        #expect(try await !desk.isConfirmed)
        try await confirm(device)
        #expect(try await desk.isConfirmed)
    }

    @Test func `what a device signed for a sign-in confirms nothing`() async throws {
        let desk = try await Desk()
        var device = TestDevice()
        try await desk.register(device)
        device.counter += 1
        desk.office.clock.advance(400)
        let asked = try await desk.casework.passkeyRequest(browser: desk.session, at: desk.party)
        #expect(
            await complaints {
                try await desk.casework.confirm(
                    passkey: device.signed(asked),
                    at: desk.party,
                    session: desk.session,
                    by: desk.caller
                )
            } == ["passkey wrong"]
        )
        #expect(try await !desk.isConfirmed)
    }
}
