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
            let words = Wording("送信された内容に、健康状態の報告にない項目があります。", "What was sent holds something that is not asked here.")
            return [Finding("observation_note", "unknown_item", words)]
        }
        let refused = refusals(record)
        if !refused.isEmpty { return refused }
        return unlikely(record) + (Alarm.of(record) == .emergency ? [] : missing(record))
    }

    private static func refusals(_ record: Record) -> [Finding] {
        var result: [Finding] = []
        if record.keys.allSatisfy({ $0 == "reported_by" }) {
            let words = Wording("体温と体調を入力してください。", "Please enter your temperature and how you feel.")
            result.append(Finding("body_temperature", "required", words))
        }
        if let value = record[.bodyTemperature], !temperature.contains(value) {
            let words = Wording(
                "体温は34.0から43.0までの数字で入力してください。例：36.5",
                "Please enter the temperature in degrees Celsius, a number from 34.0 to 43.0. Example: 36.5"
            )
            result.append(Finding("body_temperature", "range", words))
        }
        if let value = record[.spo2], let range = Item.spo2.definition.range, !range.contains(value) {
            let words = Wording(
                "酸素飽和度は\(range.lowerBound)から\(range.upperBound)までの数字で入力してください。例：97",
                "Please enter the oxygen level as a number from \(range.lowerBound) to \(range.upperBound). Example: 97"
            )
            result.append(Finding("spo2", "range", words))
        }
        if (record[.observationNote]?.unicodeScalars.count ?? 0) > noteLength {
            let words = Wording(
                "保健所への連絡は\(noteLength)文字以内で入力してください。",
                "Please keep the message to \(noteLength) letters at the most."
            )
            result.append(Finding("observation_note", "length", words))
        }
        return result
    }

    private static func unlikely(_ record: Record) -> [Finding] {
        var result: [Finding] = []
        if let value = record[.bodyTemperature], !likelyTemperature.contains(value) {
            let words = Wording(
                "体温の数字にまちがいがないか、もう一度確かめてください。",
                "Please look again whether the temperature is right."
            )
            result.append(Finding("body_temperature", "unlikely", words, severity: .warning))
        }
        if let value = record[.spo2], value < likelyOxygen {
            let words = Wording(
                "酸素飽和度の数字を確かめてください。脈拍の数字と読みまちがえていませんか。",
                "Please look again whether this is the oxygen level and not the pulse."
            )
            result.append(Finding("spo2", "unlikely", words, severity: .warning))
        }
        return result
    }

    private static func missing(_ record: Record) -> [Finding] {
        var result: [Finding] = []
        if record[.bodyTemperature] == nil {
            let words = Wording(
                "体温が入力されていません。測れないときは、このまま送信してください。",
                "The temperature is missing. If you cannot take it, send the report as it is."
            )
            result.append(Finding("body_temperature", "missing", words, severity: .warning))
        }
        let open = questions.filter { record[$0] == nil }
        if let first = open.first {
            let words = Wording(
                "答えていない質問が\(open.count)問あります。答えにくいときは、このまま送信してください。",
                "Questions without an answer: \(open.count). If you would rather not answer, send the report as it is."
            )
            result.append(Finding(first.key, "missing", words, severity: .warning))
        }
        return result
    }
}
