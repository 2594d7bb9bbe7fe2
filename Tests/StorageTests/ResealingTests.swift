import Access
import Catalogue
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct ResealingTests {
    @Test func `every column of bytes is either sealed and declared, or known not to be`() async throws {
        let database = try await TemporaryDatabase()
        let inventory = database.engine.dialect.inventory
        let found = try await database.engine.read { connection in
            try TableShape.all(connection, inventory).flatMap { table in
                table.columns.filter { $0.kind == .bytes }.map { "\(table.name).\($0.name)" }
            }
        }
        // Digests, hashes, random ids, and what names nobody.
        let clear: Set = [
            "sign_ins.id", "sign_ins.code", "sessions.id", "throttles.key", "clients.secret", "clients.earlier",
            "clients.certificate", "bearers.id", "bearers.certificate", "repeats.digest", "imports.digest",
            "readings.cases", "history.hash", "observations.hash", "chains.hash", "report_links.id",
            "report_links.proof", "local_items.definition", "resealing.after",
            "account_slips.session", "code_sends.number", "recovery_codes.code", "passkeys.credential",
            "passkey_challenges.id", "connection_senders.sender", "connection_tests.machine",
            "outreach_attempts.recipient",
        ]
        #expect(
            Set(found).subtracting(clear) == Set(SealedColumn.all.map(\.name)),
            "a sealed column that isn't declared would keep its old key for ever"
        )
    }

    /// A database with cases, their history, health reports, a deleted case, a draft, a message and a job.
    private struct Office {
        let database: TestDatabase
        let store: CaseStore
        let directory: Directory
        let cases: [CaseNumber]

        static let people = ["佐藤", "髙橋", "𠮷田", "鈴木", "伊藤", "渡邉", "小林", "山本"]

        init() async throws {
            database = try await TestDatabase()
            let (vault, engine) = (database.vault, database.engine)
            let store = CaseStore(vault)
            self.store = store
            let directory = try await database.directory(CaseStoreTests.organisations)
            self.directory = directory
            var cases: [CaseNumber] = []
            for name in Self.people {
                let file = try CaseStoreTests.file(name, "カナ")
                let made = try await engine.write {
                    try store.insert(file, deed("notify"), directory: directory, $0)
                }
                cases.append(made.number)
                let observations = ObservationStore(vault)
                let report = Observation(
                    at: TemporaryDatabase.now,
                    source: .person,
                    form: "1",
                    items: Record([:])
                )
                let prepared = try observations.prepare(report, sequence: vault.sequence(made.number))
                try await engine.write { try observations.append([prepared], $0) }
            }
            self.cases = cases
            let gone = cases[7]
            try await engine.write { connection in
                let file = try #require(try store.load(gone, connection))
                _ = try store.delete(file, deed("delete"), directory: directory, connection)
                let message = Message(at: TemporaryDatabase.now, kind: "sms", to: "09012345678", text: "番号 123456")
                try OutboxStore(vault).put(message, connection)
                let due = TemporaryDatabase.now
                try JobStore(vault).put(kind: "x", name: "x-1", payload: [1, 2, 3], due: due, connection)
            }
        }

        /// All that can be read.
        struct Read: Equatable {
            var cases: [CaseFile?]
            var history: [[HistoryEntry]]
            var observations: [[Observation]]
            var messages: [Message]
        }

        func read() async throws -> Read {
            let (store, directory, cases) = (store, directory, cases)
            let observations = ObservationStore(database.vault)
            let outbox = OutboxStore(database.vault)
            return try await database.engine.read { connection in
                Read(
                    cases: try cases.map { try store.load($0, connection) },
                    history: try cases.map { try store.history(of: $0, directory: directory, connection) },
                    observations: try cases.map {
                        try observations.observations(
                            of: $0,
                            newest: 9,
                            now: TemporaryDatabase.now,
                            directory: directory,
                            connection
                        )
                    },
                    messages: try outbox.latest(9, connection)
                )
            }
        }

        func hashes() async throws -> [[UInt8]] {
            try await database.engine.read { connection in
                try connection.rows("SELECT hash FROM history ORDER BY place") { $0.blob(0) }
                    + connection.rows("SELECT hash FROM observations ORDER BY place") { $0.blob(0) }
            }
        }
    }

    /// A ring with one key more, taken over by a vault that writes with it.
    private func addKey(_ vault: Vault, to ring: KeyRing) -> KeyRing {
        let more = ring.adding()
        #expect(vault.keys.take(more))
        #expect(vault.keys.write(with: more.newest))
        return more
    }

    @discardableResult
    private func run(_ vault: Vault, _ engine: any Engine, most: Int = 1000) async throws -> Int {
        let resealing = Resealing(vault)
        let key = vault.keys.writes
        try await engine.write { try resealing.begin(key, $0) }
        var steps = 0
        while steps < most, try await resealing.step(engine, at: TemporaryDatabase.now) { steps += 1 }
        return steps
    }

    @Test func `all rows are sealed with the new key, read as before, and the chains are the same`() async throws {
        let office = try await Office()
        let (engine, vault) = (office.database.engine, office.database.vault)
        let (before, hashes) = (try await office.read(), try await office.hashes())
        #expect(before.cases.compactMap(\.self).count == 7 && before.observations.prefix(7).allSatisfy { !$0.isEmpty })
        let ring = office.database.ring
        let more = addKey(vault, to: ring)
        try await run(vault, engine)
        let counts = try await engine.read { try Resealing(vault).counts($0) }
        #expect(!counts.isEmpty && counts.allSatisfy { $0.key == 2 })
        // The key before is gone altogether.
        let alone = Vault(try more.writing(with: 2).retiring(1))
        let reopened = CaseStore(alone)
        for number in office.cases.prefix(7) {
            let found = try await engine.read { try reopened.load(number, $0) }
            #expect(found != nil)
        }
        #expect(try await office.read() == before)
        #expect(try await office.hashes() == hashes)
        #expect(try await reopened.verify(engine) == .whole(lines: 9, reports: 8))
        // And once more: what was carried along is carried on.
        let third = addKey(vault, to: more)
        try await run(vault, engine)
        let last = CaseStore(Vault(try third.writing(with: 3).retiring(1).retiring(2)))
        #expect(try await last.verify(engine) == .whole(lines: 9, reports: 8))
        #expect(try await office.read() == before)
        let progress = try await engine.read { try Resealing(vault).progress($0) }
        #expect(progress.count == SealedColumn.all.count && progress.allSatisfy(\.isFinished))
    }

    @Test(arguments: [
        ("UPDATE history SET at = at + 1 WHERE place = (SELECT min(place) FROM history)", ChainBook.history),
        ("UPDATE history SET account = 99 WHERE seq = (SELECT max(seq) FROM history)", .history),
        ("UPDATE observations SET alarm = 1 WHERE seq = (SELECT min(seq) FROM observations)", .observations),
        (
            "UPDATE history SET sealed = (SELECT sealed FROM history ORDER BY place LIMIT 1) "
                + "WHERE place = (SELECT max(place) FROM history)", .history
        ),
    ])
    func `a row that somebody changes after it was sealed anew is found`(sql: String, book: ChainBook) async throws {
        let office = try await Office()
        let (engine, vault) = (office.database.engine, office.database.vault)
        _ = addKey(vault, to: office.database.ring)
        try await run(vault, engine)
        #expect(try await office.store.verify(engine) == .whole(lines: 9, reports: 8))
        try await engine.write { _ = try $0.execute(sql, []) }
        guard case .broken(let found, _, _) = try await office.store.verify(engine) else {
            Issue.record("the changed row wasn't found")
            return
        }
        #expect(found == book)
    }

    @Test func `a row changed before it was sealed anew is found all the same`() async throws {
        let office = try await Office()
        let (engine, vault) = (office.database.engine, office.database.vault)
        try await engine.write {
            _ = try $0.execute("UPDATE history SET account = 99 WHERE seq = (SELECT max(seq) FROM history)", [])
        }
        _ = addKey(vault, to: office.database.ring)
        try await run(vault, engine)
        guard case .broken(.history, _, _) = try await office.store.verify(engine) else {
            Issue.record("sealing anew has hidden a change")
            return
        }
    }

    @Test func `it goes on where it was interrupted, and catches what was written behind it`() async throws {
        let office = try await Office()
        let (engine, vault, store) = (office.database.engine, office.database.vault, office.store)
        let directory = office.directory
        let more = addKey(vault, to: office.database.ring)
        try await run(vault, engine, most: 1)
        // A server that has not heard yet writes with the key before, behind the walk.
        let late = Vault(more)
        #expect(late.keys.writes == 1)
        let file = try CaseStoreTests.file("中村", "ナカムラ")
        let made = try await engine.write {
            try CaseStore(late).insert(file, deed("notify"), directory: directory, $0)
        }
        // Another process goes on.
        let other = Vault(more)
        #expect(other.keys.write(with: 2))
        try await run(other, engine)
        #expect(try await engine.read { try Resealing(vault).rows(sealedWith: 1, $0) } == 0)
        #expect(try await engine.read { try store.load(made.number, $0) } != nil)
        // Begun again for the same key there is nothing to do, and nothing is done.
        #expect(try await run(vault, engine) > 0)
        #expect(try await engine.read { try Resealing(vault).rows(sealedWith: 2, $0) } > 0)
    }

    @Test func `a row that doesn't open stops nothing, and keeps its key from being given up`() async throws {
        let office = try await Office()
        let (engine, vault) = (office.database.engine, office.database.vault)
        try await engine.write { _ = try $0.execute("UPDATE outbox SET at = at + 1", []) }
        _ = addKey(vault, to: office.database.ring)
        try await run(vault, engine)
        let left = try await engine.read { try Resealing(vault).counts($0) }.filter { $0.key == 1 }
        #expect(left.map(\.part) == ["outbox.sealed"])
        let progress = try await engine.read { try Resealing(vault).progress($0) }
        let isFinished = progress.allSatisfy(\.isFinished)
        #expect(isFinished)
    }

    @Test func `a holder refuses another installation's file, and one without the key in use`() throws {
        let ring = KeyRing.generate()
        let vault = Vault(ring)
        #expect(!vault.keys.take(.generate()))
        #expect(!vault.keys.write(with: 2))
        let more = ring.adding()
        #expect(vault.keys.take(more))
        #expect(vault.keys.known == [1, 2] && vault.keys.writes == 1, "everybody reads before anybody writes")
        #expect(!vault.keys.take(try more.writing(with: 2).retiring(1)))
        #expect(vault.keys.write(with: 2))
        #expect(vault.keys.take(try more.writing(with: 2).retiring(1)))
        #expect(vault.keys.known == [2])
        #expect(throws: KeyRing.Failure.self) { try more.retiring(1) }
        #expect(throws: KeyRing.Failure.self) { try more.writing(with: 2).retiring(7) }
    }

    @Test func `a key file is replaced whole, for its owner only, and a change under way is in nobody's way`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (path, link) = (folder.appendingPathComponent("a.keys").path, folder.appendingPathComponent("link").path)
        let ring = KeyRing.generate()
        try ring.save(path: path)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        try ring.adding().replace(path: link)
        #expect(try KeyRing.load(path: path).known == [1, 2])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.keys", "link"])
        try Data().write(to: URL(fileURLWithPath: "\(path).new"))
        #expect(throws: KeyRing.Failure.self) { try ring.adding().replace(path: path) }
        #expect(try KeyRing.load(path: path).known == [1, 2])
    }
}
