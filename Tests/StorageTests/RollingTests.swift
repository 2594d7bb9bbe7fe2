import Access
import Catalogue
import Foundation
import TestSupport
import Testing

@testable import Storage

/// A server of the last schema keeps serving while the next one migrates.
@Suite struct RollingTests {
    /// A later step that only adds, and says so.
    private static let adding = Migration(
        number: Migrator.current + 1,
        name: "adding",
        serves: Migrator.current,
        sql: "ALTER TABLE facts ADD COLUMN later TEXT; CREATE TABLE laters (id {key}, at BIGINT NOT NULL);"
    )
    /// A later step after which nobody of this schema may go on.
    private static let breaking = Migration(
        number: Migrator.current + 1,
        name: "breaking",
        sql: "CREATE TABLE laters (id {key}, at BIGINT NOT NULL);"
    )

    @Test func `while a step that only adds is made, servers of this schema go on writing and starting`() async throws {
        let test = try await TestDatabase()
        let store = CaseStore(test.vault)
        let directory = try await test.directory(CaseStoreTests.organisations)
        let (engine, next) = (test.engine, try test.database.another())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<40 {
                        let file = try CaseStoreTests.file("佐藤", "サトウ")
                        _ = try await engine.write {
                            try store.insert(file, deed("notify"), directory: directory, $0)
                        }
                    }
                }
            }
            group.addTask {
                let made = try await Migrator(next, Migrator.migrations + [Self.adding]).migrate(
                    at: TemporaryDatabase.now
                )
                #expect(made == ["adding"])
            }
            try await group.waitForAll()
        }
        try await Migrator(engine).check()
        #expect(try await store.verify(engine) == .whole(lines: 120, reports: 0))
        try next.close()
    }

    @Test func `after a step that serves nobody before it, a server of this schema doesn't start`() async throws {
        let test = try await TestDatabase()
        _ = try await Migrator(test.engine, Migrator.migrations + [Self.breaking]).migrate(at: TemporaryDatabase.now)
        await #expect(throws: StorageFailure.schema(found: Migrator.current + 1, expected: Migrator.current)) {
            try await Migrator(test.engine).check()
        }
    }

    @Test func `a copy in the middle is served by nobody, whatever later steps it has`() async throws {
        let test = try await TestDatabase()
        _ = try await Migrator(test.engine, Migrator.migrations + [Self.adding]).migrate(at: TemporaryDatabase.now)
        try await Migrator(test.engine).check()
        try await test.engine.write { connection in
            try connection.send(
                "INSERT INTO schema_migrations (number, name, checksum) VALUES (1000000, 'copying', '')",
                []
            )
        }
        await #expect(throws: StorageFailure.schema(found: 1_000_000, expected: Migrator.current)) {
            try await Migrator(test.engine).check()
        }
    }

    @Test func `two processes that migrate at once make each step once`() async throws {
        let database = try await TemporaryDatabase(isEmpty: true)
        let other = try database.another()
        async let first = Migrator(database.engine).migrate(at: TemporaryDatabase.now)
        async let second = Migrator(other).migrate(at: TemporaryDatabase.now)
        _ = try await (first, second)
        try await Migrator(database.engine).check()
        let steps = try await database.engine.read { try $0.number("SELECT count(*) FROM schema_migrations") }
        #expect(steps == Int64(Migrator.current))
        try other.close()
    }
}

/// Tables that grow without end.
@Suite struct GrowthTests {
    @Test func `parts follow each other without a gap, and reach a year ahead`() throws {
        let now: Int64 = 1_790_000_000
        for table in Growth.tables {
            let parts = Growth.parts(of: table, at: now)
            for (one, next) in zip(parts, parts.dropFirst()) { #expect(one.until == next.from) }
            #expect(parts.first?.from == 1_577_836_800)
            #expect(try #require(parts.last).until > now + 365 * 86_400)
            #expect(Set(parts.map(\.name)).count == parts.count)
        }
        // 2024 has a 29th of February.
        let readings = Growth.parts(of: GrowingTable(name: "readings", months: 1), at: now)
        #expect(readings.first { $0.name == "readings_2024_03" }?.from == 1_709_251_200)
    }

    @Test(.enabled(if: EngineKind.standard == .postgres))
    func `a row stands in the part of its month, and what falls nowhere is kept, too`() async throws {
        let database = try await TemporaryDatabase()
        try await database.engine.write { connection in
            for (place, at) in [(1, 1_580_600_000), (2, 1_590_000_000), (3, 100), (4, 9_000_000_000)] {
                try connection.send(
                    """
                    INSERT INTO observations (place, seq, at, day, source, account, organisation, alarm, sealed, hash)
                    VALUES ($1, 1, $2, 1, 1, 1, 1, 0, $3, $3)
                    """,
                    [.integer(Int64(place)), .integer(Int64(at)), .blob([1])]
                )
            }
        }
        let parts = try await database.engine.read {
            try $0.rows("SELECT tableoid::regclass::text FROM observations ORDER BY place") { $0.text(0) }
        }
        #expect(parts == ["observations_2020_02", "observations_2020_05", "observations_rest", "observations_rest"])
        #expect(try await Growth.prepare(database.engine, at: TemporaryDatabase.now.seconds) == [])
        // Two months later two more parts are made for each table by months; history has its year already.
        let later = TemporaryDatabase.now.seconds + 61 * 86_400
        #expect(try await Growth.prepare(database.engine, at: later).count == 4)
    }
}
