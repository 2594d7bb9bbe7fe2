import Catalogue
import Testing

@Suite struct `Records` {
    /// A value of an item's kind, by chance one of a few so that two people sometimes agree.
    static func value(of item: ItemDefinition, _ chance: inout SeededGenerator) -> Value {
        let number = Int.random(in: 0..<3, using: &chance)
        let text = ["神\u{FA19}田", "\u{304B}\u{3099}", "か゛, \"x\"\n「二」"][number]
        switch item.type {
        case .name, .kana, .text, .longText, .phone, .email, .postalCode, .municipality, .caseReference:
            return .text(text)
        case .integer: return .integer(number - 1)
        case .decimal: return .decimal(DecimalNumber(thousandths: Int64(number) * 37_505 - 1))
        case .date: return .date(CalendarDate(dayNumber: Int32(number) * 10_000 - 5000))
        case .time: return .time(Timestamp(seconds: Int64(number) * 1_000_000_007 - 3))
        case .code(let list): return .code(list.entries[number % list.entries.count].code)
        case .office: return .code(Code("hc-\(number)"))
        case .codes(let list): return .codes(list.entries.prefix(number).map(\.code))
        case .offices, .caseReferences: return .codes((0..<number).map { Code("k\($0)") })
        case .institution:
            return .institution(InstitutionName(name: text, code: number == 0 ? nil : "131000001\(number)"))
        }
    }

    @Test(arguments: Catalogue.items)
    func `every item's value survives storage`(item: ItemDefinition) {
        var chance = SeededGenerator(seed: 1)
        for _ in 0..<12 {
            let value = Self.value(of: item, &chance)
            #expect(Value(stored: value.stored, type: item.type) == value)
        }
    }

    private static func record(_ keys: [ItemDefinition], _ chance: inout SeededGenerator) -> Record {
        var record = Record()
        for item in keys where Bool.random(using: &chance) { record[item.key] = value(of: item, &chance) }
        return record
    }

    @Test(arguments: UInt64(0)..<200)
    func `merging loses no change and conflicts only where both changed differently`(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let items = Array(Catalogue.items.shuffled(using: &chance).prefix(20))
        let base = Self.record(items, &chance)
        let theirs = Self.record(items, &chance)
        let mine = Self.record(items, &chance)
        let (merged, conflicts) = theirs.merging(base: base, mine: mine)
        let conflicting = Set(conflicts.map(\.item))
        for key in items.map(\.key) {
            let (before, now, wanted) = (base[key], theirs[key], mine[key])
            let bothDifferently = now != before && wanted != before && now != wanted
            #expect(conflicting.contains(key) == bothDifferently, "\(key)")
            // Whoever changed it is heard; a conflict keeps what stands until somebody decides.
            #expect(merged[key] == (wanted != before && !bothDifferently ? wanted : now), "\(key)")
        }
        for conflict in conflicts {
            #expect(conflict.base == base[conflict.item] && conflict.theirs == theirs[conflict.item])
            #expect(conflict.mine == mine[conflict.item])
        }
        #expect(conflicts.count == conflicting.count)
    }

    @Test(arguments: UInt64(0)..<100)
    func `changes lead from one record to the other and merging is fair`(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let items = Array(Catalogue.items.shuffled(using: &chance).prefix(20))
        let base = Self.record(items, &chance)
        let mine = Self.record(items, &chance)
        let theirs = Self.record(items, &chance)
        #expect(base.applying(mine.changes(from: base)) == mine)
        #expect(mine.changes(from: mine) == [])
        #expect(base.merging(base: base, mine: mine).merged == mine)
        let (first, second) = (theirs.merging(base: base, mine: mine), mine.merging(base: base, mine: theirs))
        #expect(Set(first.conflicts.map(\.item)) == Set(second.conflicts.map(\.item)))
        let undisputed = { (key: String) in !first.conflicts.contains { $0.item == key } }
        #expect(first.merged.filter(undisputed) == second.merged.filter(undisputed))
    }

    @Test func `a record gives an item its own type`() {
        var record = Record()
        record[.onsetOn] = Samples.day("2020-05-22")
        record[.conditions] = ["heart"]
        #expect(record["onset_on"] == .date(Samples.day("2020-05-22")))
        #expect(record[.conditions] == ["heart"])
        record[.onsetOn] = nil
        #expect(record["onset_on"] == nil && record.count == 1)
    }

    @Test func `two spellings of a name are two values`() {
        let name = Item.familyName
        var old = Record()
        old[name] = "神\u{FA19}"
        var new = Record()
        new[name] = "神神"
        #expect(new.changes(from: old).map(\.item) == [name.key])
    }
}
