import Access
import Catalogue
import Testing

@testable import Storage

/// A deleted case stands in a table of its own and in no other that lists, searches or figures read.
@Suite struct DeletedCaseTests {
    private static func sums(_ database: TestDatabase) async throws -> [String: Int64] {
        try await database.engine.read { connection in
            var counts: [String: Int64] = [:]
            for table in ["cases", "facts", "parties", "tokens", "deleted_cases"] {
                counts[table] = try connection.number("SELECT count(*) FROM \(table)")
            }
            return counts
        }
    }

    @Test func `a deletion and its undoing leave every table as it was but for the history`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(CaseStoreTests.organisations)
        let stored = try await database.engine.write { connection in
            _ = try store.insert(
                CaseStoreTests.file("鈴木", "スズキ"),
                deed("notify"),
                directory: directory,
                connection
            )
            return try store.insert(
                CaseStoreTests.file("佐藤", "サトウ"),
                deed("notify"),
                directory: directory,
                connection
            )
        }
        let before = try await Self.sums(database)
        let gone = try await database.engine.write {
            try store.delete(stored, deed("delete", at: 1_590_000_500), directory: directory, $0)
        }
        #expect(gone.version == 2)
        let during = try await Self.sums(database)
        #expect(during["cases"] == 1)
        #expect(during["facts"] == 1)
        #expect(during["parties"] == 2)
        #expect(during["tokens"] == (before["tokens"] ?? 0) / 2)
        #expect(during["deleted_cases"] == 1)
        #expect(try await database.engine.read { try store.load(stored.number, $0) } == nil)
        #expect(try await store.verify(database.engine) == .whole(lines: 3, reports: 0))

        let found = try #require(try await database.engine.read { try store.deleted(stored.number, $0) })
        #expect(found.file.items == stored.items)
        #expect(found.deletedAt.seconds == 1_590_000_500)
        let back = try await database.engine.write {
            try store.restore(
                found,
                parties: found.file.parties,
                deed("restore", at: 1_590_000_900),
                directory: directory,
                $0
            )
        }
        #expect(try await Self.sums(database) == before)
        #expect(try await database.engine.read { try store.load(stored.number, $0) } == back)
        #expect(back.version == 3)
        var expected = stored
        expected.version = 3
        #expect(back == expected)
        let times = try await database.engine.read { connection in
            try connection.rows("SELECT created_at, updated_at FROM facts ORDER BY seq DESC LIMIT 1") {
                [$0.integer(0), $0.integer(1)]
            }
        }
        #expect(times == [[1_590_000_000, 1_590_000_900]])
        #expect(try await store.verify(database.engine) == .whole(lines: 4, reports: 0))
    }

    @Test func `of two who delete, or delete and change, one is told`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(CaseStoreTests.organisations)
        let stored = try await database.engine.write {
            try store.insert(CaseStoreTests.file("佐藤", "サトウ"), deed("notify"), directory: directory, $0)
        }
        _ = try await database.engine.write { try store.delete(stored, deed("delete"), directory: directory, $0) }
        await #expect(throws: StorageFailure.duplicate) {
            try await database.engine.write {
                _ = try store.delete(stored, deed("delete"), directory: directory, $0)
            }
        }
        await #expect(throws: StorageFailure.duplicate) {
            try await database.engine.write {
                _ = try store.save(stored, replacing: stored, deed("revise"), directory: directory, $0)
            }
        }
        #expect(try await store.verify(database.engine) == .whole(lines: 2, reports: 0))
    }

    @Test func `a number is never given again`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(CaseStoreTests.organisations)
        var numbers: Set<CaseNumber> = []
        for _ in 0..<5 {
            let stored = try await database.engine.write { connection in
                let stored = try store.insert(
                    CaseStoreTests.file("佐藤", "サトウ"),
                    deed("notify"),
                    directory: directory,
                    connection
                )
                return try store.delete(stored, deed("delete"), directory: directory, connection)
            }
            numbers.insert(stored.number)
        }
        #expect(numbers.count == 5)
    }

    @Test(arguments: [
        ("UPDATE deleted_cases SET version = version + 1", "another version"),
        ("DELETE FROM history WHERE place = (SELECT max(place) FROM history)", "its line is gone"),
    ])
    func `a changed deletion is found by the walk along the history`(sql: String, what: String) async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(CaseStoreTests.organisations)
        _ = try await database.engine.write { connection in
            let stored = try store.insert(
                CaseStoreTests.file("佐藤", "サトウ"),
                deed("notify"),
                directory: directory,
                connection
            )
            return try store.delete(stored, deed("delete"), directory: directory, connection)
        }
        try await database.engine.write { try $0.script(sql) }
        if case .whole = try await store.verify(database.engine) { Issue.record("\(what): not found") }
    }

    @Test func `a deleted row moved back by hand opens nowhere`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(CaseStoreTests.organisations)
        let gone = try await database.engine.write { connection in
            let stored = try store.insert(
                CaseStoreTests.file("佐藤", "サトウ"),
                deed("notify"),
                directory: directory,
                connection
            )
            return try store.delete(stored, deed("delete"), directory: directory, connection)
        }
        try await database.engine.write { connection in
            try connection.script(
                "INSERT INTO cases (seq, version, sealed) SELECT seq, version, sealed FROM deleted_cases"
            )
        }
        await #expect(throws: StorageFailure.self) {
            try await database.engine.read { _ = try store.load(gone.number, $0) }
        }
    }
}
