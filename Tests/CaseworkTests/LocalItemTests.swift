import Access
import Casework
import Catalogue
import Storage
import Testing

/// Items that a headquarters defines, from their definition to the history.
@Suite struct `Local items` {
    private static func draft(
        _ name: String = "referral",
        _ kind: LocalItem.Kind = .text,
        section: Section = .notification,
        offices: [OrganisationKey] = [],
        isRequired: Bool = false,
        on day: CalendarDate
    ) -> LocalItemDraft {
        LocalItemDraft(
            label: "紹介元の区分",
            section: section,
            name: name,
            kind: kind,
            offices: offices,
            isRequired: isRequired,
            from: day
        )
    }

    @Test func `are entered by the institution, stand in the history, and outlive their end`() async throws {
        let office = try await Office()
        let work = office.casework
        let item = try await work.defineLocalItem(
            Self.draft(
                "referral",
                .choice([.init(code: "a", label: "訪問"), .init(code: "b", label: "電話")]),
                on: work.today
            ),
            by: office.caller("pref-13")
        )
        #expect(item.key == "local.notification.pref-13.referral")
        var report = Office.report()
        report.items[item.key] = .text("a")
        let filed = try await work.notify(report, by: office.caller("med-1")).subject
        #expect(filed.items[item.key] == .text("a"))
        let revision = Revision(seen: filed.version, items: [item.key: .text("b")])
        _ = try await work.revise(filed.number, revision, by: office.caller("hc-13104"))
        let history = try await work.history(filed.number, by: office.caller("pref-13")).subject
        #expect(history.last?.changes.map(\.change) == [Change(item: item.key, old: .text("a"), new: .text("b"))])
        try await work.endLocalItem(item.key, on: work.today.adding(days: -1), by: office.caller("pref-13"))
        let directory = try await work.directory()
        #expect(directory.localItems(of: "hc-13104", on: work.today).isEmpty)
        #expect(directory.item(item.key)?.ja == "紹介元の区分")
        let shown = try await work.read(filed.number, by: office.caller("hc-13104")).subject
        #expect(shown.items[item.key] == .text("b"))
    }

    @Test func `are asked only of the health centres and days they are for`() async throws {
        let office = try await Office()
        let work = office.casework
        let item = try await work.defineLocalItem(
            Self.draft(offices: ["hc-13113"], on: work.today),
            by: office.caller("pref-13")
        )
        let directory = try await work.directory()
        #expect(directory.localItems(of: "hc-13113", on: work.today).map(\.key) == [item.key])
        #expect(directory.localItems(of: "hc-13113", on: work.today.adding(days: -1)).isEmpty)
        #expect(directory.localItems(of: "hc-13104", on: work.today).isEmpty)
        #expect(directory.localItems(of: "hc-14100", on: work.today).isEmpty)
        var report = Office.report()
        report.items[item.key] = .text("a")
        await #expect(throws: Refusal.self) { _ = try await work.notify(report, by: office.caller("med-1")) }
    }

    @Test func `that must be answered are missed`() async throws {
        let office = try await Office()
        let work = office.casework
        let item = try await work.defineLocalItem(
            Self.draft(isRequired: true, on: work.today),
            by: office.caller("pref-13")
        )
        do {
            _ = try await work.notify(Office.report(), by: office.caller("med-1"))
            Issue.record("nothing was missed")
        } catch Refusal.findings(let findings) {
            #expect(findings.map { "\($0.place.item) \($0.code)" } == ["\(item.key) required"])
        }
        // Sections that an institution doesn't write aren't asked of it.
        let inner = try await work.defineLocalItem(
            Self.draft("inner", section: .memo, isRequired: true, on: work.today),
            by: office.caller("pref-13")
        )
        var report = Office.report()
        report.items[item.key] = .text("a")
        let filed = try await work.notify(report, by: office.caller("med-1")).subject
        #expect(filed.items[inner.key] == nil)
        for key in [item.key, inner.key] {
            var hidden = report
            hidden.items[inner.key] = .text("x")
            await #expect(throws: Refusal.self, "\(key)") {
                _ = try await work.notify(hidden, by: office.caller("med-1"))
            }
        }
    }

    @Test func `are defined by headquarters for their own health centres, once`() async throws {
        let office = try await Office()
        let work = office.casework
        for key in ["mhlw", "hc-13104", "med-1", "fol-1"] {
            await #expect(throws: Refusal.self, "\(key)") {
                _ = try await work.defineLocalItem(Self.draft(on: work.today), by: office.caller(key))
            }
        }
        _ = try await work.defineLocalItem(Self.draft(on: work.today), by: office.caller("pref-13"))
        let wrong: [LocalItemDraft] = [
            Self.draft(on: work.today), Self.draft(section: .memo, on: work.today), Self.draft("Aa", on: work.today),
            Self.draft("x", section: .test, on: work.today), Self.draft("y", offices: ["hc-14100"], on: work.today),
            Self.draft("z", .choice([.init(code: "a", label: "一つ")]), on: work.today),
        ]
        for draft in wrong {
            await #expect(throws: Refusal.self, "\(draft.name)") {
                _ = try await work.defineLocalItem(draft, by: office.caller("pref-13"))
            }
        }
        // Another headquarters' item is answered like one that doesn't exist.
        await #expect(throws: Refusal.self) {
            try await work.endLocalItem(
                "local.notification.pref-13.referral",
                on: work.today,
                by: office.caller("city-13104")
            )
        }
        #expect(try await work.localItems(by: office.caller("pref-13")).count == 1)
        #expect(try await work.localItems(by: office.caller("city-13104")).isEmpty)
    }
}
