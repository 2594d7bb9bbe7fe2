import Access
import Catalogue
import Storage

/// By which way a one-time code comes.
public enum CodeChannel: Int, Sendable, Hashable, CaseIterable {
    /// 自動音声の電話.
    case call = 0
    /// SMS, to mobile telephones only.
    case sms = 1
}

/// How often codes may go to one telephone number.
public enum SendLimit: Sendable {
    /// One a minute and five an hour: see ``CodeSendStore``.
    case standard
    /// As often as one likes: for practice, where nothing really goes out.
    case none
}

extension Casework {
    /// Seconds a code works.
    static let codeLife: Int64 = 300

    /// Puts a sign-in in whose password was right.
    ///
    /// Its code goes out at once, unless the account has another second step, or one more may not go to its telephone
    /// yet.
    func begin(
        _ secret: String,
        _ account: Account,
        returnTo: String,
        _ now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        let id = vault.digest("sign-in", secret.utf8)
        var signIn = SessionStore.SignIn(
            account: account.id,
            code: nil,
            tries: 0,
            sentAt: now,
            expiresAt: now.adding(seconds: Self.codeLife),
            returnTo: returnTo
        )
        try SessionStore.save(signIn, id: id, connection)
        let channel = Self.channel(of: account, try FactorStore.choice(account: account.id, connection).channel)
        try FactorStore.noteChannel(channel.rawValue, signIn: id, connection)
        guard account.authenticator == nil, try passkeys.count(account: account.id, connection) == 0 else { return }
        _ = try send(secret, &signIn, account, channel, now, connection)
    }

    /// Sends a new code, at most one a minute and five an hour to a number; the old one no longer works.
    ///
    /// - Parameters:
    ///   - secret: the sign-in's.
    ///   - wanted: by which way; nil for the way that the sign-in had. A number that takes no SMS is called.
    /// - Throws: ``Refusal/tooMany(seconds:)``; ``Refusal/notFound`` where the sign-in has run out or asks for an
    ///   authenticator app.
    public func resendCode(_ secret: String, by wanted: CodeChannel? = nil) async throws {
        let now = clock()
        let id = vault.digest("sign-in", secret.utf8)
        let wait = try await engine.write { connection -> Int? in
            guard var signIn = try SessionStore.signIn(id: id, connection), Self.works(signIn, now),
                let account = try self.accounts.find(id: signIn.account, connection),
                account.authenticator == nil, account.stoppedAt == nil
            else { return nil }
            let waited = now.seconds - signIn.sentAt.seconds
            guard signIn.code == nil || waited >= CodeSendStore.pause else {
                return Int(CodeSendStore.pause - waited)
            }
            let before = try FactorStore.channel(signIn: id, connection)
            let channel = Self.channel(of: account, wanted?.rawValue ?? before)
            return try self.send(secret, &signIn, account, channel, now, connection)
        }
        guard let wait else { throw Refusal.notFound }
        if wait > 0 { throw Refusal.tooMany(seconds: wait) }
    }

    /// Sends a code unless one more may not go to the number yet; returns the seconds to wait, 0 where it was sent.
    private func send(
        _ secret: String,
        _ signIn: inout SessionStore.SignIn,
        _ account: Account,
        _ channel: CodeChannel,
        _ now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Int {
        if sendLimit == .standard {
            let wait = try CodeSendStore.take(number: sendKey(account), at: now, connection)
            guard wait == 0 else { return wait }
        }
        let id = vault.digest("sign-in", secret.utf8)
        let code = Secret.code()
        signIn.code = vault.digest("code", (secret + code).utf8)
        signIn.sentAt = now
        signIn.expiresAt = now.adding(seconds: Self.codeLife)
        // A new code isn't a new number of guesses: the tries stay.
        try SessionStore.save(signIn, id: id, connection)
        try FactorStore.noteChannel(channel.rawValue, signIn: id, connection)
        try outbox.put(Self.message(code, by: channel, to: account.phone, of: account.id, at: now), connection)
        return 0
    }

    /// What a telephone is told: spoken digit by digit, or written in one SMS (70 UTF-16 units).
    static func message(
        _ code: String,
        by channel: CodeChannel,
        to phone: String,
        of account: Int64? = nil,
        at now: Timestamp
    ) -> Message {
        switch channel {
        case .call:
            let spoken = code.map(String.init).joined(separator: " ")
            return Message(
                at: now,
                kind: "call",
                to: phone,
                text: "HER-SYSです。ワンタイムパスワードは \(spoken) です。5分以内に入力してください。",
                code: code,
                account: account
            )
        case .sms:
            return Message(
                at: now,
                kind: "sms",
                to: phone,
                text: "HER-SYSのワンタイムパスワードは \(code) です。5分以内に入力してください。",
                code: code,
                account: account
            )
        }
    }

    /// Whether a code may still be given; one that was sent later than now, by a clock set back, may not.
    static func works(_ signIn: SessionStore.SignIn, _ now: Timestamp) -> Bool {
        signIn.expiresAt > now && signIn.sentAt.seconds <= now.seconds + 5
    }

    /// The sign-in that waits under a secret, nil where it has run out.
    public func pendingSignIn(_ secret: String) async throws -> PendingSignIn? {
        let now = clock()
        let id = vault.digest("sign-in", secret.utf8)
        return try await engine.read { connection in
            guard let signIn = try SessionStore.signIn(id: id, connection), Self.works(signIn, now),
                let account = try self.accounts.find(id: signIn.account, connection)
            else { return nil }
            var pending = PendingSignIn(
                secret: secret,
                method: account.authenticator == nil
                    ? .phone(ending: account.phoneEnding) : .authenticator,
                account: account.login
            )
            pending.channels = Self.channels(of: account)
            pending.channel = Self.channel(of: account, try FactorStore.channel(signIn: id, connection))
            pending.isSent = signIn.code != nil
            if account.authenticator == nil { pending.wait = try self.wait(signIn, account, now, connection) }
            pending.hasPasskeys = try self.passkeys.count(account: account.id, connection) > 0
            pending.hasRecoveryCodes =
                try account.authenticator != nil
                && (RecoveryCodeStore.left(account: account.id, connection)?.count ?? 0) > 0
            return pending
        }
    }

    /// Seconds until the next code may go out, as ``resendCode(_:by:)`` has it.
    private func wait(
        _ signIn: SessionStore.SignIn,
        _ account: Account,
        _ now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Int {
        let own = signIn.code == nil ? 0 : signIn.sentAt.seconds + CodeSendStore.pause - now.seconds
        guard sendLimit == .standard else { return max(0, Int(own)) }
        return max(0, Int(own), try CodeSendStore.wait(number: sendKey(account), at: now, connection))
    }

    /// The number's keyed digest: sends are counted for the telephone that rings, whoever signs in.
    private func sendKey(_ account: Account) -> [UInt8] {
        let number = (try? PhoneNumber.read(account.phone).get().e164) ?? account.phone
        return vault.digest("code-send", number.utf8)
    }

    /// By which ways an account's telephone can be reached.
    static func channels(of account: Account) -> [CodeChannel] {
        guard case .success(let number) = PhoneNumber.read(account.phone), number.isMobile else { return [.call] }
        return [.call, .sms]
    }

    /// The way wanted where the account's telephone takes it, else a call.
    static func channel(of account: Account, _ wanted: Int) -> CodeChannel {
        CodeChannel(rawValue: wanted).flatMap { channels(of: account).contains($0) ? $0 : nil } ?? .call
    }
}
