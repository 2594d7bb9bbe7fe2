import Access
import Casework
import Catalogue
import Storage
import Testing

@testable import Casework

@Suite struct SignInTests {
    static let password = "hersys-renshu-2020"

    static func office() async throws -> Office {
        let office = try await Office()
        try await office.casework.issueAccount(
            login: "tanaka",
            name: "田中",
            organisation: "hc-13104",
            phone: "03-0000-0002",
            password: password
        )
        return office
    }

    static func code(_ office: Office) async throws -> String {
        let text = try #require(try await office.casework.messages().first?.text)
        return String(text.filter { $0.isNumber }.prefix(6))
    }

    static func signIn(_ office: Office) async throws -> String {
        let pending = try await office.casework.signIn(
            login: "tanaka",
            password: password,
            address: "192.0.2.1",
            returnTo: "/"
        )
        return try await office.casework.completeSignIn(
            pending.secret,
            code: code(office),
            address: "192.0.2.1"
        ).session
    }

    @Test func `password and code open a session for the account's organisation`() async throws {
        let office = try await Self.office()
        let session = try await Self.signIn(office)
        let viewer = try await office.casework.session(session)
        #expect(viewer?.organisation.key == "hc-13104")
        #expect(viewer?.name == "田中")
        #expect(try await office.casework.session("nonsense") == nil)
    }

    @Test func `an unknown user and a wrong password are answered alike`() async throws {
        let office = try await Self.office()
        func message(_ login: String, _ password: String) async -> [Finding] {
            await findings {
                _ = try await office.casework.signIn(
                    login: login,
                    password: password,
                    address: "192.0.2.1",
                    returnTo: "/"
                )
            }
        }
        #expect(await message("tanaka", "wrong-password-1") == message("nobody", "wrong-password-1"))
        try await office.casework.stopAccount(login: "tanaka")
        #expect(await message("tanaka", Self.password) == message("nobody", Self.password))
    }

    @Test func `five wrong codes end the sign-in, and a used code works no more`() async throws {
        let office = try await Self.office()
        let pending = try await office.casework.signIn(
            login: "tanaka",
            password: Self.password,
            address: "192.0.2.1",
            returnTo: "/"
        )
        let right = try await Self.code(office)
        let wrong = right == "000000" ? "111111" : "000000"
        for _ in 0..<4 {
            let said = await findings {
                _ = try await office.casework.completeSignIn(pending.secret, code: wrong, address: "192.0.2.1")
            }
            #expect(said.map(\.place.item) == ["code"])
        }
        for code in [wrong, right] {
            await #expect(throws: Refusal.self) {
                try await office.casework.completeSignIn(pending.secret, code: code, address: "192.0.2.1")
            }
        }
        office.clock.advance(3600)
        let again = try await office.casework.signIn(
            login: "tanaka",
            password: Self.password,
            address: "192.0.2.1",
            returnTo: "/"
        )
        let code = try await Self.code(office)
        _ = try await office.casework.completeSignIn(again.secret, code: code, address: "192.0.2.1")
        await #expect(throws: Refusal.self) {
            try await office.casework.completeSignIn(again.secret, code: code, address: "192.0.2.1")
        }
    }

    @Test func `signing in again gives no fresh guesses of the code`() async throws {
        let office = try await Self.office()
        var tried = 0
        do {
            for _ in 0..<4 {
                let pending = try await office.casework.signIn(
                    login: "tanaka",
                    password: Self.password,
                    address: "192.0.2.1",
                    returnTo: "/"
                )
                let right = try await Self.code(office)
                for _ in 0..<4 {
                    let said = await findings {
                        _ = try await office.casework.completeSignIn(
                            pending.secret,
                            code: right == "000000" ? "111111" : "000000",
                            address: "192.0.2.1"
                        )
                    }
                    guard said.map(\.place.item) == ["code"] else { break }
                    tried += 1
                    if tried == 6 { break }
                }
                if tried == 6 { break }
            }
            _ = try await office.casework.signIn(
                login: "tanaka",
                password: Self.password,
                address: "192.0.2.1",
                returnTo: "/"
            )
            Issue.record("a seventh guess was possible")
        } catch Refusal.tooMany(let seconds) {
            #expect(seconds == 30)
        }
        #expect(tried == 6)
    }

    @Test func `a code works five minutes, and one is sent a minute at most`() async throws {
        let office = try await Self.office()
        let pending = try await office.casework.signIn(
            login: "tanaka",
            password: Self.password,
            address: "192.0.2.1",
            returnTo: "/cases"
        )
        let first = try await Self.code(office)
        await #expect(throws: Refusal.self) { try await office.casework.resendCode(pending.secret) }
        office.clock.advance(61)
        try await office.casework.resendCode(pending.secret)
        let second = try await Self.code(office)
        if first != second {
            _ = await findings {
                _ = try await office.casework.completeSignIn(pending.secret, code: first, address: "192.0.2.1")
            }
        }
        office.clock.advance(301)
        await #expect(throws: Refusal.self) {
            try await office.casework.completeSignIn(pending.secret, code: second, address: "192.0.2.1")
        }
    }

    @Test func `wrong passwords lock the user ID from their address for growing times, known or not`() async throws {
        let office = try await Self.office()
        for login in ["tanaka", "nobody"] {
            for _ in 0..<6 {
                _ = await findings {
                    _ = try await office.casework.signIn(
                        login: login,
                        password: "wrong-password-1",
                        address: "198.51.100.7",
                        returnTo: "/"
                    )
                }
            }
            do {
                _ = try await office.casework.signIn(
                    login: login,
                    password: Self.password,
                    address: "198.51.100.7",
                    returnTo: "/"
                )
                Issue.record("not locked")
            } catch Refusal.tooMany(let seconds) {
                #expect(seconds == 30)
            }
        }
        office.clock.advance(31)
        _ = try await office.casework.signIn(
            login: "tanaka",
            password: Self.password,
            address: "198.51.100.7",
            returnTo: "/"
        )
    }

    @Test func `a session ends after 30 idle minutes, after 12 hours, at sign-out everywhere, and with the account`()
        async throws
    {
        let office = try await Self.office()
        let idle = try await Self.signIn(office)
        office.clock.advance(1799)
        #expect(try await office.casework.session(idle) != nil)
        office.clock.advance(1800)
        #expect(try await office.casework.session(idle) == nil)

        let busy = try await Self.signIn(office)
        for _ in 0..<47 {
            office.clock.advance(900)
            #expect(try await office.casework.session(busy) != nil)
        }
        office.clock.advance(901)
        #expect(try await office.casework.session(busy) == nil)

        let (one, two) = (try await Self.signIn(office), try await Self.signIn(office))
        try await office.casework.signOut(session: one)
        #expect(try await office.casework.session(two) == nil)

        let last = try await Self.signIn(office)
        try await office.casework.stopAccount(login: "tanaka")
        #expect(try await office.casework.session(last) == nil)
    }

    @Test func `an authenticator app takes the telephone's place, each code once`() async throws {
        let office = try await Self.office()
        let session = try await Self.signIn(office)
        let viewer = try #require(try await office.casework.session(session))
        let caller = Caller(viewer, through: .page, address: "192.0.2.1")
        let offer = try await office.casework.prepareAuthenticator(by: caller)
        let secret = try #require(OneTimeCode.bytes(base32: offer.secret))
        func code() -> String { OneTimeCode.code(secret: secret, step: Int(office.clock.now.seconds / 30)) }
        let wrong = await findings {
            try await office.casework.setAuthenticator(secret: offer.secret, code: "12345", by: caller)
        }
        #expect(wrong.map(\.place.item) == ["code"])
        try await office.casework.setAuthenticator(secret: offer.secret, code: code(), by: caller)
        #expect(try await office.casework.hasAuthenticator(by: caller))
        let pending = try await office.casework.signIn(
            login: "tanaka",
            password: Self.password,
            address: "192.0.2.1",
            returnTo: "/"
        )
        #expect(pending.method == .authenticator)
        // The code that set it up was used.
        _ = await findings {
            _ = try await office.casework.completeSignIn(pending.secret, code: code(), address: "192.0.2.1")
        }
        office.clock.advance(30)
        _ = try await office.casework.completeSignIn(pending.secret, code: code(), address: "192.0.2.1")
    }

    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_234_567_890, "89005924"), (2_000_000_000, "69279037"),
    ])
    func `codes are those of RFC 6238`(seconds: Int, expected: String) {
        // Appendix B has 8 digits of the same number.
        let code = OneTimeCode.code(secret: Array("12345678901234567890".utf8), step: seconds / 30)
        #expect(code == String(expected.suffix(6)))
    }

    @Test func `a client gets a token for its organisation, until it is stopped`() async throws {
        let office = try await Self.office()
        let (id, secret) = try await office.casework.issueClient(organisation: "med-1", name: "電子カルテ")
        #expect(try await office.casework.token(client: id, secret: "wrong") == nil)
        #expect(try await office.casework.token(client: "client-x", secret: secret) == nil)
        let token = try #require(try await office.casework.token(client: id, secret: secret)).token
        #expect(try await office.casework.client(bearer: token)?.organisation.key == "med-1")
        office.clock.advance(3601)
        #expect(try await office.casework.client(bearer: token) == nil)
        let fresh = try #require(try await office.casework.token(client: id, secret: secret)).token
        try await office.casework.stopClient(id)
        #expect(try await office.casework.client(bearer: fresh) == nil)
        #expect(try await office.casework.token(client: id, secret: secret) == nil)
    }

    @Test(arguments: [
        ("ab", "03-0000-0003", "long-enough-password", "login"), ("suzuki", "110", "long-enough-password", "phone"),
        ("suzuki", "03-0000-0003", "short", "password"), ("tanaka", "03-0000-0003", "long-enough-password", "login"),
    ])
    func `an account with something wrong is refused at its place`(
        login: String,
        phone: String,
        password: String,
        place: String
    ) async throws {
        let office = try await Self.office()
        let said = await findings {
            try await office.casework.issueAccount(
                login: login,
                name: "鈴木",
                organisation: "hc-13104",
                phone: phone,
                password: password
            )
        }
        #expect(said.map(\.place.item) == [place])
    }
}
