import Access
import Catalogue
import Foundation
import Testing

/// The table of page 3 of the notice, item by item, held against `matrix.txt`.
@Suite struct MatrixTests {
    static let roles: [(CaseRole, OrganisationKind)] = [
        (.inCharge, .healthCentre), (.related, .healthCentre), (.headquarters, .prefecture), (.reporting, .medical),
        (.testing, .medical), (.admitting, .medical), (.followUp, .followUp), (.lodging, .lodging),
        (.ministry, .ministry), (.analysis, .analysis), (.person, .medical),
        (.opened, .healthCentre),
    ]

    /// What a role reads and writes of an item: its own record's first, others' records second.
    static func mark(
        _ role: CaseRole,
        _ kind: OrganisationKind,
        _ item: ItemDefinition,
        _ intake: Intake
    ) throws -> String {
        let organisation = Organisation(key: "own", kind: kind, name: "")
        var file = CaseFile(number: try #require(CaseNumber(payload: 1)), intake: intake)
        if kind != .ministry { file.parties = [Party("own", role)] }
        let viewer = Viewer(organisation: organisation, account: 1, name: "")
        let day = try #require(CalendarDate(iso: "2020-05-22"))
        let permission = try #require(Gate.permission(file, viewer, on: day))
        func mark(_ owner: String) -> String {
            (permission.reads(item, owner: owner) ? "r" : "-") + (permission.writes(item, owner: owner) ? "w" : "-")
        }
        return item.section.repeats ? "\(mark("own"))/\(mark("other"))" : mark("own")
    }

    @Test func `each role reads and writes exactly what the golden matrix says`() throws {
        var lines: [String] = []
        for intake in [Intake.submitted, .confirmed] {
            lines.append("== \(intake.rawValue)")
            for item in Catalogue.items {
                let marks = try Self.roles.map { "\($0.0.rawValue):\(try Self.mark($0.0, $0.1, item, intake))" }
                lines.append("\(item.section.rawValue).\(item.key) \(marks.joined(separator: " "))")
            }
        }
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("matrix.txt")
        let found = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["HERSYS_RECORD"] != nil {
            try Data(found.utf8).write(to: url)
        }
        let golden = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(golden.count == lines.count)
        for (expected, actual) in zip(golden, lines) { #expect(expected == actual) }
    }

    @Test(arguments: [
        (CaseRole.reporting, OrganisationKind.medical), (.testing, .medical), (.admitting, .medical),
        (.followUp, .followUp), (.lodging, .lodging),
    ])
    func `activity, contact, link and route are never shown to an institution, a contractor or a facility`(
        role: CaseRole,
        kind: OrganisationKind
    ) throws {
        for section in [Section.activity, .contact, .infectionLink, .route] {
            for item in Catalogue.items(in: section) {
                #expect(try Self.mark(role, kind, item, .submitted).allSatisfy { "-/".contains($0) }, "\(item.key)")
            }
        }
        let source = try #require(Catalogue.item("source_case"))
        #expect(try Self.mark(role, kind, source, .submitted) == "--")
    }

    @Test func `whereabouts and what follows from them stay hidden from a contractor and a facility`() throws {
        for (role, kind) in [(CaseRole.followUp, OrganisationKind.followUp), (.lodging, .lodging)] {
            for item in Catalogue.items(in: .whereabouts) + [try #require(Catalogue.item("status"))] {
                #expect(try Self.mark(role, kind, item, .submitted).allSatisfy { "-/".contains($0) }, "\(item.key)")
            }
        }
    }

    @Test func `the ministry reads nothing that tells who a person is`() throws {
        for item in Catalogue.items where item.sensitivity == .identifying {
            #expect(
                try Self.mark(.ministry, .ministry, item, .confirmed).allSatisfy { "-/".contains($0) },
                "\(item.key)"
            )
        }
        for item in Catalogue.items {
            switch item.type {
            case .name, .kana, .text, .longText, .phone, .email, .postalCode, .caseReference, .caseReferences:
                if item.key != "hersys_id" {
                    #expect(
                        try Self.mark(.ministry, .ministry, item, .confirmed).allSatisfy { "-/".contains($0) },
                        "\(item.key)"
                    )
                }
            default: break
            }
        }
    }
}
