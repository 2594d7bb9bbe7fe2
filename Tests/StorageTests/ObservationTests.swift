import Access
import Catalogue
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct ObservationTests {
    /// A database with a case, and what health reports need.
    private struct Ground {
        let database: TestDatabase
        let store: ObservationStore
        let links: ReportLinkStore
        let directory: Directory
        let number: CaseNumber

        static let created: Int64 = 1_590_000_000

        var sequence: Int64 { database.vault.sequence(number) }

        init() async throws {
            database = try await TestDatabase()
            store = ObservationStore(database.vault)
            links = ReportLinkStore(database.vault)
            directory = try await database.directory(CaseStoreTests.organisations)
            number = try await Self.insert(database, directory)
        }

        static func insert(_ database: TestDatabase, _ directory: Directory) async throws -> CaseNumber {
            let file = try CaseStoreTests.file("佐藤", "サトウ")
            let cases = CaseStore(database.vault)
            return try await database.engine.write {
                try cases.insert(file, deed("notify", at: created), directory: directory, $0).number
            }
        }

        static func report(after seconds: Int64, _ temperature: Int64 = 37_500, form: String = "f") -> Observation {
            var items = Record()
            items[.bodyTemperature] = DecimalNumber(thousandths: temperature)
            items[.observationNote] = "勅使河原"
            return Observation(
                at: Timestamp(seconds: created + seconds),
                source: .person,
                alarm: 1,
                form: form,
                items: items
            )
        }

        func append(_ observations: [Observation], organisation: Int64 = 0) async throws {
            let prepared = try observations.map {
                try store.prepare($0, sequence: sequence, organisation: organisation)
            }
            try await database.engine.write { try self.store.append(prepared, $0) }
        }

        func read(newest: Int = 60, at seconds: Int64 = 90 * 86_400) async throws -> [Observation] {
            try await database.engine.read {
                try store.observations(
                    of: number,
                    newest: newest,
                    now: Timestamp(seconds: Self.created + seconds),
                    directory: directory,
                    $0
                )
            }
        }
    }

    @Test func `reports come back as they were stored, newest last, and only as many as were asked for`() async throws {
        let ground = try await Ground()
        // Over three months: an engine that divides the table has them in several parts.
        let reports = (0..<6).map { Ground.report(after: $0 * 16 * 86_400, 36_000 + $0 * 100) }
        try await ground.append(Array(reports.prefix(2)))
        try await ground.append(Array(reports.suffix(4)))
        let all = try await ground.read()
        #expect(all.map(\.at) == reports.map(\.at))
        #expect(all.map(\.items) == reports.map(\.items))
        #expect(all.allSatisfy { $0.source == .person && $0.alarm == 1 && $0.form == "f" && $0.organisation == nil })
        #expect(Set(all.map(\.id)).count == 6)
        #expect(all.allSatisfy { $0.id > 0 && $0.id < 1 << 53 })
        let newest = try await ground.read(newest: 2)
        #expect(newest == Array(all.suffix(2)))
    }

    @Test func `a report that staff entered says who`() async throws {
        let ground = try await Ground()
        var report = Ground.report(after: 60)
        report.source = .staff
        report.account = 7
        try await ground.append([report], organisation: ground.directory.number("hc-2") ?? 0)
        let found = try #require(try await ground.read().first)
        #expect(found.source == .staff)
        #expect(found.account == 7)
        #expect(found.organisation == "hc-2")
    }

    @Test func `nothing that a report says stands in the database`() async throws {
        let ground = try await Ground()
        try await ground.append([Ground.report(after: 60)])
        let all = try await ground.database.database.everything()
        for needle in ["勅使河原", "body_temperature", "37.5"] {
            #expect(all.range(of: Data(needle.utf8)) == nil, "\(needle)")
        }
    }

    @Test func `a report put under another case or another time doesn't open`() async throws {
        let ground = try await Ground()
        let other = try await Ground.insert(ground.database, ground.directory)
        try await ground.append([Ground.report(after: 60)])
        let (number, vault) = (ground.number, ground.database.vault)
        for sql in ["UPDATE observations SET at = at + 1", "UPDATE observations SET at = at - 1, seq = $1"] {
            let parameters: [SQLValue] = sql.contains("$1") ? [.integer(vault.sequence(other))] : []
            try await ground.database.engine.write { _ = try $0.execute(sql, parameters) }
            let asked = sql.contains("$1") ? other : number
            await #expect(throws: StorageFailure.unreadable("sealed")) {
                _ = try await ground.database.engine.read {
                    try ground.store.observations(
                        of: asked,
                        newest: 60,
                        now: Timestamp(seconds: Ground.created + 86_400),
                        directory: ground.directory,
                        $0
                    )
                }
            }
        }
    }

    @Test(arguments: [
        ("UPDATE observations SET alarm = 0 WHERE place & 65535 = 2", "changed"),
        ("UPDATE observations SET sealed = hash WHERE place & 65535 = 3", "changed"),
        ("DELETE FROM observations WHERE place & 65535 = 2", "deleted"),
        ("DELETE FROM observations WHERE place = (SELECT max(place) FROM observations)", "cut off"),
    ])
    func `a report that was changed, deleted or cut off is found`(sql: String, what: String) async throws {
        let ground = try await Ground()
        // One after the other: an engine with several writers may give each a lane of its own.
        try await ground.append((0..<4).map { Ground.report(after: $0 * 60) })
        let cases = CaseStore(ground.database.vault)
        #expect(try await cases.verify(ground.database.engine) == .whole(lines: 1, reports: 4))
        try await ground.database.engine.write { try $0.script(sql) }
        if case .whole = try await cases.verify(ground.database.engine) { Issue.record("\(what): not found") }
    }

    @Test func `a link is found by its digest with its case's state, counts failures and is stopped`() async throws {
        let ground = try await Ground()
        let (links, sequence) = (ground.links, ground.sequence)
        let id = links.id(of: "geheim")
        let birth = try #require(CalendarDate(iso: "1951-07-15"))
        let at = Timestamp(seconds: Ground.created)
        try await ground.database.engine.write { connection in
            try links.create(
                id: id,
                sequence: sequence,
                proof: links.proof(of: birth, id: id),
                at: at,
                until: at.adding(seconds: 100),
                connection
            )
            try links.countFailure(id: id, connection)
            try links.countFailure(id: id, connection)
            try links.claim(id: id, connection)
        }
        let found = try #require(try await ground.database.engine.read { try links.find(id: id, $0) })
        #expect(found.sequence == sequence)
        #expect(found.failures == 2)
        #expect(found.until == at.adding(seconds: 100))
        #expect(found.stoppedAt == nil)
        #expect(found.jurisdiction == ground.directory.number("hc-1"))
        #expect(found.proof == links.proof(of: birth, id: id))
        #expect(found.proof != links.proof(of: birth, id: links.id(of: "anders")))
        #expect(try await ground.database.engine.read { try links.find(id: links.id(of: "anders"), $0) } == nil)
        try await ground.database.engine.write {
            try links.stop(sequence: sequence, at: at.adding(seconds: 7), $0)
        }
        let stopped = try await ground.database.engine.read { try links.find(id: id, $0) }
        #expect(stopped?.stoppedAt == at.adding(seconds: 7))
        let all = try await ground.database.database.everything()
        for needle in ["geheim", "1951-07-15"] { #expect(all.range(of: Data(needle.utf8)) == nil, "\(needle)") }
    }

    @Test func `a link comes with what was reported since a moment`() async throws {
        let ground = try await Ground()
        let (links, sequence) = (ground.links, ground.sequence)
        let id = links.id(of: "geheim")
        let at = Timestamp(seconds: Ground.created)
        try await ground.database.engine.write {
            try links.create(id: id, sequence: sequence, proof: [], at: at, until: at.adding(seconds: 99_999), $0)
        }
        func recent() async throws -> [String]? {
            try await ground.database.engine.read {
                try links.find(
                    id: id,
                    reportsSince: at.adding(seconds: 1000),
                    now: at.adding(seconds: 4000),
                    $0
                )?.recent.map(\.form)
            }
        }
        #expect(try await recent() == [])
        try await ground.append([
            Ground.report(after: 10, form: "a"), Ground.report(after: 1000, form: "b"),
            Ground.report(after: 3000, form: "c"),
        ])
        #expect(try await recent() == ["c", "b"])
    }
}
