import Catalogue
import Testing

@testable import Interchange

/// The 2-D code of a printed report: everything comes back, and nothing else is believed.
@Suite struct ReportCodeTests {
    /// A report in which every item of a form has a value.
    static func full(_ version: FormVersion, text: String = "髙橋﨑𠮷はなこ〜①") -> PrintedReport {
        func record(_ keys: [String]) -> Record {
            Record(
                Dictionary(
                    uniqueKeysWithValues: keys.compactMap(Catalogue.item).map { ($0.key, value(of: $0, text)) }
                )
            )
        }
        return PrintedReport(
            number: CaseNumber(payload: 12_345_678_901),
            form: version.id,
            items: record(version.items),
            tests: version.testItems.isEmpty ? [] : [record(version.testItems), record(version.testItems)]
        )
    }

    private static func value(of item: ItemDefinition, _ text: String) -> Value {
        switch item.type {
        case .integer: .integer(item.range?.upperBound ?? -3)
        case .decimal: .decimal(DecimalNumber(thousandths: 97_500))
        case .date: .date(CalendarDate(dayNumber: 18_404))
        case .time: .time(Timestamp(seconds: 1_590_000_000))
        case .code(let list): .code(list.entries.last?.code ?? "")
        case .codes(let list): .codes(list.entries.map(\.code))
        case .institution: .institution(InstitutionName(name: text, code: "1310000011"))
        case .office: .code("hc-a")
        case .offices, .caseReferences: .codes(["hc-a", "hc-b"])
        case .phone: .text("03-1234-5678")
        default: .text(text)
        }
    }

    @Test(arguments: FormVersion.all.map(\.id))
    func `every item of every form comes back as it was`(id: String) throws {
        let report = Self.full(try #require(FormVersion.version(id)))
        let texts = try ReportCode.texts(of: report)
        #expect(ReportCode.reports(in: texts.reversed()) == [.whole(report)])
        #expect(texts.allSatisfy { $0.utf8.count <= 366 })
    }

    @Test(arguments: FormVersion.all.map(\.id))
    func `no two items of a form and no two codes of a list share a short name`(id: String) throws {
        let version = try #require(FormVersion.version(id))
        for keys in [version.items, version.testItems] {
            #expect(Set(keys.map(ShortName.of)).count == Set(keys).count)
        }
        for list in Catalogue.lists {
            let named = list.entries.map(\.code.rawValue).filter { $0.utf8.count > ShortName.spelledBytes }
            #expect(Set(named.map(ShortName.of)).count == named.count, "\(list.key)")
        }
    }

    @Test func `every code of every item comes back as itself`() throws {
        for version in FormVersion.all {
            for item in version.items.compactMap(Catalogue.item) {
                guard case .code(let list) = item.type else { continue }
                for entry in list.entries {
                    var items = Record()
                    items[item.key] = .code(entry.code)
                    let report = PrintedReport(form: version.id, items: items, tests: [])
                    let read = try ReportPayload.decode(try ReportPayload.encode(report))
                    #expect(read == report, "\(item.key) \(entry.code.rawValue)")
                }
            }
        }
    }

    @Test func `two reports on one pile are told apart, and a missing code is named`() throws {
        let one = Self.full(.february)
        var other = one
        other.items[.familyName] = "鈴木"
        let (first, second) = (try ReportCode.texts(of: one), try ReportCode.texts(of: other))
        try #require(first.count >= 2)
        #expect(ReportCode.reports(in: first + second + first) == [.whole(one), .whole(other)])
        #expect(
            ReportCode.reports(in: ["https://example.jp/", first[0]] + second) == [
                .partial(count: first.count, missing: Array(2...first.count)), .whole(other),
            ]
        )
    }

    @Test func `codes of a later version and damaged ones are said to be so`() throws {
        #expect(ReportCode.reports(in: ["HS2ABC"]) == [.failed(.newer)])
        #expect(ReportCode.reports(in: ["HS1"]) == [.failed(.damaged)])
        #expect(ReportCode.reports(in: ["HS1abc"]) == [.failed(.damaged)])
        #expect(ReportCode.reports(in: ["WIFI:S:abc;;"]) == [])
        let texts = try ReportCode.texts(of: Self.full(.february))
        // Two codes of one report exchanged for each other's contents: the checksum sees it.
        let swapped = Base45.text(
            Array(try #require(Base45.bytes(texts[0].dropFirst(3))).prefix(6))
                + Array(try #require(Base45.bytes(texts[1].dropFirst(3))).dropFirst(6))
        )
        #expect(ReportCode.reports(in: ["HS1\(swapped)"] + texts.dropFirst()) == [.failed(.damaged)])
    }

    @Test func `a report with long remarks is split, and one without end is refused`() throws {
        var report = Self.full(.february)
        report.items["physician_remarks"] = .text(Self.remarks(600))
        let texts = try ReportCode.texts(of: report)
        #expect(texts.count > 3)
        #expect(ReportCode.reports(in: texts) == [.whole(report)])
        report.items["physician_remarks"] = .text(Self.remarks(8000))
        #expect(throws: ReportCodeFailure.tooLong) { try ReportCode.texts(of: report) }
    }

    /// Letters in no order, which nothing makes shorter.
    private static func remarks(_ count: Int) -> String {
        var chance = Dice(state: 5)
        return String(
            String.UnicodeScalarView((0..<count).compactMap { _ in Unicode.Scalar(0x4E00 + chance.next() % 5000) })
        )
    }

    @Test func `an ordinary report takes two codes`() throws {
        var report = Self.full(.february, text: "東京都千代田区")
        report.items = report.items.filter {
            !$0.hasPrefix("guardian") && !$0.hasPrefix("region_") && $0 != "route_detail"
        }
        report.items[.notifiedSymptoms] = ["fever", "cough"]
        report.tests = Array(report.tests.prefix(1))
        #expect(try ReportCode.texts(of: report).count <= 2)
    }

    @Test func `whatever bytes stand in a code, the reader ends and takes nothing for a report`() throws {
        var chance = Dice(state: 11)
        let good = try ReportPayload.encode(Self.full(.february))
        for round in 0..<3000 {
            var bytes: [UInt8]
            switch round % 3 {
            case 0: bytes = (0..<Int(chance.next() % 300)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
            case 1: bytes = Array(good.prefix(Int(chance.next()) % good.count))
            default:
                bytes = good
                for _ in 0...(chance.next() % 4) {
                    bytes[Int(chance.next()) % bytes.count] ^= UInt8(1 << (chance.next() % 8))
                }
            }
            guard bytes != good else { continue }
            #expect(throws: ReportCodeFailure.self) { try ReportPayload.decode(bytes) }
        }
    }

    /// Behind a sum that is right, too: whoever prints a hostile code also computes its checksum.
    @Test func `a reader of unpacked bytes throws or reads values that their items can hold`() throws {
        var writer = PayloadWriter()
        let report = Self.full(.february)
        writer.record(report.items)
        let good = writer.bytes
        let names = ItemNames(FormVersion.february.items)
        var chance = Dice(state: 3)
        var read = 0
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0...(chance.next() % 3) {
                bytes[Int(chance.next()) % bytes.count] = UInt8(truncatingIfNeeded: chance.next())
            }
            var reader = PayloadReader(bytes)
            guard let record = try? reader.record(names) else { continue }
            read += 1
            for (key, value) in record.all {
                let type = try #require(Catalogue.item(key)).type
                #expect(Value(stored: value.stored, type: type) == value)
            }
        }
        #expect(read > 0)
    }

    @Test(arguments: ["", "A", "AB", "Hello!!", "base-45", "漢字"])
    func `Base45 reads back what it wrote`(text: String) {
        let bytes = Array(text.utf8)
        #expect(Base45.bytes(Substring(Base45.text(bytes))) == bytes)
    }

    @Test func `Base45 is that of RFC 9285`() {
        #expect(Base45.text(Array("AB".utf8)) == "BB8")
        #expect(Base45.text(Array("Hello!!".utf8)) == "%69 VD92EX0")
        #expect(Base45.bytes("GGW") == nil)
        #expect(Base45.bytes("::") == nil)
    }
}

extension FormVersion {
    fileprivate static var february: FormVersion { FormVersion.version("2020-02") ?? FormVersion.all[0] }
}

/// The same numbers from the same seed.
private struct Dice {
    var state: UInt64

    mutating func next() -> UInt32 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt32(truncatingIfNeeded: state >> 33)
    }
}
