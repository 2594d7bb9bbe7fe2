import Access
import Casework
import Catalogue
import Interchange
import Paper
import Testing

@testable import Web

/// Papers and their codes, and the way back into a form.
@Suite struct PrintTests {
    private static let papers = ["notification"] + PrintedLetter.allCases.map(\.rawValue)

    private static let roles = APIFullCase.parties.map(\.organisation) + ["mhlw", "hc-c"]

    /// The table of rights once more, over what is printed: as over the pages.
    @Test(arguments: roles)
    func `no paper holds a value that the role may not read, and only whoever reads the notification has one`(
        key: OrganisationKey
    ) async throws {
        try await TestSite.run { site in
            let full = try await APIFullCase.store(in: site) { file in
                for (index, item) in Catalogue.items.enumerated() where item.section != .management {
                    if item.section.repeats {
                        for place in file.entries[item.section, default: []].indices {
                            let owner = file.entries[item.section]?[place].owner == "med-a" ? "A" : "B"
                            if let value = GeneralRightsTests.marker(item, index, owner) {
                                file.entries[item.section]?[place].items[item.key] = value
                            }
                        }
                    } else if let value = GeneralRightsTests.marker(item, index, "S") {
                        file.items[item.key] = value
                    }
                }
            }
            let organisation = try #require(TestSite.organisations.first { $0.key == key })
            let permission = Gate.permission(
                full,
                Viewer(organisation: organisation, account: 1, name: ""),
                on: TestSite.now.japanDate
            )
            let browser = try await site.browser(of: key)
            for paper in Self.papers {
                let answer = try await browser.get("/cases/\(full.number.digits)/print/\(paper)")
                let may =
                    paper == "notification"
                    ? ["hc-a", "hc-b", "pref-13", "med-a"].contains(key) : key == "hc-a"
                #expect(answer.status == (may ? 200 : 404), "\(key) \(paper)")
                if !may { #expect(!answer.text.contains("ZQ") && !answer.text.contains("<svg")) }
                for (index, item) in Catalogue.items.enumerated() where item.section != .management {
                    for (mark, owner) in [("S", nil), ("A", "med-a"), ("B", "hc-a")] as [(String, OrganisationKey?)]
                    where item.section.repeats == (owner != nil) && permission?.reads(item, owner: owner) != true {
                        #expect(!answer.text.contains("ZQ\(index)\(mark)"), "\(key) \(paper) \(item.key)")
                    }
                }
            }
        }
    }

    @Test func `an unknown number is answered as one that may not be seen`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let browser = try await site.browser(of: "hc-c")
            let unknown = try #require(CaseNumber(payload: 42)).digits
            for paper in Self.papers {
                let hidden = try await browser.get("/cases/\(number.digits)/print/\(paper)")
                let nothing = try await browser.get("/cases/\(unknown)/print/\(paper)")
                #expect(hidden.status == 404 && nothing.status == 404)
                #expect(hidden.text == nothing.text)
            }
        }
    }

    @Test func `the paper has every box of its form with its number, and its codes hold the report`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let number = try await clinic.filed()
            let text = try await clinic.get("/cases/\(number.digits)/print/notification").text
            for group in try #require(FormVersion.version("2020-02")).groups.dropFirst() {
                let mark = group.number.map { #"<span class="paper-number">\#($0)</span>"# } ?? ""
                #expect(text.contains("<h3>\(mark)\(group.title)</h3>"), "\(group.title)")
            }
            for word in ["みなと病院", "みなと保健所", number.display, "髙橋", "■患者（確定例）", "受付日", "2020年6月5日"] {
                #expect(text.contains(word), "\(word)")
            }
            #expect(!text.contains("コードは印刷できません"))
            let file = try await site.casework.notificationToPrint(
                number,
                by: Caller(
                    Viewer(organisation: TestSite.organisations[3], account: 9, name: "保健師"),
                    through: .page,
                    address: "test"
                )
            ).subject
            let staff = Staff(
                caller: Caller(
                    Viewer(organisation: TestSite.organisations[3], account: 9, name: "保健師"),
                    through: .page,
                    address: "test"
                ),
                session: "",
                csrf: ""
            )
            let report = NotificationSheet(
                file: file,
                words: CaseWords(),
                printedAt: TestSite.now,
                printedBy: staff
            ).report
            let codes = try ReportCode.texts(of: report).compactMap { CodeMatrix($0) }
            #expect(codes.count <= 3)
            for code in codes { #expect(text.contains(code.path)) }
        }
    }

    /// Four codes beside each other as a picture that a scanner might send.
    static func scan(_ reports: PrintedReport..., without missing: Set<Int> = []) throws -> [UInt8] {
        let codes = try reports.flatMap { try ReportCode.texts(of: $0) }.compactMap { CodeMatrix($0) }
        let scale = 4
        let side = (61 + 8) * scale
        let width = side * codes.count
        var bits = [UInt8](repeating: 0, count: (width + 7) / 8 * side)
        for (index, code) in codes.enumerated() where !missing.contains(index) {
            for y in 0..<61 * scale {
                for x in 0..<61 * scale where code.isDark(x / scale, y / scale) {
                    let (px, py) = (index * side + x + 4 * scale, y + 4 * scale)
                    bits[py * ((width + 7) / 8) + px / 8] |= 0x80 >> UInt8(px % 8)
                }
            }
        }
        return tiff(width: width, height: side, bits)
    }

    /// An uncompressed bilevel TIFF, 0 white: the plainest file that FAX software writes.
    private static func tiff(width: Int, height: Int, _ bits: [UInt8]) -> [UInt8] {
        func short(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
        func long(_ value: Int) -> [UInt8] { short(value & 0xFFFF) + short(value >> 16) }
        let tags = [
            (256, width), (257, height), (258, 1), (259, 1), (262, 0), (273, 8), (277, 1), (278, height),
            (279, bits.count),
        ]
        var file: [UInt8] = [0x49, 0x49, 42, 0] + long(8 + bits.count) + bits
        file += short(tags.count)
        for (tag, value) in tags { file += short(tag) + short(4) + long(1) + long(value) }
        return file + long(0)
    }

    static let report: PrintedReport = {
        var items = Record()
        items[.caseClass] = "confirmed"
        items[.familyName] = "走査"
        items[.givenName] = "太郎<b>"
        items[.birthDate] = CalendarDate(year: 1985, month: 3, day: 2)
        items[.notifiedSymptoms] = ["fever", "cough"]
        items[.notifierInstitution] = InstitutionName(name: "みなと病院", code: "1310000011")
        items[.addressLine] = "芝2-2-2"
        var test = Record()
        test[.method] = "pcr"
        test[.specimenOn] = CalendarDate(year: 2020, month: 6, day: 3)
        return PrintedReport(form: "2020-02", items: items, tests: [test])
    }()

    @Test func `a scanned paper fills the form and stores no case`() async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            let answer = try await centre.upload(try Self.scan(Self.report))
            #expect(answer.status == 303)
            let address = try #require(answer.header("Location"))
            #expect(address.hasPrefix("/cases/new?draft="))
            let page = try await centre.get(address)
            #expect(page.holds("family_name", "走査") && page.holds("birth_date", "1985/3/2"))
            #expect(page.holds("given_name", "太郎&lt;b&gt;") && page.holds("address_line", "芝2-2-2"))
            #expect(page.holds("tests.0.specimen_on", "2020/6/3"))
            #expect(try await centre.get("/cases").text.contains("走査") == false)
        }
    }

    @Test(
        arguments: FormVersion.all.map(\.id),
        ["2020-06-03", "2021-03-01", "2022-07-15", nil] as [String?]
    )
    func `a scanned paper opens the form that it was written on, whatever its day`(
        id: String,
        day: String?
    ) async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            var report = Self.report
            report.form = id
            report.items[.notifiedOn] = day.flatMap { CalendarDate(iso: $0) }
            let form = try #require(FormVersion.version(id))
            let answer = try await centre.upload(try Self.scan(report.onForm(form)))
            let page = try await centre.get(try #require(answer.header("Location")))
            #expect(page.text.contains(#"name="shown_form" value="\#(id)""#))
            #expect(page.holds("family_name", "走査"))
        }
    }

    @Test func `a paper that is partly readable is said to be so and fills nothing`() async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            var report = Self.report
            report.items["physician_remarks"] = .text(
                String((0..<300).compactMap { Unicode.Scalar(0x4E00 + $0 * 61 % 5000).map(Character.init) })
            )
            try #require(try ReportCode.texts(of: report).count >= 2)
            let answer = try await centre.upload(try Self.scan(report, without: [1]))
            #expect(answer.status == 200)
            #expect(answer.text.contains("1個（2番目）が読み取れませんでした"))
            #expect(!answer.text.contains("draft="))
        }
    }

    @Test(arguments: [
        ("", "選んでください"), ("GIF89a", "形式は読めません"), ("%PDF-1.4 broken", "壊れている"),
    ])
    func `a broken file is refused with what to do`(file: String, words: String) async throws {
        try await TestSite.run { site in
            let answer = try await site.browser(of: "hc-a").upload(Array(file.utf8))
            #expect(answer.status == 422)
            #expect(answer.text.contains(words))
        }
    }

    @Test func `a paper of a case that is known says so`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            var report = Self.report
            report.number = number
            let scanned = try Self.scan(report)
            let centre = try await site.browser(of: "hc-a").upload(scanned)
            #expect(centre.text.contains("登録済みの発生届かもしれません") && centre.text.contains(number.display))
            // Another health centre isn't told that there is such a case.
            let other = try await site.browser(of: "hc-c").upload(scanned)
            #expect(other.status == 303)
        }
    }

    @Test func `only health centres scan, and only with their session's token`() async throws {
        try await TestSite.run { site in
            let file = try Self.scan(Self.report)
            #expect(try await site.browser(of: "med-a").upload(file).status == 403)
            #expect(try await site.browser(of: "hc-a").upload(file, csrf: "wrong").status == 403)
            let large = [UInt8](repeating: 37, count: ScannedFile.mostBytes + (1 << 17))
            #expect(try await site.browser(of: "hc-a").upload(large).status == 413)
        }
    }

    @Test func `letters are printed for a list, one a sheet, and what isn't ours is named`() async throws {
        try await TestSite.run { site in
            let one = try await site.browser(of: "med-a").filed()
            let centre = try await site.browser(of: "hc-a")
            let unknown = try #require(CaseNumber(payload: 42))
            let answer = try await centre.post(
                "/print",
                [("letter", "work-restriction"), ("numbers", "\(one.display)\n\(unknown.digits)、\(one.digits)")]
            )
            #expect(answer.status == 200)
            #expect(answer.text.components(separatedBy: "sheet letter").count == 2)
            #expect(answer.text.contains("第18条") && answer.text.contains("髙橋 花子　様"))
            #expect(answer.text.contains("みなと保健所長"))
            #expect(answer.text.contains("1件は印刷できません") && answer.text.contains(unknown.display))
            for fields in [[("letter", "care")], [("numbers", one.digits)], [("letter", "care"), ("numbers", "123")]] {
                #expect(try await centre.post("/print", fields).status == 422)
            }
            #expect(try await site.browser(of: "med-a").post("/print", [("letter", "care")]).status == 403)
        }
    }

    // MARK: FAX受信簿

    @Test func `a FAX is logged, entered, and its line leads to the case`() async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            let logged = try await centre.post(
                "/faxes",
                [
                    ("name", "abcdefghijklmnopqrstuvwx"), ("received_at", "2020/6/5 9:10"), ("institution", "med-a"),
                    ("pages", "２"), ("memo", ""),
                ]
            )
            #expect(logged.status == 303)
            let page = try await centre.get("/faxes").text
            #expect(page.contains("未入力のFAX（1件）") && page.contains("みなと病院") && page.contains("5時間50分"))
            #expect(try await centre.get("/").text.contains("未入力のFAX"))
            let headquarters = try await site.browser(of: "pref-13").get("/").text
            #expect(headquarters.contains("管内の保健所の合計") && headquarters.contains("5時間50分"))
            let draft = try await centre.newDraft("/cases/new?fax=abcdefghijklmnopqrstuvwx")
            let form = try await centre.get("/cases/new?draft=\(draft)")
            #expect(
                form.holds("notifier_institution", "1310000011 みなと病院") && form.holds("notifier_phone", "03-1234-5678")
            )
            let filed = try await centre.file(draft: draft, more: [("fax", "abcdefghijklmnopqrstuvwx")])
            let number = try Browser.number(filed)
            let after = try await centre.get("/faxes").text
            #expect(after.contains("未入力のFAX（0件）") && after.contains(#"href="/cases/\#(number.digits)""#))
        }
    }
}

extension Browser {
    /// Sends a file as the page for scanned papers does.
    func upload(_ file: [UInt8], csrf: String? = nil, fax: String = "") async throws -> Answer {
        let mark = "----hersysBoundary7f3"
        let head = """
            --\(mark)\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\(csrf ?? self.csrf)\r\n--\(mark)\r\n\
            Content-Disposition: form-data; name="fax"\r\n\r\n\(fax)\r\n--\(mark)\r\n\
            Content-Disposition: form-data; name="file"; filename="scan.tif"\r\n\
            Content-Type: application/octet-stream\r\n\r\n
            """
        return try await site.send(
            .post,
            "/faxes/scan",
            [
                "Content-Type": "multipart/form-data; boundary=\(mark)", "Cookie": cookie,
                "Sec-Fetch-Site": "same-origin",
            ],
            body: Array(head.utf8) + file + Array("\r\n--\(mark)--\r\n".utf8)
        )
    }
}
