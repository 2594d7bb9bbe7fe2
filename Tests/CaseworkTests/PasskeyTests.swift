import Access
import Catalogue
import Storage
import Testing

@testable import Casework

@Suite struct PasskeyTests {
    /// An office whose account `tanaka` has a passkey.
    private struct Desk {
        let office: Office
        let party: RelyingParty
        let caller: Caller
        var device = TestDevice()

        var casework: Casework { office.casework }

        init(_ device: TestDevice = TestDevice()) async throws {
            office = try await SecondFactorTests.office(sends: .none)
            party = try #require(RelyingParty(origin: TestDevice.origin))
            caller = try await SecondFactorTests.caller(office)
            self.device = device
            try await register(device)
            self.device.counter += 1
        }

        func register(_ device: TestDevice, name: String = "職場のパソコン", by other: Caller? = nil) async throws {
            let who = other ?? caller
            let asked = try await casework.beginPasskey(at: party, session: "session", by: who)
            try await casework.addPasskey(device.made(asked), name: name, at: party, session: "session", by: who)
        }

        /// Signs in by passkey alone.
        func enter(_ device: TestDevice, handle: [UInt8]? = nil) async throws -> OpenedSession {
            let asked = try await casework.passkeyRequest(browser: "browser", at: party)
            return try await casework.signIn(
                passkey: device.signed(asked, handle: handle ?? self.handle),
                at: party,
                browser: "browser",
                address: "192.0.2.1",
                returnTo: "/cases"
            )
        }

        var handle: [UInt8] { casework.handle(caller.viewer.account) }

        func refused(_ body: () async throws -> Void) async -> Bool {
            await findings(body).map(\.place.item) == ["passkey"]
        }
    }

    @Test func `a passkey is registered, named, used and removed`() async throws {
        let desk = try await Desk()
        let known = try await desk.casework.secondFactor(by: desk.caller)
        #expect(known.passkeys.map(\.name) == ["職場のパソコン"])
        #expect(known.passkeys.first?.usedAt == nil)
        // A browser is told what is there already.
        let more = try await desk.casework.beginPasskey(at: desk.party, session: "session", by: desk.caller)
        #expect(more.credentials == [desk.device.credential])
        #expect(more.login == "tanaka")

        desk.office.clock.advance(3600)
        let opened = try await desk.enter(desk.device)
        #expect(opened.returnTo == "/cases")
        #expect(!opened.hasNews)
        #expect(try await desk.casework.session(opened.session)?.account == desk.caller.viewer.account)
        let used = try #require(try await desk.casework.secondFactor(by: desk.caller).passkeys.first)
        #expect(used.usedAt == desk.office.clock.now)
        #expect(used.counter == 2)

        try await desk.casework.removePasskey(used.id, by: desk.caller)
        await #expect(throws: Refusal.self) { try await desk.casework.removePasskey(used.id, by: desk.caller) }
        var next = desk.device
        next.counter = 9
        #expect(await desk.refused { _ = try await desk.enter(next) })
        #expect(
            try await desk.casework.secondFactor(by: desk.caller).events.map(\.kind) == [
                .passkeyRemoved, .passkeyAdded,
            ]
        )
    }

    @Test func `a passkey alone opens nothing while an initial password is owed`() async throws {
        let desk = try await Desk()
        let (account, now) = (desk.caller.viewer.account, desk.office.clock.now)
        try await desk.office.engine.write { try FirstUseStore.owePassword(account, at: now, $0) }
        #expect(await desk.refused { _ = try await desk.enter(desk.device) })
        try await desk.office.engine.write { try FirstUseStore.setPassword(account, $0) }
        var next = desk.device
        next.counter += 1
        let opened = try await desk.enter(next)
        #expect(try await desk.casework.session(opened.session) != nil)
    }

    @Test func `after the password it stands in for the code, which isn't sent by itself`() async throws {
        let desk = try await Desk(TestDevice(flags: 0x01))
        let pending = try await SecondFactorTests.begin(desk.office)
        #expect(pending.hasPasskeys)
        #expect(!pending.isSent)
        #expect(try await desk.casework.messages().isEmpty)
        let request = try await desk.casework.passkeyRequest(signIn: pending.secret, at: desk.party)
        let asked = try #require(request)
        #expect(asked.credentials == [desk.device.credential])
        #expect(!asked.needsVerification)
        let signed = try desk.device.signed(asked)
        let opened = try await desk.casework.completeSignIn(
            pending.secret,
            passkey: signed,
            at: desk.party,
            address: "192.0.2.1"
        )
        #expect(try await desk.casework.session(opened.session) != nil)
        await #expect(throws: Refusal.self) {
            try await desk.casework.completeSignIn(
                pending.secret,
                passkey: signed,
                at: desk.party,
                address: "192.0.2.1"
            )
        }
        // Without it the telephone still helps.
        let other = try await SecondFactorTests.begin(desk.office)
        try await desk.casework.resendCode(other.secret)
        _ = try await desk.casework.completeSignIn(
            other.secret,
            code: SecondFactorTests.code(desk.office),
            address: "192.0.2.1"
        )
    }

    @Test func `alone it counts only where the device made sure who it was`() async throws {
        let desk = try await Desk()
        var touched = desk.device
        touched.flags = 0x01
        #expect(await desk.refused { _ = try await desk.enter(touched) })
        _ = try await desk.enter(desk.device)
    }

    @Test func `an answer counts once, in five minutes, in the browser and for the purpose it was asked for`()
        async throws
    {
        let desk = try await Desk()
        let (casework, party, device) = (desk.casework, desk.party, desk.device)
        func enter(_ signed: PasskeySigned?, browser: String = "browser") async throws {
            _ = try await casework.signIn(
                passkey: signed,
                at: party,
                browser: browser,
                address: "192.0.2.1",
                returnTo: "/"
            )
        }
        let asked = try await casework.passkeyRequest(browser: "browser", at: party)
        let other = try await casework.passkeyRequest(browser: "browser", at: party)
        let signed = try device.signed(asked, handle: desk.handle)
        // Another browser's, which doesn't use it up.
        #expect(await desk.refused { try await enter(signed, browser: "another") })
        try await enter(signed)
        var later = device
        later.counter += 1
        #expect(await desk.refused { try await enter(signed) })
        #expect(await desk.refused { try await enter(try later.signed(asked, handle: desk.handle)) })
        #expect(await desk.refused { try await enter(nil) })
        desk.office.clock.advance(301)
        #expect(await desk.refused { try await enter(try later.signed(other, handle: desk.handle)) })

        // Asked for a registration or a second step, answered as a sign-in.
        let creation = try await casework.beginPasskey(at: party, session: "browser", by: desk.caller)
        #expect(await desk.refused { try await enter(try later.signed(creation, handle: desk.handle)) })
        let pending = try await SecondFactorTests.begin(desk.office)
        let request = try #require(try await casework.passkeyRequest(signIn: pending.secret, at: party))
        #expect(
            await desk.refused {
                try await enter(try later.signed(request, handle: desk.handle), browser: pending.secret)
            }
        )
        // One wrong answer uses a challenge up.
        let third = try await casework.passkeyRequest(browser: "browser", at: party)
        var spoiled = later
        spoiled.spoil = { $0.dropLast() + [$0[$0.count - 1] ^ 1] }
        #expect(await desk.refused { try await enter(try spoiled.signed(third, handle: desk.handle)) })
        #expect(await desk.refused { try await enter(try later.signed(third, handle: desk.handle)) })
        try await enter(
            try later.signed(try await casework.passkeyRequest(browser: "browser", at: party), handle: desk.handle)
        )
    }

    @Test func `of two servers given the same answer one opens a session`() async throws {
        let desk = try await Desk()
        let other = try desk.office.another()
        defer { try? other.close() }
        let clock = desk.office.clock
        let two = Casework(engine: other, keys: desk.office.keys, passwordCost: 6) { clock.now }
        let asked = try await desk.casework.passkeyRequest(browser: "browser", at: desk.party)
        let signed = try desk.device.signed(asked, handle: desk.handle)
        let (one, party) = (desk.casework, desk.party)
        let opened = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let session = try? await (number.isMultiple(of: 2) ? one : two).signIn(
                        passkey: signed,
                        at: party,
                        browser: "browser",
                        address: "192.0.2.1",
                        returnTo: "/"
                    )
                    return session != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(opened == 1)
    }

    @Test func `a passkey of another site, another account or nobody is refused alike`() async throws {
        let desk = try await Desk()
        var said: [[Finding]] = []
        func enter(_ device: TestDevice, _ handle: [UInt8]) async {
            said.append(await findings { _ = try await desk.enter(device, handle: handle) })
        }
        var device = desk.device
        device.origin = "https://hersys.example.com"
        await enter(device, desk.handle)
        device = desk.device
        device.party = "example.jp"
        await enter(device, desk.handle)
        await enter(TestDevice(counter: 9), desk.handle)
        device = desk.device
        device.credential = Array("never registered".utf8)
        await enter(device, desk.handle)
        await enter(desk.device, [])
        await enter(desk.device, desk.casework.handle(desk.caller.viewer.account + 1))
        try await desk.casework.stopAccount(login: "tanaka")
        device = desk.device
        device.counter = 20
        await enter(device, desk.handle)
        #expect(Set(said).count == 1)
        #expect(said.first?.map(\.place.item) == ["passkey"])
    }

    @Test func `another's passkey is no second step, and can't be registered again`() async throws {
        let desk = try await Desk()
        try await SecondFactorTests.issue("suzuki", desk.office, phone: "090-0000-0003")
        let suzuki = try await SecondFactorTests.caller(desk.office, "suzuki")
        #expect(await desk.refused { try await desk.register(desk.device, by: suzuki) })
        let own = TestDevice(credential: Array("suzuki's own".utf8))
        try await desk.register(own, by: suzuki)
        let pending = try await SecondFactorTests.begin(desk.office, "suzuki")
        let asked = try #require(try await desk.casework.passkeyRequest(signIn: pending.secret, at: desk.party))
        #expect(
            await desk.refused {
                _ = try await desk.casework.completeSignIn(
                    pending.secret,
                    passkey: try desk.device.signed(asked),
                    at: desk.party,
                    address: "192.0.2.1"
                )
            }
        )
        // Nor somebody else's challenge for a registration, nor their removal.
        let theirs = try await desk.casework.beginPasskey(at: desk.party, session: "session", by: suzuki)
        #expect(
            await desk.refused {
                try await desk.casework.addPasskey(
                    TestDevice(credential: [1, 2, 3]).made(theirs),
                    name: "他人",
                    at: desk.party,
                    session: "session",
                    by: desk.caller
                )
            }
        )
        let id = try #require(try await desk.casework.secondFactor(by: desk.caller).passkeys.first?.id)
        await #expect(throws: Refusal.self) { try await desk.casework.removePasskey(id, by: suzuki) }
    }

    @Test func `a counter that goes back refuses and warns its owner`() async throws {
        let desk = try await Desk(TestDevice(counter: 10))
        _ = try await desk.enter(desk.device)
        #expect(await desk.refused { _ = try await desk.enter(desk.device) })
        let news = try await desk.casework.secondFactor(by: desk.caller).news
        #expect(news.map(\.kind) == [.passkeyRefused])
        #expect(news.first?.text == "職場のパソコン")
        // Only the true key's word raises the alarm.
        var forged = desk.device
        forged.spoil = { $0.dropLast() + [$0[$0.count - 1] ^ 1] }
        #expect(await desk.refused { _ = try await desk.enter(forged) })
        #expect(try await desk.casework.secondFactor(by: desk.caller).news.count == 1)
    }

    @Test(arguments: ["", "   ", String(repeating: "長", count: 41)])
    func `a passkey has a name`(name: String) async throws {
        let desk = try await Desk()
        let said = await findings {
            try await desk.register(TestDevice(credential: [1, 2, 3]), name: name)
        }
        #expect(said.map(\.place.item) == ["name"])
    }

    @Test func `ten are enough`() async throws {
        let desk = try await Desk()
        for number in 1..<10 { try await desk.register(TestDevice(credential: [UInt8(number)])) }
        #expect(await desk.refused { try await desk.register(TestDevice(credential: [10])) })
    }
}
