import Access
import Catalogue
import Storage

extension Casework {
    /// What is wrong with a password that somebody wants.
    private static func passwordFindings(
        _ password: String,
        again: String,
        of account: Account,
        _ organisation: Organisation
    ) -> [Finding] {
        let findings = PasswordRule.findings(
            for: password,
            login: account.login,
            names: [account.name, organisation.name]
        )
        guard findings.isEmpty else { return findings }
        if password != again {
            return [Finding("again", "differs", "確認のために入力したパスワードが一致していません。もう一度入力してください。")]
        }
        return []
    }

    /// Replaces the initial password by one of the holder's own; all their other sessions end.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for a password that won't do, ``Refusal/notFound`` where none is owed.
    public func setFirstPassword(
        _ password: String,
        again: String,
        keeping session: String,
        by caller: Caller
    ) async throws {
        let account = try await ownAccount(caller)
        guard try await firstUse(of: account.id) == .password else { throw Refusal.notFound }
        try await replace(account, password, again: again, keeping: session, by: caller) { connection in
            guard try Self.firstUse(of: account.id, connection) == .password else { throw Refusal.notFound }
        }
    }

    /// Changes the caller's password; all their other sessions end.
    ///
    /// - Parameters:
    ///   - old: the present password; a wrong one counts with those at the sign-in.
    ///   - password: the new one.
    ///   - again: the new one typed again.
    ///   - session: the session that stays open.
    ///   - caller: whose.
    /// - Throws: ``Refusal/findings(_:)``, ``Refusal/tooMany(seconds:)``.
    public func changePassword(
        from old: String,
        to password: String,
        again: String,
        keeping session: String,
        by caller: Caller
    ) async throws {
        let account = try await ownAccount(caller)
        try await require(old, of: account, place: "old", "いまのパスワードが正しくありません。もう一度入力してください。", by: caller)
        let (id, now) = (vault.digest("session", session.utf8), clock())
        try await replace(account, password, again: again, keeping: session, by: caller) { connection in
            try SessionStore.confirm(id: id, at: now, connection)
        }
    }

    private func ownAccount(_ caller: Caller) async throws -> Account {
        guard let account = try await engine.read({ try self.accounts.find(id: caller.viewer.account, $0) }) else {
            throw Refusal.notFound
        }
        return account
    }

    /// Stores a new password with its history; of the sessions only the one to keep stays.
    private func replace(
        _ account: Account,
        _ password: String,
        again: String,
        keeping session: String,
        by caller: Caller,
        _ check: @escaping @Sendable (any SQLConnection) throws -> Void
    ) async throws {
        let findings = Self.passwordFindings(password, again: again, of: account, caller.organisation)
        guard findings.isEmpty else { throw Refusal.findings(findings) }
        guard try await !passwords.matches(password, account.password) else {
            throw Refusal.findings([Finding("password", "same", "いまのパスワードと違うパスワードにしてください。")])
        }
        let hash = try await passwords.hash(password)
        let (now, directory) = (clock(), try await directory())
        let kept = vault.digest("session", session.utf8)
        try await engine.write { connection in
            try check(connection)
            // A password that was given anew meanwhile is newer than what was typed here.
            guard var present = try self.accounts.find(id: account.id, connection),
                present.password == account.password
            else { throw Refusal.notFound }
            present.password = hash
            try self.accounts.update(present, connection)
            try FirstUseStore.setPassword(account.id, connection)
            try SessionStore.removeSignIns(account: account.id, connection)
            try SessionStore.closeOthers(than: kept, account: account.id, connection)
            try self.note(.passwordSet, of: account.id, at: now, by: caller, directory, connection)
        }
    }
}
