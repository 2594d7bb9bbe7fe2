import Access
import Catalogue
import Storage
import TestSupport
import Testing

@testable import Casework

/// Wrong passwords and codes are counted by user ID and by address, and each lock is longer than the one before.
@Suite struct LockoutTests {
    /// What a sign-in is answered with.
    private enum Answer: Equatable, CustomStringConvertible {
        case wrong(String)
        case wait(Int)
        case right

        var description: String {
            switch self {
            case .wrong(let message): "wrong \(message)"
            case .wait(let seconds): "wait \(seconds)"
            case .right: "right"
            }
        }
    }

    private func answer(
        _ office: Office,
        _ login: String,
        _ password: String = "machigatta-aikotoba",
        from address: String = "192.0.2.1"
    ) async throws -> Answer {
        do {
            _ = try await office.casework.signIn(login: login, password: password, address: address, returnTo: "/")
            return .right
        } catch Refusal.findings(let findings) {
            return .wrong(findings.map { "\($0.place.item) \($0.code) \($0.message)" }.joined())
        } catch Refusal.tooMany(let seconds) {
            return .wait(seconds)
        }
    }

    /// Tries until locked, then waits until the lock ends; the lengths of the locks.
    private func locks(
        _ office: Office,
        _ count: Int,
        _ attempt: () async throws -> Answer
    ) async throws -> [Int] {
        var lengths: [Int] = []
        for _ in 0..<200 where lengths.count < count {
            if case .wait(let seconds) = try await attempt() {
                lengths.append(seconds)
                office.clock.advance(Int64(seconds))
            }
        }
        return lengths
    }

    @Test(arguments: ["tanaka", "nobody-at-all"])
    func `a user ID is locked from an address after six failures, longer each time, whether it exists or not`(
        login: String
    ) async throws {
        let office = try await SignInTests.office()
        let lengths = try await locks(office, 10) { try await answer(office, login) }
        #expect(lengths == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
    }

    @Test(arguments: ["tanaka", "nobody-at-all"])
    func `from everywhere together it is locked after 101, for a minute at the most`(login: String) async throws {
        let office = try await SignInTests.office()
        var place = 0
        let lengths = try await locks(office, 10) {
            place += 1
            return try await answer(office, login, from: "198.51.100.\(place)")
        }
        #expect(lengths == [30, 60, 60, 60, 60, 60, 60, 60, 60, 60])
        // The last of the tries was the one after the ninth lock: 100 were free, and each lock ended with one more.
        #expect(place == 101 + 9 + 10)
    }

    @Test func `an address is locked after fifty-one failures whatever the user ID`() async throws {
        let office = try await SignInTests.office()
        for number in 0..<51 {
            guard case .wrong = try await answer(office, "user-\(number)") else {
                Issue.record("locked after \(number)")
                return
            }
        }
        #expect(try await answer(office, "user-x") == .wait(30))
        #expect(try await answer(office, "tanaka", SignInTests.password) == .wait(30))
        #expect(try await answer(office, "tanaka", SignInTests.password, from: "192.0.2.2") == .right)
    }

    /// The same steps for a user ID that exists and for one that doesn't: nothing tells them apart.
    private static let steps: [(name: String, tries: Int, waits: Int64)] = [
        ("the first try", 1, 0), ("the fifth", 4, 0), ("the sixth", 1, 0), ("while it is locked", 3, 0),
        ("halfway through", 1, 15), ("after the lock", 2, 15), ("after an hour", 3, 3600),
        ("after two days", 7, 172_800),
    ]

    @Test func `step by step an account that exists answers as one that doesn't, and as one that was stopped`()
        async throws
    {
        let office = try await SignInTests.office()
        try await office.casework.issueAccount(
            login: "stopped",
            name: "停止",
            organisation: "hc-13104",
            phone: "03-0000-0003",
            password: SignInTests.password
        )
        try await office.casework.stopAccount(login: "stopped")
        for step in Self.steps {
            office.clock.advance(step.waits)
            for number in 0..<step.tries {
                let known = try await answer(office, "tanaka", from: "198.51.100.1")
                let unknown = try await answer(office, "nobody", from: "198.51.100.2")
                // The right password of a stopped account, too.
                let stopped = try await answer(office, "stopped", SignInTests.password, from: "198.51.100.3")
                #expect(known == unknown, "\(step.name), try \(number)")
                #expect(known == stopped, "\(step.name), try \(number)")
            }
        }
    }

    @Test func `while it is locked the right password is answered as a wrong one`() async throws {
        let office = try await SignInTests.office()
        for _ in 0..<6 { _ = try await answer(office, "tanaka") }
        #expect(try await answer(office, "tanaka", SignInTests.password) == .wait(30))
        #expect(try await answer(office, "tanaka") == .wait(30))
        office.clock.advance(30)
        #expect(try await answer(office, "tanaka", SignInTests.password) == .right)
    }

    @Test func `another server on the same database counts on`() async throws {
        let office = try await SignInTests.office()
        let time = office.clock
        let second = Casework(engine: office.engine, keys: office.keys, passwordCost: 6) { time.now }
        for number in 0..<6 {
            let server = number.isMultiple(of: 2) ? second : office.casework
            _ = try? await server.signIn(login: "tanaka", password: "machigai-desu-yo", address: "b", returnTo: "/")
        }
        await #expect(throws: Refusal.self) {
            _ = try await second.signIn(login: "tanaka", password: SignInTests.password, address: "b", returnTo: "/")
        }
    }
}
