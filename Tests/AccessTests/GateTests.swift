import Access
import Catalogue
import Testing

@Suite struct GateTests {
    let day = CalendarDate(year: 2020, month: 5, day: 22) ?? CalendarDate(dayNumber: 0)
    let clinic = Viewer(organisation: Organisation(key: "clinic", kind: .medical, name: "医院"), account: 1, name: "受付")
    let centre = Viewer(organisation: Organisation(key: "hc", kind: .healthCentre, name: "保健所"), account: 2, name: "山田")

    func file() throws -> CaseFile {
        var file = CaseFile(number: try #require(CaseNumber(payload: 7)), version: 3, intake: .submitted)
        file.items[.familyName] = "佐藤"
        file.items[.status] = "lodging"
        file.items[.relatedOffices] = ["hc-2"]
        file.items[.sourceCase] = "123456789012"
        file.items[.routePlace] = "某所"
        file.items["from_the_future"] = .text("秘密")
        file.entries[.test] = [
            Entry(id: 1, owner: "clinic", items: Record(["result": .code("positive")])),
            Entry(id: 2, owner: "other", items: Record(["result": .code("negative")])),
        ]
        file.entries[.whereabouts] = [Entry(id: 3, owner: "hc", items: Record(["place_room": .text("701")]))]
        file.parties = [
            Party("hc", .inCharge), Party("clinic", .reporting), Party("hotel", .lodging, until: day.adding(days: -1)),
            Party("hc-2", .related),
        ]
        return file
    }

    @Test func `an organisation that is no party gets nothing at all`() throws {
        let stranger = Viewer(
            organisation: Organisation(key: "hc-9", kind: .healthCentre, name: ""),
            account: 3,
            name: ""
        )
        #expect(Gate.disclose(try file(), to: stranger, on: day) == nil)
        #expect(Gate.disclose([], of: try file(), to: stranger, on: day) == nil)
    }

    @Test func `the reporting institution sees its own report and tests and no stay, link or other party`() throws {
        let seen = try #require(Gate.disclose(try file(), to: clinic, on: day)).subject
        #expect(seen.items[.familyName] == "佐藤")
        #expect(seen.items[.status] == nil)
        #expect(seen.items[.relatedOffices] == nil)
        #expect(seen.items[.sourceCase] == nil)
        #expect(seen.items[.routePlace] == nil)
        #expect(seen.items["from_the_future"] == nil)
        #expect(seen.entries[.test]?.map(\.id) == [1])
        #expect(seen.entries[.whereabouts] == nil)
        #expect(seen.parties == [Party("hc", .inCharge), Party("clinic", .reporting)])
    }

    @Test func `the health centre in charge sees everything, items of a later version included`() throws {
        let whole = try file()
        #expect(try #require(Gate.disclose(whole, to: centre, on: day)).subject == whole)
    }

    @Test func `a facility sees nothing any more the day after its role ended`() throws {
        let hotel = Viewer(organisation: Organisation(key: "hotel", kind: .lodging, name: ""), account: 4, name: "")
        #expect(Gate.disclose(try file(), to: hotel, on: day) == nil)
        #expect(Gate.disclose(try file(), to: hotel, on: day.adding(days: -1)) != nil)
    }

    @Test func `a facility learns nothing of the notification`() throws {
        let hotel = Viewer(organisation: Organisation(key: "hotel", kind: .lodging, name: ""), account: 4, name: "")
        let before = day.adding(days: -1)
        let seen = try #require(Gate.disclose(try file(), to: hotel, on: before)).subject
        #expect(seen.intake == .none)
        #expect(seen.form == nil)
        #expect(try #require(Gate.disclose(try file(), to: clinic, on: day)).subject.intake == .submitted)
        let line = HistoryEntry(
            version: 2,
            at: Timestamp(day),
            account: 2,
            actor: "山田",
            organisation: "hc",
            through: "page",
            action: "return",
            reason: "理由",
            changes: []
        )
        #expect(try #require(Gate.disclose([line], of: try file(), to: hotel, on: before)).subject.isEmpty)
        #expect(try #require(Gate.disclose([line], of: try file(), to: clinic, on: day)).subject.count == 1)
    }

    @Test func `history lines lose what is hidden, and vanish where all of it is`() throws {
        func line(_ version: Int, _ item: String, section: Section? = nil, owner: String? = nil) -> HistoryEntry {
            HistoryEntry(
                version: version,
                at: Timestamp(day),
                account: 2,
                actor: "山田",
                organisation: "hc",
                through: "page",
                action: "revise",
                reason: "理由",
                changes: [
                    .init(Change(item: item, old: nil, new: .text("x")), section: section, entry: 1, owner: owner)
                ]
            )
        }
        let history = [
            line(1, "family_name"), line(2, "route_place"), line(3, "result", section: .test, owner: "other"),
        ]
        let seen = try #require(Gate.disclose(history, of: try file(), to: clinic, on: day)).subject
        #expect(seen.map(\.version) == [1])
        #expect(seen.first?.actor == "")
        #expect(try #require(Gate.disclose(history, of: try file(), to: centre, on: day)).subject == history)
    }

    @Test func `a reason is for whoever sees the whole change, wrote it, or has to correct the report`() throws {
        var file = try file()
        file.parties += [Party("hospital", .admitting), Party("clinic", .testing)]
        func line(_ action: String, by key: OrganisationKey) -> HistoryEntry {
            let change = HistoryEntry.ItemChange(Change(item: "family_name", old: nil, new: .text("x")))
            return HistoryEntry(
                version: 1,
                at: Timestamp(day),
                account: 2,
                actor: "山田",
                organisation: key,
                through: "page",
                action: action,
                reason: "理由",
                changes: action == "return" ? [] : [change]
            )
        }
        let history = [
            line("revise", by: "hc"), line("place", by: "hq"), line("return", by: "hc"), line("delete", by: "hc"),
            line("revise", by: "clinic"), line("revise", by: "hospital"), line("transfer-accept", by: "hc-2"),
        ]
        func told(_ viewer: Viewer) throws -> [String] {
            try #require(Gate.disclose(history, of: file, to: viewer, on: day)).subject
                .filter { $0.reason != nil }.map { "\($0.action) \($0.organisation)" }
        }
        let hospital = Viewer(
            organisation: Organisation(key: "hospital", kind: .medical, name: ""),
            account: 5,
            name: ""
        )
        #expect(try told(clinic) == ["return hc", "revise clinic"])
        #expect(try told(hospital) == ["revise hospital"])
        #expect(try told(centre).count == history.count)
    }

    @Test func `a grant opens a section, and never the closed ones`() throws {
        var file = try file()
        file.grants = [
            Grant(organisation: "clinic", section: .severity, write: false, until: day),
            Grant(organisation: "clinic", section: .route, write: true, until: day),
        ]
        let permission = try #require(Gate.permission(file, clinic, on: day))
        #expect(permission.reads(.severity))
        #expect(!permission.writes(.severity))
        #expect(!permission.reads(.route))
        #expect(try #require(Gate.permission(file, clinic, on: day.adding(days: 1))).reads(.severity) == false)
    }

    @Test func `the institution corrects its report until the health centre has confirmed it`() throws {
        var file = try file()
        let change = HistoryEntry.ItemChange(Change(item: "onset_on", old: nil, new: .date(day)))
        #expect(Gate.refusedChange([change], try #require(Gate.permission(file, clinic, on: day))) == nil)
        file.intake = .confirmed
        #expect(Gate.refusedChange([change], try #require(Gate.permission(file, clinic, on: day))) == "onset_on")
        #expect(Gate.refusedChange([change], try #require(Gate.permission(file, centre, on: day))) == nil)
    }
}
