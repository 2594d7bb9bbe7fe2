import Access
import Casework
import Catalogue
import Storage
import Testing

/// 削除・復元: by whom, for how long, and what is left of it.
@Suite struct DeletionTests {
    private static let reason = "同じ方の届が二重に登録されていたため。"

    private static func refusal(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "done"
        } catch Refusal.notFound {
            return "not found"
        } catch Refusal.forbidden {
            return "forbidden"
        } catch Refusal.findings(let findings) {
            return findings.map(\.code).joined(separator: " ")
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("hc-13104", "done"), ("hc-13113", "forbidden"), ("city-13104", "forbidden"), ("pref-13", "forbidden"),
        ("med-1", "forbidden"), ("mhlw", "forbidden"), ("hc-14100", "not found"), ("med-2", "not found"),
        ("fol-1", "not found"),
    ])
    func `only the health centre in charge deletes`(key: OrganisationKey, answer: String) async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.setRelated(number, offices: ["hc-13113"], by: office.caller("hc-13104"))
        let caller = try office.caller(key)
        #expect(
            await Self.refusal { try await office.casework.delete(number, reason: Self.reason, by: caller) } == answer
        )
        let left = await Self.refusal { _ = try await office.casework.read(number, by: office.caller("hc-13104")) }
        #expect(left == (answer == "done" ? "not found" : "done"))
    }

    @Test(arguments: ["", "  \n", String(repeating: "あ", count: 1001)])
    func `without a reason nothing is deleted`(reason: String) async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let centre = try office.caller("hc-13104")
        #expect(
            await Self.refusal { try await office.casework.delete(number, reason: reason, by: centre) } == "required"
        )
        #expect(try await office.casework.read(number, by: centre).subject.version == 1)
    }

    @Test func `what was changed since the page was opened isn't deleted unseen`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.confirm(number, by: centre)
        #expect(
            await Self.refusal {
                try await office.casework.delete(number, reason: Self.reason, seen: 1, by: centre)
            } == "forbidden"
        )
        try await office.casework.delete(number, reason: Self.reason, seen: 2, by: centre)
    }

    @Test func `the list says which, when, who and why, and it can be undone once`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104", 7)
        let made = try await office.casework.notify(Office.report(), by: office.caller("med-1"))
        let number = made.subject.number
        office.clock.advance(3600)
        try await office.casework.delete(number, reason: Self.reason, by: centre)
        let listed = try await office.casework.deletedCases(by: centre)
        #expect(listed.map(\.file.subject.number) == [number])
        #expect(listed.first?.reason == Self.reason)
        #expect(listed.first?.actor == "新宿区保健所 7")
        #expect(listed.first?.deletedAt == office.clock.now)
        #expect(try await office.casework.deletedCases(by: office.caller("hc-13113")).isEmpty)
        for other in ["med-1", "pref-13", "mhlw"] {
            #expect(
                await Self.refusal { _ = try await office.casework.deletedCases(by: office.caller(other)) }
                    == "not found"
            )
            #expect(
                await Self.refusal { _ = try await office.casework.restore(number, by: office.caller(other)) }
                    == "not found"
            )
        }
        let restored = try await office.casework.restore(number, by: centre).subject
        #expect(restored.items == made.subject.items.merging(restored))
        #expect(restored.version == 3)
        #expect(await Self.refusal { _ = try await office.casework.restore(number, by: centre) } == "not found")
        #expect(try await office.casework.deletedCases(by: centre).isEmpty)
        let history = try await office.casework.history(number, by: centre).subject
        #expect(history.map(\.action) == ["notify", "delete", "restore"])
        #expect(history[1].reason == Self.reason)
        #expect(try await office.casework.verifyHistory() == .whole(lines: 3, reports: 0))
    }

    @Test func `the reason isn't for the institution, which sees that and when`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        try await office.casework.delete(number, reason: "濃厚接触者の届と重複", by: centre)
        _ = try await office.casework.restore(number, by: centre)
        let history = try await office.casework.history(number, by: office.caller("med-1")).subject
        #expect(history.map(\.action) == ["notify", "delete", "restore"])
        #expect(history.allSatisfy { $0.reason == nil })
    }

    @Test func `after thirty days it is hidden for ever, its number with it`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let first = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        try await office.casework.delete(first, reason: Self.reason, by: centre)
        office.clock.advance(30 * 86_400)
        #expect(try await office.casework.deletedCases(by: centre).count == 1)
        office.clock.advance(1)
        #expect(try await office.casework.deletedCases(by: centre).isEmpty)
        #expect(await Self.refusal { _ = try await office.casework.restore(first, by: centre) } == "not found")
        let second = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        #expect(second != first)
        #expect(try await office.casework.verifyHistory() == .whole(lines: 3, reports: 0))
    }

    @Test func `open pages of all parties are told of both`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let streams = ["hc-13104", "city-13104", "pref-13", "med-1"].map { office.casework.events.events(for: $0) }
        let stranger = office.casework.events.events(for: "hc-14100")
        try await office.casework.delete(number, reason: Self.reason, by: centre)
        _ = try await office.casework.restore(number, by: centre)
        office.casework.events.finish()
        for stream in streams {
            var heard: [String] = []
            for await event in stream {
                if case .changed(let event) = event, event.number == number { heard.append(event.action) }
            }
            #expect(heard == ["delete", "restore"])
        }
        for await _ in stranger { Issue.record("a stranger heard of it") }
    }

    @Test func `a report sent again after its case was deleted makes no second case`() async throws {
        let office = try await Office()
        let clinic = try office.caller("med-1", through: .api)
        var report = Office.report()
        report.repeatKey = ("key-1", [1, 2, 3])
        let sent = report
        let number = try await office.casework.notify(sent, by: clinic).subject.number
        try await office.casework.delete(number, reason: Self.reason, by: office.caller("hc-13104"))
        #expect(await Self.refusal { _ = try await office.casework.notify(sent, by: clinic) } == "not found")
        #expect(try await office.casework.list(ListRequest(), by: office.caller("hc-13104")).rows.isEmpty)
    }

    @Test(arguments: [CaseQuery.Order.newest, .updated])
    func `a case deleted while pages are turned doesn't end the list`(order: CaseQuery.Order) async throws {
        let office = try await Office()
        var numbers: [CaseNumber] = []
        for _ in 0..<4 {
            numbers.append(
                try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
            )
            office.clock.advance(60)
        }
        let clinic = try office.caller("med-1", through: .api)
        var request = ListRequest()
        request.order = order
        request.limit = 2
        let first = try await office.casework.list(request, by: clinic)
        #expect(first.rows.map(\.subject.number) == [numbers[3], numbers[2]])
        try await office.casework.delete(numbers[2], reason: Self.reason, by: office.caller("hc-13104"))
        request.after = first.next
        #expect(
            try await office.casework.list(request, by: clinic).rows.map(\.subject.number) == [numbers[1], numbers[0]]
        )
        // To whom it never was one's own it tells nothing.
        #expect(try await office.casework.list(request, by: office.caller("med-2")).rows.isEmpty)
    }

    @Test func `what waits is counted without it, and with it again`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        func waiting() async throws -> [Int] {
            [
                try await office.casework.firstPage(by: centre).waiting,
                try await office.casework.firstPage(by: office.caller("pref-13")).waiting,
                try await office.casework.firstPage(by: office.caller("mhlw")).waiting,
                try await office.casework.firstPage(by: office.caller("med-1")).submitted.count,
            ]
        }
        #expect(try await waiting() == [1, 1, 1, 1])
        try await office.casework.delete(number, reason: Self.reason, by: centre)
        #expect(try await waiting() == [0, 0, 0, 0])
        _ = try await office.casework.restore(number, by: centre)
        #expect(try await waiting() == [1, 1, 1, 1])
    }
}

extension Record {
    /// Items that only whoever is in charge sees, taken from a whole case.
    fileprivate func merging(_ whole: CaseFile) -> Record {
        var result = self
        for (key, value) in whole.items.all where result[key] == nil { result[key] = value }
        return result
    }
}
