import Access
import Storage

/// A form that somebody was filling when their session ended.
public struct UnfinishedForm: Sendable, Hashable {
    /// Its name in addresses.
    public let id: String
    /// Where the form would have been sent.
    public let action: String
    /// What stood in it, as a browser sends it.
    public let body: String
}

extension Casework {
    /// Bytes of a form that is kept; a complete report is some 20 KB.
    public static let mostOfForm = 256 << 10
    /// Forms that one account keeps at the most: several tabs, several people with one user ID.
    private static let mostForms = 20

    /// Keeps a form for whoever is signed in, until they have signed in again; it goes after a week.
    ///
    /// - Throws: ``Refusal/forbidden(_:)`` for one that is too large.
    public func keepForm(action: String, body: String, by caller: Caller) async throws -> UnfinishedForm {
        guard action.utf8.count <= 2000, body.utf8.count <= Self.mostOfForm else {
            throw Refusal.forbidden("入力内容が大きすぎるため、保存できません。")
        }
        let form = UnfinishedForm(id: Secret.random(bytes: 16), action: action, body: body)
        let account = caller.viewer.account
        let now = clock()
        try await engine.write { connection in
            let old = try self.kept.all(.form, account: account, connection).sorted { $0.at < $1.at }
            for one in old.dropLast(Self.mostForms - 1) {
                try self.kept.remove(one.id, .form, account: account, connection)
            }
            try self.kept.save(
                Kept(id: form.id, fields: ["action": action, "body": body], at: now),
                .form,
                account: account,
                connection
            )
        }
        return form
    }

    /// A form that the caller's account keeps.
    ///
    /// - Throws: ``Refusal/notFound`` for another account's as for one that doesn't exist.
    public func unfinishedForm(_ id: String, by caller: Caller) async throws -> UnfinishedForm {
        let account = caller.viewer.account
        guard let kept = try await engine.read({ try self.kept.find(id, .form, account: account, $0) }) else {
            throw Refusal.notFound
        }
        return UnfinishedForm(id: id, action: kept.fields["action"] ?? "", body: kept.fields["body"] ?? "")
    }
}
