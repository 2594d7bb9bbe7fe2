public import Access
import Catalogue
import Storage

/// A session that is open.
public struct Sitting: Sendable, Hashable {
    /// Whose.
    public let viewer: Viewer
    /// Seconds until it ends by itself where nobody uses it; never more than a session may last.
    public let secondsLeft: Int
}

extension Casework {
    /// Idle seconds after which a session ends.
    public static let idleSeconds: Int64 = 1800
    /// Seconds after which a session ends however busy.
    private static let longestSession: Int64 = 12 * 3600

    /// Whose session a secret opens, nil where it has ended; notes the use once a minute.
    ///
    /// What a page asks by itself, `isUse` false, doesn't keep a session whose user has gone.
    public func session(_ secret: String, isUse: Bool = true) async throws -> Viewer? {
        try await sitting(secret, isUse: isUse)?.viewer
    }

    /// As ``session(_:isUse:)``, with the seconds that are left of it.
    public func sitting(_ secret: String, isUse: Bool = true) async throws -> Sitting? {
        let now = clock()
        let id = vault.digest("session", secret.utf8)
        let directory = try await directory()
        let found = try await engine.read { connection -> (Account, Timestamp, Timestamp)? in
            guard let session = try SessionStore.session(id: id, connection),
                Self.isOpen(createdAt: session.createdAt, seenAt: session.seenAt, now),
                let account = try self.accounts.find(id: session.account, connection), account.stoppedAt == nil
            else { return nil }
            return (account, session.createdAt, session.seenAt)
        }
        guard let (account, createdAt, seenAt) = found, let organisation = directory[account.organisation] else {
            return nil
        }
        var seen = seenAt
        // A clock that was set back would make a session seem fresh for longer: the new time counts from now on.
        if (isUse && now.seconds - seenAt.seconds >= 60) || now < seenAt {
            try await engine.write { try SessionStore.touch(id: id, at: now, $0) }
            seen = now
        }
        let left = min(
            Self.idleSeconds - (now.seconds - seen.seconds),
            Self.longestSession - max(0, now.seconds - createdAt.seconds)
        )
        return Sitting(
            viewer: Viewer(organisation: organisation, account: account.id, name: account.name),
            secondsLeft: Int(left)
        )
    }

    /// Whether a session is neither idle for too long nor too old.
    static func isOpen(createdAt: Timestamp, seenAt: Timestamp, _ now: Timestamp) -> Bool {
        now.seconds - seenAt.seconds < idleSeconds && now.seconds - createdAt.seconds < longestSession
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
