import Catalogue
import Testing

@testable import Web

@Suite struct APIValueTests {
    private static let today = TestSite.day("2020-06-05")

    /// The value as JSON again, or the code of the refusal.
    private static func outcome(_ key: String, _ json: JSON) -> JSON {
        guard let item = Catalogue.item(key) else { return "no item" }
        switch ValueJSON.read(json, for: item, today: today) {
        case .success(let value):
            var writer = JSONWriter()
            writer.value(value)
            return (try? JSONParser.parse(writer.bytes)) ?? "unreadable"
        case .failure(let failure): return .text("✗ \(failure.code)")
        }
    }

    @Test(
        arguments: [
            ("family_name", "山田", "山田"), ("family_name", .null, .null), ("family_name", "", .null),
            ("family_name", 1, "✗ type"), ("family_name", ["山田"], "✗ type"), ("family_name", true, "✗ type"),
            ("family_kana", "ﾔﾏﾀﾞ", "ヤマダ"), ("family_kana", "山田", "✗ character"),
            ("birth_date", "1980-02-29", "1980-02-29"), ("birth_date", "1981-02-29", "✗ format"),
            ("birth_date", "S55.2.29", "✗ format"), ("birth_date", "1980/2/29", "✗ format"),
            ("birth_date", 19_800_229, "✗ type"),
            ("birth_date", "", "✗ format"),
            ("age_at_diagnosis", 40, 40), ("age_at_diagnosis", .number("40.0"), 40),
            ("age_at_diagnosis", .number("4e1"), 40),
            ("age_at_diagnosis", "40", "✗ type"), ("age_at_diagnosis", .number("40.5"), "✗ format"),
            ("age_at_diagnosis", 1000, "✗ range"), ("age_at_diagnosis", -1, "✗ format"),
            ("ct_value", .number("21.5"), .number("21.5")), ("ct_value", 50, 50),
            ("ct_value", .number("50.1"), "✗ range"),
            ("ct_value", .number("21.12345"), "✗ format"), ("ct_value", "21.5", "✗ type"),
            ("sex", "male", "male"), ("sex", "男", "✗ code"), ("sex", "", "✗ code"), ("sex", ["male"], "✗ type"),
            ("notified_symptoms", ["cough", "fever", "cough"], ["fever", "cough"]), ("notified_symptoms", [], .null),
            ("notified_symptoms", ["none", "fever"], "✗ exclusive"), ("notified_symptoms", ["x"], "✗ code"),
            ("notified_symptoms", "fever", "✗ type"), ("notified_symptoms", [1], "✗ type"),
            ("phone", "03-1234-5678", "03-1234-5678"), ("phone", 312_345_678, "✗ type"),
            ("address_municipality", "131032", "131032"), ("address_municipality", "131033", "✗ check_digit"),
            ("fax_received_at", "2020-05-22T00:00:00Z", "2020-05-22T09:00:00+09:00"),
            ("fax_received_at", "2020-05-22T09:00:00.25+09:00", "2020-05-22T09:00:00+09:00"),
            ("fax_received_at", "2020-05-22T09:00", "✗ format"),
            ("fax_received_at", "2020-05-22 09:00:00+09:00", "✗ format"),
            ("fax_received_at", "2020-05-22T09:00:00", "✗ format"),
            ("notifier_institution", "みなと病院", ["name": "みなと病院"]),
            (
                "notifier_institution", ["name": "みなと病院", "code": "1310000011"],
                ["name": "みなと病院", "code": "1310000011"]
            ),
            ("notifier_institution", ["name": "みなと病院", "code": "1310000012"], "✗ check_digit"),
            ("notifier_institution", ["name": "みなと病院", "code": "131"], "✗ format"),
            ("notifier_institution", ["code": "1310000011"], "✗ type"),
            ("notifier_institution", ["name": "みなと病院", "town": "港区"], "✗ type"),
        ] as [(String, JSON, JSON)]
    )
    func `a value has one shape in JSON`(key: String, json: JSON, outcome: JSON) {
        #expect(Self.outcome(key, json) == outcome)
    }

    @Test func `the lengths of the description are those of the catalogue's reader`() {
        for item in Catalogue.items {
            guard let most = item.type.maxLength, item.type != .email else { continue }
            let letter = item.type == .kana ? "ア" : "亜"
            let fits = String(repeating: letter, count: most)
            if case .failure(let failure) = ValueReader.read(fits, for: item, today: Self.today) {
                Issue.record("\(item.key): \(failure.code)")
            }
            if case .success = ValueReader.read(fits + letter, for: item, today: Self.today) {
                Issue.record("\(item.key) takes more than \(most)")
            }
        }
    }

    @Test func `every value that the catalogue knows survives JSON`() throws {
        for item in Catalogue.items {
            let value = APIFullCase.value(of: item)
            var writer = JSONWriter()
            writer.value(value)
            let read = ValueJSON.read(try JSONParser.parse(writer.bytes), for: item, today: Self.today)
            #expect(try read.get() == value, "\(item.key)")
        }
    }
}
