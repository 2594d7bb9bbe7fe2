import Access
import Casework
import Catalogue
import Storage
import Testing

@Suite struct ReviseTests {
    @Test func `two people who change different items both stand`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.revise(
            number,
            Revision(seen: 1, items: ["occupation": .text("教員"), "phone": .text("03-0000-1234")]),
            by: centre
        )
        let both = try await office.casework.revise(
            number,
            Revision(seen: 1, items: ["occupation": .text("会社員"), "phone": .text("03-0000-9999")]),
            by: office.caller("med-1")
        )
        // The second form held the occupation as it had seen it: that is no change of it.
        #expect(both.subject.items[.occupation] == "教員")
        #expect(both.subject.items[.phone] == "03-0000-9999")
    }

    @Test func `the same item changed by both is a conflict with both values, and nothing is stored`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.revise(number, Revision(seen: 1, items: ["occupation": .text("教員")]), by: centre)
        do {
            _ = try await office.casework.revise(
                number,
                Revision(seen: 1, items: ["occupation": .text("看護師"), "phone": .text("03-0000-9999")]),
                by: office.caller("med-1")
            )
            Issue.record("no conflict")
        } catch Refusal.conflict(let conflicts) {
            #expect(conflicts.map(\.item) == ["occupation"])
            #expect(conflicts.first?.base == .text("会社員"))
            #expect(conflicts.first?.theirs == .text("教員"))
            #expect(conflicts.first?.mine == .text("看護師"))
        }
        let seen = try await office.casework.read(number, by: centre).subject
        #expect(seen.items[.phone] == "03-0000-1234")
        #expect(seen.version == 2)
    }

    @Test func `a hidden item can't be changed, and the answer doesn't tell whether it has a value`() async throws {
        let office = try await Office()
        let (clinic, centre) = (try office.caller("med-1"), try office.caller("hc-13104"))
        let number = try await office.casework.notify(Office.report(), by: clinic).subject.number
        let nothing: Value? = nil
        let emptying = Revision(seen: 1, items: ["route_place": nothing])
        for _ in 0..<2 {
            await #expect(throws: Refusal.self) {
                try await office.casework.revise(
                    number,
                    Revision(seen: 1, items: ["route_place": .text("某所")]),
                    by: clinic
                )
            }
            await #expect(throws: Refusal.self) {
                try await office.casework.revise(number, emptying, by: clinic)
            }
            _ = try? await office.casework.revise(
                number,
                Revision(seen: 1, items: ["route_place": .text("居酒屋")]),
                by: centre
            )
        }
    }

    @Test func `tests are added, changed and taken away by who may`() async throws {
        let office = try await Office()
        let (clinic, centre) = (try office.caller("med-1"), try office.caller("hc-13104"))
        let number = try await office.casework.notify(Office.report(), by: clinic).subject.number
        let added = try await office.casework.revise(
            number,
            Revision(
                seen: 1,
                items: [:],
                entries: [
                    EntryRevision(
                        .test,
                        id: nil,
                        items: [
                            "specimen_on": .date(CalendarDate(dayNumber: 18_404)), "specimen": .code("saliva"),
                            "method": .code("pcr"), "result": .code("pending"),
                        ]
                    )
                ]
            ),
            by: centre
        )
        #expect(added.subject.entries[.test]?.map(\.id) == [1, 2])
        #expect(added.subject.entries[.test]?.map(\.owner) == ["med-1", "hc-13104"])
        // The centre's test isn't the clinic's to see or to change.
        #expect(try await office.casework.read(number, by: clinic).subject.entries[.test]?.map(\.id) == [1])
        await #expect(throws: Refusal.self) {
            try await office.casework.revise(
                number,
                Revision(
                    seen: 2,
                    items: [:],
                    entries: [EntryRevision(.test, id: 2, items: ["result": .code("positive")])]
                ),
                by: clinic
            )
        }
        let removed = try await office.casework.revise(
            number,
            Revision(seen: 2, items: [:], entries: [EntryRevision(.test, id: 2, items: [:], isRemoved: true)]),
            by: centre
        )
        #expect(removed.subject.entries[.test]?.map(\.id) == [1])
        let later = try await office.casework.history(number, by: clinic).subject
        #expect(later.map(\.version) == [1])
    }

    @Test func `a date that is moved past another one is refused, wherever the finding stands`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let late = Value.date(CalendarDate(dayNumber: 18_404))
        let wrong = await findings {
            let test = EntryRevision(.test, id: 1, items: ["result_on": .date(CalendarDate(dayNumber: 18_390))])
            _ = try await office.casework.revise(number, Revision(seen: 1, items: [:], entries: [test]), by: centre)
        }
        #expect(!wrong.isEmpty)
        let moved = await findings {
            // The visit is before the diagnosis: moving the diagnosis before it is wrong at the diagnosis's side.
            _ = try await office.casework.revise(
                number,
                Revision(seen: 1, items: ["birth_date": late, "onset_on": .date(CalendarDate(dayNumber: 18_400))]),
                by: centre
            )
        }
        #expect(moved.contains { $0.severity == .refusal })
    }

    @Test func `a test's number is never given again, and a changed test isn't taken away unseen`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        func revise(_ seen: Int, _ test: EntryRevision) async throws -> [Int] {
            try await office.casework.revise(number, Revision(seen: seen, items: [:], entries: [test]), by: centre)
                .subject.entries[.test]?.map(\.id) ?? []
        }
        let fresh = EntryRevision(
            .test,
            id: nil,
            items: [
                "specimen_on": .date(CalendarDate(dayNumber: 18_404)), "specimen": .code("saliva"),
                "method": .code("pcr"), "result": .code("pending"),
            ]
        )
        #expect(try await revise(1, fresh) == [1, 2])
        #expect(try await revise(2, EntryRevision(.test, id: 2, items: [:], isRemoved: true)) == [1])
        #expect(try await revise(3, fresh) == [1, 3])
        #expect(
            try await revise(4, EntryRevision(.test, id: 3, items: ["ct_value": .decimal(DecimalNumber(20))])) == [
                1, 3,
            ]
        )
        let refused = await findings {
            _ = try await revise(4, EntryRevision(.test, id: 3, items: [:], isRemoved: true))
        }
        #expect(refused.map(\.code) == ["changed"])
    }

    @Test func `a form that is sent again because its answer was lost adds its new test once`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let test = EntryRevision(
            .test,
            id: nil,
            items: [
                "specimen_on": .date(CalendarDate(dayNumber: 18_404)), "specimen": .code("saliva"),
                "method": .code("pcr"), "result": .code("pending"),
            ]
        )
        let form = Revision(seen: 1, items: [:], entries: [test])
        let first = try await office.casework.revise(number, form, by: centre).subject
        let again = try await office.casework.revise(number, form, by: centre).subject
        #expect(first.entries[.test]?.count == 2)
        #expect(again.entries[.test]?.count == 2)
        #expect(again.version == first.version)
    }

    @Test func `saving without a change makes no line of history`() async throws {
        let office = try await Office()
        let clinic = try office.caller("med-1")
        let number = try await office.casework.notify(Office.report(), by: clinic).subject.number
        let same = try await office.casework.revise(
            number,
            Revision(seen: 1, items: ["occupation": .text("会社員")]),
            by: clinic
        )
        #expect(same.subject.version == 1)
    }

    @Test func `eight people who change different items at once lose nothing`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let keys = [
            "memo", "welfare_other", "household_note", "medicines", "conditions_other", "cluster", "route_place",
            "clinical_remarks",
        ]
        await withTaskGroup(of: Void.self) { group in
            for key in keys {
                group.addTask {
                    _ = try? await office.casework.revise(
                        number,
                        Revision(seen: 1, items: [key: .text(key)]),
                        by: centre
                    )
                }
            }
        }
        let seen = try await office.casework.read(number, by: centre).subject
        for key in keys { #expect(seen.items[key] == .text(key)) }
        #expect(seen.version == 9)
        #expect(try await office.casework.verifyHistory() == .whole(lines: 9, reports: 0))
    }
}
