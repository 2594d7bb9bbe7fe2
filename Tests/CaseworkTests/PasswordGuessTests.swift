import Access
import Storage
import Testing

@testable import Casework

/// How guesses of a password are slowed down, and whom that doesn't hinder.
@Suite struct PasswordGuessTests {
    private static let wrong = "chigau-aikotoba-1"

    /// What comes of a try: `wrong`, `right`, or the seconds of a lock.
    private func attempt(
        _ office: Office,
        _ password: String = wrong,
        login: String = "tanaka",
        from address: String
    ) async -> String {
        do {
            _ = try await office.casework.signIn(login: login, password: password, address: address, returnTo: "/")
            return "right"
        } catch Refusal.tooMany(let seconds) {
            return String(seconds)
        } catch {
            return "wrong"
        }
    }

    @Test func `wrong passwords lock the user ID from their address, and its owner elsewhere signs in`() async throws {
        let office = try await SignInTests.office()
        for _ in 0..<6 { #expect(await attempt(office, from: "198.51.100.7") == "wrong") }
        #expect(await attempt(office, SignInTests.password, from: "198.51.100.7") == "30")
        #expect(await attempt(office, SignInTests.password, from: "198.51.100.8") == "right")
    }

    @Test func `guesses from everywhere slow an ID down to one a minute, and never longer`() async throws {
        let office = try await SignInTests.office()
        // Twenty addresses with five tries each, which are free everywhere.
        for number in 0..<100 { #expect(await attempt(office, from: "198.51.100.\(number % 20)") == "wrong") }
        #expect(await attempt(office, from: "198.51.100.50") == "wrong")
        for number in 51..<56 {
            let locked = await attempt(office, SignInTests.password, from: "198.51.100.\(number)")
            #expect((Int(locked) ?? 0) > 0 && (Int(locked) ?? 99) <= 60)
            office.clock.advance(61)
            #expect(await attempt(office, from: "198.51.100.\(number)") == "wrong")
        }
        office.clock.advance(61)
        #expect(await attempt(office, SignInTests.password, from: "203.0.113.1") == "right")
    }

    @Test func `tries that are under way together are no more than tries one after the other`() async throws {
        let office = try await SignInTests.office()
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { await self.attempt(office, from: "198.51.100.7") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == "wrong" } == 6)
        #expect(outcomes.count == 20)
    }

    @Test func `a password that was changed while it was compared is a wrong one`() async throws {
        let office = try await SignInTests.office()
        let store = office.casework.accounts
        let stale = try #require(try await office.engine.read { try store.find(login: "tanaka", $0) })
        var changed = stale
        changed.password = try await office.casework.passwords.hash("betsu-no-aikotoba-9")
        try await office.engine.write { [changed] in try store.update(changed, $0) }
        let found = try await office.casework.guess(
            SignInTests.password,
            of: stale,
            login: "tanaka",
            address: "192.0.2.1"
        ) { account, _, _ in account.id }
        #expect(found == nil)
    }

    @Test func `what follows a right password knows the account as it is by then`() async throws {
        let office = try await SignInTests.office()
        let store = office.casework.accounts
        let stale = try #require(try await office.engine.read { try store.find(login: "tanaka", $0) })
        var changed = stale
        changed.phone = "03-0000-0077"
        try await office.engine.write { [changed] in try store.update(changed, $0) }
        let phone = try await office.casework.guess(
            SignInTests.password,
            of: stale,
            login: "tanaka",
            address: "192.0.2.1"
        ) { account, _, _ in account.phone }
        #expect(phone == "03-0000-0077")
    }

    @Test func `wrong passwords of others don't end a sign-in whose password was right`() async throws {
        let office = try await SignInTests.office()
        let pending = try await office.casework.signIn(
            login: "tanaka",
            password: SignInTests.password,
            address: "192.0.2.1",
            returnTo: "/"
        )
        let code = try await SignInTests.code(office)
        for _ in 0..<8 { _ = await attempt(office, from: "198.51.100.7") }
        let opened = try await office.casework.completeSignIn(pending.secret, code: code, address: "192.0.2.1")
        #expect(try await office.casework.session(opened.session) != nil)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "20010db800010002/64"),
        ("2001:db8:1:2::1", "20010db800010002/64"), ("2001:db8:1:3::1", "20010db800010003/64"),
        ("fe80::1%eth0", "fe80000000000000/64"), ("::1", "0000000000000000/64"), ("test", "test"), ("", ""),
    ])
    func `an address counts with all that its user can take in its place`(address: String, key: String) {
        #expect(SharedAddress.key(address) == key)
    }

    @Test func `another address of the same IPv6 network gives no fresh guesses`() async throws {
        let office = try await SignInTests.office()
        for number in 0..<6 { #expect(await attempt(office, from: "2001:db8:1:2::\(number)") == "wrong") }
        #expect(await attempt(office, SignInTests.password, from: "2001:db8:1:2:aaaa::1") == "30")
        #expect(await attempt(office, SignInTests.password, from: "2001:db8:1:3::1") == "right")
    }
}
