/// A column of the open-data standard 陽性患者属性, by whatever name a city writes it.
enum LineListColumn: String, CaseIterable {
    case number = "No"
    case code = "全国地方公共団体コード"
    case prefecture = "都道府県名"
    case municipality = "市区町村名"
    case publishedOn = "公表_年月日"
    case onsetOn = "発症_年月日"
    case residence = "患者_居住地"
    case ageBand = "患者_年代"
    case sex = "患者_性別"
    case occupation = "患者_職業"
    case state = "患者_状態"
    case symptoms = "患者_症状"
    case travelled = "患者_渡航歴の有無フラグ"
    case discharged = "患者_退院済フラグ"
    case positiveAgain = "患者_再陽性フラグ"
    case remarks = "備考"

    /// Without these no row can be read.
    static let required: [LineListColumn] = [.number, .code, .publishedOn, .ageBand, .sex]

    /// Columns that ``PatientLineList/rejectsCSV(_:)`` adds: a mended file may bring them back.
    static let addedToRejects = ["行", "列", "理由"]

    private static let names: [String: LineListColumn] = {
        var names: [String: LineListColumn] = [:]
        for column in allCases { names[column.rawValue] = column }
        let aliases: [(String, LineListColumn)] = [
            ("NO", .number), ("no", .number), ("番号", .number), ("№", .number),
            ("都道府県コード", .code), ("都道府県", .prefecture), ("市区町村", .municipality),
            ("公表年月日", .publishedOn), ("公表日", .publishedOn), ("発症年月日", .onsetOn), ("発症日", .onsetOn),
            ("居住地", .residence), ("年代", .ageBand), ("性別", .sex), ("職業", .occupation), ("属性", .occupation),
            ("患者_属性", .occupation), ("状態", .state), ("症状", .symptoms),
            ("渡航歴の有無フラグ", .travelled), ("患者_渡航歴", .travelled),
            ("退院済フラグ", .discharged), ("再陽性フラグ", .positiveAgain),
        ]
        for (name, column) in aliases { names[name] = column }
        return names
    }()

    /// The column of a header cell, or nil where the standard has none of that name.
    init?(header: String) {
        var name = ""
        for scalar in header.unicodeScalars {
            switch scalar {
            case "\u{FEFF}", "\u{00A0}", "\u{3000}", " ", "\t", "\r", "\n": continue
            case "＿": name.unicodeScalars.append("_")
            case "Ｎ": name.unicodeScalars.append("N")
            case "ｏ": name.unicodeScalars.append("o")
            case "．", ".": continue
            default: name.unicodeScalars.append(scalar)
            }
        }
        guard let column = Self.names[name] else { return nil }
        self = column
    }
}

/// Where each column of the standard stands in a file.
struct LineListLayout {
    let places: [LineListColumn: Int]
    let ignored: [String]
    let repeated: [String]

    init(header: [String]) {
        var places: [LineListColumn: Int] = [:]
        var ignored: [String] = []
        var repeated: [String] = []
        for (place, name) in header.enumerated() {
            let name = FormulaGuard.original(name)
            guard let column = LineListColumn(header: name) else {
                if !LineListColumn.addedToRejects.contains(name) { ignored.append(name) }
                continue
            }
            if let first = places[column] {
                repeated.append("\(header[first])と\(name)")
            } else {
                places[column] = place
            }
        }
        self.places = places
        self.ignored = ignored
        self.repeated = repeated
    }

    /// The required columns that the file lacks, by their standard names.
    var missing: [String] {
        LineListColumn.required.filter { places[$0] == nil }.map(\.rawValue)
    }
}
