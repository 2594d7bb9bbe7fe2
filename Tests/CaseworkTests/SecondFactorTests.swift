import Access
import Catalogue
import Foundation
import Storage
import TestSupport
import Testing

@testable import Casework

@Suite struct SecondFactorTests {
    static let password = "hersys-renshu-2020"

    static func office(sends: SendLimit = .standard, phone: String = "090-0000-0002") async throws -> Office {
        let office = try await Office(sends: sends)
        try await issue("tanaka", office, phone: phone)
        return office
    }

    static func issue(
        _ login: String,
        _ office: Office,
        organisation: OrganisationKey = "hc-13104",
        phone: String = "090-0000-0002",
        duties: Set<Duty> = []
    ) async throws {
        try await office.casework.issueAccount(
            login: login,
            name: login,
            organisation: organisation,
            phone: phone,
            password: password,
            duties: duties
        )
    }

    static func begin(_ office: Office, _ login: String = "tanaka") async throws -> PendingSignIn {
        try await office.casework.signIn(login: login, password: password, address: "192.0.2.1", returnTo: "/")
    }

    static func code(_ office: Office) async throws -> String {
        let text = try #require(try await office.casework.messages().first?.text)
        return String(text.filter { ("0"..."9").contains($0) }.prefix(6))
    }

    static func caller(_ office: Office, _ login: String = "tanaka") async throws -> Caller {
        let account = try #require(
            try await office.engine.read { try office.casework.accounts.find(login: login, $0) }
        )
        let organisation = try #require(try await office.casework.directory()[account.organisation])
        return Caller(
            Viewer(organisation: organisation, account: account.id, name: account.name),
            through: .page,
            address: "192.0.2.1"
        )
    }

    /// Sets an authenticator app; gives its secret and the recovery codes.
    static func setApp(_ office: Office, _ caller: Caller) async throws -> (secret: [UInt8], codes: [String]) {
        let offer = try await office.casework.prepareAuthenticator(by: caller)
        let secret = try #require(OneTimeCode.bytes(base32: offer.secret))
        let code = OneTimeCode.code(secret: secret, step: Int(office.clock.now.seconds / 30))
        return (secret, try await office.casework.setAuthenticator(secret: offer.secret, code: code, by: caller))
    }

    private static func seconds(_ body: () async throws -> Void) async throws -> Int? {
        do {
            try await body()
            return nil
        } catch Refusal.tooMany(let seconds) {
            return seconds
        }
    }

    // MARK: Sending

    @Test(arguments: [
        ("03-0000-1234", "1234"), ("03-00000-123", "0123"), ("(03)00000(123)", "0123"), ("03-0000-1234 内線567", "1234"),
    ])
    func `a telephone is named by its last four digits, however it is grouped`(phone: String, ending: String) {
        let account = Account(login: "x", organisation: "hc-13104", name: "試験", password: "", phone: phone)
        #expect(account.phoneEnding == ending)
    }

    @Test func `one code a minute goes to a number, by a new sign-in too`() async throws {
        let office = try await Self.office()
        let first = try await Self.begin(office)
        #expect(first.isSent)
        let code = try await Self.code(office)
        let second = try await Self.begin(office)
        #expect(!second.isSent)
        #expect(second.wait == 60)
        #expect(try await office.casework.messages().count == 1)
        office.clock.advance(59)
        #expect(try await Self.seconds { try await office.casework.resendCode(second.secret) } == 1)
        // What was sent to the first sign-in is no code of the second.
        let said = await findings {
            _ = try await office.casework.completeSignIn(second.secret, code: code, address: "192.0.2.1")
        }
        #expect(said.map(\.place.item) == ["code"])
        office.clock.advance(1)
        try await office.casework.resendCode(second.secret)
        #expect(try await office.casework.messages().count == 2)
        _ = try await office.casework.completeSignIn(
            second.secret,
            code: Self.code(office),
            address: "192.0.2.1"
        )
    }

    @Test func `five codes an hour go to a number, whoever signs in and however it is written`() async throws {
        let office = try await Self.office()
        for (index, phone) in ["09000000002", "+81 90-0000-0002", "０９０（００００）０００２"].enumerated() {
            try await Self.issue("other-\(index)", office, phone: phone)
        }
        for (index, login) in ["tanaka", "other-0", "other-1", "other-2", "tanaka"].enumerated() {
            #expect(try await Self.begin(office, login).isSent, "\(index)")
            office.clock.advance(60)
        }
        let sixth = try await Self.begin(office, "other-0")
        #expect(!sixth.isSent)
        #expect(sixth.wait == 3600 - 300)
        #expect(try await Self.seconds { try await office.casework.resendCode(sixth.secret) } == 3600 - 300)
        office.clock.advance(3600 - 300)
        #expect(try await Self.begin(office, "other-0").isSent)
        // The window slides: the second of the five still counts for a minute.
        office.clock.advance(59)
        #expect(try await !Self.begin(office, "other-1").isSent)
        office.clock.advance(1)
        #expect(try await Self.begin(office, "other-1").isSent)
        #expect(try await office.casework.messages().count == 7)
    }

    @Test func `other numbers have their own count`() async throws {
        let office = try await Self.office()
        try await Self.issue("suzuki", office, phone: "090-0000-0003")
        #expect(try await Self.begin(office).isSent)
        #expect(try await Self.begin(office, "suzuki").isSent)
    }

    @Test func `twenty sign-ins at once at two servers send one code`() async throws {
        let office = try await Self.office()
        let (one, clock) = (office.casework, office.clock)
        let other = try office.another()
        defer { try? other.close() }
        let two = Casework(engine: other, keys: office.keys, passwordCost: 6) { clock.now }
        let sent = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await (number.isMultiple(of: 2) ? one : two).signIn(
                        login: "tanaka",
                        password: Self.password,
                        address: "192.0.2.1",
                        returnTo: "/"
                    ).isSent
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(sent == 1)
        #expect(try await office.casework.messages().count == 1)
    }

    @Test func `a clock set back doesn't keep codes away`() async throws {
        let office = try await Self.office()
        _ = try await Self.begin(office)
        office.clock.advance(-7200)
        #expect(try await Self.begin(office).isSent)
    }

    @Test func `no number, code or reason is in the database in clear`() async throws {
        let office = try await Self.office()
        _ = try await Self.begin(office)
        let code = try await Self.code(office)
        let (_, recovery) = try await Self.setApp(office, try await Self.caller(office))
        try await Self.issue("issuer", office, phone: "090-0000-0009", duties: [.issuer])
        try await office.casework.resetSecondFactor(
            login: "tanaka",
            phone: "080-1234-9876",
            reason: "紛失の届け出",
            by: try await Self.caller(office, "issuer")
        )
        let all = try await office.everything()
        let spoken = code.map(String.init).joined(separator: " ")
        for word in ["090-0000-0002", "09000000002", "080-1234-9876", spoken, "紛失の届け出"] + recovery.prefix(3) {
            #expect(all.range(of: Data(word.utf8)) == nil, "\(word)")
        }
        #expect(all.range(of: Data("tanaka".utf8)) != nil)
    }

    // MARK: By which way

    @Test func `a mobile telephone takes SMS, by choice of the account and of the sign-in`() async throws {
        let office = try await Self.office(sends: .none)
        let caller = try await Self.caller(office)
        let first = try await Self.begin(office)
        #expect(first.channels == [.call, .sms])
        #expect(first.channel == .call)
        #expect(try await office.casework.messages().first?.kind == "call")
        office.clock.advance(60)
        try await office.casework.resendCode(first.secret, by: .sms)
        let sms = try #require(try await office.casework.messages().first)
        #expect(sms.kind == "sms")
        #expect(try await office.casework.pendingSignIn(first.secret)?.channel == .sms)
        _ = try await office.casework.completeSignIn(first.secret, code: Self.code(office), address: "192.0.2.1")
        // The choice of one sign-in isn't the account's.
        #expect(try await Self.begin(office).channel == .call)
        try await office.casework.setCodeChannel(.sms, by: caller)
        #expect(try await Self.begin(office).channel == .sms)
        #expect(try await office.casework.messages().first?.kind == "sms")
        #expect(try await office.casework.secondFactor(by: caller).channel == .sms)
    }

    @Test func `going over to the other way waits out the minute, and one is told how long`() async throws {
        let office = try await Self.office()
        let pending = try await Self.begin(office)
        #expect(pending.wait == 60)
        office.clock.advance(45)
        #expect(try await office.casework.pendingSignIn(pending.secret)?.wait == 15)
        #expect(try await Self.seconds { try await office.casework.resendCode(pending.secret, by: .sms) } == 15)
        #expect(try await office.casework.messages().count == 1)
        office.clock.advance(15)
        #expect(try await office.casework.pendingSignIn(pending.secret)?.wait == 0)
        try await office.casework.resendCode(pending.secret, by: .sms)
        #expect(try await office.casework.messages().map(\.kind) == ["sms", "call"])
        #expect(try await office.casework.pendingSignIn(pending.secret)?.wait == 60)
    }

    @Test(arguments: ["03-0000-0002", "0120-000-002", "0800-000-0002", "+1 212 555 0100", "03-0000-0002 内線12"])
    func `any other telephone is called`(phone: String) async throws {
        let office = try await Self.office(sends: .none, phone: phone)
        let pending = try await Self.begin(office)
        #expect(pending.channels == [.call])
        office.clock.advance(60)
        try await office.casework.resendCode(pending.secret, by: .sms)
        #expect(try await office.casework.messages().allSatisfy { $0.kind == "call" })
        let said = await findings {
            try await office.casework.setCodeChannel(.sms, by: try await Self.caller(office))
        }
        #expect(said.map(\.place.item) == ["channel"])
    }

    @Test func `an SMS has the code and its five minutes in 70 units`() {
        let message = Casework.message("012345", by: .sms, to: "090-0000-0002", at: Timestamp(seconds: 0))
        #expect(message.text.utf16.count <= 70)
        #expect(message.text.contains("012345"))
        #expect(message.text.contains("5分以内"))
        let call = Casework.message("012345", by: .call, to: "090-0000-0002", at: Timestamp(seconds: 0))
        #expect(call.kind == "call")
        #expect(call.text.contains("0 1 2 3 4 5"))
    }

    // MARK: Recovery codes

    @Test func `each of ten recovery codes works once in the app's place, and its owner is told`() async throws {
        let office = try await Self.office()
        let caller = try await Self.caller(office)
        let (_, codes) = try await Self.setApp(office, caller)
        #expect(Set(codes).count == 10)
        #expect(codes.allSatisfy { $0.wholeMatch(of: /[A-Z2-7]{5}-[A-Z2-7]{5}/) != nil })
        #expect(try await office.casework.secondFactor(by: caller).recoveryLeft == 10)
        let pending = try await Self.begin(office)
        #expect(pending.method == .authenticator)
        #expect(pending.hasRecoveryCodes)
        // However it is typed.
        let typed = " " + codes[3].lowercased().replacing("-", with: "ー").replacing("o", with: "0")
        let opened = try await office.casework.completeSignIn(
            pending.secret,
            recoveryCode: typed,
            address: "192.0.2.1"
        )
        #expect(opened.hasNews)
        let factor = try await office.casework.secondFactor(by: caller)
        #expect(factor.recoveryLeft == 9)
        #expect(!factor.isShortOfRecovery)
        #expect(factor.news.map(\.kind) == [.recoveryUsed])
        try await office.casework.acknowledge(event: try #require(factor.news.first?.id), by: caller)
        #expect(try await office.casework.secondFactor(by: caller).news.isEmpty)
        #expect(try await office.casework.secondFactor(by: caller).events.contains { $0.kind == .recoveryUsed })

        let again = try await Self.begin(office)
        let said = await findings {
            _ = try await office.casework.completeSignIn(again.secret, recoveryCode: codes[3], address: "192.0.2.1")
        }
        #expect(said.map(\.place.item) == ["recovery"])
        for code in codes where code != codes[3] {
            let next = try await Self.begin(office)
            _ = try await office.casework.completeSignIn(next.secret, recoveryCode: code, address: "192.0.2.1")
        }
        #expect(try await office.casework.secondFactor(by: caller).recoveryLeft == 0)
        #expect(try await office.casework.secondFactor(by: caller).isShortOfRecovery)
        #expect(try await !Self.begin(office).hasRecoveryCodes)
    }

    @Test func `wrong recovery codes count with wrong codes`() async throws {
        let office = try await Self.office()
        let (_, codes) = try await Self.setApp(office, try await Self.caller(office))
        let pending = try await Self.begin(office)
        for _ in 0..<4 {
            _ = await findings {
                _ = try await office.casework.completeSignIn(
                    pending.secret,
                    recoveryCode: "AAAAA-AAAAA",
                    address: "192.0.2.1"
                )
            }
        }
        for code in ["AAAAA-AAAAA", codes[0]] {
            await #expect(throws: Refusal.self) {
                try await office.casework.completeSignIn(pending.secret, recoveryCode: code, address: "192.0.2.1")
            }
        }
        #expect(try await office.casework.secondFactor(by: try await Self.caller(office)).recoveryLeft == 10)
    }

    @Test func `new codes end the old ones, and they go with the app; others' don't count`() async throws {
        let office = try await Self.office()
        let caller = try await Self.caller(office)
        await #expect(throws: Refusal.self) { try await office.casework.renewRecoveryCodes(by: caller) }
        let (_, old) = try await Self.setApp(office, caller)
        let new = try await office.casework.renewRecoveryCodes(by: caller)
        #expect(try await office.casework.recoveryCodes(among: old + new, by: caller).isEmpty)
        #expect(try await office.casework.recoveryCodes(among: new, by: caller) == new)
        try await Self.issue("suzuki", office, phone: "090-0000-0003")
        let other = try await Self.caller(office, "suzuki")
        _ = try await Self.setApp(office, other)
        let theirs = try await Self.begin(office, "suzuki")
        for code in [old[0], new[0], "", "-"] {
            let said = await findings {
                _ = try await office.casework.completeSignIn(theirs.secret, recoveryCode: code, address: "192.0.2.1")
            }
            #expect(said.map(\.place.item) == ["recovery"])
        }
        try await office.casework.removeAuthenticator(by: caller)
        #expect(try await office.casework.secondFactor(by: caller).recoveryLeft == nil)
        let pending = try await Self.begin(office)
        #expect(!pending.hasRecoveryCodes)
        _ = await findings {
            _ = try await office.casework.completeSignIn(pending.secret, recoveryCode: new[1], address: "192.0.2.1")
        }
    }
}
