import Access
import Catalogue
import Storage
import TestSupport
import Testing

@testable import Casework

/// Open event streams end with their sessions, at whichever server either was.
@Suite struct SessionWatchTests {
    /// What ends a stream.
    enum End: String, CaseIterable, Sendable {
        case stopped, signedOut, endedByOwner, othersEnded, newPassword, initialPassword, factorReset
        case duties, organisationStopped, idle, longest
    }

    /// Two servers on one database; everybody's pages are open at the second one.
    private struct Pair {
        let desk: IssuingOffice
        let second: Casework
        let engine: any Engine
        /// The session whose page is open, another of the same account, and a colleague's.
        let session: String
        let other: String
        let colleague: String
        let caller: Caller

        var first: Casework { desk.work }

        init() async throws {
            desk = try await IssuingOffice()
            engine = try desk.office.another()
            let clock = desk.office.clock
            second = Casework(engine: engine, keys: desk.office.keys, passwordCost: 6) { clock.now }
            caller = try await desk.account("nurse", "hc-13104")
            try await desk.account("colleague", "hc-13104", [.manager])
            session = try await desk.signIn("nurse")
            other = try await desk.signIn("nurse")
            colleague = try await desk.signIn("colleague")
        }

        func open(_ session: String, _ duties: Set<Duty> = []) -> AsyncStream<PageEvent> {
            second.events(of: session, for: "hc-13104", duties: duties, showing: nil)
        }

        func end(_ way: End) async throws {
            let (office, shinjuku) = (desk.office, try await desk.caller("shinjuku"))
            switch way {
            case .stopped: try await first.stopAccount("nurse", reason: "退職", by: shinjuku)
            case .signedOut: try await first.signOut(session: other)
            case .endedByOwner:
                let mine = try await first.ownSessions(of: other)
                let handle = try #require(mine.first { !$0.isThis }?.handle)
                try await first.endSession(handle, by: other)
            case .othersEnded: try await first.endOtherSessions(by: other)
            case .newPassword:
                let fresh = "hachigatsu-no-yamabiko-9"
                try await first.changePassword(
                    from: IssuingOffice.password,
                    to: fresh,
                    again: fresh,
                    keeping: other,
                    by: caller
                )
            case .initialPassword:
                _ = try await first.resetPassword("nurse", reason: "忘れた", by: shinjuku, session: "session")
            case .factorReset:
                try await first.resetSecondFactor(login: "nurse", phone: "080-1111-2222", reason: "紛失", by: shinjuku)
            case .duties:
                let (account, now) = (caller.viewer.account, office.clock.now)
                try await office.engine.write {
                    try DutyStore.set([.manager], of: account, by: 0, at: now, $0)
                }
            case .organisationStopped:
                _ = try await office.engine.write {
                    try $0.execute("UPDATE organisations SET stopped_at = 1 WHERE key = $1", [.text("hc-13104")])
                }
            case .idle: office.clock.advance(Casework.idleSeconds)
            case .longest:
                for _ in 0..<25 {
                    office.clock.advance(Casework.idleSeconds - 60)
                    _ = try await first.session(session)
                }
            }
        }
    }

    @Test(arguments: End.allCases)
    func `a stream at one server ends when its session ends at another`(way: End) async throws {
        let pair = try await Pair()
        let stream = pair.open(pair.session)
        let colleague = pair.open(pair.colleague, [.manager])
        try await pair.second.endStreams()
        #expect(pair.second.events.open == 2, "nothing has happened yet")
        try await pair.end(way)
        try await pair.second.endStreams()
        // What concerns everybody ends the colleague's, too.
        let isForAll = [.organisationStopped, .idle, .longest].contains(way)
        #expect(pair.second.events.open == (isForAll ? 0 : 1))
        for await event in stream { Issue.record("\(event)") }
        pair.second.events.finish()
        for await _ in colleague {}
        try pair.engine.close()
    }

    @Test func `who watches ends a stream within a second`() async throws {
        let pair = try await Pair()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pair.second.watchSessions() }
            defer { group.cancelAll() }
            let stream = pair.open(pair.session)
            #expect(Casework.watchPause <= .milliseconds(800))
            try? await Task.sleep(for: .seconds(2))
            #expect(pair.second.events.open == 1)
            try? await pair.end(.stopped)
            let began = ContinuousClock.now
            for await _ in stream {}
            // The machine of a test may be busy: what is promised stands in Tests/System/test_streams.py.
            #expect(began.duration(to: .now) < .seconds(3))
        }
        try pair.engine.close()
    }

    @Test(arguments: [1, 15, 17, 300, 5000])
    func `any number of streams is asked for at once`(count: Int) async throws {
        let pair = try await Pair()
        let work = pair.second
        let ids = (0..<count - 1).map { work.vault.digest("session", "nobody \($0)".utf8) }
        let mine = work.vault.digest("session", pair.session.utf8)
        let open = try await pair.engine.read { connection in
            try SessionStore.standings(
                of: ids + [mine],
                seenAfter: Timestamp(seconds: 0),
                openedAfter: Timestamp(seconds: 0),
                connection
            )
        }
        #expect(open == [mine: SessionStore.Standing(organisation: "hc-13104", duties: [])])
        try pair.engine.close()
    }
}
