public import Access
import Catalogue
import Storage

/// A session that is open.
public struct Sitting: Sendable, Hashable {
    /// Whose.
    public let viewer: Viewer
    /// Seconds until it ends by itself where nobody uses it; never more than a session may last.
    public let secondsLeft: Int
    /// The account's duties, and what it owes first.
    public let standing: AccountStanding
    /// Unread notices of the organisation, up to ``NoticeStore/mostCounted``; 0 where they weren't asked for.
    public let unread: Int
    /// Whether its owner has shown lately who they are: in the last ``Casework/confirmationSeconds``.
    public let isConfirmed: Bool
}

extension Casework {
    /// Idle seconds after which a session ends.
    public static let idleSeconds: Int64 = 1800
    /// Seconds after which a session ends however busy.
    static let longestSession: Int64 = 12 * 3600

    /// Whose session a secret opens, nil where it has ended; notes the use once a minute.
    ///
    /// What a page asks by itself, `isUse` false, doesn't keep a session whose user has gone.
    public func session(_ secret: String, isUse: Bool = true) async throws -> Viewer? {
        try await sitting(secret, isUse: isUse)?.viewer
    }

    /// As ``session(_:isUse:)``, with all that a page's head needs: one read for a request, whatever it shows.
    ///
    /// ``Sitting/unread`` is counted on wish, and not for whoever owes something first.
    public func sitting(
        _ secret: String,
        isUse: Bool = true,
        countsNotices: Bool = false
    ) async throws -> Sitting? {
        let now = clock()
        let id = vault.digest("session", secret.utf8)
        let directory = try await directory()
        let box = noticeBox
        let found = try await engine.read { connection -> Found? in
            guard let session = try SessionStore.session(id: id, connection),
                Self.isOpen(createdAt: session.createdAt, seenAt: session.seenAt, now),
                let account = try self.accounts.find(id: session.account, connection), account.stoppedAt == nil,
                let organisation = directory[account.organisation]
            else { return nil }
            let standing = AccountStanding(
                duties: try DutyStore.duties(of: account.id, connection),
                owes: try Self.firstUse(of: account.id, connection)
            )
            var unread = 0
            if countsNotices, standing.owes == nil, let number = directory.number(organisation.key) {
                unread = try box.unread(of: number, connection)
            }
            return Found(
                viewer: Viewer(organisation: organisation, account: account.id, name: account.name),
                createdAt: session.createdAt,
                seenAt: session.seenAt,
                standing: standing,
                unread: unread,
                isConfirmed: Self.isConfirmed(
                    createdAt: session.createdAt,
                    confirmedAt: session.confirmedAt,
                    now
                )
            )
        }
        guard let found else { return nil }
        let (createdAt, seenAt) = (found.createdAt, found.seenAt)
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
            viewer: found.viewer,
            secondsLeft: Int(left),
            standing: found.standing,
            unread: found.unread,
            isConfirmed: found.isConfirmed
        )
    }

    /// What one read knows of an open session.
    private struct Found {
        let viewer: Viewer
        let createdAt: Timestamp
        let seenAt: Timestamp
        let standing: AccountStanding
        let unread: Int
        let isConfirmed: Bool
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
