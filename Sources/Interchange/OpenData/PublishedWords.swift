import Catalogue

/// The words in which cities publish what the catalogue has codes for.
enum PublishedWords {
    /// Nothing, or one of the words and signs that say that it is not known.
    static func isUnknown(_ cell: String) -> Bool {
        if cell.isEmpty { return true }
        return unknownWords.contains(cell)
    }

    /// The cell without white space around it, NBSP and the ideographic space included.
    static func trimmed(_ cell: String) -> String {
        let scalars = cell.unicodeScalars
        guard let first = scalars.first, let last = scalars.last, isSpace(first) || isSpace(last) else { return cell }
        guard let start = scalars.firstIndex(where: { !isSpace($0) }),
            let end = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[start...end])
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\r", "\n", "\u{00A0}", "\u{3000}", "\u{200B}", "\u{FEFF}": true
        default: false
        }
    }

    /// The text with full-width digits as ASCII digits.
    static func asciiDigits(_ cell: String) -> String {
        guard cell.utf8.contains(where: { $0 >= 0x80 }) else { return cell }
        var result = ""
        for scalar in cell.unicodeScalars {
            if (0xFF10...0xFF19).contains(scalar.value), let digit = Unicode.Scalar(scalar.value - 0xFF10 + 0x30) {
                result.unicodeScalars.append(digit)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static let unknownWords: Set<String> = [
        "不明", "調査中", "確認中", "非公表", "非公開", "公表なし", "欠番", "該当なし", "未公表", "NA", "N/A",
        "-", "--", "―", "－", "ー", "‐", "–", "—", "−", "─", "…",
    ]

    /// 患者_年代 to the age band.
    static func ageBand(_ cell: String) -> Code? {
        ages[asciiDigits(cell)]
    }

    private static let ages: [String: Code] = [
        "10歳未満": "u10", "10代未満": "u10", "0-9歳": "u10", "0歳": "u10", "1歳未満": "u10", "乳児": "u10", "幼児": "u10",
        "10代": "10s", "20代": "20s", "30代": "30s", "40代": "40s", "50代": "50s", "60代": "60s", "70代": "70s",
        "80代": "80s", "90代": "90plus", "90代以上": "90plus", "90歳以上": "90plus", "100代": "90plus",
        "100歳以上": "90plus", "100歳代": "90plus", "10歳代": "10s", "20歳代": "20s", "30歳代": "30s", "40歳代": "40s",
        "50歳代": "50s", "60歳代": "60s", "70歳代": "70s", "80歳代": "80s", "90歳代": "90plus",
    ]

    /// 患者_性別 to the code of sex.
    static func sex(_ cell: String) -> Code? {
        switch cell {
        case "男性", "男", "男児": "male"
        case "女性", "女", "女児": "female"
        case "その他": "other"
        default: nil
        }
    }

    /// What 患者_状態 says: a severity, a death, or that the person is well again.
    enum State: Equatable {
        case severity(Code)
        case died
        case discharged
    }

    /// 患者_状態 to a severity or an outcome.
    static func state(_ cell: String) -> State? {
        switch cell {
        case "無症状": .severity("asymptomatic")
        case "軽症": .severity("mild")
        case "中等症": .severity("moderate")
        case "中等症Ⅰ", "中等症I", "中等症1": .severity("moderate_1")
        case "中等症Ⅱ", "中等症II", "中等症2": .severity("moderate_2")
        case "重症": .severity("severe")
        case "死亡": .died
        case "退院", "回復", "療養解除": .discharged
        default: nil
        }
    }

    /// A flag: true for 1, false for 0 or nothing, nil for anything else.
    static func flag(_ cell: String) -> Bool? {
        switch asciiDigits(cell) {
        case "1", "有", "あり", "TRUE", "true": true
        case "0", "無", "なし", "FALSE", "false": false
        default: isUnknown(cell) ? false : nil
        }
    }

    /// 患者_症状 to codes in the list's order, and the words for which there is no code.
    static func symptoms(_ cell: String) -> (codes: [Code], other: String?) {
        var codes: Set<Code> = []
        var other: [String] = []
        for part in cell.unicodeScalars.split(whereSeparator: { separators.contains($0) }) {
            let word = trimmed(String(part))
            if isUnknown(word) { continue }
            if let code = symptomWords[word] {
                codes.insert(code)
            } else {
                codes.insert("other")
                other.append(word)
            }
        }
        // 「なし」 beside a symptom says nothing.
        if codes.count > 1 { codes.remove("none") }
        let ordered = CodeList.symptom.entries.map(\.code).filter(codes.contains)
        return (ordered, other.isEmpty ? nil : other.joined(separator: "、"))
    }

    private static let separators: Set<Unicode.Scalar> = [";", "；", "・", "、", "，", ",", "､", "/", "／", "\n", "\r"]

    private static let symptomWords: [String: Code] = {
        let table: [(Code, String)] = [
            ("fever", "発熱 熱 高熱 微熱 37度以上の発熱"),
            ("cough", "咳 せき セキ 咳嗽 乾いた咳 湿性咳嗽 咳症状"),
            ("acute_respiratory", "咳以外の急性呼吸器症状 呼吸困難 呼吸苦 息苦しさ 息切れ 咽頭痛 のどの痛み 喉の痛み 鼻汁 鼻水 鼻閉 痰 喀痰 上気道炎"),
            ("pneumonia_image", "肺炎像 肺炎"),
            ("severe_pneumonia", "重篤な肺炎 重症肺炎"),
            ("ards", "急性呼吸窮迫症候群 ARDS"),
            ("multi_organ_failure", "多臓器不全"),
            ("fatigue", "全身倦怠感 倦怠感 だるさ 全身のだるさ 体のだるさ"),
            ("headache", "頭痛"),
            ("nausea", "嘔気 嘔吐 吐き気 悪心"),
            ("diarrhoea", "下痢"),
            ("conjunctivitis", "結膜炎"),
            ("smell_taste", "嗅覚 味覚 嗅覚障害 味覚障害 嗅覚異常 味覚異常 味覚嗅覚障害 嗅覚味覚障害"),
            ("none", "なし 無し 無症状 症状なし 症状無し"),
        ]
        var words: [String: Code] = [:]
        for (code, names) in table {
            for name in names.split(separator: " ") { words[String(name)] = code }
        }
        return words
    }()
}
