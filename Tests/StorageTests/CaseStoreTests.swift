import Access
import Catalogue
import Foundation
import Testing

@testable import Storage

@Suite struct CaseStoreTests {
    static let organisations = [
        Organisation(key: "hc-1", kind: .healthCentre, name: "一保健所"),
        Organisation(key: "hc-2", kind: .healthCentre, name: "二保健所"),
        Organisation(key: "med-1", kind: .medical, name: "医院"),
    ]
    static let today = CalendarDate(dayNumber: 18_404)

    static func file(_ family: String, _ kana: String, party: OrganisationKey = "hc-1") throws -> CaseFile {
        var file = CaseFile(number: try #require(CaseNumber(payload: 0)), intake: .submitted)
        file.items[.familyName] = family
        file.items[.familyKana] = kana
        file.items[.jurisdiction] = Code(party)
        file.parties = [Party(party, .inCharge), Party("med-1", .reporting)]
        return file
    }

    @Test func `a stored case loads as it was, with its HER-SYS ID`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(Self.organisations)
        let file = try Self.file("佐藤", "サトウ")
        let stored = try await database.engine.write {
            try store.insert(file, deed("notify"), directory: directory, $0)
        }
        #expect(stored.version == 1)
        #expect(stored.items[.hersysId] == stored.number.digits)
        #expect(try await database.engine.read { try store.load(stored.number, $0) } == stored)
        let stranger = try #require(CaseNumber(payload: 5))
        #expect(try await database.engine.read { try store.load(stranger, $0) } == nil)
    }

    @Test func `of two writers that saw the same version one is told`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(Self.organisations)
        let file = try Self.file("佐藤", "サトウ")
        let stored = try await database.engine.write {
            try store.insert(file, deed("notify"), directory: directory, $0)
        }
        var changed = stored
        changed.items[.givenName] = "花子"
        let mine = changed
        let second = try await database.engine.write {
            try store.save(mine, replacing: stored, deed("revise"), directory: directory, $0)
        }
        #expect(second.version == 2)
        await #expect(throws: StorageFailure.duplicate) {
            try await database.engine.write {
                _ = try store.save(mine, replacing: stored, deed("revise"), directory: directory, $0)
            }
        }
        let history = try await database.engine.read {
            try store.history(of: stored.number, directory: directory, $0)
        }
        #expect(history.map(\.version) == [1, 2])
        #expect(history[1].changes.map(\.change) == [Change(item: "given_name", old: nil, new: .text("花子"))])
        #expect(history[1].actor == "山田")
        #expect(history[1].organisation == "hc-1")
    }

    @Test func `a changed name is found by the new name and no longer by the old one`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(Self.organisations)
        let file = try Self.file("佐藤", "サトウ")
        let stored = try await database.engine.write {
            try store.insert(file, deed("notify"), directory: directory, $0)
        }
        var changed = stored
        changed.items[.familyName] = "髙橋"
        changed.items[.familyKana] = "タカハシ"
        changed.items[.jurisdiction] = "hc-2"
        changed.parties = [Party("hc-2", .inCharge), Party("med-1", .reporting)]
        let mine = changed
        _ = try await database.engine.write {
            try store.save(mine, replacing: stored, deed("transfer"), directory: directory, $0)
        }
        func found(_ name: String, _ office: OrganisationKey) async throws -> Int {
            var query = CaseQuery(.party(office))
            query.terms = [.name(name)]
            let asked = query
            return try await database.engine.read {
                try store.page(asked, directory: directory, today: Self.today, $0).files.count
            }
        }
        #expect(try await found("高橋", "hc-2") == 1)
        #expect(try await found("たかはし", "hc-2") == 1)
        #expect(try await found("佐藤", "hc-2") == 0)
        #expect(try await found("高橋", "hc-1") == 0)
    }

    @Test(arguments: [
        ("UPDATE history SET at = at + 1 WHERE place & 65535 = 2", "changed"),
        ("UPDATE history SET sealed = hash WHERE place & 65535 = 3", "changed"),
        ("DELETE FROM history WHERE place & 65535 = 2", "deleted"),
        ("DELETE FROM history WHERE place = (SELECT max(place) FROM history)", "cut off"),
        ("UPDATE history SET place = place + 281474976710656 WHERE place & 65535 = 4", "in a lane of nobody"),
        ("UPDATE history SET place = place + 1 WHERE place = (SELECT max(place) FROM history)", "moved"),
    ])
    func `a history line that was changed, deleted or cut off is found`(sql: String, what: String) async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(Self.organisations)
        // Four in one transaction: one lane holds them all.
        try await database.engine.write { connection in
            for name in ["佐藤", "鈴木", "高橋", "田中"] {
                _ = try store.insert(try Self.file(name, "カナ"), deed("notify"), directory: directory, connection)
            }
        }
        #expect(try await store.verify(database.engine) == .whole(lines: 4, reports: 0))
        try await database.engine.write { try $0.script(sql) }
        let found = try await store.verify(database.engine)
        if case .whole = found { Issue.record("\(what): not found") }
    }

    @Test func `no name, telephone or date of a person stands in the database file`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(Self.organisations)
        var file = try Self.file("勅使河原", "テシガワラ")
        file.items[.phone] = "03-0000-4649"
        file.items[.birthDate] = CalendarDate(iso: "1951-07-15")
        let whole = file
        _ = try await database.engine.write { try store.insert(whole, deed("notify"), directory: directory, $0) }
        let all = try await database.database.everything()
        for needle in ["勅使河原", "テシガワラ", "0000-4649", "1951-07-15", "山田"] {
            #expect(all.range(of: Data(needle.utf8)) == nil, "\(needle)")
        }
    }
}
