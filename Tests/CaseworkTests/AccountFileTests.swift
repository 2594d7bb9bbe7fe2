import Access
import Catalogue
import Foundation
import Interchange
import Storage
import Testing

@testable import Casework

/// CSVでまとめて発行.
@Suite struct AccountFileTests {
    private static let header = "ユーザーID,氏名,組織,電話番号,役割\r\n"

    private static let mixed =
        header + """
            ,新宿あおばクリニック,med-1,03-0000-0001,システム利用管理者\r
            med-nine,新宿みなみ病院,1310000099,０３−００００−００９９,\r
            MED-NINE,もう一度,med-9,03-0000-0099,\r
            tokyo,だれか,hc-13104,090-0000-0001,\r
            new-1,知らない機関,med-777,03-0000-0001,\r
            new-2,渋谷みどり医院,med-2,03-0000-0001,\r
            new-3,電話なし,med-9,1234,\r
            new-4,役割ちがい,med-9,03-0000-0001,利用者認証実施者\r
            new-5,役割なぞ,med-9,03-0000-0001,なんでも係\r
            ,看護 師子,hc-13104,090-0000-0002,\r
            new-6,列が足りない,med-9\r
            new-7,,,,\r

            """

    private static func rows(
        _ desk: IssuingOffice,
        _ id: String,
        _ state: AccountBatchRow.State,
        _ caller: Caller
    ) async throws -> [AccountBatchRow] {
        try await desk.work.accountRows(id, state, most: 1000, by: caller)
    }

    @Test func `each row is accepted or refused with its line, column and reason, and nothing is issued`() async throws
    {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let before = try await desk.work.accountList().count
        let id = try await desk.work.checkAccountFile(Array(Self.mixed.utf8), by: caller)
        let good = try await Self.rows(desk, id, .waiting, caller)
        #expect(
            good.map(\.cells) == [
                ["med-1", "新宿あおばクリニック", "med-1", "03-0000-0001", "システム利用管理者"],
                ["med-nine", "新宿みなみ病院", "med-9", "03-0000-0099", ""],
            ]
        )
        let bad = try await Self.rows(desk, id, .refused, caller)
        #expect(
            bad.map { "\($0.line) \($0.reasons.map(\.column).joined(separator: " "))" } == [
                "4 ユーザーID", "5 ユーザーID", "6 組織コード", "7 組織コード", "8 電話番号", "9 役割", "10 役割", "11 ユーザーID", "12 ",
                "13 氏名 電話番号 組織コード",
            ]
        )
        #expect(bad[0].reasons[0].text.hasPrefix("3行目と同じ"))
        #expect(try await desk.work.accountList().count == before)
        let everything = try await desk.office.everything()
        #expect(everything.range(of: Data("看護 師子".utf8)) == nil)
    }

    @Test func `refused rows come back as a file that can be mended and loaded again`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let file = Self.header + "a,=1+1,med-9,03-0000-0001,\n"
        let id = try await desk.work.checkAccountFile(Array(file.utf8), by: caller)
        let bytes = try await desk.work.accountRejects(id, by: caller)
        let text = try TextDecoding.decode(bytes).get().text
        let table = try CSVReader.read(text).get()
        #expect(table.header == ["ユーザーID", "氏名", "組織コード", "電話番号", "役割", "行", "列", "理由"])
        // A cell that a spreadsheet would run is harmless in the file and itself again when it comes back.
        #expect(table.rows[0].cells[1] == "'=1+1" && table.rows[0].cells[5...6] == ["2", "ユーザーID"])
        let mended = text.replacingOccurrences(of: "\r\na,", with: "\r\nabc,")
        let again = try await desk.work.checkAccountFile(Array(mended.utf8), by: caller)
        #expect(try await Self.rows(desk, again, .waiting, caller).map(\.cells[1]) == ["=1+1"])
    }

    @Test(arguments: ["組織コード", "組織", "組織のキー", "医療機関コード"])
    func `the organisation's column is known by each of its names`(name: String) async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let file = "氏名,\(name),電話番号\n試験一号,med-9,03-0000-0001\n"
        let id = try await desk.work.checkAccountFile(Array(file.utf8), by: caller)
        #expect(try await Self.rows(desk, id, .waiting, caller).map(\.cells[2]) == ["med-9"])
    }

    @Test func `the file to begin with is read, and its made-up row is issued by nobody`() async throws {
        let desk = try await IssuingOffice()
        for login in ["mhlw", "tokyo", "shinjuku"] {
            let caller = try await desk.caller(login)
            let id = try await desk.work.checkAccountFile(Casework.accountTemplate, by: caller)
            #expect(try await Self.rows(desk, id, .waiting, caller).isEmpty)
            let refused = try await Self.rows(desk, id, .refused, caller)
            #expect(refused.flatMap(\.reasons).map(\.column) == ["組織コード"], "all else of it is right")
        }
    }

    @Test(arguments: [
        ("", "empty"), ("ユーザーID,氏名\na,b\n", "columns"), ("氏名,組織,電話番号\n", "empty"),
        ("氏名,氏名,組織,電話番号\na,b,c,d\n", "repeated"), ("氏名,組織,電話番号\n\"a", "csv"),
    ])
    func `what is no file of accounts is refused as a whole`(text: String, code: String) async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let found = await complaints { _ = try await desk.work.checkAccountFile(Array(text.utf8), by: caller) }
        #expect(found == ["file \(code == "empty" && text.isEmpty ? "csv" : code)"])
    }

    @Test func `a file in CP932 reads as one in UTF-8 does`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        // 氏名,組織,電話番号 / 病院
        let bytes: [UInt8] =
            [
                0x8E, 0x81, 0x96, 0xBC, 0x2C, 0x91, 0x67, 0x90, 0x44, 0x2C, 0x93, 0x64, 0x98, 0x62, 0x94, 0xD4, 0x8D,
                0x86,
            ]
            + [0x0D, 0x0A, 0x95, 0x61, 0x89, 0x40] + Array(",med-9,03-0000-0001\r\n".utf8)
        let id = try await desk.work.checkAccountFile(bytes, by: caller)
        #expect(
            try await Self.rows(desk, id, .waiting, caller).map(\.cells) == [
                ["med-9", "病院", "med-9", "03-0000-0001", ""]
            ]
        )
    }

    @Test func `a file is issued once, whoever breaks it off and however often it comes`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let lines = (1...7).map { "user-\($0),使う人\($0),med-9,03-0000-0001,\n" }.joined()
        let bytes = Array((Self.header + lines).utf8)
        let id = try await desk.work.checkAccountFile(bytes, by: caller)
        let account = caller.viewer.account
        // Broken off after three rows.
        let work = desk.work
        let task = Task {
            try await work.issueAccountFile(id, of: account) { done, _ in
                if done == 3 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        let half = try await desk.work.accountFile(id, by: caller)
        #expect(half.issued == 3 && half.waiting == 4 && half.batch.state == .issuing)
        // The same file again is the same batch, and two who go on do no row twice.
        #expect(try await desk.work.checkAccountFile(bytes, by: caller) == id)
        async let one: Void = work.issueAccountFile(id, of: account)
        async let two: Void = work.issueAccountFile(id, of: account)
        _ = try await (one, two)
        let done = try await desk.work.accountFile(id, by: caller)
        #expect(done.issued == 7 && done.waiting == 0 && done.refused == 0 && done.batch.state == .done)
        #expect(try await desk.work.accountList().count { $0.login.hasPrefix("user-") } == 7)
        #expect(done.slips == 7)
        let events = try await desk.work.managedAccount("user-5", by: caller).events
        #expect(events.map(\.through) == ["import"] && events[0].actor == account)
        #expect(try await desk.work.checkAccountFile(bytes, by: caller) == id)
    }

    @Test func `a user ID that was taken meanwhile is refused, and the rest is issued`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let file = Self.header + "user-1,一,med-9,03-0000-0001,\nuser-2,二,med-9,03-0000-0001,\n"
        let id = try await desk.work.checkAccountFile(Array(file.utf8), by: caller)
        try await desk.account("user-1", "hc-13113")
        try await desk.work.issueAccountFile(id, of: caller.viewer.account)
        let done = try await desk.work.accountFile(id, by: caller)
        #expect(done.issued == 1 && done.refused == 1 && done.batch.state == .done)
        #expect(try await Self.rows(desk, id, .refused, caller).map(\.line) == [2])
    }

    @Test func `an issuer who is stopped issues no further row`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let file = Self.header + "user-1,一,med-9,03-0000-0001,\n"
        let id = try await desk.work.checkAccountFile(Array(file.utf8), by: caller)
        try await desk.work.stopAccount(login: "shinjuku")
        try await desk.work.issueAccountFile(id, of: caller.viewer.account)
        #expect(try await desk.work.accountList().allSatisfy { $0.login != "user-1" })
        #expect(try await desk.work.accountFile(id, by: caller).refused == 1)
    }

    @Test func `the background issues what was begun, and its sheets are taken once by their issuer`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let lines = (1...3).map { "user-\($0),使う人\($0),med-9,03-0000-0001,\n" }.joined()
        let id = try await desk.work.checkAccountFile(Array((Self.header + lines).utf8), by: caller)
        try await desk.work.startAccountFile(id, by: caller)
        try await desk.work.startAccountFile(id, by: caller)
        let worker = Worker(desk.work, schedule: .empty, pause: { .milliseconds(5) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            defer { worker.stop() }
            for _ in 0..<500 where try await desk.work.accountFile(id, by: caller).batch.state != .done {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        let done = try await desk.work.accountFile(id, by: caller)
        #expect(done.batch.state == .done && done.issued == 3 && done.slips == 3)
        let other = try await desk.caller("tokyo")
        #expect(
            await complaints { _ = try await desk.work.takeSlips(id, session: "o", by: other) } == ["not found"]
        )
        #expect(await complaints { _ = try await desk.work.accountFile(id, by: other) } == ["not found"])
        #expect(try await desk.work.takeSlips(id, session: "mine", by: caller) == 3)
        let slips = try await desk.work.idSlips(id, session: "mine", by: caller)
        #expect(slips.map(\.login) == ["user-1", "user-2", "user-3"])
        _ = try await desk.signIn("user-2", slips[1].password)
        // Taken is taken: a second time there is nothing, and what was shown before is gone.
        #expect(try await desk.work.takeSlips(id, session: "mine", by: caller) == 0)
        #expect(
            await complaints { _ = try await desk.work.idSlips(id, session: "mine", by: caller) } == ["not found"]
        )
    }
}
