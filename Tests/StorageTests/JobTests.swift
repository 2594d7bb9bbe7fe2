import Catalogue
import Foundation
import TestSupport
import Testing

@testable import Storage

/// Jobs of one database, claimed with a lease of a minute.
private struct Desk {
    static let start = Timestamp(seconds: 1_606_000_000)

    let database: TestDatabase
    let jobs: JobStore

    init() async throws {
        database = try await TestDatabase()
        jobs = JobStore(database.vault)
    }

    func put(_ names: [String], due: Timestamp = start) async throws {
        let jobs = self.jobs
        try await database.engine.write { connection in
            for name in names {
                try jobs.put(kind: "test", name: name, payload: Array(name.utf8), due: due, connection)
            }
        }
    }

    func claim(
        _ claimed: JobStore.Claimed = .sound,
        most: Int = 10,
        at now: Timestamp = start,
        on engine: (any Engine)? = nil
    ) async throws -> (jobs: [Job], givenUp: [Job]) {
        let (jobs, engine) = (self.jobs, engine ?? database.engine)
        let dialect = engine.dialect
        return try await engine.write {
            try jobs.claim(claimed, kinds: ["test", "other"], most: most, now: now, lease: 60, dialect, $0)
        }
    }

    func write(_ body: @escaping @Sendable (JobStore, any SQLConnection) throws -> Bool) async throws -> Bool {
        let jobs = self.jobs
        return try await database.engine.write { try body(jobs, $0) }
    }

    func failures() async throws -> [FailedJob] {
        let jobs = self.jobs
        return try await database.engine.read { try jobs.failures($0) }
    }
}

@Suite struct JobTests {
    @Test func `a name is taken once, however many put it in at the same moment`() async throws {
        let desk = try await Desk()
        let other = try desk.database.database.another()
        let jobs = desk.jobs
        let fresh = try await withThrowingTaskGroup(of: Bool.self) { group in
            for engine in [desk.database.engine, other] {
                for _ in 0..<8 {
                    group.addTask {
                        try await engine.write { try jobs.put(kind: "test", name: "sweep-1", due: Desk.start, $0) }
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        try other.close()
        #expect(fresh == 1)
        #expect(try await desk.claim().jobs.map(\.name) == ["sweep-1"])
    }

    @Test func `jobs are claimed when they are due, oldest first, and not twice while the lease lasts`() async throws {
        let desk = try await Desk()
        try await desk.put(["late"], due: Desk.start.adding(seconds: 100))
        try await desk.put(["b", "c"])
        try await desk.put(["a"], due: Desk.start.adding(seconds: -5))
        #expect(try await desk.claim(most: 2).jobs.map(\.name) == ["a", "b"])
        #expect(try await desk.claim().jobs.map(\.name) == ["c"])
        #expect(try await desk.claim().jobs.isEmpty)
        #expect(try await desk.claim(.suspect).jobs.isEmpty)
    }

    @Test func `what was put in comes out sealed with its own name only`() async throws {
        let desk = try await Desk()
        try await desk.put(["a", "b"])
        let claimed = try await desk.claim().jobs
        #expect(try claimed.map { try desk.jobs.payload(of: $0) } == [Array("a".utf8), Array("b".utf8)])
        let moved = Job(
            id: claimed[0].id,
            kind: "test",
            name: "a",
            attempt: 1,
            sealed: claimed[1].sealed
        )
        #expect(throws: StorageFailure.unreadable("sealed")) { try desk.jobs.payload(of: moved) }
        let (jobs, secret) = (desk.jobs, "the person's telephone")
        _ = try await desk.database.engine.write { connection in
            try jobs.put(kind: "test", name: "c", payload: Array(secret.utf8), due: Desk.start, connection)
        }
        #expect(try await desk.database.database.everything().range(of: Data(secret.utf8)) == nil)
    }

    @Test func `a failed job comes again later and later, and is given up after five attempts`() async throws {
        let desk = try await Desk()
        try await desk.put(["a"])
        var now = Desk.start
        for (attempt, delay) in [10, 20, 40, 80].enumerated() {
            let job = try #require(try await desk.claim(at: now).jobs.first)
            #expect(job.attempt == attempt + 1)
            let at = now
            #expect(try await desk.write { try $0.failed(job, code: "TestFailure", at: at, $1) })
            #expect(try await desk.claim(at: now.adding(seconds: Int64(delay - 1))).jobs.isEmpty)
            now = now.adding(seconds: Int64(delay))
        }
        #expect(try await desk.failures().isEmpty)
        let last = try #require(try await desk.claim(at: now).jobs.first)
        let at = now
        #expect(try await desk.write { try $0.failed(last, code: "TestFailure", at: at, $1) })
        #expect(try await desk.claim(at: now.adding(seconds: 100_000)).jobs.isEmpty)
        let failed = try await desk.failures()
        #expect(failed.map(\.code) == ["TestFailure"])
        #expect(failed.map(\.attempts) == [5])
        #expect(failed.map(\.since) == [now])
    }

    @Test(arguments: [(1, 10), (2, 20), (5, 160), (9, 2560), (10, 3600), (100, 3600)])
    func `the wait between attempts doubles up to an hour`(attempt: Int, seconds: Int64) {
        #expect(JobStore.delay(after: attempt) == seconds)
    }

    @Test func `a job that nobody answers for is claimed alone, and given up as lost`() async throws {
        let desk = try await Desk()
        try await desk.put(["killer", "sound"])
        var now = Desk.start
        #expect(try await desk.claim(at: now).jobs.count == 2)
        for attempt in 2...5 {
            now = now.adding(seconds: 60)
            #expect(try await desk.claim(at: now).jobs.isEmpty)
            let claimed = try await desk.claim(.suspect, most: 1, at: now).jobs
            #expect(claimed.map(\.name) == ["killer"])
            #expect(claimed.map(\.attempt) == [attempt])
            if attempt == 2 {
                // The one that was claimed together with it has its turn at once.
                let innocent = try #require(try await desk.claim(.suspect, most: 1, at: now).jobs.first)
                #expect(innocent.name == "sound")
                let at = now
                #expect(try await desk.write { try $0.done(innocent, at: at, $1) })
            }
        }
        now = now.adding(seconds: 60)
        let claim = try await desk.claim(.suspect, most: 1, at: now)
        #expect(claim.jobs.isEmpty)
        #expect(claim.givenUp.map(\.name) == ["killer"])
        #expect(try await desk.failures().map(\.code) == ["lost"])
        #expect(try await desk.claim(.suspect, at: now.adding(seconds: 100_000)).jobs.isEmpty)
    }

    @Test func `whoever lost a job can't end it, hold it or give it back any more`() async throws {
        let desk = try await Desk()
        try await desk.put(["a"])
        let first = try #require(try await desk.claim().jobs.first)
        let later = Desk.start.adding(seconds: 61)
        let second = try #require(try await desk.claim(.suspect, at: later).jobs.first)
        #expect(first.id == second.id)
        #expect(try await desk.write { try $0.renew(first, until: later, $1) } == false)
        #expect(try await desk.write { try $0.failed(first, code: "x", at: later, $1) } == false)
        #expect(try await desk.write { try $0.giveBack(first, $1) } == false)
        #expect(try await desk.write { try $0.done(first, at: later, $1) } == false)
        #expect(try await desk.write { try $0.renew(second, until: later.adding(seconds: 60), $1) })
        #expect(try await desk.claim(.suspect, at: later.adding(seconds: 59)).jobs.isEmpty)
        #expect(try await desk.write { try $0.done(second, at: later, $1) })
        #expect(try await desk.write { try $0.done(second, at: later, $1) } == false)
    }

    @Test func `a job that was given back was no attempt`() async throws {
        let desk = try await Desk()
        try await desk.put(["a"])
        for _ in 0..<8 {
            let job = try #require(try await desk.claim().jobs.first)
            #expect(job.attempt == 1)
            #expect(try await desk.write { try $0.giveBack(job, $1) })
        }
    }

    @Test func `a job that was given up is put back with all its attempts`() async throws {
        let desk = try await Desk()
        try await desk.put(["a"])
        var now = Desk.start
        for _ in 0..<5 {
            let (job, at) = (try #require(try await desk.claim(at: now).jobs.first), now)
            _ = try await desk.write { try $0.failed(job, code: "x", at: at, $1) }
            now = now.adding(seconds: 3600)
        }
        let (id, at) = (try #require(try await desk.failures().first?.id), now)
        #expect(try await desk.write { try $0.retry(id + 1, at: at, $1) } == false)
        #expect(try await desk.write { try $0.retry(id, at: at, $1) })
        #expect(try await desk.write { try $0.retry(id, at: at, $1) } == false)
        #expect(try await desk.claim(at: now).jobs.map(\.attempt) == [1])
    }

    @Test func `workers that claim at the same moment never get the same job`() async throws {
        let desk = try await Desk()
        let names = (0..<60).map { "job-\($0)" }
        try await desk.put(names)
        let other = try desk.database.database.another()
        let claimed = try await withThrowingTaskGroup(of: [String].self) { group in
            for engine in [desk.database.engine, other] {
                for _ in 0..<4 {
                    group.addTask {
                        var mine: [String] = []
                        while true {
                            let more = try await desk.claim(most: 3, on: engine).jobs
                            if more.isEmpty { return mine }
                            mine += more.map(\.name)
                        }
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        try other.close()
        // Who found only rows that others were claiming went home early; nothing was claimed twice.
        let left = try await desk.claim(most: 100).jobs.map(\.name)
        #expect((claimed + left).sorted() == names.sorted())
    }

    @Test func `jobs of a kind that a program doesn't know are left to another`() async throws {
        let desk = try await Desk()
        let jobs = desk.jobs
        _ = try await desk.database.engine.write { connection in
            try jobs.put(kind: "newer", name: "n", due: Desk.start, connection)
        }
        #expect(try await desk.claim().jobs.isEmpty)
    }
}

@Suite struct SweepRuleTests {
    static let now = Timestamp(seconds: 1_606_000_000)

    private static func count(_ table: String, _ database: TestDatabase) async throws -> Int64? {
        try await database.engine.read { try $0.number("SELECT count(*) FROM \(table)") }
    }

    @Test func `what has run out goes and what hasn't stays, in any number`() async throws {
        let database = try await TestDatabase()
        let (now, day) = (Self.now.seconds, Int64(86_400))
        try await database.engine.write { connection in
            for number in 0..<1203 {
                let id = SQLValue.blob(Array(String(number).utf8))
                let isOld = number % 3 != 0
                try connection.send(
                    "INSERT INTO sessions (id, account, created_at, seen_at) VALUES ($1, 1, 0, $2)",
                    [id, .integer(now - (isOld ? 1801 : 1800))]
                )
                try connection.send(
                    "INSERT INTO repeats (client, key, digest, seq, at) VALUES (1, $1, $2, 0, $3)",
                    [.text("key \(number)"), id, .integer(now - 30 * day - (isOld ? 1 : 0))]
                )
            }
            try connection.send(
                "INSERT INTO bearers (id, client, expires_at) VALUES ($1, 1, $2)",
                [
                    .blob([1]), .integer(now - 1),
                ]
            )
            try connection.send(
                "INSERT INTO throttles (key, failures, locked_until) VALUES ($1, 1, $2)",
                [
                    .blob([1]), .integer(now - day - 1),
                ]
            )
            try connection.send(
                "INSERT INTO throttles (key, failures, locked_until) VALUES ($1, 1, $2)",
                [
                    .blob([2]), .integer(now - day),
                ]
            )
        }
        var removed = 0
        for rule in SweepRule.hourly(idleSince: Self.now.adding(seconds: -1800), now: Self.now) {
            removed += try await rule.sweep(database.engine)
        }
        for rule in SweepRule.daily(now: Self.now) { removed += try await rule.sweep(database.engine) }
        #expect(try await Self.count("sessions", database) == 401)
        #expect(try await Self.count("repeats", database) == 401)
        #expect(try await Self.count("bearers", database) == 0)
        #expect(try await Self.count("throttles", database) == 1)
        #expect(removed == 802 + 802 + 1 + 1)
        for rule in SweepRule.daily(now: Self.now) { #expect(try await rule.sweep(database.engine) == 0) }
    }

    @Test func `drafts go after a month without a change, done jobs after a week`() async throws {
        let database = try await TestDatabase()
        let (drafts, jobs) = (DraftStore(database.vault), JobStore(database.vault))
        let engine = database.engine
        let dialect = engine.dialect
        let week = Self.now.adding(seconds: -7 * 86_400)
        try await engine.write { connection in
            for (id, seconds) in [("old", -30 * 86_400 - 1), ("young", -30 * 86_400)] {
                let draft = Draft(
                    id: id,
                    account: 1,
                    fields: [:],
                    updatedAt: Self.now.adding(seconds: Int64(seconds))
                )
                try drafts.save(draft, organisation: 1, connection)
            }
            for name in ["old", "young", "waiting"] { try jobs.put(kind: "k", name: name, due: week, connection) }
            let claimed = try jobs.claim(
                .sound,
                kinds: ["k"],
                most: 2,
                now: week,
                lease: 60,
                dialect,
                connection
            ).jobs
            try jobs.done(claimed[0], at: week.adding(seconds: -1), connection)
            try jobs.done(claimed[1], at: week, connection)
        }
        for rule in SweepRule.daily(now: Self.now) { try await rule.sweep(engine) }
        let left = try await engine.read { connection in
            (
                try drafts.open(account: 1, connection).map(\.id),
                try connection.rows("SELECT name FROM jobs ORDER BY name") { $0.text(0) }
            )
        }
        #expect(left.0 == ["young"])
        #expect(left.1 == ["waiting", "young"])
    }
}
