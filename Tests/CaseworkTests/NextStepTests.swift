import Access
import Catalogue
import Testing

@testable import Casework

@Suite struct `What is due next in a case` {
    private static let today = CalendarDate(dayNumber: 18_410)

    /// A case as the table describes it.
    struct Situation: CustomTestStringConvertible, Sendable {
        let name: String
        var viewer: OrganisationKey = "hc-13104"
        var intake = Intake.confirmed
        let expected: [NextStep.Kind]
        let change: @Sendable (inout CaseFile) -> Void

        var testDescription: String { name }

        init(
            _ name: String,
            for viewer: OrganisationKey = "hc-13104",
            intake: Intake = .confirmed,
            _ expected: [NextStep.Kind],
            _ change: @escaping @Sendable (inout CaseFile) -> Void = { _ in }
        ) {
            (self.name, self.viewer, self.intake, self.expected, self.change) = (name, viewer, intake, expected, change)
        }
    }

    private static func stay(_ from: Int, _ to: Int?, _ kind: Code = "home") -> Entry {
        var items = Record()
        items[.placeKind] = kind
        items[.placeFrom] = today.adding(days: from)
        items[.placeTo] = to.map { today.adding(days: $0) }
        return Entry(id: 10 + from, owner: "hc-13104", items: items)
    }

    private static func report(_ day: Int) -> Entry {
        var items = Record()
        items[.observedAt] = Timestamp(today.adding(days: day), hour: 8)
        items[.bodyTemperature] = DecimalNumber(37)
        return Entry(id: 40 + day, owner: nil, items: items)
    }

    private static func test(_ result: Code?, owner: OrganisationKey = "med-1") -> Entry {
        var items = Record()
        items[.specimenOn] = today.adding(days: -3)
        items[.result] = result
        return Entry(id: 70, owner: owner, items: items)
    }

    static let situations: [Situation] = [
        Situation("a confirmed case in its place", []) { $0.entries[.whereabouts] = [stay(-3, nil)] },
        Situation("waiting for the health centre", intake: .submitted, [.confirm, .place]),
        Situation("waiting, seen by another centre", for: "hc-13113", intake: .submitted, []),
        Situation("waiting, seen by the institution", for: "med-1", intake: .submitted, []),
        Situation("sent back, seen by the institution", for: "med-1", intake: .returned, [.mend]),
        Situation("sent back, seen by the centre", intake: .returned, [.awaitMending, .place]),
        Situation("positive without a place", [.place]),
        Situation("positive without a place, seen by the headquarters", for: "pref-13", [.place]),
        Situation("positive without a place, seen by the institution", for: "med-1", []),
        Situation("a stay that ends today goes on", []) { $0.entries[.whereabouts] = [stay(-3, 0)] },
        Situation("a stay ended yesterday", [.stayEnded]) { $0.entries[.whereabouts] = [stay(-3, -1)] },
        Situation("a stay ended, the next has begun", []) {
            $0.entries[.whereabouts] = [stay(-3, -1), stay(-1, nil, "hospital")]
        },
        Situation("not positive, no place", []) { $0.items[.caseClass] = "suspected" },
        Situation("a contact that tests positive", [.place]) {
            $0.items[.caseClass] = nil
            $0.entries[.test] = [test("positive")]
        },
        Situation("release is due today", [.release]) {
            $0.entries[.whereabouts] = [stay(-3, nil)]
            $0.items[.releaseDueOn] = today
        },
        Situation("release was due yesterday", [.release]) {
            $0.entries[.whereabouts] = [stay(-3, nil)]
            $0.items[.releaseDueOn] = today.adding(days: -1)
        },
        Situation("release is due tomorrow", []) {
            $0.entries[.whereabouts] = [stay(-3, nil)]
            $0.items[.releaseDueOn] = today.adding(days: 1)
        },
        Situation("release is due, seen by a related centre", for: "hc-13113", []) {
            $0.entries[.whereabouts] = [stay(-3, nil)]
            $0.items[.releaseDueOn] = today
        },
        Situation("told of the release: nothing more", []) {
            $0.items[.releaseDueOn] = today.adding(days: -9)
            $0.items[.releaseToldOn] = today.adding(days: -8)
            $0.entries[.whereabouts] = [stay(-30, -9)]
            $0.entries[.observation] = [report(-10)]
        },
        Situation("dead: nothing more", []) { $0.items[.outcome] = "died" },
        Situation("an outcome that is none yet", [.place]) { $0.items[.outcome] = "ongoing" },
        Situation("a status that says negative", []) { $0.items[.status] = "negative" },
        Situation("reported yesterday", []) {
            $0.entries = [.whereabouts: [stay(-3, nil)], .observation: [report(-1)]]
        },
        Situation("silent for two days", [.silent]) {
            $0.entries = [.whereabouts: [stay(-3, nil)], .observation: [report(-5), report(-2)]]
        },
        Situation("silent, seen by the contractor", for: "fol-1", [.silent]) {
            $0.entries = [.observation: [report(-2)]]
        },
        Situation("silent in a hospital", []) {
            $0.entries = [.whereabouts: [stay(-3, nil, "hospital")], .observation: [report(-2)]]
        },
        Situation("a result is awaited", [.result]) {
            $0.entries = [.whereabouts: [stay(-3, nil)], .test: [test("pending"), test("negative")]]
        },
        Situation("no result is entered", for: "med-1", intake: .submitted, [.result]) {
            $0.entries[.test] = [test(nil)]
        },
        Situation("another institution's test", for: "med-1", intake: .submitted, []) {
            $0.entries[.test] = [test(nil, owner: "med-2")]
        },
        Situation("published data", []) { $0.isPublishedData = true },
        Situation("several at once", intake: .submitted, [.confirm, .release, .silent, .place]) {
            $0.items[.releaseDueOn] = today
            $0.entries[.observation] = [report(-2)]
        },
    ]

    private static func disclosed(_ situation: Situation) throws -> Disclosed<CaseFile> {
        var items = Record()
        items[.caseClass] = "confirmed"
        items[.submittedAt] = Timestamp(today.adding(days: -2), hour: 9)
        items[.familyName] = "架空"
        var file = CaseFile(
            number: try #require(CaseNumber(payload: 5)),
            version: 1,
            form: "2020-02",
            intake: situation.intake,
            items: items,
            parties: [
                Party("hc-13104", .inCharge), Party("med-1", .reporting), Party("hc-13113", .related),
                Party("pref-13", .headquarters), Party("fol-1", .followUp),
            ]
        )
        situation.change(&file)
        let organisation = try #require(Office.organisations.first { $0.key == situation.viewer })
        let viewer = Viewer(organisation: organisation, account: 1, name: "見る人")
        return try #require(Gate.disclose(file, to: viewer, on: today))
    }

    @Test(arguments: situations)
    func `is what the table says`(situation: Situation) throws {
        let disclosed = try Self.disclosed(situation)
        let steps = NextStep.steps(in: disclosed, today: Self.today)
        #expect(steps.map(\.kind) == situation.expected)
        // Nothing is said that the viewer could do nothing about.
        for step in steps {
            if let section = step.section { #expect(disclosed.permission.writes(section)) }
        }
    }

    @Test func `every kind is in the table`() {
        #expect(Set(Self.situations.flatMap(\.expected)) == Set(NextStep.Kind.allCases))
    }

    @Test func `says since when, and how many`() throws {
        let waiting = try Self.disclosed(Situation("", intake: .submitted, []))
        #expect(NextStep.steps(in: waiting, today: Self.today).first?.since == Self.today.adding(days: -2))
        let waitingTests = Situation("", []) { $0.entries[.test] = [Self.test(nil), Self.test("pending")] }
        let tests = try Self.disclosed(waitingTests)
        let step = NextStep.steps(in: tests, today: Self.today).first { $0.kind == .result }
        #expect(step?.count == 2)
        #expect(step?.since == Self.today.adding(days: -3))
    }

    // MARK: Sections at a glance

    @Test func `a section says how much of what the form requires is filled`() throws {
        let file = try Self.disclosed(Situation("", intake: .submitted, []))
        let steps = NextStep.steps(in: file, today: Self.today)
        let person = SectionState(.person, in: file, steps: steps, today: Self.today)
        #expect(person.filled == 1)
        #expect(person.answered == 1)
        #expect((person.required ?? 0) > 5)
        #expect(person.needsAttention)
        let places = SectionState(.whereabouts, in: file, steps: steps, today: Self.today)
        #expect(places.required == nil)
        #expect(places.filled == 0)
        #expect(places.needsAttention)
        let memo = SectionState(.memo, in: file, steps: steps, today: Self.today)
        #expect(memo == SectionState(.memo, in: file, steps: [], today: Self.today))
        #expect(memo.required == nil && !memo.needsAttention)
    }

    @Test func `a complete report needs nothing, and who may not write isn't asked`() throws {
        let complete = try Self.disclosed(
            Situation("", []) { file in
                file.items = Office.report().items
                file.entries = [.test: [Self.test("positive")], .whereabouts: [Self.stay(-3, nil)]]
            }
        )
        for section in [Section.person, .notification, .test, .whereabouts] {
            let state = SectionState(section, in: complete, steps: [], today: Self.today)
            #expect(!state.needsAttention, "\(section)")
            #expect(state.required == nil || state.answered == state.required)
        }
        let institution = try Self.disclosed(Situation("", for: "med-1", intake: .confirmed, []))
        #expect(!SectionState(.person, in: institution, steps: [], today: Self.today).needsAttention)
    }
}
