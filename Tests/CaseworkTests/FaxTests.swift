import Access
import Casework
import Catalogue
import Storage
import Testing

/// FAX受信簿: what arrived waits until it is entered or set aside, once.
@Suite struct FaxTests {
    private static func fax(
        _ office: Office,
        _ name: String = "abcdefghijklmnopqrstuv",
        ago: Int64 = 600
    ) -> ReceivedFax {
        ReceivedFax(
            id: name,
            receivedAt: office.clock.now.adding(seconds: -ago),
            institution: "med-1",
            pages: 2,
            memo: "読みにくい"
        )
    }

    @Test func `a FAX written down waits, at its health centre and in its headquarters' sum`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let other = try office.caller("hc-13113")
        try await office.casework.logFax(Self.fax(office), by: centre)
        // Pressed twice.
        try await office.casework.logFax(Self.fax(office), by: centre)
        try await office.casework.logFax(Self.fax(office, "bbbbbbbbbbbbbbbbbbbbbb", ago: 9000), by: other)
        let register = try await office.casework.faxRegister(by: centre)
        #expect(register.waiting.map(\.sender) == ["新宿あおばクリニック"])
        #expect(register.count == 1)
        #expect(register.waiting.first?.pages == 2)
        let now = office.clock.now
        #expect(
            try await office.casework.faxBacklog(by: centre) == FaxBacklog(count: 1, oldest: now.adding(seconds: -600))
        )
        let sum = FaxBacklog(count: 2, oldest: now.adding(seconds: -9000))
        #expect(try await office.casework.faxBacklog(by: office.caller("pref-13")) == sum)
        let city = try await office.casework.faxBacklog(by: office.caller("city-13104"))
        #expect(city?.count == 1)
        #expect(try await office.casework.faxBacklog(by: office.caller("med-1")) == nil)
        #expect(try await office.casework.faxBacklog(by: office.caller("mhlw")) == nil)
    }

    @Test func `a report entered from a FAX closes its line in the same transaction`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let line = try await office.casework.logFax(Self.fax(office), by: centre)
        let draft = try await office.casework.newDraft([:], by: centre)
        var report = Office.report()
        report.fax = line.id
        report.draft = draft.id
        let filed = try await office.casework.notify(report, by: centre).subject
        #expect(filed.items[.entryRoute] == "fax")
        #expect(filed.items[.faxReceivedAt] == line.receivedAt)
        var register = try await office.casework.faxRegister(by: centre)
        #expect(register.count == 0)
        #expect(register.closed.map(\.number) == [filed.number])
        // The same form again finds its case; another one can't enter the FAX a second time.
        #expect(try await office.casework.notify(report, by: centre).subject.number == filed.number)
        report.draft = try await office.casework.newDraft([:], by: centre).id
        await #expect { try await office.casework.notify(report, by: centre) } throws: {
            Self.codes($0) == ["fax_closed"]
        }
        register = try await office.casework.faxRegister(by: centre)
        #expect(register.closed.map(\.number) == [filed.number])
        #expect(try await office.casework.list(ListRequest(), by: centre).rows.count == 1)
    }

    @Test func `where filing is refused the FAX goes on waiting`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let line = try await office.casework.logFax(Self.fax(office), by: centre)
        var report = Office.report()
        report.fax = line.id
        report.items[.sex] = nil
        await #expect(throws: Refusal.self) { try await office.casework.notify(report, by: centre) }
        #expect(try await office.casework.fax(line.id, by: centre).state == .waiting)
    }

    @Test func `a FAX is set aside with a reason, and can wait again`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let line = try await office.casework.logFax(Self.fax(office), by: centre)
        await #expect {
            try await office.casework.setFaxAside(line.id, reason: nil, note: "", by: centre)
        } throws: { Self.codes($0) == ["required"] }
        await #expect {
            try await office.casework.setFaxAside(line.id, reason: .other, note: " ", by: centre)
        } throws: { Self.codes($0) == ["required"] }
        try await office.casework.setFaxAside(line.id, reason: .duplicate, note: "2枚目", by: centre)
        try await office.casework.setFaxAside(line.id, reason: .duplicate, note: "2枚目", by: centre)
        var found = try await office.casework.fax(line.id, by: centre)
        #expect(found.state == .setAside && found.reason == .duplicate && found.note == "2枚目")
        #expect(found.sender == line.sender && found.memo == "読みにくい")
        var report = Office.report()
        report.fax = line.id
        await #expect { try await office.casework.notify(report, by: centre) } throws: {
            Self.codes($0) == ["fax_closed"]
        }
        try await office.casework.returnFax(line.id, by: centre)
        found = try await office.casework.fax(line.id, by: centre)
        #expect(found.state == .waiting && found.reason == nil && found.closedAt == nil)
    }

    @Test func `another health centre's line doesn't exist, and nobody else has a register`() async throws {
        let office = try await Office()
        let line = try await office.casework.logFax(Self.fax(office), by: office.caller("hc-13104"))
        let other = try office.caller("hc-13113")
        await #expect(throws: Refusal.self) { try await office.casework.fax(line.id, by: other) }
        await #expect(throws: Refusal.self) { try await office.casework.returnFax(line.id, by: other) }
        await #expect(throws: Refusal.self) {
            try await office.casework.setFaxAside(line.id, reason: .duplicate, note: "", by: other)
        }
        // The name is taken elsewhere: said, not lost.
        await #expect(throws: Refusal.self) { try await office.casework.logFax(Self.fax(office), by: other) }
        var report = Office.report()
        report.fax = line.id
        await #expect { try await office.casework.notify(report, by: other) } throws: {
            Self.codes($0) == ["unknown_fax"]
        }
        for key in ["med-1", "pref-13", "mhlw", "fol-1"] {
            await #expect(throws: Refusal.self) { try await office.casework.faxRegister(by: office.caller(key)) }
            await #expect(throws: Refusal.self) {
                try await office.casework.logFax(Self.fax(office), by: office.caller(key))
            }
        }
    }

    @Test(arguments: [
        ("sender", "required"), ("pages", "range"), ("received_at", "future"), ("institution", "unknown_institution"),
    ])
    func `what is wrong with a line is said at its field`(field: String, code: String) async throws {
        let office = try await Office()
        var fax = Self.fax(office)
        switch field {
        case "sender": fax.institution = nil
        case "pages": fax.pages = 0
        case "received_at": fax.receivedAt = office.clock.now.adding(seconds: 3600)
        default: fax.institution = "hc-13104"
        }
        await #expect {
            try await office.casework.logFax(fax, by: office.caller("hc-13104"))
        } throws: { error in
            guard case Refusal.findings(let found) = error else { return false }
            return found.map { "\($0.place.item) \($0.code)" } == ["\(field) \(code)"]
        }
        #expect(try await office.casework.faxRegister(by: office.caller("hc-13104")).count == 0)
    }

    @Test func `who sent a FAX stands nowhere in clear`() async throws {
        let office = try await Office()
        var fax = Self.fax(office)
        (fax.institution, fax.sender) = (nil, "ひみつ医院")
        try await office.casework.logFax(fax, by: office.caller("hc-13104"))
        let sealed = try await office.engine.read { try $0.rows("SELECT sealed FROM faxes") { $0.blob(0) } }
        #expect(sealed.count == 1)
        let needle = Array("ひみつ".utf8)
        for bytes in sealed {
            #expect(!bytes.indices.contains { bytes[$0...].starts(with: needle) })
        }
    }

    // MARK: Print

    @Test func `a print is a reading, and whoever may not read the notification finds nothing`() async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        for key in ["med-1", "hc-13104", "pref-13", "city-13104"] {
            let before = try await Self.prints(office)
            let printed = try await office.casework.notificationToPrint(number, by: office.caller(key))
            #expect(printed.subject.items[.familyName] == "佐藤")
            #expect(try await Self.prints(office) == before + 1)
        }
        for key in ["hc-13113", "hc-14100", "med-2", "fol-1", "mhlw"] {
            await #expect {
                try await office.casework.notificationToPrint(number, by: office.caller(key))
            } throws: { if case Refusal.notFound = $0 { true } else { false } }
        }
        #expect(try await Self.prints(office) == 4)
    }

    @Test func `letters are for the health centre in charge, and others can't tell why`() async throws {
        let office = try await Office()
        let one = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let two = try await office.casework.notify(Office.report("鈴木"), by: office.caller("med-2")).subject.number
        let none = try #require(CaseNumber(payload: 99))
        let found = try await office.casework.lettersToPrint([one, two, none, one], by: office.caller("hc-13104"))
        #expect(found.files.map(\.subject.number) == [one])
        #expect(found.missing == [two, none])
        #expect(try await Self.prints(office) == 1)
        for key in ["med-1", "pref-13", "city-13104", "mhlw"] {
            #expect(try await office.casework.lettersToPrint([one], by: office.caller(key)).files.isEmpty, "\(key)")
        }
        _ = try await office.casework.setRelated(one, offices: ["hc-13113"], by: office.caller("hc-13104"))
        #expect(try await office.casework.lettersToPrint([one], by: office.caller("hc-13113")).files.isEmpty)
        #expect(try await Self.prints(office) == 1)
    }

    private static func prints(_ office: Office) async throws -> Int64 {
        try await office.engine.read { try $0.number("SELECT count(*) FROM readings WHERE what = 'print'") ?? 0 }
    }

    private static func codes(_ error: any Error) -> [String] {
        guard case Refusal.findings(let found) = error else { return [] }
        return found.map(\.code)
    }
}
