import Access
import Catalogue
public import Storage

/// How somebody proves at the sign-in who they are, besides the password.
public struct SecondFactor: Sendable {
    /// The last digits of the telephone.
    public let phoneEnding: String
    /// By which ways codes can be sent to it.
    public let channels: [CodeChannel]
    /// By which way they are sent.
    public let channel: CodeChannel
    /// Whether an authenticator app is set.
    public let hasAuthenticator: Bool
    /// Recovery codes that are left; nil where there are none to be had.
    public let recoveryLeft: Int?
    /// Passkeys, oldest first.
    public let passkeys: [Passkey]
    /// What happened, newest first.
    public let events: [FactorEvent]
    /// The events among them that their owner hasn't said to have read.
    public let news: [FactorEvent]

    /// So few recovery codes are left that new ones should be made.
    public var isShortOfRecovery: Bool { recoveryLeft.map { $0 <= 2 } ?? false }
}

extension Account {
    /// The last four digits of the telephone, by which its owner knows it; hyphens and brackets are none.
    var phoneEnding: String {
        let number = (try? PhoneNumber.read(phone).get().e164) ?? phone
        return String(number.filter { $0.isASCII && $0.isNumber }.suffix(4))
    }
}

extension Casework {
    var passkeys: PasskeyStore { PasskeyStore(vault) }
    var factors: FactorStore { FactorStore(vault) }

    /// The caller's second factor.
    public func secondFactor(by caller: Caller) async throws -> SecondFactor {
        try await engine.read { try self.secondFactor(self.account(of: caller, $0), $0) }
    }

    /// An account's second factor as it stands.
    func secondFactor(_ account: Account, _ connection: any SQLConnection) throws -> SecondFactor {
        let choice = try FactorStore.choice(account: account.id, connection)
        let events = try factors.latest(account: account.id, 50, connection)
        let left = try RecoveryCodeStore.left(account: account.id, connection)?.count ?? 0
        return SecondFactor(
            phoneEnding: account.phoneEnding,
            channels: Self.channels(of: account),
            channel: Self.channel(of: account, choice.channel),
            hasAuthenticator: account.authenticator != nil,
            recoveryLeft: account.authenticator == nil ? nil : left,
            passkeys: try passkeys.all(account: account.id, connection),
            events: events,
            news: events.filter { $0.kind.isNews && $0.id > choice.seenEvent }
        )
    }

    /// Sets by which way the caller's codes come.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for SMS to a telephone that takes none.
    public func setCodeChannel(_ channel: CodeChannel, by caller: Caller) async throws {
        try await engine.write { connection in
            let account = try self.account(of: caller, connection)
            guard Self.channels(of: account).contains(channel) else {
                throw Refusal.findings([
                    Finding("channel", "phone", "登録された電話番号ではSMSを受け取れません。携帯電話の番号に変えるには、利用者認証実施者に連絡してください。")
                ])
            }
            try FactorStore.setChannel(channel.rawValue, account: account.id, connection)
        }
    }

    /// Notes that the caller has read what happened, up to an event.
    public func acknowledge(event: Int64, by caller: Caller) async throws {
        try await engine.write { connection in
            let account = try self.account(of: caller, connection)
            let newest = try self.factors.latest(account: account.id, 1, connection).first?.id ?? 0
            try FactorStore.setSeen(min(event, newest), account: account.id, connection)
        }
    }

    /// The caller's account.
    func account(of caller: Caller, _ connection: any SQLConnection) throws -> Account {
        guard let account = try accounts.find(id: caller.viewer.account, connection) else { throw Refusal.notFound }
        return account
    }

    /// Writes down what happened to an account's second factor.
    func noteFactor(
        _ kind: FactorEvent.Kind,
        of account: Account,
        by author: Account,
        _ organisation: String = "",
        text: String = "",
        at now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try factors.put(
            FactorEvent(
                account: account.id,
                at: now,
                kind: kind,
                author: author.id,
                authorName: organisation.isEmpty ? author.name : "\(organisation) \(author.name)",
                text: text
            ),
            connection
        )
    }
}
