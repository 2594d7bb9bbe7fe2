import Access
import Catalogue
import Foundation
import TestSupport
import Testing

@testable import Storage

/// Lists in the order of a fact, against a plain sort of all cases.
@Suite struct CaseOrderTests {
    static func file(_ index: Int, _ chance: inout Chance) throws -> CaseFile {
        var file = try CaseListTests.file(index, &chance)
        func day() -> CalendarDate? {
            Int.random(in: 0..<4, using: &chance) == 0
                ? nil : CalendarDate(dayNumber: 18_300 + Int32.random(in: 0...6, using: &chance))
        }
        file.items[.onsetOn] = day()
        file.items[.diagnosedOn] = day()
        file.items[.publishedOn] = day()
        file.items[.submittedAt] = day().map { Timestamp($0, hour: 9) }
        file.items[.confirmedAt] = day().map { Timestamp($0, hour: 11) }
        file.items[.sex] = ["male", "female", nil].randomElement(using: &chance) ?? nil
        file.items[.addressMunicipality] = ["131041", "131130", nil].randomElement(using: &chance) ?? nil
        return file
    }

    /// What a fact is worth, as numbers or as text; empty ones below all.
    static func worth(_ file: CaseFile, _ fact: CaseFact, _ directory: Directory) -> (Int64, String) {
        if fact == .jurisdiction { return (file.jurisdiction.flatMap(directory.number) ?? 0, "") }
        switch file.items[fact.rawValue] {
        case .date(let day): return (Int64(day.dayNumber), "")
        case .time(let time): return (time.seconds, "")
        case .text(let text): return (0, text)
        case .code(let code):
            let entries = Catalogue.item(fact.rawValue)?.type.codeList?.entries ?? []
            return (Int64((entries.firstIndex { $0.code == code } ?? -1) + 1), "")
        default: return (fact == .municipality ? 0 : .min, "")
        }
    }

    @Test func `pages in the order of any fact hold each case once and in that order, either way`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(CaseListTests.organisations)
        var chance = Chance(state: 11)
        var files: [CaseFile] = []
        for index in 0..<120 {
            let file = try Self.file(index, &chance)
            files.append(
                try await database.engine.write { try store.insert(file, deed("notify"), directory: directory, $0) }
            )
        }
        for fact in CaseFact.allCases {
            for isDescending in [true, false] {
                var query = CaseListTests.query(files, &chance)
                query.order = CaseQuery.Order(.fact(fact), isDescending: isDescending)
                query.limit = Int.random(in: 1...30, using: &chance)
                let asked = query
                let expected = files.enumerated().filter { CaseListTests.matches($0.element, asked) }.sorted {
                    let left = (Self.worth($0.element, fact, directory), $0.offset)
                    let right = (Self.worth($1.element, fact, directory), $1.offset)
                    let isBefore =
                        left.0 == right.0 ? left.1 < right.1 : left.0 < right.0
                    let isBehind =
                        left.0 == right.0 ? left.1 > right.1 : left.0 > right.0
                    return isDescending ? isBehind : isBefore
                }.map(\.element.number)
                var found: [CaseNumber] = []
                repeat {
                    let asked = query
                    let page = try await database.engine.read {
                        try store.page(asked, directory: directory, today: CaseListTests.today, $0)
                    }
                    found += page.files.map(\.number)
                    query.after = page.next
                } while query.after != nil && found.count < 1000
                #expect(found == expected, "\(fact) \(isDescending)")
            }
        }
    }

    @Test func `what one account keeps is sealed, and no other account's`() async throws {
        let database = try await TestDatabase()
        let store = KeptStore(database.vault)
        let at = Timestamp(seconds: 1_590_000_000)
        try await database.engine.write { connection in
            try store.save(Kept(id: "a", fields: ["q": "佐藤 花子"], at: at), .filter, account: 1, connection)
            try store.save(Kept(id: "a", fields: ["q": "鈴木"], at: at), .filter, account: 2, connection)
            #expect(try store.begin(Kept(id: "a", fields: [:], at: at), .deed, account: 1, connection))
            #expect(try !store.begin(Kept(id: "a", fields: [:], at: at), .deed, account: 1, connection))
        }
        let found = try await database.engine.read { try store.all(.filter, account: 1, $0) }
        #expect(found.map(\.fields) == [["q": "佐藤 花子"]])
        try await database.engine.write { try store.remove("a", .filter, account: 1, $0) }
        #expect(try await database.engine.read { try store.find("a", .filter, account: 1, $0) } == nil)
        #expect(try await database.engine.read { try store.find("a", .filter, account: 2, $0) } != nil)
        #expect(try await database.database.everything().range(of: Data("鈴木".utf8)) == nil)
    }
}
