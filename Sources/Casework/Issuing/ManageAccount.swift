public import Access
import Catalogue
import Foundation
import Storage

extension Casework {
    /// Changes an account's name, telephone and duties.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for what is wrong, ``Refusal/notFound`` for an account that isn't the
    ///   caller's to see, ``Refusal/forbidden(_:)`` for one that it may only see.
    public func changeAccount(
        _ login: String,
        name: String,
        phone: String,
        duties: Set<Duty>,
        by caller: Caller
    ) async throws {
        var findings: [Finding] = []
        let name = AccountRules.name(name, &findings)
        let phone = AccountRules.phone(phone, &findings)
        let (typed, now, directory) = (findings, clock(), try await directory())
        try await engine.write { connection in
            let subject = try self.subject(login, caller, directory, connection)
            try subject.require(.change)
            var (account, findings) = (subject.account, typed)
            let (organisation, held) = (subject.organisation, subject.duties)
            // Duties that somebody else names stay as they are.
            let namable = Issuing.namable(by: caller.organisation, for: organisation)
            let wanted = duties.intersection(namable).union(held.subtracting(namable))
            if wanted != held {
                AccountRules.duties(
                    wanted.intersection(namable),
                    by: caller.organisation,
                    for: organisation,
                    &findings
                )
            }
            guard findings.isEmpty else { throw Refusal.findings(findings) }
            var changes: [AccountEvent.Change] = []
            if account.name != name { changes.append(.init("name", old: account.name, new: name)) }
            if account.phone != phone { changes.append(.init("phone", old: account.phone, new: phone)) }
            if wanted != held {
                changes.append(.init("duties", old: Self.words(held), new: Self.words(wanted)))
                try DutyStore.set(wanted, of: account.id, by: caller.viewer.account, at: now, connection)
            }
            guard !changes.isEmpty else { return }
            // A code that was sent to the old telephone must not open the account any more.
            if account.phone != phone { try SessionStore.removeSignIns(account: account.id, connection) }
            (account.name, account.phone) = (name, phone)
            try self.accounts.update(account, connection)
            try self.note(.changed, of: account.id, changes: changes, at: now, by: caller, directory, connection)
            if subject.account.phone != phone {
                try self.noteFactor(
                    .phoneChanged,
                    of: account,
                    by: try self.account(of: caller, connection),
                    caller.organisation.name,
                    at: now,
                    connection
                )
            }
        }
    }

    /// 停止: no sign-in any more, and every session on every server ends in the same transaction.
    public func stopAccount(_ login: String, reason: String, by caller: Caller) async throws {
        let reason = try Self.reason(reason)
        let (now, directory) = (clock(), try await directory())
        try await engine.write { connection in
            let subject = try self.subject(login, caller, directory, connection)
            try subject.require(.stop)
            var account = subject.account
            guard account.stoppedAt == nil else { return }
            account.stoppedAt = now
            try self.end(account, connection)
            try self.note(.stopped, of: account.id, reason: reason, at: now, by: caller, directory, connection)
        }
    }

    /// Stores an account whose sessions, half-done sign-ins and sheets end.
    func end(_ account: Account, _ connection: any SQLConnection) throws {
        try accounts.update(account, connection)
        try SessionStore.closeAll(account: account.id, connection)
        try SessionStore.removeSignIns(account: account.id, connection)
        try SlipStore.remove(account: account.id, connection)
    }

    /// Lets a stopped account go on with its old password.
    public func resumeAccount(_ login: String, reason: String, by caller: Caller) async throws {
        let reason = try Self.reason(reason)
        let (now, directory) = (clock(), try await directory())
        try await engine.write { connection in
            let subject = try self.subject(login, caller, directory, connection)
            try subject.require(.resume)
            var account = subject.account
            guard account.stoppedAt != nil else { return }
            account.stoppedAt = nil
            try self.accounts.update(account, connection)
            try self.note(.resumed, of: account.id, reason: reason, at: now, by: caller, directory, connection)
        }
    }

    /// Gives an account a new initial password; its sessions end.
    ///
    /// - Returns: the name of the sheet for ``idSlips(_:session:by:)``.
    public func resetPassword(
        _ login: String,
        reason: String,
        by caller: Caller,
        session: String
    ) async throws -> String {
        let reason = try Self.reason(reason)
        let directory = try await directory()
        try await engine.read { connection in
            let subject = try self.subject(login, caller, directory, connection)
            try subject.require(.reset)
            guard subject.account.stoppedAt == nil else {
                throw Refusal.findings([Finding("reason", "stopped", "停止中のアカウントです。先に再開してください。")])
            }
        }
        let password = InitialPassword.make()
        let hash = try await passwords.hash(password)
        let (now, batch, holder) = (clock(), Secret.random(bytes: 12), slipHolder(session))
        try await engine.write { connection in
            let subject = try self.subject(login, caller, directory, connection)
            try subject.require(.reset)
            var account = subject.account
            guard account.stoppedAt == nil else { throw Refusal.notFound }
            account.password = hash
            try self.end(account, connection)
            try FirstUseStore.owePassword(account.id, at: now, connection)
            try self.slips.put(
                password,
                account: account.id,
                batch: batch,
                holder: caller.viewer.account,
                session: holder,
                expiresAt: now.adding(seconds: Self.slipLife),
                connection
            )
            try self.note(.reset, of: account.id, reason: reason, at: now, by: caller, directory, connection)
        }
        return batch
    }

    private static func reason(_ typed: String) throws -> String {
        let reason = typed.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty else {
            throw Refusal.findings([Finding("reason", "required", "理由を入力してください。履歴に残ります。")])
        }
        guard reason.count <= AccountRules.longestReason else {
            throw Refusal.findings([Finding("reason", "length", "理由は\(AccountRules.longestReason)文字以内で入力してください。")])
        }
        return reason
    }
}
