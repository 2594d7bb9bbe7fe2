import Access
import Casework
import Catalogue
import Demonstration
import Storage

/// Who asks: signing in, what every request of a page reads first, the issuers' list; with as many accounts and
/// sessions as a whole country has.
struct Accounts {
    static let goalOfSession = "p99 ≤ 2 ms, ratio ≤ 1.2"

    private let ground: Ground
    private let issuer: Caller
    private let sessions: [String]
    private let login: String

    /// Loads so many accounts, each with an open session and, as in a first week, the terms accepted.
    init?(_ ground: Ground, _ population: Population, count: Int) async throws {
        let places = population.organisations.filter { $0.kind == .institution }
        let login = "tokyo-hq"
        let filling = try await Filling(population, 0..<0, into: ground)
        guard let issuer = filling.caller(login, population), !places.isEmpty else { return nil }
        let loader = try await Loader(ground.casework)
        let vault = Vault(ground.keys)
        let now = Ground.now()
        var sessions: [String] = []
        for first in stride(from: 0, to: count, by: Self.chunk) {
            let numbers = first..<min(count, first + Self.chunk)
            let logins = numbers.map { "benchmark-\($0)" }
            let accounts = try await loader.load(
                accounts: numbers.map { number in
                    (
                        logins[number - first], "試験 \(number)", places[number % places.count].key,
                        "090-0000-\(String(number % 10_000 + 10_000).dropFirst())"
                    )
                },
                password: Ground.password
            )
            let secrets = numbers.map { "benchmark-session-\($0)" }
            try await ground.engine.write { connection in
                for (login, secret) in zip(logins, secrets) {
                    guard let account = accounts[login] else { continue }
                    let id = vault.digest("session", secret.utf8)
                    try SessionStore.open(id: id, account: account, at: now, connection)
                    try FirstUseStore.accept(terms: Casework.termsVersion, account, at: now, connection)
                }
            }
            sessions += secrets
        }
        self.ground = ground
        self.issuer = issuer
        self.login = login
        self.sessions = sessions
    }

    /// Accounts of one transaction.
    private static let chunk = 10_000

    /// What every request of a page waits for before its own work, session after session.
    func session(calls: Int) async throws -> Latencies {
        let (casework, sessions) = (ground.casework, sessions)
        return try await Measure.latencies(calls: calls * 4) { call in
            let secret = sessions[call &* 7_919 % sessions.count]
            guard try await casework.sitting(secret, countsNotices: true) != nil else { throw Ended() }
        }
    }

    struct Ended: Error {}

    /// The issuers' list, and signing in with both steps against a refusal.
    func measure(_ session: Latencies, small: Latencies?, calls: Int) async throws -> [Row] {
        let (casework, issuer) = (ground.casework, issuer)
        var rows = [
            Row(
                "session, duties, notices: before every page",
                session,
                small: small,
                smallIs: "a tenth of the accounts",
                goal: Self.goalOfSession
            )
        ]
        let list = try await Measure.latencies(calls: calls) { _ in
            _ = try await casework.accountPage(casework.accountFilter(), after: "", by: issuer)
        }
        rows.append(Row("accounts: first page of the issuers' list", list))
        var narrowed = casework.accountFilter()
        narrowed.text = "試験 123"
        let filter = narrowed
        let found = try await Measure.latencies(calls: 40) { _ in
            _ = try await casework.accountPage(filter, after: "", by: issuer)
        }
        rows.append(Row("accounts: the list narrowed by a name", found))
        // Whoever isn't known is compared with a hash all the same: what a sign-in has to cost at least.
        let unknown = try await Measure.seconds {
            for call in 0..<Self.tries {
                let address = "192.0.2.\(call)"
                do {
                    _ = try await casework.signIn(
                        login: "nobody-\(call)",
                        password: Ground.password,
                        address: address,
                        returnTo: "/"
                    )
                } catch is Refusal {}
            }
        }
        var unlimited = casework
        unlimited.sendLimit = .none
        let signIns = try await Measure.seconds {
            for _ in 0..<Self.tries {
                let pending = try await unlimited.signIn(
                    login: login,
                    password: Ground.password,
                    address: "127.0.0.1",
                    returnTo: "/"
                )
                let call = try await unlimited.messages().first?.text ?? ""
                let code = String(call.filter(\.isNumber).prefix(6))
                _ = try await unlimited.completeSignIn(pending.secret, code: code, address: "127.0.0.1")
            }
        }
        let tries = Double(Self.tries)
        rows.append(
            Row(
                "sign-in, both steps",
                Quantity(signIns / tries * 1000, "ms"),
                limit: Quantity(unknown / tries * 1000, "ms"),
                limitIs: "an unknown user is refused",
                goal: "ratio ≤ 1.1"
            )
        )
        return rows
    }

    private static let tries = 12
}
