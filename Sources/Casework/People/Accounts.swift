public import Access
import Catalogue
import Foundation
public import Storage

extension Casework {
    /// Issues an account.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for a user ID that exists, an unknown organisation, a password of another
    ///   length than 12–128 characters.
    public func issueAccount(
        login: String,
        name: String,
        organisation: OrganisationKey,
        phone: String,
        password: String
    ) async throws {
        var findings: [Finding] = []
        let login = login.nfkc.lowercased()
        if login.range(of: "^[a-z0-9][a-z0-9._-]{2,63}$", options: .regularExpression) == nil {
            findings.append(
                Finding("login", "format", "ユーザーIDは英数字と「.」「_」「-」の3〜64文字で入力してください。")
            )
        }
        if !(12...128).contains(password.count) {
            findings.append(Finding("password", "length", "パスワードは12文字以上128文字以下で入力してください。"))
        }
        let directory = try await directory()
        if directory[organisation] == nil {
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
            _ = try await engine.write {
                try self.accounts.insert(account, at: now, directory: directory, $0)
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
        let now = clock()
        let stopped = try await engine.write { connection -> Bool in
            guard var account = try self.accounts.find(login: login, connection) else { return false }
            account.stoppedAt = account.stoppedAt ?? now
            try self.accounts.update(account, connection)
            try SessionStore.closeAll(account: account.id, connection)
            return true
        }
        guard stopped else { throw Refusal.notFound }
    }
}
