import Access
import Catalogue
import Storage

/// An account whose second factor its issuer may set back.
public struct ResettableAccount: Sendable {
    /// The user ID.
    public let login: String
    /// The name.
    public let name: String
    /// The organisation's name.
    public let organisation: String
    /// How its owner signs in now.
    public let factor: SecondFactor
}

extension Casework {
    /// Longest reason, in characters.
    private static let longestResetReason = 500

    /// What an issuer sees before a reset.
    ///
    /// - Throws: ``Refusal/notFound`` for an account that doesn't exist or isn't the caller's to reset;
    ///   ``Refusal/forbidden(_:)`` for the caller's own.
    public func resettableAccount(login: String, by caller: Caller) async throws -> ResettableAccount {
        let directory = try await directory()
        return try await engine.read { connection in
            let account = try self.resettable(login, caller, directory, connection)
            return ResettableAccount(
                login: account.login,
                name: account.name,
                organisation: directory[account.organisation]?.name ?? account.organisation,
                factor: try self.secondFactor(account, connection)
            )
        }
    }

    /// A telephone was lost: another number takes its place.
    ///
    /// Authenticator app, recovery codes and passkeys go, every session ends. It is written down with its reason, and
    /// told at the next sign-in.
    ///
    /// - Throws: as ``resettableAccount(login:by:)``; ``Refusal/findings(_:)`` for a number or a reason that won't do.
    public func resetSecondFactor(login: String, phone: String, reason: String, by caller: Caller) async throws {
        let now = clock()
        let directory = try await directory()
        var findings: [Finding] = []
        let typed = AccountRules.phone(phone, &findings)
        let reason = (try? TextCleaning.clean(reason, multiline: true).get()) ?? ""
        if reason.isEmpty {
            findings.append(Finding("reason", "required", "再設定の理由を入力してください。"))
        } else if reason.count > Self.longestResetReason {
            findings.append(Finding("reason", "length", "理由は\(Self.longestResetReason)文字以内で入力してください。"))
        }
        try await engine.write { [typed, findings] connection in
            // Before anything is said of what was entered: whose account it is, isn't told to others.
            var account = try self.resettable(login, caller, directory, connection)
            guard findings.isEmpty else { throw Refusal.findings(findings) }
            account.phone = typed
            account.authenticator = nil
            try self.accounts.update(account, connection)
            try RecoveryCodeStore.removeAll(account: account.id, connection)
            try self.passkeys.removeAll(account: account.id, connection)
            try FactorStore.setChannel(CodeChannel.call.rawValue, account: account.id, connection)
            try FactorStore.removeSignIns(account: account.id, connection)
            try SessionStore.closeAll(account: account.id, connection)
            try self.noteFactor(
                .reset,
                of: account,
                by: try self.account(of: caller, connection),
                caller.organisation.name,
                text: reason,
                at: now,
                connection
            )
            try self.note(
                .factorReset,
                of: account.id,
                reason: reason,
                at: now,
                by: caller,
                directory,
                connection
            )
        }
    }

    /// An account that the caller may reset.
    ///
    /// Nobody resets their own: a session left open must not be a way to take the account over.
    private func resettable(
        _ login: String,
        _ caller: Caller,
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Account {
        guard let account = try accounts.find(login: login.nfkc.lowercased(), connection),
            let organisation = directory[account.organisation]
        else { throw Refusal.notFound }
        func holder(_ number: Int64, _ organisation: Organisation) throws -> Issuing.Holder {
            Issuing.Holder(
                account: number,
                organisation: organisation,
                duties: try DutyStore.duties(of: number, connection)
            )
        }
        let actor = try holder(caller.viewer.account, caller.organisation)
        let isOwn = account.id == caller.viewer.account
        let powers =
            isOwn
            ? Issuing.powers(actor, over: organisation, parentOf: { directory[$0] })
            : Issuing.powers(actor, on: try holder(account.id, organisation), parentOf: { directory[$0] })
        guard powers.contains(.reset) else { throw Refusal.notFound }
        if isOwn { throw Refusal.forbidden("ご自身の確認方法は再設定できません。ほかの利用者認証実施者に依頼してください。") }
        return account
    }
}
