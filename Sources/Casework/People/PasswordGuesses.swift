import Catalogue
import Storage

/// By what guesses of one account's password from one address are counted and locked.
///
/// User IDs are known: an institution's is its public number. If wrong passwords from anywhere locked an ID for long,
/// anybody could keep a country's institutions out. So the strict lock is that of the ID from one address; guesses of
/// an ID from everywhere together are slowed down only, to one a minute. Wrong codes lock the ID itself: whoever types
/// them knows the password.
struct PasswordGuesses: Sendable {
    private let fromHere: [UInt8]
    private let login: [UInt8]
    private let address: [UInt8]
    private let code: [UInt8]

    init(of login: String, from address: String, _ vault: Vault) {
        let shared = SharedAddress.key(address)
        fromHere = vault.digest("throttle-login-address", "\(login)\u{1F}\(shared)".utf8)
        self.login = vault.digest("throttle-login", login.utf8)
        self.address = vault.digest("throttle-address", shared.utf8)
        code = vault.digest("throttle-code", login.utf8)
    }

    /// Seconds for which nothing is compared, nil where it is.
    func locked(_ now: Timestamp, _ connection: any SQLConnection) throws -> Int? {
        try Self.locked([fromHere, login, address, code], now, connection)
    }

    /// Whether wrong codes have locked the second step.
    func isCodeLocked(_ now: Timestamp, _ connection: any SQLConnection) throws -> Bool {
        try Self.locked([code], now, connection) != nil
    }

    private static func locked(_ keys: [[UInt8]], _ now: Timestamp, _ connection: any SQLConnection) throws -> Int? {
        let until = try keys.map { try SessionStore.throttle(key: $0, connection).lockedUntil }.max() ?? now
        return until > now ? Int(until.seconds - now.seconds) : nil
    }

    /// Counts a wrong password.
    func countPassword(_ now: Timestamp, _ connection: any SQLConnection) throws {
        try Casework.countFailure(fromHere, free: 5, now, connection)
        try Casework.countFailure(login, free: 100, longest: 60, now, connection)
        // An address is shared by a whole office: it is given more tries than one user ID.
        try Casework.countFailure(address, free: 50, forgiving: 60, now, connection)
    }

    /// Counts a wrong code.
    func countCode(_ now: Timestamp, _ connection: any SQLConnection) throws {
        try Casework.countFailure(code, free: 5, now, connection)
    }

    /// Forgets what was counted of an account whose owner has proved who they are.
    func forgive(_ connection: any SQLConnection) throws {
        for key in [fromHere, login, code] {
            try SessionStore.setThrottle(key: key, failures: 0, lockedUntil: Timestamp(seconds: 0), connection)
        }
    }
}

extension Casework {
    /// Compares a password with an account's, as far as guessing isn't locked, and counts a wrong one.
    ///
    /// The lock is asked before the comparison, which costs half a second of a core, and again after it: tries that
    /// were under way together are none the better for it. An unknown or stopped account takes as long and counts as
    /// much as a wrong password, and so does one that was changed meanwhile.
    /// - Parameters:
    ///   - password: what was typed.
    ///   - account: whose it should be, nil where there is none.
    ///   - login: the user ID as it was typed.
    ///   - address: from where.
    ///   - right: what follows a right one, in the same transaction.
    /// - Returns: what follows; nil for a wrong password.
    /// - Throws: ``Refusal/tooMany(seconds:)`` while guessing is locked.
    func guess<Result: Sendable>(
        _ password: String,
        of account: Account?,
        login: String,
        address: String,
        right: @escaping @Sendable (Account, Timestamp, any SQLConnection) throws -> Result
    ) async throws -> Result? {
        let guesses = PasswordGuesses(of: login, from: address, vault)
        let before = clock()
        if let seconds = try await engine.read({ try guesses.locked(before, $0) }) {
            throw Refusal.tooMany(seconds: seconds)
        }
        let matches = try await passwords.matches(password, account?.password)
        let now = clock()
        let outcome = try await engine.write { connection -> GuessOutcome<Result> in
            if let seconds = try guesses.locked(now, connection) { return .locked(seconds) }
            guard matches, let account, let present = try self.accounts.find(id: account.id, connection),
                present.password == account.password, present.stoppedAt == nil
            else {
                try guesses.countPassword(now, connection)
                return .wrong
            }
            return .right(try right(present, now, connection))
        }
        switch outcome {
        case .right(let result): return result
        case .wrong: return nil
        case .locked(let seconds): throw Refusal.tooMany(seconds: seconds)
        }
    }
}

/// What came of a guess.
private enum GuessOutcome<Result: Sendable>: Sendable {
    case right(Result)
    case wrong
    case locked(Int)
}
