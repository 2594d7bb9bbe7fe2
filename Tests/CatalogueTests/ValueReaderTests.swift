import Catalogue
import Testing

@Suite struct `Value reader` {
    private static let today = Samples.day("2020-05-22")

    private static func read(_ key: String, _ text: String) throws -> Result<Value?, ReadingFailure> {
        ValueReader.read(text, for: try #require(Catalogue.item(key)), today: today)
    }

    private static func moment(_ day: String, _ hour: Int, _ minute: Int, _ second: Int = 0) -> Value {
        .time(Timestamp(Samples.day(day), hour: hour, minute: minute, second: second))
    }

    /// Item, what was typed, the value.
    static let accepted: [(String, String, Value)] = [
        ("family_name", " 山田 ", .text("山田")),
        ("family_name", "髙\u{E0100}橋", .text("髙\u{E0100}橋")),
        ("family_kana", "やまだ", .text("ヤマダ")),
        ("family_kana", "ﾔﾏﾀﾞ", .text("ヤマダ")),
        ("occupation", "調理師", .text("調理師")),
        ("memo", "一行目\r\n二行目", .text("一行目\n二行目")),
        ("phone", "０３-1234-5678", .text("03-1234-5678")),
        ("phone", "0422-12-3456", .text("0422-12-3456")),
        ("email", "ｔａｒｏ@example.jp", .text("taro@example.jp")),
        ("email", "a.b+c@mail.example.co.jp", .text("a.b+c@mail.example.co.jp")),
        ("postal_code", "〒105-0014", .text("1050014")),
        ("postal_code", "１０５００１４", .text("1050014")),
        ("address_municipality", "131032", .text("131032")),
        ("age_at_diagnosis", "４０歳", .integer(40)),
        ("age_at_diagnosis", "0", .integer(0)),
        ("age_at_diagnosis", "130", .integer(130)),
        ("pulse", "72 回/分", .integer(72)),
        ("spo2", "98％", .integer(98)),
        ("body_temperature", "37.5", .decimal(DecimalNumber(thousandths: 37_500))),
        ("body_temperature", "３７．５℃", .decimal(DecimalNumber(thousandths: 37_500))),
        ("body_temperature", "37.5度", .decimal(DecimalNumber(thousandths: 37_500))),
        ("body_temperature", "45", .decimal(DecimalNumber(45))),
        ("height_cm", "170.5cm", .decimal(DecimalNumber(thousandths: 170_500))),
        ("onset_on", "2020/5/22", .date(today)),
        ("onset_on", "２０２０／５／２２", .date(today)),
        ("onset_on", "R2.5.22", .date(today)),
        ("onset_on", "令和2年5月22日", .date(today)),
        ("onset_on", "20200522", .date(today)),
        ("birth_date", "昭和64年1月7日", .date(Samples.day("1989-01-07"))),
        ("observed_at", "2020-05-22T14:30:15+09:00", moment("2020-05-22", 14, 30, 15)),
        ("observed_at", "2020-05-22T05:30:00Z", moment("2020-05-22", 14, 30)),
        ("observed_at", "2020-05-22T14:30", moment("2020-05-22", 14, 30)),
        ("observed_at", "2020/5/22 14:30", moment("2020-05-22", 14, 30)),
        ("observed_at", "２０２０／５／２２　１４：３０", moment("2020-05-22", 14, 30)),
        ("observed_at", "令和2年5月22日14時30分", moment("2020-05-22", 14, 30)),
        ("observed_at", "R2.5.22 9時", moment("2020-05-22", 9, 0)),
        ("observed_at", "2020/5/22 午後2時30分", moment("2020-05-22", 14, 30)),
        ("observed_at", "2020/5/22 午前9:05", moment("2020-05-22", 9, 5)),
        ("sex", "female", .code("female")),
        ("sex", "女", .code("female")),
        ("region_prefecture", "東京都", .code("13")),
        ("nationality", "JP", .code("JP")),
        ("conditions", "heart,diabetes", .codes(["diabetes", "heart"])),
        ("conditions", "心疾患、糖尿病", .codes(["diabetes", "heart"])),
        ("conditions", "none", .codes(["none"])),
        ("jurisdiction", "hc-minato", .code("hc-minato")),
        ("related_offices", "hc-minato, hc-shibuya", .codes(["hc-minato", "hc-shibuya"])),
        ("notifier_institution", "みなと病院", .institution(InstitutionName(name: "みなと病院"))),
        ("hospital", "第２病院", .institution(InstitutionName(name: "第２病院"))),
    ]

    @Test(arguments: accepted)
    func `reads what people type`(key: String, text: String, value: Value) throws {
        #expect(try Self.read(key, text) == .success(value))
    }

    @Test(arguments: accepted)
    func `reads back what it shows for editing`(key: String, _: String, value: Value) throws {
        let item = try #require(Catalogue.item(key))
        let editable = ValueText.editable(value, of: item)
        #expect(ValueReader.read(editable, for: item, today: Self.today) == .success(value))
    }

    /// Item, what was typed, the failure's code; nil where the code is the reader of that type's to choose.
    static let refused: [(String, String, String?)] = [
        ("family_name", String(repeating: "亜", count: 101), "length"),
        ("family_name", "a" + String(repeating: "\u{0323}", count: 101), "length"),
        ("family_kana", String(repeating: "ア", count: 101), "length"),
        ("family_kana", "山田", nil),
        ("occupation", String(repeating: "亜", count: 201), "length"),
        ("memo", String(repeating: "亜", count: 10_001), "length"),
        ("phone", "090-1234-567", nil),
        ("email", "taro.example.jp", "format"),
        ("email", "taro@example", "format"),
        ("email", "ta ro@example.jp", "format"),
        ("email", "太郎@example.jp", "format"),
        ("email", "taro@example..jp", "format"),
        ("email", "taro@example.jp,hanako@example.jp", "format"),
        ("email", String(repeating: "a", count: 250) + "@b.jp", "length"),
        ("postal_code", "105-001", nil),
        ("address_municipality", "131031", nil),
        ("age_at_diagnosis", "四十", "format"),
        ("age_at_diagnosis", "40.5", "format"),
        ("age_at_diagnosis", "-1", "format"),
        ("age_at_diagnosis", "131", "range"),
        ("age_at_diagnosis", "99999999999999999999", "format"),
        ("age_months", "12", "range"),
        ("body_temperature", "29.9", "range"),
        ("body_temperature", "45.1", "range"),
        ("body_temperature", "37,5", "format"),
        ("body_temperature", "37.5555", "format"),
        ("spo2", "49", "range"),
        ("onset_on", "2020/2/30", nil),
        ("onset_on", "きのうごろ", nil),
        ("observed_at", "2020/6/3", "format"),
        ("observed_at", "15:45", "format"),
        ("observed_at", "2020/5/22 24:30", "format"),
        ("observed_at", "2020/5/22 14:60", "format"),
        ("observed_at", "2020/5/22 午後13時", "format"),
        ("observed_at", "2020/2/30 14:30", nil),
        ("sex", "x1", "code"),
        ("conditions", "diabetes,x1", "code"),
        ("conditions", "none,diabetes", "exclusive"),
        ("conditions", "、、", "format"),
        ("jurisdiction", "港区", "code"),
        ("source_case", "9876", nil),
        ("hospital", "1310000018", nil),
        ("hospital", "1310000019 みなと病院", nil),
    ]

    @Test(arguments: refused)
    func `refuses what can't be a value and never repeats it`(key: String, text: String, code: String?) throws {
        let item = try #require(Catalogue.item(key))
        guard case .failure(let failure) = ValueReader.read(text, for: item, today: Self.today) else {
            Issue.record("\(key) was accepted")
            return
        }
        if let code { #expect(failure.code == code) }
        #expect(failure.message.hasPrefix(item.ja))
        #expect(!failure.message.contains(text))
        // Not even a part of it, but for the numbers that bounds and examples are made of.
        for part in text.split(whereSeparator: { " ,/、:".contains($0) }) where part.count > 4 {
            #expect(!failure.message.contains(part))
        }
    }

    @Test(arguments: Catalogue.items)
    func `takes an empty text for no value`(item: ItemDefinition) {
        for text in ["", " ", "　\t"] {
            #expect(ValueReader.read(text, for: item, today: Self.today) == .success(nil))
        }
    }

    @Test(arguments: Catalogue.items.filter { $0.type.codeList != nil })
    func `reads every code and every label of an item's list`(item: ItemDefinition) throws {
        for entry in try #require(item.type.codeList).entries {
            let value: Value = if case .code = item.type { .code(entry.code) } else { .codes([entry.code]) }
            #expect(ValueReader.read(entry.code.rawValue, for: item, today: Self.today) == .success(value))
            #expect(ValueReader.read(codes: [entry.code.rawValue], for: item) == .success(value))
            #expect(ValueReader.read(entry.ja, for: item, today: Self.today) == .success(value))
            #expect(ValueText.display(value, of: item) == entry.ja)
        }
    }

    @Test func `orders chosen codes, drops repeats and refuses contradictions`() throws {
        let symptoms = Item.notifiedSymptoms.definition
        let sex = Item.sex.definition
        func code(_ result: Result<Value?, ReadingFailure>) -> String? {
            if case .failure(let failure) = result { failure.code } else { nil }
        }
        #expect(
            ValueReader.read(codes: ["headache", "", "fever", "headache"], for: symptoms)
                == .success(.codes(["fever", "headache"]))
        )
        #expect(ValueReader.read(codes: [], for: symptoms) == .success(nil))
        #expect(ValueReader.read(codes: ["", ""], for: symptoms) == .success(nil))
        #expect(code(ValueReader.read(codes: ["fever", "none"], for: symptoms)) == "exclusive")
        #expect(code(ValueReader.read(codes: ["fever", "x1"], for: symptoms)) == "code")
        #expect(ValueReader.read(codes: ["male", "male"], for: sex) == .success(.code("male")))
        #expect(code(ValueReader.read(codes: ["male", "female"], for: sex)) == "several")
    }

    @Test func `reads an institution with its code in front or in brackets`() throws {
        let item = Item.hospital.definition
        let code = "131000001" + String(try #require(InstitutionCode.checkDigit("131000001")))
        let value = Value.institution(InstitutionName(name: "みなと病院", code: code))
        for text in ["\(code) みなと病院", "みなと病院（\(code)）", "みなと病院 (\(code))", "\(code)　みなと病院"] {
            #expect(ValueReader.read(text, for: item, today: Self.today) == .success(value))
        }
        #expect(ValueReader.read(ValueText.editable(value, of: item), for: item, today: Self.today) == .success(value))
        #expect(ValueText.display(value, of: item) == "みなと病院")
    }

    @Test func `reads HER-SYS IDs in any grouping`() throws {
        let ids = [12_345_678_901, 98_765_432_109].compactMap { CaseNumber(payload: $0)?.digits }
        let grouped = ids.map { ValueText.display(.text($0), of: Item.sourceCase.definition) }
        #expect(grouped.allSatisfy { $0.count == 14 })
        #expect(
            ValueReader.read(grouped[0], for: Item.sourceCase.definition, today: Self.today) == .success(.text(ids[0]))
        )
        let several = Item.activityContacts.definition
        let value = Value.codes(ids.map { Code($0) })
        #expect(ValueReader.read(grouped.joined(separator: "、"), for: several, today: Self.today) == .success(value))
        #expect(
            ValueReader.read(ValueText.editable(value, of: several), for: several, today: Self.today) == .success(value)
        )
        #expect(ValueText.display(value, of: several) == grouped.joined(separator: "、"))
    }

    /// Item, value, what a person reads.
    static let displayed: [(String, Value, String)] = [
        ("onset_on", .date(today), "2020年5月22日（令和2年）"),
        ("observed_at", moment("2020-05-22", 9, 5), "2020年5月22日（令和2年） 9:05"),
        ("body_temperature", .decimal(DecimalNumber(thousandths: 37_500)), "37.5℃"),
        ("age_at_diagnosis", .integer(40), "40歳"),
        ("ct_value", .decimal(DecimalNumber(21)), "21"),
        ("postal_code", .text("1050014"), "105-0014"),
        ("phone", .text("03-1234-5678"), "03-1234-5678"),
        ("conditions", .codes(["diabetes", "heart"]), "糖尿病、心疾患"),
        ("sex", .code("from_the_future"), "from_the_future"),
    ]

    @Test(arguments: displayed)
    func `shows values to people`(key: String, value: Value, text: String) throws {
        #expect(ValueText.display(value, of: try #require(Catalogue.item(key))) == text)
    }
}
