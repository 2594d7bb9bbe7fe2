import Access
import Casework
import Catalogue
import Storage
import Testing

/// 移管: the charge of a case goes from one health centre to another.
@Suite struct TransferTests {
    private static func offered() async throws -> (office: Office, number: CaseNumber) {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.offerTransfer(
            number,
            to: "hc-14100",
            reason: "横浜市へ転居のため",
            by: office.caller("hc-13104")
        )
        return (office, number)
    }

    private static func kinds(_ office: Office, _ key: OrganisationKey) async throws -> [Notice.Kind] {
        try await office.casework.notices(by: office.caller(key)).lines.map(\.notice.kind)
    }

    @Test func `the charge moves only when it is accepted, and nobody loses the case`() async throws {
        let (office, number) = try await Self.offered()
        let (sender, receiver) = (try office.caller("hc-13104"), try office.caller("hc-14100"))
        let waiting = try await office.casework.read(number, by: receiver)
        #expect(waiting.subject.jurisdiction == "hc-13104")
        #expect(waiting.permission.roles == [.related])
        #expect(try await office.casework.openTransfer(waiting)?.reason == "横浜市へ転居のため")
        #expect(try await Self.kinds(office, "hc-14100") == [.transferOffer])
        #expect(try await Self.kinds(office, "pref-13") == [.transferOffer])

        let taken = try await office.casework.acceptTransfer(number, by: receiver)
        #expect(taken.subject.jurisdiction == "hc-14100")
        #expect(taken.permission.roles == [.inCharge])
        let left = try await office.casework.read(number, by: sender)
        #expect(left.permission.roles == [.related])
        let above = try await office.casework.read(number, by: office.caller("pref-13"))
        #expect(above.permission.roles == [.headquarters])
        #expect(try await Self.kinds(office, "hc-13104") == [.transferAccept])
        #expect(try await office.casework.firstPage(by: receiver).waiting == 1)
        #expect(try await office.casework.firstPage(by: sender).waiting == 0)
        let history = try await office.casework.history(number, by: sender).subject
        #expect(history.map(\.action) == ["notify", "transfer-offer", "transfer-accept"])
        #expect(history[1].reason == "横浜市へ転居のため")
        for (caller, isReceiver) in [(sender, false), (receiver, true)] {
            let kept = try await office.casework.transfers(isReceiver: isReceiver, by: caller)
            #expect(kept.map(\.transfer.state) == [.accepted])
        }
    }

    @Test func `a refusal leaves everything as it was, with its reason, and takes the case out of sight`() async throws
    {
        let (office, number) = try await Self.offered()
        let receiver = try office.caller("hc-14100")
        let silent = await findings {
            _ = try await office.casework.refuseTransfer(number, reason: " ", by: receiver)
        }
        #expect(silent.map(\.place.item) == ["reason"])
        #expect(try await office.casework.refuseTransfer(number, reason: "転居前のため", by: receiver) == nil)
        await #expect(throws: Refusal.self) { try await office.casework.read(number, by: receiver) }
        let kept = try await office.casework.read(number, by: office.caller("hc-13104"))
        #expect(kept.subject.jurisdiction == "hc-13104")
        #expect(kept.subject.items[.relatedOffices] == nil)
        let history = try await office.casework.history(number, by: office.caller("hc-13104")).subject
        #expect(history.last?.action == "transfer-refuse")
        #expect(history.last?.reason == "転居前のため")
        // The notice stays, without a way to the case.
        let notices = try await office.casework.notices(by: receiver)
        #expect(notices.lines.map(\.isReachable) == [false])
        #expect(try await office.casework.transfers(isReceiver: true, by: receiver).first?.transfer.answer == "転居前のため")
    }

    @Test func `who was a related health centre before stays one after refusing or a withdrawal`() async throws {
        let office = try await Office()
        let (centre, other) = (try office.caller("hc-13104"), try office.caller("hc-14100"))
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.setRelated(number, offices: ["hc-14100"], by: centre)
        _ = try await office.casework.offerTransfer(number, to: "hc-14100", reason: "転居", by: centre)
        await #expect(throws: Refusal.self) {
            try await office.casework.withdrawTransfer(number, reason: "誤り", by: other)
        }
        _ = try await office.casework.withdrawTransfer(number, reason: "誤り", by: centre)
        #expect(try await office.casework.read(number, by: other).permission.roles == [.related])
        #expect(try await Self.kinds(office, "hc-14100") == [.transferWithdraw, .transferOffer, .related])
        // It may be offered again.
        _ = try await office.casework.offerTransfer(number, to: "hc-14100", reason: "転居", by: centre)
        #expect(try await office.casework.refuseTransfer(number, reason: "未転居", by: other) != nil)
    }

    @Test(arguments: ["hc-13104", "med-2", "pref-13", "nowhere"])
    func `an offer to oneself or to no health centre is refused at the field`(receiver: String) async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let wrong = await findings {
            _ = try await office.casework.offerTransfer(
                number,
                to: receiver,
                reason: "転居",
                by: office.caller("hc-13104")
            )
        }
        #expect(wrong.map(\.place.item) == ["transfer_to"])
        #expect(try await office.casework.read(number, by: office.caller("hc-13104")).subject.version == 1)
    }

    @Test(arguments: ["hc-14100", "hc-13113", "med-1", "pref-13"])
    func `nobody but the health centre in charge offers`(key: String) async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        await #expect(throws: Refusal.self) {
            try await office.casework.offerTransfer(number, to: "hc-13113", reason: "転居", by: office.caller(key))
        }
    }

    @Test func `there is one open offer, and its receiver stays in sight of the case`() async throws {
        let (office, number) = try await Self.offered()
        let centre = try office.caller("hc-13104")
        await #expect(throws: Refusal.self) {
            try await office.casework.offerTransfer(number, to: "hc-13113", reason: "転居", by: centre)
        }
        let wrong = await findings { _ = try await office.casework.setRelated(number, offices: [], by: centre) }
        #expect(wrong.map(\.code) == ["transfer_open"])
        for key in ["hc-13104", "pref-13", "med-1", "hc-13113"] {
            await #expect(throws: Refusal.self) {
                try await office.casework.acceptTransfer(number, by: office.caller(key))
            }
        }
        #expect(try await office.casework.read(number, by: centre).subject.jurisdiction == "hc-13104")
    }

    @Test func `of many who accept at once one wins, and the others are told what has happened`() async throws {
        let (office, number) = try await Self.offered()
        let results = await withTaskGroup(of: String.self) { group in
            for account in 1...6 {
                group.addTask {
                    do {
                        let caller = try office.caller("hc-14100", Int64(account))
                        _ = try await office.casework.acceptTransfer(number, by: caller)
                        return "won"
                    } catch Refusal.forbidden(let why) {
                        return why
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(results.count { $0 == "won" } == 1)
        #expect(results.count { $0.contains("すでに承諾しました") } == 5)
        let history = try await office.casework.history(number, by: office.caller("hc-14100")).subject
        #expect(history.count { $0.action == "transfer-accept" } == 1)
        #expect(try await Self.kinds(office, "hc-13104") == [.transferAccept])
    }

    @Test func `an institution learns who is in charge and nothing of the reasons`() async throws {
        let (office, number) = try await Self.offered()
        let clinic = try office.caller("med-1")
        #expect(try await office.casework.history(number, by: clinic).subject.map(\.action) == ["notify"])
        _ = try await office.casework.acceptTransfer(number, by: office.caller("hc-14100"))
        let lines = try await office.casework.history(number, by: clinic).subject
        #expect(lines.map(\.action) == ["notify", "transfer-accept"])
        #expect(lines.allSatisfy { $0.reason == nil })
        #expect(lines.last?.changes.map(\.change.item) == ["jurisdiction"])
        #expect(try await office.casework.notices(by: clinic).lines.isEmpty)
    }

    @Test func `the record of a deleted case's transfer is gone on both sides, and back with the case`() async throws {
        let (office, number) = try await Self.offered()
        let (sender, receiver) = (try office.caller("hc-13104"), try office.caller("hc-14100"))
        func kept() async throws -> [Int] {
            [
                try await office.casework.transfers(isReceiver: false, by: sender).count,
                try await office.casework.transfers(isReceiver: true, by: receiver).count,
            ]
        }
        #expect(try await kept() == [1, 1])
        try await office.casework.delete(number, reason: "二重登録", by: sender)
        #expect(try await kept() == [0, 0])
        _ = try await office.casework.restore(number, by: sender)
        #expect(try await kept() == [1, 1])
    }

    @Test func `an open page of the receiver hears of the notice at once`() async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let events = office.casework.events.events(for: "hc-14100")
        _ = try await office.casework.offerTransfer(
            number,
            to: "hc-14100",
            reason: "転居",
            by: office.caller("hc-13104")
        )
        office.casework.events.finish()
        var heard: [PageEvent] = []
        for await event in events { heard.append(event) }
        #expect(heard.contains(.notice))
    }
}
