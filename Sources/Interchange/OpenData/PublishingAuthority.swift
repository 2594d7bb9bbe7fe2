import Catalogue

/// Who publishes a row: its 全国地方公共団体コード set right where spreadsheets or copied headers have spoilt it.
struct PublishingAuthority: Equatable {
    /// 6 digits.
    let code: String
    /// What was read otherwise than it stands.
    let note: String?

    /// Prefecture, two digits.
    var prefecture: String { String(code.prefix(2)) }

    /// Works out the authority from the code and the names beside it, or says why that can't be done.
    ///
    /// The names win over a code of another prefecture: Kobe's list came with Tokyo's code, and by the code alone its
    /// first case would have overwritten Tokyo's.
    static func read(code cell: String, names: [String]) -> Result<PublishingAuthority, LineListCellFailure> {
        let code: String
        switch MunicipalityCode.read(cell) {
        case .success(let read): code = read
        case .failure(let failure): return .failure(LineListCellFailure(.code, failure.message))
        }
        for name in names {
            guard let named = byName[name] else { continue }
            // A prefecture's name stands beside the codes of its cities too.
            if named == code
                || (named.hasSuffix("000") && prefectures.contains(name) && named.prefix(2) == code.prefix(2))
            {
                break
            }
            if named.prefix(2) != code.prefix(2) {
                return .success(
                    PublishingAuthority(
                        code: named,
                        note: "コード\(code)は「\(name)」のものではないため、\(named)（\(name)）として読みました。"
                    )
                )
            }
        }
        if let unknown = names.first(where: {
            $0.hasSuffix("都") || $0.hasSuffix("道") || $0.hasSuffix("府") || $0.hasSuffix("県")
        }),
            byName[unknown] == nil
        {
            return .failure(LineListCellFailure(.prefecture, "都道府県名が正しくありません。"))
        }
        let note = code == cell ? nil : "全国地方公共団体コード「\(cell)」を\(code)と読みました。"
        return .success(PublishingAuthority(code: code, note: note))
    }

    private static let prefectures = Set(CodeList.prefecture.entries.map(\.ja))

    /// Prefectures and the cities designated by government order, which publish lists of their own.
    private static let byName: [String: String] = {
        var codes: [String: String] = [:]
        for entry in CodeList.prefecture.entries {
            codes[entry.ja] = completed("\(entry.code.rawValue)000")
        }
        let cities = """
            札幌市01100 仙台市04100 さいたま市11100 千葉市12100 横浜市14100 川崎市14130 相模原市14150 新潟市15100 静岡市22100 浜松市22130 \
            名古屋市23100 京都市26100 大阪市27100 堺市27140 神戸市28100 岡山市33100 広島市34100 北九州市40100 福岡市40130 熊本市43100
            """
        for city in cities.split(separator: " ") {
            codes[String(city.dropLast(5))] = completed(String(city.suffix(5)))
        }
        return codes
    }()

    private static func completed(_ five: String) -> String? {
        MunicipalityCode.checkDigit(five).map { five + String($0) }
    }
}
