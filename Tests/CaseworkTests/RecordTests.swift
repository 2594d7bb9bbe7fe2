import Access
import Casework
import Catalogue
import Storage
import Testing

/// Records of every section: who writes them, and what follows from them.
@Suite struct RecordTests {
    private static let today = CalendarDate(dayNumber: 18_404)
    private static let clinic = Value.institution(InstitutionName(name: "渋谷みどり医院", code: "med-2"))

    private func reported(_ office: Office) async throws -> CaseNumber {
        try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
    }

    private func revise(
        _ office: Office,
        _ number: CaseNumber,
        _ entries: [EntryRevision],
        items: [String: Value?] = [:],
        by key: OrganisationKey = "hc-13104",
        reason: String? = nil
    ) async throws -> CaseFile {
        let caller = try office.caller(key)
        let seen = try await office.casework.read(number, by: caller).subject.version
        let revision = Revision(seen: seen, items: items, entries: entries, reason: reason)
        return try await office.casework.revise(number, revision, by: caller).subject
    }

    private static func admission(_ from: Int, _ to: Int? = nil, hospital: Value = clinic) -> EntryRevision {
        var items: [String: Value?] = ["hospital": hospital, "admitted_on": .date(today.adding(days: from))]
        if let to { items["discharged_on"] = .date(today.adding(days: to)) }
        return EntryRevision(.admission, id: nil, items: items)
    }

    private static func stay(
        _ kind: Code,
        _ from: Int,
        _ to: Int? = nil,
        at place: InstitutionName? = nil
    ) -> EntryRevision {
        var items: [String: Value?] = ["place_kind": .code(kind), "place_from": .date(today.adding(days: from))]
        if let to { items["place_to"] = .date(today.adding(days: to)) }
        if let place { items["place_organisation"] = .institution(place) }
        return EntryRevision(.whereabouts, id: nil, items: items)
    }

    private func codes(_ body: () async throws -> Void) async -> [String] {
        do {
            try await body()
            return []
        } catch Refusal.findings(let findings) {
            return findings.map { "\($0.place.item) \($0.code)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `a hospital sees the case once an admission names it, and writes its own sections`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        let hospital = try office.caller("med-2")
        await #expect(throws: Refusal.self) { try await office.casework.read(number, by: hospital) }
        let admitted = try await revise(office, number, [Self.admission(-1)])
        #expect(admitted.parties.contains { $0.organisation == "med-2" && $0.role == .admitting })
        #expect(admitted.items[.status] == "hospital")
        let entry = try #require(admitted.entries[.admission]?.first?.id)
        let noted = try await revise(
            office,
            number,
            [EntryRevision(.admission, id: entry, items: ["chest_ct": .text("すりガラス影"), "ards": .code("no")])],
            items: ["dialysis": .code("no")],
            by: "med-2"
        )
        #expect(noted.entries[.admission]?.first?.items[.chestCt] == "すりガラス影")
        // What the hospital may not see it doesn't see in its own answer either.
        #expect(noted.items[.status] == nil)
        await #expect(throws: Refusal.self) { try await revise(office, number, [Self.stay("home", -1)], by: "med-2") }
    }

    @Test func `a hospital's time ends some days after the discharge`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        _ = try await revise(office, number, [Self.admission(-3, 0)])
        let hospital = try office.caller("med-2")
        office.clock.advance(14 * 86_400)
        _ = try await office.casework.read(number, by: hospital)
        office.clock.advance(86_400)
        await #expect(throws: Refusal.self) { try await office.casework.read(number, by: hospital) }
    }

    @Test func `a contractor and a facility take part for their time and see observation only`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        let contractor = try office.caller("fol-1")
        let assigned: [String: Value?] = [
            "follow_up_organisation": .institution(InstitutionName(name: "見守り", code: "fol-1"))
        ]
        _ = try await revise(office, number, [Self.stay("home", -1)], items: assigned)
        let seen = try await office.casework.read(number, by: contractor)
        #expect(seen.permission.roles == [.followUp])
        #expect(seen.subject.entries[.whereabouts] == nil)
        _ = try await revise(office, number, [], items: ["release_told_on": .date(Self.today)])
        #expect(try await office.casework.read(number, by: contractor).permission.roles == [.followUp])
        office.clock.advance(86_400)
        await #expect(throws: Refusal.self) { try await office.casework.read(number, by: contractor) }
    }

    @Test func `a facility sees nothing between two stays`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        let hotel = try office.caller("lod-1")
        let place = InstitutionName(name: "ホテルしおかぜ", code: "lod-1")
        _ = try await revise(
            office,
            number,
            [Self.stay("lodging", -3, -1, at: place), Self.stay("home", -1, 3), Self.stay("lodging", 3, at: place)]
        )
        func sees() async throws -> [Bool] {
            let listed = try await office.casework.list(ListRequest(), by: hotel).rows.map(\.subject.number)
            let isRead = (try? await office.casework.read(number, by: hotel)) != nil
            return [listed.contains(number), isRead]
        }
        #expect(try await sees() == [false, false])
        office.clock.advance(3 * 86_400)
        #expect(try await sees() == [true, true])
    }

    @Test func `whoever is named without a code is nobody's party`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        let named = Value.institution(InstitutionName(name: "渋谷みどり医院"))
        #expect(
            await codes { _ = try await revise(office, number, [Self.admission(-1, hospital: named)]) }
                == ["hospital unlinked_institution"]
        )
        let missing = Value.institution(InstitutionName(name: "どこにもない病院", code: "med-99"))
        #expect(
            await codes { _ = try await revise(office, number, [Self.admission(-1, hospital: missing)]) }
                == ["hospital unknown_institution"]
        )
        let caller = try office.caller("hc-13104")
        var kept = Revision(seen: 1, items: [:], entries: [Self.admission(-1, hospital: named)], keepsWarnings: true)
        let stored = try await office.casework.revise(number, kept, by: caller).subject
        #expect(!stored.parties.contains { $0.role == .admitting })
        kept.entries = [Self.admission(-1, hospital: missing)]
        kept.seen = 2
        await #expect(throws: Refusal.self) { try await office.casework.revise(number, kept, by: caller) }
    }

    @Test func `a headquarters writes the stay and nothing else`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        let place = InstitutionName(name: "渋谷みどり医院", code: "med-2")
        let placed = try await revise(office, number, [Self.stay("hospital", 0, at: place)], by: "pref-13")
        #expect(placed.parties.contains { $0.organisation == "med-2" && $0.role == .admitting })
        await #expect(throws: Refusal.self) { try await revise(office, number, [Self.admission(0)], by: "pref-13") }
        await #expect(throws: Refusal.self) {
            try await revise(office, number, [], items: ["occupation": .text("教員")], by: "pref-13")
        }
    }

    @Test func `stays that overlap are explained, and nothing is stored`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        _ = try await revise(office, number, [Self.stay("home", -5)])
        #expect(await codes { _ = try await revise(office, number, [Self.stay("lodging", -2)]) } == ["place_to open"])
        let first = try #require(
            try await office.casework.read(number, by: office.caller("hc-13104")).subject.entries[.whereabouts]?.first
        )
        #expect(first.items[.placeTo] == nil)
        let ended = EntryRevision(.whereabouts, id: first.id, items: ["place_to": .date(Self.today.adding(days: -2))])
        let moved = try await revise(office, number, [ended, Self.stay("lodging", -2)])
        #expect(moved.entries[.whereabouts]?.count == 2)
        #expect(moved.items[.status] == "lodging")
    }

    @Test func `the status follows what was written, and one set by hand needs a reason`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        #expect(try await revise(office, number, [Self.stay("home", -5)]).items[.status] == "home")
        #expect(
            await codes { _ = try await revise(office, number, [], items: ["status": .code("arranging")]) }
                == ["reason required"]
        )
        let byHand = try await revise(
            office,
            number,
            [],
            items: ["status": .code("arranging")],
            reason: "入院先を探している"
        )
        #expect(byHand.items[.status] == "arranging")
        // Another item's change leaves it; the outcome moves it.
        #expect(try await revise(office, number, [], items: ["memo": .text("連絡済")]).items[.status] == "arranging")
        let outcome: [String: Value?] = ["outcome": .code("released"), "outcome_on": .date(Self.today)]
        #expect(try await revise(office, number, [], items: outcome).items[.status] == "released")
        let line = try await office.casework.history(number, by: office.caller("hc-13104")).subject
        #expect(line.contains { $0.reason == "入院先を探している" })
    }

    @Test func `another case that isn't there, or isn't the writer's to see, is answered alike`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        let mine = try await office.casework.notify(Office.report("田中", "タナカ"), by: office.caller("med-1")).subject
            .number
        var far = Office.report("鈴木", "スズキ")
        far.healthCentre = "hc-14100"
        far.items[.addressMunicipality] = "141003"
        far.items[.stayMunicipality] = "141003"
        let theirs = try await office.casework.notify(far, by: office.caller("med-2")).subject.number
        func link(_ digits: String) async -> [String] {
            await codes { _ = try await revise(office, number, [], items: ["previous_case": .text(digits)]) }
        }
        #expect(await link(mine.digits) == [])
        #expect(await link(theirs.digits) == ["previous_case unknown_case"])
    }

    @Test func `a record of a section that doesn't repeat, or isn't revised here, is refused`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        for section in [Section.person, .observation] {
            #expect(
                await codes { _ = try await revise(office, number, [EntryRevision(section, id: nil, items: [:])]) }
                    == ["\(section.rawValue) unknown_section"]
            )
        }
        let wrong = EntryRevision(.admission, id: nil, items: ["place_kind": .code("home")])
        #expect(await codes { _ = try await revise(office, number, [wrong]) } == ["place_kind unknown_item"])
    }

    @Test func `eight writers at once lose no change and end with every value that didn't collide`() async throws {
        let office = try await Office()
        let number = try await reported(office)
        let centre = try office.caller("hc-13104")
        // Each writer has an item of its own, adds records, and all of them fight over one item.
        let keys = Array(
            Catalogue.items.filter {
                !$0.section.repeats && $0.section != .management && $0.key != "memo"
                    && ["text", "longtext"].contains($0.type.name)
            }.map(\.key).prefix(8)
        )
        #expect(keys.count == 8)
        let rounds = 6
        let (accepted, conflicts) = try await withThrowingTaskGroup(of: ([String], Int).self) { group in
            for writer in 0..<8 {
                group.addTask {
                    var contested: [String] = []
                    var conflicts = 0
                    for round in 0..<rounds {
                        let seen = try await office.casework.read(number, by: centre).subject.version
                        var items: [String: Value?] = ["memo": .text("書き手\(writer)の\(round)回目")]
                        items[keys[writer]] = .text("書き手\(writer) \(round)")
                        let test = EntryRevision(
                            .test,
                            id: nil,
                            items: ["method": .code("pcr"), "ct_value": .decimal(DecimalNumber(writer * 10 + round))]
                        )
                        do {
                            _ = try await office.casework.revise(
                                number,
                                Revision(seen: seen, items: items, entries: [test], keepsWarnings: true),
                                by: centre
                            )
                            contested.append("書き手\(writer)の\(round)回目")
                        } catch Refusal.conflict(let found) {
                            #expect(found.map(\.item) == ["memo"])
                            conflicts += 1
                            items.removeValue(forKey: "memo")
                            _ = try await office.casework.revise(
                                number,
                                Revision(seen: seen, items: items, entries: [test], keepsWarnings: true),
                                by: centre
                            )
                        }
                    }
                    return (contested, conflicts)
                }
            }
            var all: [String] = []
            var count = 0
            for try await (contested, conflicts) in group {
                all += contested
                count += conflicts
            }
            return (all, count)
        }
        let end = try await office.casework.read(number, by: centre).subject
        for (writer, key) in keys.enumerated() {
            #expect(end.items[key] == .text("書き手\(writer) \(rounds - 1)"))
        }
        // One test came with the report; no added one is lost or doubled.
        let values = (end.entries[.test] ?? []).compactMap { $0.items[.ctValue] }.map(\.text).sorted()
        #expect(values == (0..<8).flatMap { w in (0..<rounds).map { DecimalNumber(w * 10 + $0).text } }.sorted())
        #expect(end.version == 1 + 8 * rounds)
        #expect(accepted.count + conflicts == 8 * rounds)
        // Every accepted value of the contested item stands in the history, in an unbroken line.
        let lines = try await office.casework.history(number, by: centre).subject
        let told = lines.flatMap(\.changes).filter { $0.change.item == "memo" }
        #expect(Set(told.compactMap { $0.change.new }) == Set(accepted.map { Value.text($0) }))
        for (earlier, later) in zip(told, told.dropFirst()) { #expect(later.change.old == earlier.change.new) }
        #expect(end.items["memo"] == told.last?.change.new)
    }
}
