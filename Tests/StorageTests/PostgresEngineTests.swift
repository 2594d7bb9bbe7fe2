import Foundation
import StoragePostgreSQL
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// What only a database across a line can suffer.
@Suite(.enabled(if: EngineKind.standard == .postgres), .serialized)
struct PostgresEngineTests {
    /// A database behind a proxy, with a table of numbers.
    private struct Behind {
        let database: TemporaryDatabase
        let proxy: CuttingProxy
        let engine: PostgresEngine

        init(writers: Int = 1, patience: Duration = .seconds(10)) async throws {
            database = try await TemporaryDatabase(.postgres)
            let url = try #require(URLComponents(string: database.address))
            proxy = try CuttingProxy(to: try #require(url.port))
            let address = "postgres://hersys@127.0.0.1:\(proxy.port)\(url.path)?sslmode=disable&gssencmode=disable"
            engine = PostgresEngine(try PostgresAddress(address), readers: 1, writers: writers, patience: patience)
            try await database.engine.write { try $0.script("CREATE TABLE t (id BIGINT, n BIGINT)") }
        }

        func add(_ id: Int64) async throws {
            try await engine.write { connection in
                try connection.send("INSERT INTO t (id, n) VALUES ($1, 1)", [.integer(id)])
            }
        }

        /// How often each number is stored.
        func stored() async throws -> [Int64] {
            try await database.engine.read { try $0.rows("SELECT id FROM t ORDER BY id") { $0.integer(0) } }
        }

        func close() throws {
            try engine.close()
            proxy.close()
        }
    }

    @Test(arguments: [
        ("before the commit", CuttingProxy.Mishap.cutBeforeCommit), ("before its answer", .answerLost),
        ("and the commit comes late", .commitLate),
    ])
    func `a line that breaks around a commit loses nothing and stores nothing twice`(
        when: String,
        mishap: CuttingProxy.Mishap
    ) async throws {
        let behind = try await Behind()
        try await behind.add(1)
        behind.proxy.prepare(mishap)
        try await behind.add(2)
        #expect(behind.proxy.happened == 1)
        try await behind.add(3)
        #expect(try await behind.stored() == [1, 2, 3], "\(when)")
        try behind.close()
    }

    @Test func `under load, lines that break all the time lose nothing and store nothing twice`() async throws {
        let behind = try await Behind(writers: 3)
        let mishaps = 6
        let added = try await withThrowingTaskGroup(of: [Int64].self) { group in
            group.addTask {
                for round in 0..<mishaps {
                    behind.proxy.prepare([.cutBeforeCommit, .answerLost, .commitLate][round % 3])
                    while behind.proxy.happened <= round { try await Task.sleep(for: .milliseconds(5)) }
                }
                return []
            }
            for first in 0..<8 {
                // However slow the machine is, they go on until every mishap has met one of them.
                group.addTask {
                    var ids: [Int64] = []
                    while ids.count < 50 || behind.proxy.happened < mishaps {
                        let id = Int64(first + 8 * ids.count)
                        try await behind.add(id)
                        ids.append(id)
                    }
                    return ids
                }
            }
            return try await group.reduce(into: [Int64]()) { $0 += $1 }
        }
        #expect(behind.proxy.happened == mishaps)
        #expect(try await behind.stored() == added.sorted())
        try behind.close()
    }

    @Test func `a database that falls silent is given up in time, and found again`() async throws {
        let behind = try await Behind(patience: .seconds(2))
        try await behind.add(1)
        behind.proxy.prepare(.silence(seconds: 24))
        let began = ContinuousClock.now
        // It isn't known whether the second number is stored: nobody may say that it is.
        await #expect(throws: StorageFailure.unavailable) { try await behind.add(2) }
        #expect(began.duration(to: .now) < .seconds(45))
        var left = 30
        while left > 0, (try? await behind.add(3)) == nil { left -= 1 }
        #expect(left > 0)
        let stored = try await behind.stored()
        // What was refused as unknown may have been stored all the same; nobody was told that it was.
        #expect(Set(stored) == [1, 3] || Set(stored) == [1, 2, 3])
        try behind.close()
    }

    @Test func `connections that the server ends are made again without anybody noticing`() async throws {
        let database = try await TemporaryDatabase(.postgres)
        let engine = database.engine
        try await engine.write { try $0.script("CREATE TABLE t (id BIGINT PRIMARY KEY)") }
        let administrator = try database.another()
        for id in 0..<30 {
            if id % 10 == 5 {
                try await administrator.write { connection in
                    _ = try connection.number(
                        """
                        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """
                    )
                }
            }
            try await engine.write { try $0.send("INSERT INTO t (id) VALUES ($1)", [.integer(Int64(id))]) }
            #expect(try await engine.read { try $0.number("SELECT count(*) FROM t") } == Int64(id + 1))
        }
        try administrator.close()
    }

    @Test func `who reads and writes the same row at once loses no change`() async throws {
        let database = try await TemporaryDatabase(.postgres)
        let others = [database.engine, try database.another(), try database.another()]
        try await database.engine.write { try $0.script("CREATE TABLE t (n BIGINT); INSERT INTO t VALUES (0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for engine in others {
                for _ in 0..<30 {
                    group.addTask {
                        try await engine.write { connection in
                            let n = try connection.number("SELECT n FROM t") ?? 0
                            try connection.send("UPDATE t SET n = $1", [.integer(n + 1)])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.engine.read { try $0.number("SELECT n FROM t") } == 90)
        for engine in others.dropFirst() { try engine.close() }
    }

    @Test func `of several in one transaction the one that fails fails alone`() async throws {
        let database = try await TemporaryDatabase(.postgres)
        let engine = database.engine
        try await engine.write { try $0.script("CREATE TABLE t (id BIGINT PRIMARY KEY)") }
        let failures = await withTaskGroup(of: Bool.self) { group in
            for id in 0..<100 {
                group.addTask {
                    do {
                        try await engine.write { connection in
                            // Every tenth is refused by the database, at the end of the pipeline.
                            try connection.send(
                                "INSERT INTO t (id) VALUES ($1)",
                                [.integer(id % 10 == 3 ? -1 : Int64(id))]
                            )
                            if id % 10 == 3 { try connection.send("INSERT INTO t (id) VALUES (-1)", []) }
                        }
                        return false
                    } catch { return error as? StorageFailure == .duplicate }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 10)
        #expect(try await engine.read { try $0.number("SELECT count(*) FROM t") } == 90)
    }

    @Test func `of several hosts the one that takes writes is found`() async throws {
        let database = try await TemporaryDatabase(.postgres)
        let url = try #require(URLComponents(string: database.address))
        // Nobody listens on the first.
        let address = "postgres://hersys@127.0.0.1:9,127.0.0.1:\(try #require(url.port))\(url.path)"
        let engine = PostgresEngine(try PostgresAddress(address), readers: 1, writers: 1)
        #expect(try await engine.read { try $0.number("SELECT 1") } == 1)
        #expect(await engine.answers())
        try engine.close()
    }

    @Test func `a database that isn't there is said to be so within the caller's patience`() async throws {
        let engine = PostgresEngine(
            try PostgresAddress("postgres://hersys@127.0.0.1:9/nowhere"),
            readers: 1,
            writers: 1,
            patience: .seconds(1)
        )
        let began = ContinuousClock.now
        #expect(await engine.answers() == false)
        await #expect(throws: StorageFailure.unavailable) { try await engine.read { try $0.number("SELECT 1") } }
        await #expect(throws: StorageFailure.unavailable) { try await engine.write { try $0.execute("SELECT 1") } }
        #expect(began.duration(to: .now) < .seconds(20))
        try engine.close()
    }

    @Test func `a statement that takes too long is cut off`() async throws {
        let database = try await TemporaryDatabase(.postgres)
        let address = try PostgresAddress("\(database.address)?options=-c%20statement_timeout%3D300")
        let engine = PostgresEngine(address, readers: 1, writers: 1)
        await #expect(throws: StorageFailure.unavailable) {
            try await engine.read { try $0.first("SELECT pg_sleep(5)") { _ in } }
        }
        try engine.close()
    }

    @Test func `what one process tells the others hear, and it doesn't hear itself`() async throws {
        let database = try await TemporaryDatabase(.postgres)
        let (teller, hearer) = (try database.another(), try database.another())
        let heard = Ears()
        let own = Ears()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (said, echo) = (hearer.broadcasts(), teller.broadcasts())
            group.addTask { for await one in said { heard.hear(one) } }
            group.addTask { for await one in echo { own.hear(one) } }
            // Both lines have to stand first.
            try await Task.sleep(for: .seconds(1))
            for number in 0..<2000 { teller.broadcast("number \(number)") }
            for _ in 0..<100 where heard.all.count < 2000 { try await Task.sleep(for: .milliseconds(50)) }
            try teller.close()
            try hearer.close()
            try await group.waitForAll()
        }
        #expect(heard.all == (0..<2000).map { .said("number \($0)") })
        #expect(own.all == [])
    }
}

/// What was heard so far.
private final class Ears: Sendable {
    private let heard = Mutex<[Broadcast]>([])

    var all: [Broadcast] { heard.withLock { $0 } }

    func hear(_ one: Broadcast) { heard.withLock { $0.append(one) } }
}
