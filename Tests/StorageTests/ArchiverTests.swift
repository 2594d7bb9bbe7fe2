import Catalogue
import TestSupport
import Testing

@testable import Storage

@Suite struct ArchiverTests {
    private static let day: Int64 = 86_400
    /// 2020-05-01 in Japan.
    private static let limit = Timestamp(seconds: 1_588_258_800)

    private func filled() async throws -> TemporaryDatabase {
        let database = try await TemporaryDatabase()
        try await database.engine.write { connection in
            // From 2019-12 to 2020-08: before the first part, in several parts, after the limit; some on the very limit.
            for number in 0..<6000 {
                try connection.send(
                    """
                    INSERT INTO readings (at, account, organisation, address, what, sections, cases)
                    VALUES ($1, 1, 2, '192.0.2.1', 'case', 'basic', $2)
                    """,
                    [.integer(1_576_000_000 + Int64(number) * 3600), .blob([UInt8(number % 256)])]
                )
            }
            for second in -1...1 {
                try connection.send(
                    """
                    INSERT INTO readings (at, account, organisation, address, what, sections, cases)
                    VALUES ($1, 1, 2, '', 'list', '', $2)
                    """,
                    [.integer(Self.limit.seconds + Int64(second)), .blob([])]
                )
            }
        }
        return database
    }

    private func rows(_ engine: any Engine) async throws -> [String] {
        try await engine.read { connection in
            try connection.rows("SELECT id, at, what, cases FROM readings ORDER BY id") {
                "\($0.integer(0)) \($0.integer(1)) \($0.text(2)) \($0.blob(3))"
            }
        }
    }

    @Test func `old readings go into a file and nothing else goes with them`() async throws {
        let database = try await filled()
        let all = try await rows(database.engine)
        let file = try await TemporaryDatabase(.sqlite, isEmpty: true)
        let archiver = Archiver(database.engine)
        let taken = try await archiver.copy(before: Self.limit, to: file.engine, at: TemporaryDatabase.now)
        #expect(try await rows(database.engine) == all)
        try await archiver.remove(taken)
        let old = try await rows(file.engine)
        let kept = try await rows(database.engine)
        #expect(old.count == taken.rows)
        #expect(old.count == 3407 && kept.count == 2596)
        #expect((old + kept).sorted() == all.sorted())
        // Nobody takes the file for a database.
        await #expect(throws: StorageFailure.schema(found: Unfinished.archive, expected: Migrator.current)) {
            try await Migrator(file.engine).check()
        }
        #expect(try await Growth.prepare(database.engine, at: TemporaryDatabase.now.seconds) == [])
        // Once more finds nothing.
        let second = try await TemporaryDatabase(.sqlite, isEmpty: true)
        #expect(try await archiver.copy(before: Self.limit, to: second.engine, at: TemporaryDatabase.now).rows == 0)
    }

    @Test func `rows of an old part that came after reading keep it from being removed`() async throws {
        let database = try await filled()
        guard database.engine.dialect.divides else { return }
        let file = try await TemporaryDatabase(.sqlite, isEmpty: true)
        let archiver = Archiver(database.engine)
        let taken = try await archiver.copy(before: Self.limit, to: file.engine, at: TemporaryDatabase.now)
        try await database.engine.write {
            try $0.send(
                """
                INSERT INTO readings (at, account, organisation, address, what, sections, cases)
                VALUES (1580000000, 1, 2, '', 'list', '', '')
                """,
                []
            )
        }
        await #expect(throws: Archiver.Failure.changed) { try await archiver.remove(taken) }
        #expect(try await rows(database.engine).count == 6004)
    }
}
