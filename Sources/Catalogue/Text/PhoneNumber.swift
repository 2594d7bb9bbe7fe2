/// A telephone number that can be dialled, with the grouping its owner gave it.
///
/// 電気通信番号計画: 0AB–J 10 digits (with 0120 and 0570), 050・060・070・080・090 and 0800 11 digits; other countries by
/// E.164. The grouping is never made anew: 0422-12-3456 is not 042-212-3456 to the person whose number it is.
public struct PhoneNumber: Sendable, Hashable {
    /// The number as typed in ASCII, with its extension as ` 内線123`.
    public let typed: String
    /// National digits from 0, or `+` and all digits for another country; without the extension.
    public let digits: String
    /// The number in E.164.
    public let e164: String

    /// Whether a mobile telephone: 060, 070, 080, 090.
    public var isMobile: Bool {
        digits.utf8.count == 11 && !digits.hasPrefix("0800")
            && ["060", "070", "080", "090"].contains(digits.prefix(3))
    }

    /// Reads a number typed in any width, with hyphens of any kind, +81, brackets and 内線.
    public static func read(_ text: String) -> Result<PhoneNumber, ReadingFailure> {
        guard text.utf8.count <= 256 else {
            return .refused("length", "文字数が多すぎます。電話番号を1つだけ入力してください。")
        }
        let parts = PhoneText(text)
        guard parts.isWellFormed else {
            return .refused("character", "電話番号に使えない文字があります。数字とハイフンで入力してください（内線は「内線123」）。")
        }
        guard !parts.digits.isEmpty else { return .refused("empty", "電話番号を入力してください。") }
        let typed = parts.typed + (parts.extensionDigits.isEmpty ? "" : " 内線" + parts.extensionDigits)
        if parts.hasPlus, !parts.digits.hasPrefix("81") {
            guard (7...15).contains(parts.digits.utf8.count), !parts.digits.hasPrefix("0") else {
                return .refused("length", "国番号を含めて7桁から15桁の番号を、+に続けて入力してください。")
            }
            return .success(PhoneNumber(typed: typed, digits: "+" + parts.digits, e164: "+" + parts.digits))
        }
        let digits = parts.hasPlus ? parts.national ?? "" : parts.digits
        if let failure = failure(digits) { return .failure(failure) }
        return .success(PhoneNumber(typed: typed, digits: digits, e164: "+81" + digits.dropFirst()))
    }

    private static func failure(_ digits: String) -> ReadingFailure? {
        let values = digits.digitValues
        if values.count == 3, values.first == 1 {
            return ReadingFailure(code: "emergency", message: "110や119などは登録できません。連絡の取れる番号を入力してください。")
        }
        guard values.first == 0 else {
            return ReadingFailure(
                code: "format",
                message: "0から始まる市外局番を含めて入力してください。海外の番号は+から入力してください。"
            )
        }
        guard values.count > 3, values[1] != 0 else {
            return ReadingFailure(code: "length", message: "桁が足りないか、形が違います。市外局番から入力してください。")
        }
        if values[2] == 0, values[1] >= 5 {
            return values.count == 11
                ? nil
                : ReadingFailure(
                    code: "length",
                    message: "0\(values[1])0で始まる番号は11桁です（入力は\(values.count)桁）。番号を確かめてください。"
                )
        }
        return values.count == 10
            ? nil
            : ReadingFailure(code: "length", message: "市外局番を含めて10桁の番号です（入力は\(values.count)桁）。番号を確かめてください。")
    }
}

/// The parts of a typed telephone number, well formed or not.
struct PhoneText {
    private(set) var typed = ""
    private(set) var digits = ""
    private(set) var extensionDigits = ""
    private(set) var hasPlus = false
    private(set) var isWellFormed = true

    init(_ text: String) {
        let scalars = Array(text.folded.unicodeScalars)
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            if "内eExX#;".unicodeScalars.contains(scalar) {
                readExtension(scalars[position...])
                break
            }
            if hasPlus, scalar == "(", scalars[position...].starts(with: "(0)".unicodeScalars) {
                // +81 (0)3…: the 0 is dialled inside the country only.
                typed += "(0)"
                position += 3
                continue
            }
            readNumber(scalar)
            position += 1
        }
        while let last = typed.last, last == " " || last == "(" || last == "-" { typed.removeLast() }
    }

    /// Digits from 0 of a number of Japan; nil for another country.
    ///
    /// For comparing, more is taken than may be stored: 81 without its +, and a 0 that a spreadsheet has eaten.
    var national: String? {
        guard hasPlus else { return Self.national(digits) }
        return digits.hasPrefix("81") ? Self.withoutCountry(digits) : nil
    }

    static func national(_ digits: String) -> String {
        switch digits.utf8.count {
        case 9 where !digits.hasPrefix("0"): "0" + digits
        case 11... where digits.hasPrefix("81"): withoutCountry(digits)
        default: digits
        }
    }

    /// The digits of an ASCII number without + and extension, as nearly all are; nil for what must be looked at closely.
    static func plainDigits(_ text: String) -> String? {
        var digits: [UInt8] = []
        digits.reserveCapacity(16)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: digits.append(byte)
            case 0x20, 0x28, 0x29, 0x2D: continue
            default: return nil
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func withoutCountry(_ digits: String) -> String {
        "0" + digits.dropFirst(2).drop { $0 == "0" }
    }

    private mutating func readNumber(_ scalar: Unicode.Scalar) {
        if scalar.digit != nil {
            digits.unicodeScalars.append(scalar)
            typed.unicodeScalars.append(scalar)
        } else if scalar.isBlank {
            if !typed.isEmpty, typed.last != " " { typed += " " }
        } else if scalar.isHyphen {
            typed += "-"
        } else if scalar == "+", !hasPlus, digits.isEmpty {
            hasPlus = true
            typed += "+"
        } else if scalar == "(" || scalar == ")" || scalar == "." {
            typed.unicodeScalars.append(scalar)
        } else {
            isWellFormed = false
        }
    }

    private mutating func readExtension(_ scalars: ArraySlice<Unicode.Scalar>) {
        for scalar in scalars {
            if scalar.digit != nil {
                extensionDigits.unicodeScalars.append(scalar)
            } else if !scalar.isBlank, !scalar.isHyphen, !"内線番号eExXtT.:;=#)".unicodeScalars.contains(scalar) {
                isWellFormed = false
            }
        }
        if !(1...8).contains(extensionDigits.utf8.count) { isWellFormed = false }
    }
}
