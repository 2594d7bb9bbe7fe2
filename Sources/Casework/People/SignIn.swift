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
}

extension Casework {
    /// Seconds a code works.
    private static let codeLife: Int64 = 300
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
        let now = clock()
        let login = login.nfkc.lowercased().filter { !$0.isWhitespace }
        let keys = [vault.digest("throttle-login", login.utf8), vault.digest("throttle-address", address.utf8)]
        try await refuseThrottled(keys, now)
        let account = try await engine.read { try self.accounts.find(login: login, $0) }
        let right = try await passwords.matches(password, account?.password)
        guard right, let account, account.stoppedAt == nil else {
            try await engine.write { connection in
                // An address is shared by a whole office: it is given more tries than one user ID.
                try Self.countFailure(keys[0], free: 5, now, connection)
                try Self.countFailure(keys[1], free: 50, forgiving: 60, now, connection)
            }
            throw Refusal.findings([Finding("login", "wrong", "ユーザーIDまたはパスワードが正しくありません。もう一度入力してください。")])
        }
        let secret = Secret.random(bytes: 32)
        try await store(secret, account, returnTo, tries: 0, now)
        return pending(secret, account)
    }

    /// Whether a code may still be given; one that was sent later than now, by a clock set back, may not.
    private static func works(_ signIn: SessionStore.SignIn, _ now: Timestamp) -> Bool {
        signIn.expiresAt > now && signIn.sentAt.seconds <= now.seconds + 5
    }

    private func pending(_ secret: String, _ account: Account) -> PendingSignIn {
        PendingSignIn(
            secret: secret,
            method: account.authenticator == nil ? .phone(ending: String(account.phone.suffix(4))) : .authenticator,
            account: account.login
        )
    }

    private func store(
        _ secret: String,
        _ account: Account,
        _ returnTo: String,
        tries: Int,
        _ now: Timestamp
    ) async throws {
        let id = vault.digest("sign-in", secret.utf8)
        let code = account.authenticator == nil ? Secret.code() : nil
        let signIn = SessionStore.SignIn(
            account: account.id,
            code: code.map { vault.digest("code", (secret + $0).utf8) },
            tries: tries,
            sentAt: now,
            expiresAt: now.adding(seconds: Self.codeLife),
            returnTo: returnTo
        )
        try await engine.write { connection in
            try SessionStore.save(signIn, id: id, connection)
            if let code {
                let spoken = code.map(String.init).joined(separator: " ")
                try self.outbox.put(
                    Message(
                        at: now,
                        kind: "call",
                        to: account.phone,
                        text: "HER-SYSです。ワンタイムパスワードは \(spoken) です。5分以内に入力してください。"
                    ),
                    connection
                )
            }
        }
    }

    /// The sign-in that waits under a secret, nil where it has run out.
    public func pendingSignIn(_ secret: String) async throws -> PendingSignIn? {
        let now = clock()
        let id = vault.digest("sign-in", secret.utf8)
        return try await engine.read { connection in
            guard let signIn = try SessionStore.signIn(id: id, connection), Self.works(signIn, now),
                let account = try self.accounts.find(id: signIn.account, connection)
            else { return nil }
            return self.pending(secret, account)
        }
    }

    /// Sends a new code, at most one a minute; the old one no longer works.
    public func resendCode(_ secret: String) async throws {
        let now = clock()
        let id = vault.digest("sign-in", secret.utf8)
        let found = try await engine.read { connection -> (SessionStore.SignIn, Account)? in
            guard let signIn = try SessionStore.signIn(id: id, connection),
                let account = try self.accounts.find(id: signIn.account, connection)
            else { return nil }
            return (signIn, account)
        }
        guard let (signIn, account) = found, Self.works(signIn, now) else { throw Refusal.notFound }
        let waited = now.seconds - signIn.sentAt.seconds
        guard waited >= 60 else { throw Refusal.tooMany(seconds: Int(60 - waited)) }
        // A new code isn't a new number of guesses.
        try await store(secret, account, signIn.returnTo, tries: signIn.tries, now)
    }

    /// Second step: the code opens a session, and the sign-in's secret no longer works.
    ///
    /// Only here, after the right password and the right code, somebody is told that their local government hasn't
    /// begun yet.
    /// - Throws: ``Refusal/findings(_:)`` for a wrong code, ``Refusal/notFound`` where the sign-in has run out,
    ///   ``NotYetOpen`` before the day.
    public func completeSignIn(
        _ secret: String,
        code: String,
        address: String
    ) async throws -> (session: String, returnTo: String) {
        let now = clock()
        let id = vault.digest("sign-in", secret.utf8)
        let digits = code.nfkc.filter { $0.isASCII && $0.isNumber }
        let session = Secret.random(bytes: 32)
        let directory = try await directory()
        enum Outcome {
            case opened(String)
            case early(NotYetOpen)
            case wrong(left: Int)
            case gone
        }
        let outcome = try await engine.write { connection -> Outcome in
            guard var signIn = try SessionStore.signIn(id: id, connection), Self.works(signIn, now),
                var account = try self.accounts.find(id: signIn.account, connection), account.stoppedAt == nil
            else { return .gone }
            // Wrong codes count with wrong passwords: signing in again gives no fresh guesses.
            let key = self.vault.digest("throttle-login", account.login.utf8)
            guard try SessionStore.throttle(key: key, connection).lockedUntil <= now else { return .gone }
            guard self.isRight(digits, secret, signIn, &account, now) else {
                try Self.countFailure(key, free: 5, now, connection)
                signIn.tries += 1
                if signIn.tries >= Self.codeTries {
                    try SessionStore.removeSignIn(id: id, connection)
                    return .gone
                }
                try SessionStore.save(signIn, id: id, connection)
                return .wrong(left: Self.codeTries - signIn.tries)
            }
            try SessionStore.removeSignIn(id: id, connection)
            account.usedAt = now
            try self.accounts.update(account, connection)
            try SessionStore.setThrottle(
                key: self.vault.digest("throttle-login", account.login.utf8),
                failures: 0,
                lockedUntil: Timestamp(seconds: 0),
                connection
            )
            if case .closed(let refusal) = directory.entry(of: account.organisation, on: now.japanDate) {
                return .early(refusal)
            }
            try SessionStore.open(
                id: self.vault.digest("session", session.utf8),
                account: account.id,
                at: now,
                connection
            )
            return .opened(signIn.returnTo)
        }
        switch outcome {
        case .opened(let returnTo): return (session, returnTo)
        case .early(let refusal): throw refusal
        case .gone: throw Refusal.notFound
        case .wrong(let left):
            throw Refusal.findings([
                Finding("code", "wrong", "ワンタイムパスワードが正しくありません。あと\(left)回入力できます。")
            ])
        }
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
