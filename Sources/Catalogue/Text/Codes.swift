/// 郵便番号.
public enum PostalCode {
    /// The seven digits of a postal code, typed with or without 〒 and hyphen.
    public static func read(_ text: String) -> Result<String, ReadingFailure> {
        text.codeDigits(dropping: "〒").flatMap { digits in
            digits.utf8.count == 7
                ? .success(digits)
                : .refused("length", "郵便番号は7桁です（入力は\(digits.utf8.count)桁）。例：100-8916")
        }
    }

    /// The code as it is printed: `100-8916`.
    public static func display(_ code: String) -> String {
        code.utf8.count == 7 ? "\(code.prefix(3))-\(code.dropFirst(3))" : code
    }
}

/// 全国地方公共団体コード.
public enum MunicipalityCode {
    /// The six digits, the last of them the check digit.
    ///
    /// Five digits are JIS X 0402 without the check digit, which is added, or six whose leading 0 a spreadsheet has
    /// eaten (`10006` of the open data, 北海道 010006). The number tells which: bodies have 000 or 100–699 in the third
    /// to fifth place, and the check digit must be right. Where both readings are possible (about one code in
    /// twenty) the text is refused rather than guessed, for a guess would send the case to another prefecture.
    public static func read(_ text: String) -> Result<String, ReadingFailure> {
        text.codeDigits().flatMap { digits in
            switch digits.utf8.count {
            case 6:
                guard isPrefecture(digits) else { return .refused("format", prefectureMessage) }
                return isChecked(digits)
                    ? .success(digits)
                    : .refused("check_digit", "団体コードの検査数字（6桁目）が合いません。番号を確かめてください。")
            case 5:
                let whole = isPlausible(digits) ? checkDigit(digits).map { digits + String($0) } : nil
                let eaten = isPlausible("0" + digits) && isChecked("0" + digits) ? "0" + digits : nil
                switch (whole, eaten) {
                case (let code?, nil), (nil, let code?): return .success(code)
                case (nil, nil): return .refused("format", prefectureMessage)
                default:
                    return .refused("ambiguous", "5桁では2通りに読めます。検査数字を付けた6桁の団体コードを入力してください。")
                }
            default:
                return .refused("length", "団体コードは6桁です（入力は\(digits.utf8.count)桁）。例：131041")
            }
        }
    }

    /// The check digit of five digits, or nil for anything else.
    ///
    /// 総務省「都道府県コード及び市区町村コード」: weights 6, 5, 4, 3, 2; the last digit of 11 less the remainder by 11.
    public static func checkDigit(_ five: String) -> Int? {
        guard let digits = digitValues(five, count: 5) else { return nil }
        let sum = zip(digits, [6, 5, 4, 3, 2]).reduce(0) { $0 + $1.0 * $1.1 }
        return (11 - sum % 11) % 10
    }

    /// The prefecture of a code: its first two digits.
    public static func prefecture(_ code: String) -> String {
        String(code.prefix(2))
    }

    private static let prefectureMessage = "団体コードの先頭2桁は都道府県（01から47）です。番号を確かめてください。"

    private static func isChecked(_ six: String) -> Bool {
        checkDigit(String(six.prefix(5))) == six.digitValues.last
    }

    private static func isPlausible(_ code: String) -> Bool {
        let body = Int(code.dropFirst(2).prefix(3)) ?? 0
        return isPrefecture(code) && (body == 0 || (100...699).contains(body))
    }
}

/// 医療機関コード in ten digits: 都道府県 2, 点数表 1, 医療機関 7 with the check digit.
public enum InstitutionCode {
    /// The ten digits with prefecture, kind and check digit verified.
    ///
    /// The kind is 1 医科, 3 歯科, 4 調剤, 6 訪問看護 and others that are not listed here: any digit but 0.
    public static func read(_ text: String) -> Result<String, ReadingFailure> {
        text.codeDigits().flatMap { digits in
            guard digits.utf8.count == 10 else {
                return .refused("length", "医療機関コードは10桁（都道府県2桁・点数表1桁・医療機関7桁）です（入力は\(digits.utf8.count)桁）。")
            }
            guard isPrefecture(digits) else {
                return .refused("format", "医療機関コードの先頭2桁は都道府県（01から47）です。番号を確かめてください。")
            }
            guard digits.dropFirst(2).first != "0" else {
                return .refused("format", "医療機関コードの3桁目は点数表（医科は1、歯科は3）です。番号を確かめてください。")
            }
            return checkDigit(String(digits.prefix(9))) == digits.digitValues.last
                ? .success(digits)
                : .refused("check_digit", "医療機関コードの検査数字（末尾）が合いません。番号を確かめてください。")
        }
    }

    /// The check digit of nine digits, or nil for anything else.
    ///
    /// 診療報酬請求の検証番号: weights 2 and 1 in turn from the right, digits of the products added, to the next ten (Luhn).
    public static func checkDigit(_ nine: String) -> Int? {
        guard let digits = digitValues(nine, count: 9) else { return nil }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let product = place % 2 == 0 ? digit * 2 : digit
            sum += product / 10 + product % 10
        }
        return (10 - sum % 10) % 10
    }
}

private func digitValues(_ text: String, count: Int) -> [Int]? {
    let values = text.digitValues
    return values.count == count && text.utf8.count == count ? values : nil
}

private func isPrefecture(_ code: String) -> Bool {
    (1...47).contains(Int(code.prefix(2)) ?? 0)
}
