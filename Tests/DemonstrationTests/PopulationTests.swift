import Access
import Catalogue
import Testing

@testable import Demonstration

@Suite struct `Demonstration population` {
    static let today = CalendarDate(year: 2020, month: 5, day: 22) ?? CalendarDate(dayNumber: 18_404)
    static let population = Population(cases: 2400, seed: 20_200_522, today: today)
    static let cases = (0..<population.blockCount).flatMap { population.block($0, number: number) }

    static func number(_ index: Int) -> CaseNumber {
        CaseNumber(payload: Int64(index) * 41_641 + 1_000_003) ?? number(0)
    }

    /// FNV-1a over everything a case holds, in an order of its own.
    static func hash(_ cases: [DemonstrationCase]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        func add(_ record: Record) {
            for key in record.keys.sorted() { add(key + (record[key]?.stored ?? "")) }
        }
        for made in cases {
            add("\(made.file.number)\(made.file.version)\(made.file.intake)")
            add(made.file.items)
            for section in Section.allCases {
                for entry in made.file.entries[section] ?? [] {
                    add("\(section)\(entry.id)\(entry.owner ?? "")")
                    add(entry.items)
                }
            }
            for party in made.file.parties { add("\(party.organisation)\(party.role)") }
            for step in made.steps { add("\(step.at.seconds)\(step.account)\(step.action)") }
        }
        return hash
    }

    @Test func `The same seed gives the same data, another seed other data`() {
        let again = Population(cases: 2400, seed: 20_200_522, today: Self.today)
        #expect(Self.hash(again.block(0, number: Self.number)) == Self.hash(Array(Self.cases.prefix(1000))))
        let other = Population(cases: 2400, seed: 1, today: Self.today)
        #expect(Self.hash(other.block(0, number: Self.number)) != Self.hash(Array(Self.cases.prefix(1000))))
    }

    @Test func `Blocks come out the same in any order, and hold all cases`() {
        let last = Self.population.block(2, number: Self.number)
        let first = Self.population.block(0, number: Self.number)
        #expect(Self.hash(last) == Self.hash(Array(Self.cases.suffix(400))))
        #expect(Self.hash(first) == Self.hash(Array(Self.cases.prefix(1000))))
        #expect(Self.population.blockCount == 3)
        #expect(Self.cases.count == 2400)
        #expect(Set(Self.cases.map(\.file.number)).count == 2400)
        #expect(Self.population.block(3, number: Self.number).isEmpty)
    }

    @Test func `Every case passes the checks of its form`() throws {
        let form = try #require(FormVersion.version("2020-02"))
        var warnings = 0
        for made in Self.cases {
            let tests = (made.file.entries[.test] ?? []).map(\.items)
            let findings = form.findings(items: made.file.items, tests: tests, today: Self.today)
            let refusals = findings.filter { $0.severity == .refusal }
            #expect(refusals.isEmpty, "\(made.file.number): \(refusals.map(\.message))")
            warnings += findings.isEmpty ? 0 : 1
            for (section, entries) in made.file.entries where section != .test {
                for entry in entries {
                    let wrong = DateOrder.findings(in: entry.items, today: Self.today)
                    #expect(wrong.isEmpty, "\(made.file.number) \(section): \(wrong.map(\.message))")
                }
            }
        }
        #expect(warnings * 50 < Self.cases.count)
    }

    @Test func `Every value is one that its item can take`() throws {
        for made in Self.cases.prefix(600) {
            let records = [made.file.items] + made.file.entries.values.flatMap { $0.map(\.items) }
            for (key, value) in records.flatMap({ Array($0.all) }) {
                let item = try #require(Catalogue.item(key))
                #expect(Value(stored: value.stored, type: item.type) == value, "\(key)")
                if let list = item.type.codeList {
                    let codes: [Code] =
                        switch value {
                        case .code(let code): [code]
                        case .codes(let codes): codes
                        default: []
                        }
                    let places = codes.map { list.place(of: $0) ?? -1 }
                    #expect(
                        !codes.isEmpty && places.allSatisfy { $0 >= 0 } && places == places.sorted(),
                        "\(key) \(codes)"
                    )
                }
                if case .text(let text) = value, item.type != .phone {
                    guard case .success(let read) = ValueReader.read(text, for: item, today: Self.today) else {
                        Issue.record("\(key) is refused: \(text)")
                        continue
                    }
                    #expect(read == value, "\(key)")
                }
            }
        }
    }

    @Test func `What is computed is computed as the catalogue does`() {
        for made in Self.cases {
            #expect(Completion.completed(made.file.items, on: Self.today) == made.file.items)
        }
    }

    @Test func `Records stand in their sections and their numbers are never used twice`() {
        for made in Self.cases {
            let ids = made.file.entries.values.flatMap { $0.map(\.id) }
            #expect(Set(ids).count == ids.count)
            for (section, entries) in made.file.entries {
                #expect(section.repeats)
                for key in entries.flatMap({ Array($0.items.keys) }) {
                    #expect(Catalogue.item(key)?.section == section)
                }
            }
            for key in made.file.items.keys { #expect(Catalogue.item(key)?.section.repeats == false, "\(key)") }
        }
    }

    @Test func `Stays do not overlap and follow each other`() {
        for made in Self.cases {
            let stays = (made.file.entries[.whereabouts] ?? []).map(\.items)
            for (stay, next) in zip(stays, stays.dropFirst()) {
                #expect(stay[.placeTo].map { $0 <= next[.placeFrom] ?? $0 } == true)
            }
        }
    }

    @Test func `Kana are full-width katakana`() {
        for made in Self.cases {
            for text in [made.file.items[.familyKana], made.file.items[.givenKana]].compactMap(\.self) {
                #expect(text.unicodeScalars.allSatisfy { (0x30A1...0x30FC).contains($0.value) }, "\(text)")
            }
        }
    }

    @Test func `Steps follow each other in time, by accounts of their organisation, none later than today's noon`() {
        let accounts = Dictionary(uniqueKeysWithValues: Self.population.accounts.map { ($0.login, $0.organisation) })
        let end = Timestamp(Self.today, hour: 12, minute: 30)
        for made in Self.cases {
            #expect(made.steps.first?.action == "notify")
            #expect(made.file.version == made.steps.count)
            for (step, next) in zip(made.steps, made.steps.dropFirst()) { #expect(step.at < next.at) }
            for step in made.steps {
                #expect(accounts[step.account] == step.organisation)
                #expect(step.at <= end)
            }
        }
    }

    @Test func `The share that waits or was sent back is as wanted, and only what is new waits`() {
        let waiting = Self.cases.filter { $0.file.intake == .submitted }
        let returned = Self.cases.count { $0.file.intake == .returned }
        #expect((60...140).contains(waiting.count))
        #expect((3...30).contains(returned))
        for made in waiting {
            #expect(made.file.items[.notifiedOn].map { $0 >= Self.today.adding(days: -1) } == true)
            #expect(made.file.items[.confirmedAt] == nil)
        }
        for made in Self.cases { #expect((made.file.returnReason != nil) == (made.file.intake == .returned)) }
    }

    @Test func `The epidemic has the shape of the spring of 2020`() {
        let days = Dictionary(grouping: Self.cases.compactMap { $0.file.items[.notifiedOn] }, by: \.self)
        let peak = days.max { $0.value.count < $1.value.count }?.key
        #expect(peak.map { $0.parts.month == 4 } == true)
        #expect(days.keys.max() == Self.today)
        let old = Self.cases.filter { ($0.file.items[.ageAtDiagnosis] ?? 0) >= 70 }
        let dead = old.count { $0.file.items[.outcome] == "died" }
        #expect((8...35).contains(dead * 100 / max(old.count, 1)))
        #expect(Self.cases.count { $0.file.items[.linkCase] != nil } > Self.cases.count / 4)
    }

    @Test func `Whoever infected somebody is a case of the same block that fell ill before`() {
        let onsets = Dictionary(
            uniqueKeysWithValues: Self.cases.map { ($0.file.number.digits, $0.file.items[.onsetOn]) }
        )
        for made in Self.cases {
            guard let source = made.file.items[.linkCase] else { continue }
            #expect(source != made.file.number.digits)
            guard let known = onsets[source] else {
                Issue.record("\(source) is no case")
                continue
            }
            guard let theirs = known, let mine = made.file.items[.onsetOn] else { continue }
            #expect(mine >= theirs.adding(days: -2))
        }
    }

    @Test func `A day long after the first wave moves the wave`() throws {
        let day = try #require(CalendarDate(year: 2026, month: 11, day: 22))
        let cases = Population(cases: 300, seed: 3, today: day).block(0, number: Self.number)
        #expect(
            cases.allSatisfy { $0.file.items[.notifiedOn].map { $0 <= day && $0 >= day.adding(days: -140) } == true }
        )
    }
}
