import Access
import Catalogue
import Testing

/// A prefecture's own items before the one gate: their section decides, whatever their definition says.
@Suite struct LocalItemGateTests {
    /// By role, the sections whose local items are read and those that are written before the report is confirmed.
    static let golden: [(CaseRole, OrganisationKind, String, String)] = [
        (.inCharge, .healthCentre, all, all),
        (.related, .healthCentre, all, "memo"), (.opened, .healthCentre, all, ""),
        (.headquarters, .prefecture, all, ""),
        (
            .reporting, .medical, "person interview condition past_admission notification",
            "person interview condition past_admission notification"
        ),
        (.testing, .medical, "", ""),
        (.admitting, .medical, "person interview condition past_admission outcome", "interview condition outcome"),
        (.followUp, .followUp, "", ""), (.lodging, .lodging, "", ""), (.ministry, .ministry, "", ""),
        (.analysis, .analysis, "", ""), (.person, .medical, "", ""),
    ]
    private static let all =
        "person welfare household memo interview condition past_admission notification outcome care_contact release "
        + "link route"

    private static func key(_ section: Section) -> String {
        LocalItem.key(section: section, owner: "pref-13", name: "note")
    }

    private static func file(_ role: CaseRole) throws -> CaseFile {
        var file = CaseFile(number: try #require(CaseNumber(payload: 1)), intake: .submitted)
        for section in LocalItem.sections { file.items[key(section)] = .text("x") }
        file.parties = [Party("own", role)]
        return file
    }

    private static func viewer(_ kind: OrganisationKind) -> Viewer {
        Viewer(organisation: Organisation(key: "own", kind: kind, name: ""), account: 1, name: "")
    }

    @Test(arguments: golden)
    func `each role sees of case and history exactly the local items of its sections`(
        role: CaseRole,
        kind: OrganisationKind,
        reads: String,
        writes: String
    ) throws {
        let file = try Self.file(role)
        let day = try #require(CalendarDate(iso: "2022-10-03"))
        let viewer = Self.viewer(kind)
        let disclosed = try #require(Gate.disclose(file, to: viewer, on: day))
        let wanted = Set(reads.split(separator: " ").compactMap { Section(rawValue: String($0)) }.map(Self.key))
        #expect(Set(disclosed.subject.items.keys) == wanted)
        let line = HistoryEntry(
            version: 1,
            at: Timestamp(day, hour: 0),
            account: 1,
            actor: "",
            organisation: "own",
            through: "page",
            action: "revise",
            changes: LocalItem.sections.map { .init(Change(item: Self.key($0), old: nil, new: .text("x"))) }
        )
        let history = try #require(Gate.disclose([line], of: file, to: viewer, on: day))
        #expect(Set(history.subject.flatMap(\.changes).map(\.change.item)) == wanted)
        let written = LocalItem.sections.filter { section in
            Gate.refusedChange(
                [.init(Change(item: Self.key(section), old: nil, new: .text("y")))],
                disclosed.permission
            ) == nil
        }
        #expect(written.map(\.rawValue).joined(separator: " ") == writes)
        for section in LocalItem.sections {
            let item = try #require(
                LocalItem(
                    key: Self.key(section),
                    label: "x",
                    kind: .text,
                    offices: [],
                    isRequired: false,
                    from: day,
                    until: nil
                )
            )
            #expect(disclosed.permission.reads(item.definition) == wanted.contains(item.key), "\(section)")
            #expect(disclosed.permission.writes(item.definition) == written.contains(section), "\(section)")
        }
    }

    @Test(arguments: [
        "local", "local.memo", "local.memo.pref-13", "local.memo.pref-13.", "local.memo..x", "local.nothing.pref-13.x",
        "local.test.pref-13.x", "local.management.pref-13.x", "local.memo.pref-13.x.y", "Local.memo.pref-13.x",
    ])
    func `a key that isn't one is an unknown item, which only whoever reads everything sees`(key: String) throws {
        let day = try #require(CalendarDate(iso: "2022-10-03"))
        for (role, kind, _, _) in Self.golden {
            var file = try Self.file(role)
            file.items[key] = .text("x")
            let disclosed = try #require(Gate.disclose(file, to: Self.viewer(kind), on: day))
            #expect(disclosed.subject.items.keys.contains(key) == (role == .inCharge), "\(role)")
            #expect(
                Gate.refusedChange([.init(Change(item: key, old: nil, new: .text("y")))], disclosed.permission) != nil
            )
        }
    }
}
