import Access
import Catalogue
import Testing

@testable import Storage

/// Every list against a plain filter over all cases.
@Suite struct CaseListTests {
    static let organisations =
        (1...4).map { Organisation(key: "hc-\($0)", kind: .healthCentre, name: "保健所\($0)") }
        + (1...3).map { Organisation(key: "med-\($0)", kind: .medical, name: "医院\($0)") }
        + [Organisation(key: "lod-1", kind: .lodging, name: "宿")]
    static let today = CalendarDate(dayNumber: 18_404)
    static let names = [("佐藤", "サトウ"), ("齋藤", "サイトウ"), ("高橋", "タカハシ"), ("邊見", "ヘンミ")]

    static func file(_ index: Int, _ chance: inout Chance) throws -> CaseFile {
        var file = CaseFile(number: try #require(CaseNumber(payload: 0)))
        let name = names.randomElement(using: &chance) ?? names[0]
        file.items[.familyName] = name.0
        file.items[.familyKana] = name.1
        file.items[.birthDate] = CalendarDate(dayNumber: Int32.random(in: 0...5, using: &chance))
        file.items[.phone] = "03-0000-000\(Int.random(in: 0...9, using: &chance))"
        file.items[.status] = ["home", "hospital", "released"].randomElement(using: &chance)
        file.intake = Intake.allCases.randomElement(using: &chance) ?? .none
        let office = "hc-\(Int.random(in: 1...4, using: &chance))"
        file.items[.jurisdiction] = Code(office)
        file.parties = [Party(office, .inCharge), Party("med-\(Int.random(in: 1...3, using: &chance))", .reporting)]
        if index % 3 == 0 { file.parties.append(Party("med-2", .followUp)) }
        if index % 5 == 0 {
            file.parties.append(
                Party("lod-1", .lodging, from: today.adding(days: -9), until: today.adding(days: index % 2 - 1))
            )
        }
        return file
    }

    static func matches(_ file: CaseFile, _ query: CaseQuery) -> Bool {
        if case .party(let key) = query.scope,
            !file.parties.contains(where: {
                $0.organisation == key && $0.holds(on: today) && !query.without.contains($0.role)
            })
        {
            return false
        }
        if let intake = query.intake, intake != file.intake { return false }
        if let status = query.status, status != file.items[.status] { return false }
        if let office = query.jurisdiction, office != file.jurisdiction { return false }
        if let reporter = query.reporter, !file.parties.contains(Party(reporter, .reporting)) { return false }
        return query.terms.allSatisfy { term in
            switch term {
            case .name(let name):
                SearchForm.name(name) == SearchForm.name(file.items[.familyName] ?? "")
                    || SearchForm.kana(name) == SearchForm.kana(file.items[.familyKana] ?? "")
            case .birthDate(let date): date == file.items[.birthDate]
            case .phone(let phone): SearchForm.phone(phone) == SearchForm.phone(file.items[.phone] ?? "")
            case .number(let number): number == file.number
            case .nesid: false
            }
        }
    }

    static func query(_ files: [CaseFile], _ chance: inout Chance) -> CaseQuery {
        let scopes: [CaseQuery.Scope] = [.all, .party("hc-1"), .party("med-2"), .party("lod-1"), .party("hc-3")]
        var query = CaseQuery(scopes.randomElement(using: &chance) ?? .all)
        if Int.random(in: 0..<3, using: &chance) == 0 {
            query.without = [[.followUp], [.reporting], [.lodging, .followUp]].randomElement(using: &chance) ?? []
        }
        if Int.random(in: 0..<3, using: &chance) == 0 { query.intake = Intake.allCases.randomElement(using: &chance) }
        if Int.random(in: 0..<4, using: &chance) == 0 { query.status = "home" }
        if Int.random(in: 0..<5, using: &chance) == 0 { query.reporter = "med-1" }
        if Int.random(in: 0..<5, using: &chance) == 0 { query.jurisdiction = "hc-2" }
        if Int.random(in: 0..<2, using: &chance) == 0 {
            query.terms = [.name(["斎藤", "さいとう", "髙橋", "ｻﾄｳ", "辺見"].randomElement(using: &chance) ?? "")]
        }
        if Int.random(in: 0..<4, using: &chance) == 0 {
            query.terms.append(.birthDate(CalendarDate(dayNumber: Int32.random(in: 0...5, using: &chance))))
        }
        if Int.random(in: 0..<6, using: &chance) == 0 { query.terms.append(.phone("0300000003")) }
        if Int.random(in: 0..<9, using: &chance) == 0, let one = files.randomElement(using: &chance) {
            query.terms.append(.number(one.number))
        }
        if Bool.random(using: &chance) { query.order = .updated }
        return query
    }

    @Test func `pages hold what a plain filter holds, each case once, in order`() async throws {
        let database = try await TestDatabase()
        let store = CaseStore(database.vault)
        let directory = try await database.directory(Self.organisations)
        var chance = Chance(state: 7)
        var files: [CaseFile] = []
        for index in 0..<240 {
            let file = try Self.file(index, &chance)
            // Changes come in another order than cases.
            let at = 1_590_000_000 + Int64(index * 7919 % 1000)
            files.append(
                try await database.engine.write {
                    try store.insert(file, deed("notify", at: at), directory: directory, $0)
                }
            )
        }
        for _ in 0..<300 {
            var query = Self.query(files, &chance)
            query.limit = Int.random(in: 1...40, using: &chance)
            var expected = Array(files.enumerated().filter { Self.matches($0.element, query) }.reversed())
            if query.order == .updated {
                expected.sort { ($0.offset * 7919 % 1000, $0.offset) > ($1.offset * 7919 % 1000, $1.offset) }
            }
            var found: [CaseNumber] = []
            repeat {
                let asked = query
                let page = try await database.engine.read {
                    try store.page(asked, directory: directory, today: Self.today, $0)
                }
                found += page.files.map(\.number)
                query.after = page.next
            } while query.after != nil && found.count < 1000
            #expect(found == expected.map(\.element.number))
        }
    }
}
