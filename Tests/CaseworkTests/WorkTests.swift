import Access
import Catalogue
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Casework

/// What workers said and did, in order.
private final class Diary: Sendable {
    private let held = Mutex<(notes: [WorkNote], ran: [String], running: [String: Int], most: Int)>(([], [], [:], 0))

    var notes: [WorkNote] { held.withLock { $0.notes } }
    var ran: [String] { held.withLock { $0.ran } }
    /// The most runs of one job at the same time.
    var most: Int { held.withLock { $0.most } }

    func add(_ note: WorkNote) { held.withLock { $0.notes.append(note) } }

    func begin(_ name: String) {
        held.withLock { held in
            held.ran.append(name)
            held.running[name, default: 0] += 1
            held.most = max(held.most, held.running[name] ?? 0)
        }
    }

    func end(_ name: String) { held.withLock { $0.running[name, default: 1] -= 1 } }

    /// Waits until something is true, for ten seconds at most.
    func wait(_ isTrue: (Diary) -> Bool) async throws {
        for _ in 0..<1000 {
            if isTrue(self) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("not within ten seconds")
    }
}

private struct Poison: Error {}

/// A database behind a line that a test can cut, with news that a test makes up.
private final class CutEngine: Engine {
    let whole: any Engine
    private let held = Mutex<(isCut: Bool, refused: Int)>((false, 0))
    let news = AsyncStream.makeStream(of: Broadcast.self)

    init(_ whole: any Engine) { self.whole = whole }

    var dialect: Dialect { whole.dialect }
    var refused: Int { held.withLock { $0.refused } }
    func cut(_ isCut: Bool) { held.withLock { $0.isCut = isCut } }

    private func pass() throws {
        try held.withLock { held in
            guard held.isCut else { return }
            held.refused += 1
            throw StorageFailure.unavailable
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try pass()
        return try await whole.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try pass()
        return try await whole.write(body)
    }

    func answers() async -> Bool { !held.withLock { $0.isCut } }
    func broadcast(_ text: String) {}
    func broadcasts() -> AsyncStream<Broadcast> { news.stream }
    func close() throws { try whole.close() }
}

@Suite struct WorkTests {
    /// A worker that doesn't wait long.
    private static func worker(
        _ office: Office,
        _ diary: Diary,
        _ kinds: [JobKind],
        schedule: Schedule = .empty,
        renewal: Duration = .milliseconds(20),
        casework: Casework? = nil
    ) -> Worker {
        Worker(
            casework ?? office.casework,
            kinds: kinds,
            schedule: schedule,
            renewal: renewal,
            pause: { .milliseconds(Int.random(in: 5...15)) },
            tell: { diary.add($0) }
        )
    }

    private static func put(_ office: Office, _ kind: String, _ names: [String]) async throws {
        let (jobs, now) = (office.casework.jobs, office.clock.now)
        try await office.engine.write { connection in
            for name in names {
                try jobs.put(kind: kind, name: name, payload: Array(name.utf8), due: now, connection)
            }
        }
    }

    /// Runs workers while something is awaited, and ends them in order.
    private static func run(_ workers: [Worker], _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { await worker.run() } }
            defer { for worker in workers { worker.stop() } }
            try await body()
        }
    }

    private static func noting(_ kind: String, _ diary: Diary) -> JobKind {
        JobKind(kind) { run in
            let name = String(decoding: run.payload, as: UTF8.self)
            diary.begin(name)
            defer { diary.end(name) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func `two workers run each job once, and never one job at the same time`() async throws {
        let office = try await Office()
        let diary = Diary()
        let names = (0..<30).map { "job-\($0)" }
        try await Self.put(office, "note", names)
        let workers = (0..<2).map { _ in Self.worker(office, diary, [Self.noting("note", diary)]) }
        try await Self.run(workers) {
            try await diary.wait { diary in
                diary.notes.count { if case .done = $0 { true } else { false } } == names.count
            }
        }
        #expect(diary.ran.sorted() == names.sorted())
        #expect(diary.most == 1)
    }

    @Test func `a job that always fails is given up after five attempts, and others aren't kept waiting`() async throws
    {
        let office = try await Office()
        let diary = Diary()
        let poison = JobKind("poison") { _ in throw Poison() }
        try await Self.put(office, "poison", ["p1", "p2", "p3", "p4", "p5"])
        try await Self.put(office, "note", ["sound"])
        try await Self.run([Self.worker(office, diary, [poison, Self.noting("note", diary)])]) {
            try await diary.wait { $0.ran == ["sound"] }
            for attempt in 1...4 {
                try await diary.wait { diary in
                    diary.notes.count { if case .failed = $0 { true } else { false } } == 5 * attempt
                }
                office.clock.advance(3600)
            }
            try await diary.wait { diary in
                diary.notes.count { if case .givenUp = $0 { true } else { false } } == 5
            }
        }
        let failed = try await office.casework.failedJobs()
        #expect(failed.map(\.kind) == Array(repeating: "poison", count: 5))
        #expect(failed.map(\.code) == Array(repeating: "Poison", count: 5))
        #expect(failed.map(\.attempts) == Array(repeating: 5, count: 5))
        try await office.casework.retryJob(failed[0].id)
        #expect(try await office.casework.failedJobs().count == 4)
        await #expect(throws: Refusal.self) { try await office.casework.retryJob(failed[0].id) }
    }

    @Test func `a job that takes too long has failed`() async throws {
        let office = try await Office()
        let diary = Diary()
        let endless = JobKind("endless", limit: .milliseconds(50)) { _ in try await Task.sleep(for: .seconds(600)) }
        try await Self.put(office, "endless", ["e"])
        try await Self.run([Self.worker(office, diary, [endless])]) { try await diary.wait { !$0.notes.isEmpty } }
        guard case .failed("endless", _, 1, "overdue") = diary.notes.first else {
            Issue.record("\(diary.notes)")
            return
        }
    }

    @Test func `bytes that somebody changed stop their own job only`() async throws {
        let office = try await Office()
        let diary = Diary()
        try await Self.put(office, "note", ["changed", "sound"])
        _ = try await office.engine.write { connection in
            try connection.execute("UPDATE jobs SET payload = $1 WHERE name = 'changed'", [.blob([1, 2, 3])])
        }
        try await Self.run([Self.worker(office, diary, [Self.noting("note", diary)])]) {
            try await diary.wait { $0.notes.count == 2 }
        }
        #expect(diary.ran == ["sound"])
        #expect(diary.notes.contains { if case .failed("note", _, 1, "unreadable") = $0 { true } else { false } })
    }

    @Test func `a long job keeps its lease while another worker looks for work`() async throws {
        let office = try await Office()
        let diary = Diary()
        try await Self.put(office, "long", ["long"])
        let long = JobKind("long") { _ in
            diary.begin("long")
            // Two leases long by the office's clock.
            for _ in 0..<12 {
                try await Task.sleep(for: .milliseconds(60))
                office.clock.advance(10)
            }
            diary.end("long")
        }
        try await Self.run((0..<2).map { _ in Self.worker(office, diary, [long]) }) {
            try await diary.wait { !$0.notes.isEmpty }
        }
        #expect(diary.ran == ["long"])
        #expect(diary.notes.count == 1)
    }

    @Test func `a worker that lost its job ends it, and says so`() async throws {
        let office = try await Office()
        let diary = Diary()
        try await Self.put(office, "long", ["long"])
        let long = JobKind("long") { _ in
            diary.begin("long")
            try await Task.sleep(for: .seconds(600))
        }
        try await Self.run([Self.worker(office, diary, [long])]) {
            try await diary.wait { $0.ran.count == 1 }
            // As if another had taken it while this one stood still.
            _ = try await office.engine.write { connection in
                try connection.execute("UPDATE jobs SET attempts = 2, locked_until = 99999999999")
            }
            try await diary.wait { !$0.notes.isEmpty }
        }
        guard case .lost("long", _) = diary.notes.first else {
            Issue.record("\(diary.notes)")
            return
        }
    }

    @Test func `what runs when a worker is asked to end is given back, and run by the next`() async throws {
        let office = try await Office()
        let diary = Diary()
        try await Self.put(office, "long", ["long"])
        let long = JobKind("long") { _ in
            diary.begin("long")
            defer { diary.end("long") }
            if diary.ran.count == 1 { try await Task.sleep(for: .seconds(600)) }
        }
        try await Self.run([Self.worker(office, diary, [long], renewal: .seconds(20))]) {
            try await diary.wait { $0.ran.count == 1 }
        }
        guard case .givenBack("long", _) = diary.notes.first else {
            Issue.record("\(diary.notes)")
            return
        }
        try await Self.run([Self.worker(office, diary, [long])]) { try await diary.wait { $0.notes.count == 2 } }
        #expect(diary.ran == ["long", "long"])
        guard case .done("long", _) = diary.notes.last else {
            Issue.record("\(diary.notes)")
            return
        }
    }

    @Test func `a database that goes away is told of once, and work goes on when it is back`() async throws {
        let office = try await Office()
        let diary = Diary()
        let (line, time) = (CutEngine(office.engine), office.clock)
        let casework = Casework(engine: line, keys: .generate(), passwordCost: 6) { time.now }
        func put(_ name: String) async throws {
            let (jobs, now) = (casework.jobs, office.clock.now)
            _ = try await office.engine.write { connection in
                try jobs.put(kind: "note", name: name, payload: Array(name.utf8), due: now, connection)
            }
        }
        let kinds = [Self.noting("note", diary)]
        try await Self.run([Self.worker(office, diary, kinds, casework: casework)]) {
            line.cut(true)
            try await diary.wait { _ in line.refused >= 5 }
            try await put("after")
            line.cut(false)
            try await diary.wait { $0.notes.count == 3 }
        }
        #expect(diary.notes.prefix(2) == [.away(code: "unavailable"), .back])
        #expect(diary.ran == ["after"])
    }

    @Test func `a job whose lease can't be renewed is ended before another may begin it`() async throws {
        let office = try await Office()
        let diary = Diary()
        let (line, time) = (CutEngine(office.engine), office.clock)
        let casework = Casework(engine: line, keys: .generate(), passwordCost: 6) { time.now }
        let (jobs, now) = (casework.jobs, office.clock.now)
        _ = try await office.engine.write { try jobs.put(kind: "long", name: "long", due: now, $0) }
        let long = JobKind("long") { _ in
            diary.begin("long")
            defer { diary.end("long") }
            try await Task.sleep(for: .seconds(600))
        }
        try await Self.run([Self.worker(office, diary, [long], casework: casework)]) {
            try await diary.wait { $0.ran.count == 1 }
            line.cut(true)
            try await Task.sleep(for: .milliseconds(200))
            #expect(!diary.notes.contains { if case .lost = $0 { true } else { false } })
            office.clock.advance(46)
            try await diary.wait { diary in
                diary.notes.contains { if case .lost = $0 { true } else { false } }
            }
        }
    }

    @Test func `whoever may have missed something is told so, and the directory is read anew`() async throws {
        let office = try await Office()
        let (line, time) = (CutEngine(office.engine), office.clock)
        let casework = Casework(engine: line, keys: .generate(), passwordCost: 6) { time.now }
        #expect(try await casework.directory()["hc-99"] == nil)
        let centre = casework.events.events(for: "hc-13104")
        try await office.engine.write { connection in
            try DirectoryStore.save(Organisation(key: "hc-99", kind: .healthCentre, name: "新設保健所"), connection)
        }
        #expect(try await casework.directory()["hc-99"] == nil)
        for news in [Broadcast.missed, .said("newer/1"), .said("much/1")] { line.news.continuation.yield(news) }
        line.news.continuation.finish()
        await casework.hear()
        #expect(try await casework.directory()["hc-99"] != nil)
        casework.events.finish()
        var heard: [PageEvent] = []
        for await event in centre { heard.append(event) }
        #expect(heard == [.missed, .missed])
    }

    @Test func `each period's job runs once, whatever the number of workers`() async throws {
        let office = try await Office()
        let diary = Diary()
        let kind = JobKind("tick") { _ in diary.begin("tick") }
        let schedule = Schedule([("tick", .hour)])
        try await Self.run((0..<3).map { _ in Self.worker(office, diary, [kind], schedule: schedule) }) {
            for hour in 1...3 {
                try await diary.wait { $0.ran.count == hour }
                try await Task.sleep(for: .milliseconds(100))
                #expect(diary.ran.count == hour)
                // A job that isn't marked as done yet would have lost its lease in the next hour.
                while try await office.engine.read({ try $0.number("SELECT count(*) FROM jobs WHERE state = 0") }) != 0
                {
                    try await Task.sleep(for: .milliseconds(10))
                }
                office.clock.advance(3600)
            }
        }
    }

    @Test func `a schedule names its periods by Japan's day and hour`() throws {
        let schedule = Schedule([("sweep", .hour), ("heads", .day(hour: 4))])
        let day = try #require(CalendarDate(iso: "2022-11-22"))
        let jobs = schedule.jobs(at: Timestamp(day, hour: 9, minute: 59))
        #expect(jobs.map(\.name) == ["sweep-2022-11-22T09", "heads-2022-11-22"])
        #expect(jobs.map(\.due) == [Timestamp(day, hour: 9), Timestamp(day, hour: 4)])
    }

    @Test func `the sweep ends sessions and old messages, and the chains' ends are told once a day`() async throws {
        let office = try await SignInTests.office()
        let diary = Diary()
        _ = try await SignInTests.signIn(office)
        _ = try await office.casework.notify(Office.report(), by: office.caller("med-1"))
        office.clock.advance(86_400 + 1)
        let fresh = try await SignInTests.signIn(office)
        func count(_ table: String) async throws -> Int64? {
            try await office.engine.read { try $0.number("SELECT count(*) FROM \(table)") }
        }
        // Signing in sweeps nothing any more.
        #expect(try await count("sessions") == 2)
        #expect(try await count("outbox") == 2)
        let worker = Self.worker(office, diary, JobKind.all, schedule: .standard)
        let scheduled = Schedule.standard.jobs(at: office.clock.now).count
        try await Self.run([worker]) {
            try await diary.wait { diary in
                diary.notes.count { if case .done = $0 { true } else { false } } == scheduled
            }
        }
        #expect(try await count("sessions") == 1)
        #expect(try await count("outbox") == 1)
        #expect(try await office.casework.session(fresh) != nil)
        let ends = diary.notes.compactMap { note in if case .chainEnd(let end) = note { end } else { nil } }
        #expect(ends.map(\.book) == [.history])
        #expect(ends.map(\.position) == [1])
        #expect(ends.first?.hash.count == 16)
    }

    @Test func `a failure is named by its code, never by its text`() {
        struct Named: Error, CustomStringConvertible { var description: String { "佐藤 花子" } }
        #expect(failureCode(Named()) == "Named")
        #expect(failureCode(StorageFailure.unreadable("佐藤")) == "unreadable")
        #expect(failureCode(StorageFailure.engine(code: 5)) == "engine-5")
    }
}
