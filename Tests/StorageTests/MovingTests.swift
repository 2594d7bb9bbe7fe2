import Catalogue
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite struct MovingTests {
    private let now = TemporaryDatabase.now

    private func copier(_ source: any Engine, _ target: any Engine, _ vault: Vault = Vault(.generate())) -> Copier {
        Copier(from: source, to: target, CaseStore(vault))
    }

    @Test func `the tables that are moved are those that the migrations make`() async throws {
        let database = try await TemporaryDatabase()
        let inventory = database.engine.dialect.inventory
        let found = try await database.engine.read { try TableShape.all($0, inventory) }
        let texts = Migrator.migrations.map { database.engine.dialect.resolve($0.sql) }.joined(separator: "\n")
        let made = Set(
            texts.matches(of: /CREATE TABLE (\w+)(?! PARTITION OF|\w)/).map { String($0.1) }
        ).subtracting(TableShape.ofTheirOwn)
        #expect(Set(found.map(\.name)) == made)
        // Both engines have the same tables with the same columns, or nothing could be moved between them.
        let other = try await TemporaryDatabase(.sqlite)
        let otherInventory = other.engine.dialect.inventory
        let theirs = try await other.engine.read { try TableShape.all($0, otherInventory) }
        #expect(found.map(\.name) == theirs.map(\.name))
        #expect(found.map(\.content) == theirs.map(\.content))
    }

    @Test func `every value of every table comes over byte for byte, there and back`() async throws {
        let source = try await TemporaryDatabase(.sqlite)
        try await NastyRows.fill(source.engine)
        let there = try await TemporaryDatabase()
        let back = try await TemporaryDatabase(.sqlite)
        let first = try await copier(source.engine, there.engine).copy(at: now)
        let second = try await copier(there.engine, back.engine).copy(at: now)
        let original = try await NastyRows.dump(source.engine)
        #expect(try await NastyRows.dump(back.engine) == original)
        // More than two pages of keys that two engines sort differently.
        #expect(first.tables.first { $0.name == "municipalities" }?.rows ?? 0 > 2 * TableReader.page)
        #expect(first.tables.allSatisfy { $0.rows > 0 })
        #expect(first.rows == second.rows)
    }

    @Test func `cases, their history and their numbers go on in the copy`() async throws {
        let source = try await TestDatabase()
        let store = CaseStore(source.vault)
        let directory = try await source.directory(CaseStoreTests.organisations)
        var stored: [CaseNumber] = []
        for name in ["佐藤", "髙橋", "𠮷田"] {
            let file = try CaseStoreTests.file(name, "カナ")
            let made = try await source.engine.write {
                try store.insert(file, deed("notify"), directory: directory, $0)
            }
            stored.append(made.number)
        }
        let job = "INSERT INTO jobs (kind, name, payload, due_at) VALUES ('x', $1, $2, 0) RETURNING id"
        let last = try await source.engine.write { connection in
            let last = try connection.number(job, [.text("gone"), .blob([])])
            try connection.execute("DELETE FROM jobs")
            return last
        }
        let target = try await TemporaryDatabase()
        let report = try await copier(source.engine, target.engine, source.vault).copy(at: now)
        #expect(report.verification == .whole(lines: 3, reports: 0))
        #expect(try await store.verify(source.engine) == report.verification)
        #expect(try await store.verify(target.engine) == report.verification)
        try await Migrator(target.engine).check()
        for number in stored {
            let original = try await source.engine.read { try store.load(number, $0) }
            #expect(try await target.engine.read { try store.load(number, $0) } == original)
        }
        let file = try CaseStoreTests.file("鈴木", "スズキ")
        let next = try await target.engine.write { connection in
            try store.insert(file, deed("notify"), directory: DirectoryStore.load(connection), connection)
        }
        #expect(!stored.contains(next.number))
        #expect(try await store.verify(target.engine) == .whole(lines: 4, reports: 0))
        let behind = try await target.engine.write { try $0.number(job, [.text("next"), .blob([])]) }
        let before = try #require(last)
        #expect(try #require(behind) > before)
        let number = try await target.engine.write { connection in
            try DirectoryStore.save(.init(key: "hc-9", kind: .healthCentre, name: "九保健所"), connection)
            return try DirectoryStore.load(connection).number("hc-9")
        }
        #expect(try #require(number) > 3)
    }

    @Test func `a database that isn't empty or not of this schema is refused and left as it was`() async throws {
        let source = try await TestDatabase()
        _ = try await source.directory(CaseStoreTests.organisations)
        let target = try await TestDatabase()
        _ = try await target.directory(CaseStoreTests.organisations)
        await #expect(throws: Copier.Failure.occupied(table: "organisations")) {
            try await copier(source.engine, target.engine).copy(at: now)
        }
        // Even when what an interrupted copy left is to be thrown away: there is none.
        await #expect(throws: Copier.Failure.occupied(table: "organisations")) {
            try await copier(source.engine, target.engine).copy(at: now, again: true)
        }
        try await Migrator(target.engine).check()
        let empty = try await TemporaryDatabase(isEmpty: true)
        await #expect(throws: Copier.Failure.schema(.target, found: 0)) {
            try await copier(source.engine, empty.engine).copy(at: now)
        }
        await #expect(throws: Copier.Failure.schema(.source, found: 0)) {
            try await copier(empty.engine, target.engine).copy(at: now)
        }
    }

    @Test func `an interrupted copy isn't served, and is made again only when asked to`() async throws {
        let source = try await TemporaryDatabase(.sqlite)
        try await NastyRows.fill(source.engine)
        let target = try await TemporaryDatabase()
        let failing = MeddlingEngine(target.engine) { count in
            if count == 9 { throw StorageFailure.full }
        }
        await #expect(throws: StorageFailure.full) { try await copier(source.engine, failing).copy(at: now) }
        await #expect(throws: StorageFailure.schema(found: Unfinished.copying, expected: Migrator.current)) {
            try await Migrator(target.engine).check()
        }
        await #expect(throws: Copier.Failure.unfinished) {
            try await copier(source.engine, target.engine).copy(at: now)
        }
        let other = try await TemporaryDatabase()
        await #expect(throws: Copier.Failure.schema(.source, found: Unfinished.copying)) {
            try await copier(target.engine, other.engine).copy(at: now)
        }
        let report = try await copier(source.engine, target.engine).copy(at: now, again: true)
        #expect(report.tables.allSatisfy { $0.rows > 0 })
        try await Migrator(target.engine).check()
    }

    @Test func `what is written while copying is in the copy as a whole or not at all`() async throws {
        let source = try await TemporaryDatabase()
        let add = { @Sendable (number: Int64, connection: any SQLConnection) in
            try connection.send("INSERT INTO cases VALUES ($1, 0, $2)", [.integer(number), .blob([1])])
            try connection.send("INSERT INTO tokens VALUES ($1, $1)", [.integer(number)])
        }
        try await source.engine.write { connection in for number in 0..<4500 { try add(Int64(number), connection) } }
        let target = try await TemporaryDatabase()
        let written = Mutex(0)
        let meddling = MeddlingEngine(target.engine) { count in
            try await source.engine.write { try add(Int64(10_000 + count), $0) }
            written.withLock { $0 += 1 }
        }
        let report = try await copier(source.engine, meddling).copy(at: now)
        #expect(written.withLock { $0 } > 5)
        #expect(report.tables.filter { ["cases", "tokens"].contains($0.name) }.map(\.rows).allSatisfy { $0 >= 4500 })
        let rows = Dictionary(uniqueKeysWithValues: report.tables.map { ($0.name, $0.rows) })
        #expect(rows["cases"] == rows["tokens"])
    }

    @Test func `a target that somebody else writes is never opened`() async throws {
        let source = try await TestDatabase()
        _ = try await source.directory(CaseStoreTests.organisations)
        let target = try await TemporaryDatabase()
        let meddling = MeddlingEngine(target.engine) { count in
            guard count == 4 else { return }
            try await target.engine.write {
                try $0.send("INSERT INTO municipalities VALUES ('13101', '東京都', '千代田区', 'チヨダク')", [])
            }
        }
        await #expect(throws: Copier.Failure.differs(table: "municipalities")) {
            try await copier(source.engine, meddling).copy(at: now)
        }
        await #expect(throws: StorageFailure.schema(found: Unfinished.copying, expected: Migrator.current)) {
            try await Migrator(target.engine).check()
        }
    }

    @Test func `a history that is broken in the source is broken alike in the copy, and told`() async throws {
        let source = try await TestDatabase()
        let store = CaseStore(source.vault)
        let directory = try await source.directory(CaseStoreTests.organisations)
        let files = try ["佐藤", "鈴木"].map { try CaseStoreTests.file($0, "カナ") }
        try await source.engine.write { connection in
            for file in files { _ = try store.insert(file, deed("notify"), directory: directory, connection) }
            try connection.execute("UPDATE history SET account = 6 WHERE place & 65535 = 2")
        }
        let target = try await TemporaryDatabase()
        let report = try await copier(source.engine, target.engine, source.vault).copy(at: now)
        guard case .broken(.history, _, 2) = report.verification else {
            Issue.record("not told")
            return
        }
        #expect(try await store.verify(source.engine) == report.verification)
    }
}
