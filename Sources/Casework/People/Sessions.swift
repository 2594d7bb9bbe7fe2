public import Access
import Catalogue
import Storage

extension Casework {
    /// Idle seconds after which a session ends.
    public static let idleSeconds: Int64 = 1800
    /// Seconds after which a session ends however busy.
    private static let longestSession: Int64 = 12 * 3600

    /// Whose session a secret opens, nil where it has ended; notes the use once a minute.
    ///
    /// What a page asks by itself, `isUse` false, doesn't keep a session whose user has gone.
    public func session(_ secret: String, isUse: Bool = true) async throws -> Viewer? {
        let now = clock()
        let id = vault.digest("session", secret.utf8)
        let directory = try await directory()
        let found = try await engine.read { connection -> (Account, Timestamp)? in
            guard let session = try SessionStore.session(id: id, connection),
                now.seconds - session.seenAt.seconds < Self.idleSeconds,
                now.seconds - session.createdAt.seconds < Self.longestSession,
                let account = try self.accounts.find(id: session.account, connection), account.stoppedAt == nil
            else { return nil }
            return (account, session.seenAt)
        }
        guard let (account, seenAt) = found, let organisation = directory[account.organisation] else { return nil }
        // A clock that was set back would make a session seem fresh for longer: the new time counts from now on.
        if (isUse && now.seconds - seenAt.seconds >= 60) || now < seenAt {
            try await engine.write { try SessionStore.touch(id: id, at: now, $0) }
        }
        return Viewer(organisation: organisation, account: account.id, name: account.name)
    }

    /// What a form of a session has to carry, so that another site's form is refused.
    public func formToken(session: String) -> String {
        Hex.text(vault.digest("csrf", session.utf8).prefix(20))
    }

    /// Whether a form carries its session's token.
    public func isFormToken(_ text: String, session: String) -> Bool {
        sameBytes(text.utf8, formToken(session: session).utf8)
    }

    /// Signs out: every session of the account ends.
    public func signOut(session: String) async throws {
        let id = vault.digest("session", session.utf8)
        try await engine.write { connection in
            guard let session = try SessionStore.session(id: id, connection) else { return }
            try SessionStore.closeAll(account: session.account, connection)
        }
    }
}
