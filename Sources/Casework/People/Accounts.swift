public import Access
import Catalogue
import Foundation
public import Storage

extension Casework {
    /// Issues an account without asking anybody's right: for commands and tests.
    ///
    /// With `firstUse` the password is an initial one, which its holder has to replace.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for a user ID that exists, an unknown organisation, a duty that people of it
    ///   can't hold, a password that ``PasswordRule`` refuses.
    public func issueAccount(
        login: String,
        name: String,
        organisation: OrganisationKey,
        phone: String,
        password: String,
        duties: Set<Duty> = [],
        firstUse: Bool = false
    ) async throws {
        var findings: [Finding] = []
        let login = login.nfkc.lowercased()
        if login.range(of: "^[a-z0-9][a-z0-9._-]{2,63}$", options: .regularExpression) == nil {
            findings.append(
                Finding("login", "format", "ユーザーIDは英数字と「.」「_」「-」の3〜64文字で入力してください。")
            )
        }
        let directory = try await directory()
        let names = [name, directory[organisation]?.name ?? ""]
        findings += PasswordRule.findings(for: password, login: login, names: names)
        if let found = directory[organisation] {
            for duty in duties.sorted() where !duty.fits(found.kind) {
                findings.append(Finding("duty", "unfit", "\(found.kind.label)の人は\(duty.label)になれません。"))
            }
        } else {
            findings.append(Finding("organisation", "unknown", "組織「\(organisation)」はありません。"))
        }
        var typed = ""
        switch PhoneNumber.read(phone) {
        case .success(let number): typed = number.typed
        case .failure(let failure): findings.append(Finding("phone", failure.code, failure.message))
        }
        guard findings.isEmpty else { throw Refusal.findings(findings) }
        let account = Account(
            login: login,
            organisation: organisation,
            name: name,
            password: try await passwords.hash(password),
            phone: typed
        )
        let now = clock()
        do {
            try await engine.write { connection in
                let id = try self.accounts.insert(account, at: now, directory: directory, connection)
                try DutyStore.set(duties, of: id, by: 0, at: now, connection)
                if firstUse { try FirstUseStore.owePassword(id, at: now, connection) }
                try self.note(
                    .issued,
                    of: id,
                    changes: Self.facts(account, duties),
                    at: now,
                    directory,
                    connection
                )
            }
        } catch StorageFailure.duplicate {
            throw Refusal.findings([Finding("login", "exists", "このユーザーIDはすでに使われています。")])
        }
    }

    /// All accounts in the order of their user IDs.
    public func accountList() async throws -> [Account] {
        try await engine.read { try self.accounts.all($0) }
    }

    /// Stops an account: no sign-in any more, and every session of it ends.
    public func stopAccount(login: String) async throws {
        let (now, directory) = (clock(), try await directory())
        let stopped = try await engine.write { connection -> Bool in
            guard var account = try self.accounts.find(login: login, connection) else { return false }
            guard account.stoppedAt == nil else { return true }
            account.stoppedAt = now
            try self.end(account, connection)
            try self.note(.stopped, of: account.id, at: now, directory, connection)
            return true
        }
        guard stopped else { throw Refusal.notFound }
    }

    /// Writes a line of an account's history for a command: whoever may run it is nobody's account.
    private func note(
        _ action: AccountEvent.Action,
        of account: Int64,
        changes: [AccountEvent.Change] = [],
        at now: Timestamp,
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws {
        let event = AccountEvent(
            account: account,
            at: now,
            action: action,
            actor: 0,
            organisation: nil,
            actorName: "システム管理者",
            through: "command",
            changes: changes
        )
        try accountEvents.put(event, directory: directory, connection)
    }
}
