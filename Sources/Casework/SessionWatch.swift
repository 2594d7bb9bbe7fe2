public import Access
public import Catalogue
import Storage

/// For whom an open page listens, as it was when the page began to.
struct WatchedSession: Sendable, Hashable {
    /// Digest of the session's secret.
    let id: [UInt8]
    /// The account's organisation and duties.
    let standing: SessionStore.Standing
}

extension Casework {
    /// How long a page may go on listening after its session has ended.
    ///
    /// Less than the second that is promised, for asking takes time, too.
    static let watchPause = Duration.milliseconds(700)

    /// Events for an open page, until its session ends or stands for something else than now.
    ///
    /// It ends where ``watchSessions()`` runs, at whichever server the session was ended.
    ///
    /// - Parameters:
    ///   - session: the session's secret.
    ///   - organisation: whose events.
    ///   - duties: the account's duties as the page knows them.
    ///   - number: the case that the page shows, nil for a list.
    /// - Returns: the events.
    public func events(
        of session: String,
        for organisation: OrganisationKey,
        duties: Set<Duty>,
        showing number: CaseNumber?
    ) -> AsyncStream<PageEvent> {
        events.events(
            for: organisation,
            showing: number,
            of: WatchedSession(
                id: vault.digest("session", session.utf8),
                standing: SessionStore.Standing(organisation: organisation, duties: duties)
            )
        )
    }

    /// Ends the streams whose sessions have ended, again and again until its task is cancelled.
    ///
    /// Sessions end by signing out, by their owner, by a stopped account, a reset or another password, by time, at any
    /// server and by any command: the database knows of all of them. One statement asks for all streams of a server.
    public func watchSessions() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.watchPause)
            // A database that is away says nothing about a session; while it is, nothing is told either.
            try? await endStreams()
        }
    }

    /// Ends the streams here whose sessions are over by now.
    func endStreams() async throws {
        let watched = events.watched()
        guard !watched.isEmpty else { return }
        let now = clock()
        let directory = try await directory()
        let ids = Array(Set(watched.values.map(\.id)))
        let open = try await engine.read { connection in
            try SessionStore.standings(
                of: ids,
                seenAfter: now.adding(seconds: -Self.idleSeconds),
                openedAfter: now.adding(seconds: -Self.longestSession),
                connection
            )
        }
        let today = now.japanDate
        let over = watched.filter { _, one in
            // Another organisation, other duties: the page asks again and gets what is due to it now.
            guard let standing = open[one.id], standing == one.standing else { return true }
            guard case .open = directory.entry(of: standing.organisation, on: today) else { return true }
            return false
        }
        events.end(Set(over.keys))
    }
}
