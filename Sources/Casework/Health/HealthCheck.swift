public import Catalogue

/// What is wrong or unlikely about a person's own health report.
public enum HealthCheck {
    /// Questions that are answered by はい, いいえ or わからない, in the order in which they are asked: what may be an
    /// emergency comes first.
    public static let questions: [Item<Code>] = [
        .symptomBreath, .symptomFace, .symptomConsciousness, .symptomCough, .symptomFatigue, .symptomNausea,
        .symptomDiarrhoea, .symptomEating, .symptomUrine, .symptomTaste, .antipyretic,
    ]

    /// Items that a person may report; 医師所見 isn't among them.
    static let items: Set<String> = Set(questions.map(\.key)).union([
        "reported_by", "body_temperature", "spo2", "pulse", "observation_note",
    ])

    /// Beyond these a temperature is a slip of the finger or of the thermometer.
    private static let temperature = DecimalNumber(34)...DecimalNumber(43)
    /// Between these it isn't asked about again.
    private static let likelyTemperature = DecimalNumber(35)...DecimalNumber(thousandths: 41_500)
    /// Below it is asked whether the pulse was read in its place.
    private static let likelyOxygen = 80
    private static let noteLength = 1000

    /// Findings in the order of the page.
    ///
    /// A report that is an emergency isn't held up by what is missing in it.
    public static func findings(_ record: Record) -> [Finding] {
        guard record.keys.allSatisfy(items.contains) else {
            return [Finding("observation_note", "unknown_item", "送信された内容に、健康状態の報告にない項目があります。")]
        }
        let refused = refusals(record)
        if !refused.isEmpty { return refused }
        return unlikely(record) + (Alarm.of(record) == .emergency ? [] : missing(record))
    }

    private static func refusals(_ record: Record) -> [Finding] {
        var result: [Finding] = []
        if record.keys.allSatisfy({ $0 == "reported_by" }) {
            result.append(Finding("body_temperature", "required", "体温と体調を入力してください。"))
        }
        if let value = record[.bodyTemperature], !temperature.contains(value) {
            result.append(Finding("body_temperature", "range", "体温は34.0から43.0までの数字で入力してください。例：36.5"))
        }
        if let value = record[.spo2], let range = Item.spo2.definition.range, !range.contains(value) {
            let words = "酸素飽和度は\(range.lowerBound)から\(range.upperBound)までの数字で入力してください。例：97"
            result.append(Finding("spo2", "range", words))
        }
        if (record[.observationNote]?.unicodeScalars.count ?? 0) > noteLength {
            result.append(Finding("observation_note", "length", "保健所への連絡は\(noteLength)文字以内で入力してください。"))
        }
        return result
    }

    private static func unlikely(_ record: Record) -> [Finding] {
        var result: [Finding] = []
        if let value = record[.bodyTemperature], !likelyTemperature.contains(value) {
            result.append(warning("body_temperature", "unlikely", "体温の数字にまちがいがないか、もう一度確かめてください。"))
        }
        if let value = record[.spo2], value < likelyOxygen {
            result.append(warning("spo2", "unlikely", "酸素飽和度の数字を確かめてください。脈拍の数字と読みまちがえていませんか。"))
        }
        return result
    }

    private static func missing(_ record: Record) -> [Finding] {
        var result: [Finding] = []
        if record[.bodyTemperature] == nil {
            result.append(warning("body_temperature", "missing", "体温が入力されていません。測れないときは、このまま送信してください。"))
        }
        let open = questions.filter { record[$0] == nil }
        if let first = open.first {
            result.append(
                warning(first.key, "missing", "答えていない質問が\(open.count)問あります。答えにくいときは、このまま送信してください。")
            )
        }
        return result
    }

    private static func warning(_ key: String, _ code: String, _ message: String) -> Finding {
        Finding(key, code, message, severity: .warning)
    }
}
