import Access
import Casework
import Catalogue
import Foundation
import Storage
import TestSupport
import Testing

/// Items of two sections, one of which an institution may not see, and a case that holds both.
private struct LocalCase {
    static let secret = "特別な相談先のこと"

    let office: Office
    let open: String
    let inner: String
    let number: CaseNumber

    var work: Casework { office.casework }

    init(open kind: LocalItem.Kind = .text) async throws {
        let office = try await Office()
        let work = office.casework
        func item(_ name: String, _ section: Section, _ kind: LocalItem.Kind) async throws -> String {
            try await work.defineLocalItem(
                LocalItemDraft(label: "独自の\(name)", section: section, name: name, kind: kind, from: work.today),
                by: office.caller("pref-13")
            ).key
        }
        let open = try await item("open", .notification, kind)
        let inner = try await item("inner", .memo, .longText)
        var report = Office.report()
        report.items[open] = .text("a")
        let number = try await work.notify(report, by: office.caller("med-1")).subject.number
        (self.office, self.open, self.inner, self.number) = (office, open, inner, number)
        _ = try await revise([inner: .text(Self.secret)], seen: 1, by: "hc-13104")
    }

    func revise(_ items: [String: Value?], seen: Int, by key: OrganisationKey) async throws -> CaseFile {
        try await work.revise(number, Revision(seen: seen, items: items), by: office.caller(key)).subject
    }

    func items(_ key: OrganisationKey) async throws -> Record {
        try await work.read(number, by: office.caller(key)).subject.items
    }

    /// What a change is answered with.
    func answer(_ items: [String: Value?], seen: Int = 2, by key: OrganisationKey) async -> String {
        do {
            _ = try await revise(items, seen: seen, by: key)
            return "done"
        } catch Refusal.findings(let findings) {
            return findings.map(\.code).joined(separator: " ")
        } catch Refusal.forbidden {
            return "forbidden"
        } catch Refusal.conflict(let conflicts) {
            return "conflict " + conflicts.map(\.item).joined(separator: " ")
        } catch {
            return "\(error)"
        }
    }

    /// The codes of a refusal, nil where there is none.
    func refused(_ body: () async throws -> Void) async -> [String]? {
        do {
            try await body()
            return nil
        } catch Refusal.findings(let findings) {
            return findings.map { "\($0.place.item) \($0.code)" }
        } catch {
            return ["\(error)"]
        }
    }
}

/// Local items of a case that several people and places work on.
@Suite struct LocalItemCaseTests {
    @Test func `two people who change different ones both stand, the same one is a conflict with both values`()
        async throws
    {
        let one = try await LocalCase()
        #expect(await one.answer([one.open: .text("b")], by: "hc-13104") == "done")
        #expect(await one.answer([one.inner: .text("別")], by: "hc-13104") == "done")
        do {
            _ = try await one.revise([one.open: .text("c")], seen: 2, by: "med-1")
            Issue.record("no conflict")
        } catch Refusal.conflict(let conflicts) {
            #expect(conflicts.map(\.item) == [one.open])
            #expect(conflicts.first?.theirs == .text("b"))
            #expect(conflicts.first?.mine == .text("c"))
        }
        #expect(try await one.items("hc-13104")[one.open] == .text("b"))
        #expect(try await one.items("hc-13104")[one.inner] == .text("別"))
    }

    @Test(arguments: ["med-1", "pref-13", "city-13104", "mhlw"])
    func `whoever may not write one is told the same whether the case holds it or not`(
        sender: OrganisationKey
    )
        async throws
    {
        let one = try await LocalCase()
        let nothing: Value? = nil
        let held = await one.answer([one.inner: .text("x")], by: sender)
        #expect(held == "forbidden")
        #expect(await one.answer([one.inner: nothing], by: sender) == held)
        #expect(try await one.items("hc-13104")[one.inner] == .text(LocalCase.secret))
        try await one.work.endLocalItem(
            one.inner,
            on: one.work.today.adding(days: -1),
            by: one.office.caller("pref-13")
        )
        #expect(await one.answer([one.inner: .text("x")], by: sender) == held)
        #expect(await one.answer([one.inner: nothing], seen: 2, by: "hc-13104") == "done")
        #expect(await one.answer([one.inner: .text("x")], seen: 3, by: sender) == held)
        // After its end nobody is asked: it is answered like one that doesn't exist.
        #expect(await one.answer([one.inner: .text("x")], seen: 3, by: "hc-13104") == "unknown_item")
    }

    @Test func `an institution reads and writes those of its sections alone, until the report is confirmed`()
        async throws
    {
        let one = try await LocalCase()
        let seen = try await one.items("med-1")
        #expect(seen[one.open] == .text("a"))
        #expect(seen[one.inner] == nil)
        #expect(try await one.items("mhlw")[one.open] == nil)
        let lines = try await one.work.history(one.number, by: one.office.caller("med-1")).subject
        #expect(!lines.flatMap(\.changes).contains { $0.change.item == one.inner })
        #expect(await one.answer([one.open: .text("b")], by: "med-1") == "done")
        _ = try await one.work.confirm(one.number, by: one.office.caller("hc-13104"))
        #expect(await one.answer([one.open: .text("c")], seen: 4, by: "med-1") == "forbidden")
    }

    @Test func `values that a definition doesn't take are refused whoever sends them`() async throws {
        let one = try await LocalCase(open: .choice([.init(code: "a", label: "訪問"), .init(code: "b", label: "電話")]))
        for wrong: Value in [.text("c"), .text("訪問"), .integer(1), .code("a")] {
            #expect(await one.answer([one.open: wrong], by: "hc-13104") != "done", "\(wrong)")
            var report = Office.report("田中", "タナカ")
            report.items[one.open] = wrong
            report.keepsWarnings = true
            await #expect(throws: Refusal.self, "\(wrong)") {
                _ = try await one.work.notify(report, by: one.office.caller("med-1"))
            }
        }
        #expect(try await one.items("hc-13104")[one.open] == .text("a"))
        #expect(await one.answer([one.open: .text("b")], by: "hc-13104") == "done")
    }

    @Test func `after a transfer what was asked stays with the case, and nothing more is asked in the old name`()
        async throws
    {
        let one = try await LocalCase()
        let receiver = try one.office.caller("hc-14100")
        let other = try await one.work.defineLocalItem(
            LocalItemDraft(label: "ほか", section: .memo, name: "other", kind: .text, from: one.work.today),
            by: one.office.caller("pref-13")
        )
        _ = try await one.work.offerTransfer(
            one.number,
            to: "hc-14100",
            reason: "転居のため",
            by: one.office.caller("hc-13104")
        )
        let taken = try await one.work.acceptTransfer(one.number, by: receiver).subject
        #expect(taken.items[one.inner] == .text(LocalCase.secret))
        #expect(try await one.items("med-1")[one.inner] == nil)
        #expect(await one.answer([other.key: .text("x")], seen: taken.version, by: "hc-14100") == "unknown_item")
        #expect(await one.answer([one.inner: .text("訂正")], seen: taken.version, by: "hc-14100") == "done")
        // Nor are the old prefecture's items offered for lists.
        #expect(try await one.work.localColumns(by: receiver).isEmpty)
        await #expect(throws: Refusal.self) { try await one.work.setColumns([one.inner], by: receiver) }
    }

    @Test func `a deleted case comes back with them, and they stand sealed`() async throws {
        let one = try await LocalCase()
        let centre = try one.office.caller("hc-13104")
        try await one.work.delete(one.number, reason: "重複のため。", by: centre)
        let back = try await one.work.restore(one.number, by: centre).subject
        #expect(back.items[one.inner] == .text(LocalCase.secret))
        #expect(back.items[one.open] == .text("a"))
        let stored = try await one.office.everything()
        #expect(stored.range(of: Data(one.inner.utf8)) != nil, "the definition stands in the clear")
        #expect(stored.range(of: Data(LocalCase.secret.utf8)) == nil)
    }

    @Test(arguments: [
        ("hc-13104", "inner open"), ("hc-13113", "inner open"), ("pref-13", "inner open"), ("city-13104", "inner open"),
        ("med-1", "open"), ("hc-14100", ""), ("fol-1", ""), ("lod-1", ""), ("mhlw", ""),
    ])
    func `lists offer them as columns to those who read their sections`(
        key: OrganisationKey,
        offered: String
    )
        async throws
    {
        let one = try await LocalCase()
        let caller = try one.office.caller(key)
        let names = try await one.work.localColumns(by: caller).map { String($0.id.split(separator: ".")[3]) }
        #expect(names.joined(separator: " ") == offered)
        for (item, name) in [(one.open, "open"), (one.inner, "inner")] {
            let answer = await one.refused { try await one.work.setColumns(["name", item], by: caller) }
            let unknown = await one.refused { try await one.work.setColumns(["name", "no_such_item"], by: caller) }
            #expect(answer == (names.contains(name) ? nil : unknown), "\(name)")
            guard names.contains(name) else { continue }
            #expect(try await one.work.columns(by: caller)?.map(\.label).last == "独自の\(name)")
        }
    }

    @Test(arguments: ["hc-13113", "hc-13104", "pref-13", "med-2", "mhlw"])
    func `those of another area answer like ones that don't exist`(sender: OrganisationKey) async throws {
        let office = try await Office()
        let ward = try await office.casework.defineLocalItem(
            LocalItemDraft(label: "区の項目", section: .memo, name: "ward", kind: .text, from: office.casework.today),
            by: office.caller("city-13104")
        ).key
        // The ward's health centre is related, for the person lives there; another one is in charge.
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-2")).subject.number
        func answer(_ key: String) async throws -> String {
            do {
                let revision = Revision(seen: 1, items: [key: .text("x")])
                _ = try await office.casework.revise(number, revision, by: office.caller(sender))
                return "done"
            } catch Refusal.findings(let findings) {
                return findings.map { "\($0.code) \($0.message)" }.joined()
            } catch {
                return "\(error)"
            }
        }
        let none = try await answer("local.memo.city-13104.nothing")
        #expect(none.hasPrefix("unknown_item"))
        #expect(try await answer(ward) == none)
    }

    @Test func `late reports are asked the items of their day`() async throws {
        let office = try await Office()
        let work = office.casework
        let item = try await work.defineLocalItem(
            LocalItemDraft(
                label: "今日から",
                section: .notification,
                name: "fresh",
                kind: .text,
                isRequired: true,
                from: work.today
            ),
            by: office.caller("city-13104")
        )
        var late = Office.report()
        late.items[.notifiedOn] = work.today.adding(days: -1)
        late.items[.diagnosedOn] = work.today.adding(days: -1)
        _ = try await work.notify(late, by: office.caller("med-1"))
        #expect(try await work.check(Office.report(), by: office.caller("med-1")).map(\.place.item) == [item.key])
        // Another health centre of the prefecture isn't the ward's.
        #expect(try await work.check(Office.report(), by: office.caller("med-2")).map(\.place.item) == [])
    }
}
