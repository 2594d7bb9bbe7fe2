import Access
import Catalogue
import Testing

@testable import Storage

@Suite struct CodecTests {
    static func file(_ chance: inout Chance) throws -> CaseFile {
        var file = CaseFile(
            number: try #require(CaseNumber(payload: 42)),
            version: 7,
            form: "2020-02",
            intake: .returned
        )
        file.returnReason = Bool.random(using: &chance) ? "氏名を\n確認" : nil
        file.isPublishedData = Bool.random(using: &chance)
        for item in Catalogue.items where Bool.random(using: &chance) && !item.section.repeats {
            file.items[item.key] = value(item, &chance)
        }
        file.items["from_a_later_version"] = .text("残る")
        for section in Section.allCases where section.repeats && Bool.random(using: &chance) {
            file.entries[section] = (1...3).map { id in
                var record = Record()
                for item in Catalogue.items(in: section) { record[item.key] = value(item, &chance) }
                return Entry(id: id, owner: id == 2 ? nil : "med-1", items: record)
            }
        }
        let day = CalendarDate(dayNumber: 18_404)
        file.parties = [Party("hc-1", .inCharge), Party("lod-1", .lodging, from: day, until: day.adding(days: 9))]
        file.grants = [Grant(organisation: "med-1", section: .severity, write: true, until: day)]
        return file
    }

    static func value(_ item: ItemDefinition, _ chance: inout Chance) -> Value {
        switch item.type {
        case .integer: .integer(Int.random(in: -5...5000, using: &chance))
        case .decimal: .decimal(DecimalNumber(thousandths: Int64.random(in: -50_000...50_000, using: &chance)))
        case .date: .date(CalendarDate(dayNumber: Int32.random(in: -20_000...20_000, using: &chance)))
        case .time: .time(Timestamp(seconds: Int64.random(in: 0...2_000_000_000, using: &chance)))
        case .code(let list): .code(list.entries.randomElement(using: &chance)?.code ?? "x")
        case .codes(let list): .codes(list.entries.prefix(3).map(\.code))
        case .office: .code("hc-1")
        case .offices, .caseReferences: .codes(["hc-2", "hc-3"])
        case .institution:
            .institution(InstitutionName(name: "あおば医院", code: Bool.random(using: &chance) ? "1310000018" : nil))
        default: .text(["佐藤", "葛\u{E0100}飾", "か\u{3099}", "a\nb"].randomElement(using: &chance) ?? "")
        }
    }

    @Test(arguments: 1...50) func `a case comes back from its bytes as it was`(seed: Int) throws {
        var chance = Chance(state: UInt64(seed))
        let file = try Self.file(&chance)
        #expect(try CaseCodec.decode(CaseCodec.encode(file), number: file.number, version: 7) == file)
    }

    @Test(arguments: 1...10) func `a history line comes back from its bytes as it was`(seed: Int) throws {
        var chance = Chance(state: UInt64(seed))
        let (old, new) = (try Self.file(&chance), try Self.file(&chance))
        let line = HistoryEntry(
            version: 3,
            at: Timestamp(seconds: 5),
            account: -2,
            actor: "端末",
            organisation: "hc-1",
            through: "api",
            action: "revise",
            reason: nil,
            changes: new.changes(from: old)
        )
        let deed = CaseStore.Deed(
            at: line.at,
            account: line.account,
            actor: line.actor,
            organisation: line.organisation,
            through: line.through,
            action: line.action
        )
        let decoded = try CaseCodec.decodeHistory(
            CaseCodec.encode(deed, .changes(line.changes)),
            version: 3,
            at: Timestamp(seconds: 5),
            account: -2,
            organisation: "hc-1"
        )
        #expect(decoded == line)
    }

    @Test(arguments: 1...10) func `the beginning of a case says what a list of its changes from nothing says`(
        seed: Int
    ) throws {
        var chance = Chance(state: UInt64(seed))
        let file = try Self.file(&chance)
        func told(_ told: CaseStore.Told) throws -> Set<HistoryEntry.ItemChange> {
            let bytes = CaseCodec.encode(deed("notify"), told)
            let line = try CaseCodec.decodeHistory(
                bytes,
                version: 1,
                at: Timestamp(seconds: 0),
                account: 1,
                organisation: ""
            )
            #expect(Set(line.changes).count == line.changes.count)
            return Set(line.changes)
        }
        let all = try told(.changes(file.changes(from: nil)))
        #expect(try told(.beginning(file)) == all)
        let less = try told(.beginning(file, butItems: ["status", "no_such_item"], butSections: [.test]))
        #expect(less == all.filter { $0.change.item != "status" && $0.section != .test })
    }

    @Test func `damaged bytes are refused and never crash`() throws {
        var chance = Chance(state: 99)
        let bytes = CaseCodec.encode(try Self.file(&chance))
        let number = try #require(CaseNumber(payload: 1))
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                damaged[Int.random(in: damaged.indices, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            if Bool.random(using: &chance) { damaged.removeLast(Int.random(in: 0...damaged.count, using: &chance)) }
            _ = try? CaseCodec.decode(damaged, number: number, version: 1)
            _ = try? CaseCodec.decodeHistory(
                damaged,
                version: 1,
                at: Timestamp(seconds: 0),
                account: 0,
                organisation: ""
            )
        }
    }
}
