import Access
import Catalogue
import Crypto
import Storage

/// A sign-in whose password was right and that waits for its code.
public struct PendingSignIn: Sendable {
    /// Where the code comes from.
    public enum Method: Sendable, Hashable {
        /// A telephone; the last digits remind which.
        case phone(ending: String)
        /// An authenticator app.
        case authenticator
    }

    /// What the browser keeps until the code has come.
    public let secret: String
    /// Where the code comes from.
    public let method: Method
    /// The user ID.
    public let account: String
    /// By which ways a code can be sent.
    public var channels: [CodeChannel] = [.call]
    /// By which way it was sent last, or would be.
    public var channel = CodeChannel.call
    /// Whether a code was sent.
    public var isSent = false
    /// Seconds until the next one may be sent; 0 for at once.
    public var wait = 0
    /// Whether a passkey stands in for the code.
    public var hasPasskeys = false
    /// Whether a recovery code stands in for the code.
    public var hasRecoveryCodes = false
}

/// A session that a sign-in opened.
public struct OpenedSession: Sendable {
    /// Its secret, for the cookie.
    public let session: String
    /// Where its owner wanted to go.
    public let returnTo: String
    /// Whether something has happened to the second factor that its owner hasn't seen: it is told first.
    public let hasNews: Bool
}

extension Casework {
    /// Tries for one code.
    private static let codeTries = 5

    /// First step: user ID and password; sends a one-time code or asks for the authenticator's.
    ///
    /// An unknown user ID, a wrong password and a stopped account answer alike, in text and in time.
    public func signIn(
        login: String,
        password: String,
        address: String,
        returnTo: String
    ) async throws -> PendingSignIn {
        let login = login.nfkc.lowercased().filter { !$0.isWhitespace }
        let (account, owes) = try await engine.read { connection -> (Account?, FirstUse?) in
            let account = try self.accounts.find(login: login, connection)
            // Asked for the unknown as well: both take the same way.
            return (account, try Self.firstUse(of: account?.id ?? 0, connection))
        }
        let secret = Secret.random(bytes: 32)
        // An initial password is typed from paper. One's own is compared letter by letter.
        let typed = owes == .password ? InitialPassword.meant(password) ?? password : password
        let begun: Void? = try await guess(typed, of: account, login: login, address: address) {
            try self.begin(secret, $0, returnTo: returnTo, $1, $2)
        }
        guard begun != nil else {
            throw Refusal.findings([Finding("login", "wrong", "ユーザーIDまたはパスワードが正しくありません。もう一度入力してください。")])
        }
        guard let pending = try await pendingSignIn(secret) else { throw Refusal.notFound }
        return pending
    }

    /// Second step: the code opens a session, and the sign-in's secret no longer works.
    ///
    /// Only here, after the right password and the right code, somebody is told that their local government hasn't
    /// begun yet.
    /// - Throws: ``Refusal/findings(_:)`` for a wrong code, ``Refusal/notFound`` where the sign-in has run out,
    ///   ``NotYetOpen`` before the day.
    public func completeSignIn(_ secret: String, code: String, address: String) async throws -> OpenedSession {
        let digits = code.nfkc.filter { $0.isASCII && $0.isNumber }
        return try await complete(secret, "code", "ワンタイムパスワードが正しくありません。", address) {
            signIn,
            account,
            now,
            _ in
            self.isRight(digits, secret, signIn, &account, now)
        }
    }

    /// Second step by whatever proves that it is the account's owner.
    ///
    /// - Parameters:
    ///   - secret: the sign-in's.
    ///   - place: the field that a refusal is about.
    ///   - wrong: what is said of a wrong proof.
    ///   - address: the network address.
    ///   - proves: whether the proof is right; what it changes stands with the session or not at all.
    /// - Returns: the session.
    /// - Throws: as ``completeSignIn(_:code:address:)``.
    func complete(
        _ secret: String,
        _ place: String,
        _ wrong: String,
        _ address: String,
        proves: @escaping @Sendable (SessionStore.SignIn, inout Account, Timestamp, any SQLConnection) throws -> Bool
    ) async throws -> OpenedSession {
        let now = clock()
        let id = vault.digest("sign-in", secret.utf8)
        let session = Secret.random(bytes: 32)
        let directory = try await directory()
        enum Outcome {
            case entered(Entrance)
            case wrong(left: Int)
            case gone
        }
        let outcome = try await engine.write { connection -> Outcome in
            guard var signIn = try SessionStore.signIn(id: id, connection), Self.works(signIn, now),
                var account = try self.accounts.find(id: signIn.account, connection), account.stoppedAt == nil
            else { return .gone }
            // Wrong codes count for the account: signing in again gives no fresh guesses.
            let guesses = PasswordGuesses(of: account.login, from: address, self.vault)
            guard try !guesses.isCodeLocked(now, connection) else { return .gone }
            guard try proves(signIn, &account, now, connection) else {
                try guesses.countCode(now, connection)
                signIn.tries += 1
                if signIn.tries >= Self.codeTries {
                    try SessionStore.removeSignIn(id: id, connection)
                    return .gone
                }
                try SessionStore.save(signIn, id: id, connection)
                return .wrong(left: Self.codeTries - signIn.tries)
            }
            try SessionStore.removeSignIn(id: id, connection)
            return .entered(
                try self.enter(account, session, from: address, returnTo: signIn.returnTo, now, directory, connection)
            )
        }
        switch outcome {
        case .entered(let entrance): return try entrance.opened()
        case .gone: throw Refusal.notFound
        case .wrong(let left):
            throw Refusal.findings([Finding(place, "wrong", "\(wrong)あと\(left)回入力できます。")])
        }
    }

    /// What follows both factors.
    enum Entrance: Sendable {
        /// A session.
        case session(OpenedSession)
        /// Their local government hasn't begun.
        case early(NotYetOpen)

        /// The session; throws the day before which there is none.
        func opened() throws -> OpenedSession {
            switch self {
            case .session(let opened): return opened
            case .early(let refusal): throw refusal
            }
        }
    }

    /// Opens a session for an account whose owner has proved both factors: every way in ends here.
    ///
    /// Too early is a value and no error, so that what proved the owner is used up all the same.
    func enter(
        _ account: Account,
        _ session: String,
        from address: String,
        returnTo: String,
        _ now: Timestamp,
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Entrance {
        var account = account
        account.usedAt = now
        try accounts.update(account, connection)
        try PasswordGuesses(of: account.login, from: address, vault).forgive(connection)
        if case .closed(let refusal) = directory.entry(of: account.organisation, on: now.japanDate) {
            return .early(refusal)
        }
        try SessionStore.open(
            id: vault.digest("session", session.utf8),
            account: account.id,
            at: now,
            connection
        )
        return .session(
            OpenedSession(
                session: session,
                returnTo: returnTo,
                hasNews: try FactorStore.hasNews(account: account.id, connection)
            )
        )
    }

    private func isRight(
        _ digits: String,
        _ secret: String,
        _ signIn: SessionStore.SignIn,
        _ account: inout Account,
        _ now: Timestamp
    ) -> Bool {
        if let code = signIn.code { return sameBytes(code, vault.digest("code", (secret + digits).utf8)) }
        guard let authenticator = account.authenticator,
            let step = OneTimeCode.step(of: digits, secret: authenticator, now: now.seconds),
            step > account.authenticatorStep
        else { return false }
        account.authenticatorStep = step
        return true
    }
}
