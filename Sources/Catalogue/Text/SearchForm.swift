/// Texts made comparable for finding and for duplicates, never for storing.
///
/// Two texts are alike where their forms are equal byte for byte; Swift's own `==` would do more (福 U+FA1B is 福) and
/// less (辻 with a variation selector is not 辻).
public enum SearchForm {
    /// The reading in katakana without spaces, ・, ＝ and hyphens.
    public static func kanaExact(_ text: String) -> String {
        var form = String.UnicodeScalarView()
        for scalar in text.folded.unicodeScalars where !scalar.isJoint {
            append(scalar.katakana, to: &form)
        }
        return String(form)
    }

    /// The reading as it is heard: spellings that sound alike are equal.
    ///
    /// Small kana are large; ヂヅヲヰヱ are ジズオイエ; ヴァ行 is バ行; long vowels are short however they are written
    /// (オオノ・オーノ・オウノ・オノ, ユウコ・ユーコ, ケイ・ケー・ケエ). Finds too much on purpose (飯田 and 井田): a person decides.
    public static func kana(_ text: String) -> String {
        var form = String.UnicodeScalarView()
        var vowel: UInt8 = 0
        var afterVu = false
        for scalar in text.folded.unicodeScalars where !scalar.isJoint {
            if scalar == "ー" {
                if afterVu {
                    form.append("ブ")
                    vowel = Sounds.u
                    afterVu = false
                }
                continue
            }
            let typed = scalar.katakana
            guard (0x30A1...0x30FA).contains(typed.value) || (0x31F0...0x31FF).contains(typed.value) else {
                if afterVu { form.append("ブ") }
                afterVu = false
                vowel = 0
                append(typed, to: &form)
                continue
            }
            if afterVu {
                afterVu = false
                if let joined = Sounds.vuRow(typed) {
                    form.append(joined)
                    vowel = Sounds.vowel(joined)
                    // ヴァ is one sound, バ; ヴャ is two letters, ビヤ.
                    if Sounds.vowel(Sounds.large(typed)) == vowel { continue }
                } else {
                    form.append("ブ")
                    vowel = Sounds.u
                }
            }
            if typed == "ヴ" {
                afterVu = true
                continue
            }
            let large = Sounds.large(typed)
            if Sounds.lengthens(large, vowel) { continue }
            form.append(large)
            vowel = Sounds.vowel(large)
        }
        if afterVu { form.append("ブ") }
        return String(form)
    }

    /// The name without its spelling: no selectors, no old forms of kanji, no case, no spaces.
    public static func name(_ text: String) -> String {
        nameForm(text, similar: false)
    }

    /// The name with characters that are mistaken for each other made equal too (斎 and 斉).
    ///
    /// Different names: for suggesting a duplicate, with less weight than ``name(_:)``.
    public static func similarName(_ text: String) -> String {
        nameForm(text, similar: true)
    }

    /// Whether a character stands between the parts of a name: a space of any width, ・, ＝, a comma.
    public static func partsNames(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x2C, 0x3001, 0x3D, 0x30A0, 0x30FB, 0xFF0C, 0xFF1D, 0xFF65: true
            default: scalar.isBlank
            }
        }
    }

    /// Whether a text is written in kana alone, of either kind and any width.
    public static func isKana(_ text: String) -> Bool {
        let form = kanaExact(text).unicodeScalars
        return !form.isEmpty && form.allSatisfy { (0x30A1...0x30FF).contains($0.value) }
    }

    private static func nameForm(_ text: String, similar: Bool) -> String {
        var form = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.folded.unicodeScalars where !scalar.isJoint {
            switch scalar {
            case "々":
                // 佐々木 and 佐佐木.
                form.append(last ?? scalar)
            case "ヶ", "ヵ":
                last = scalar == "ヶ" ? "ケ" : "カ"
                form.append(last ?? scalar)
            case "'", "\u{2019}", ".", ",":
                continue
            default:
                if scalar.value < 0x2E80 {
                    append(scalar, to: &form)
                    last = nil
                } else {
                    let folded = KanjiVariants.fold(scalar)
                    let next = similar ? KanjiVariants.foldSimilar(folded) : folded
                    form.append(next)
                    last = next
                }
            }
        }
        return String(form)
    }

    /// The last ten digits of a telephone number without its extension; empty where there is no digit.
    ///
    /// +81 90-1234-5678 and 090-1234-5678 are equal, and so is a number whose leading 0 a spreadsheet has eaten.
    public static func phone(_ text: String) -> String {
        if let digits = PhoneText.plainDigits(text) { return String(PhoneText.national(digits).suffix(10)) }
        let parts = PhoneText(text)
        return String((parts.national ?? parts.digits).suffix(10))
    }

    /// Appends a scalar in upper case.
    private static func append(_ scalar: Unicode.Scalar, to form: inout String.UnicodeScalarView) {
        switch scalar.value {
        case 0x61...0x7A: form.append(Unicode.Scalar(scalar.value - 0x20) ?? scalar)
        case 0x00...0x7F, 0x2E80...0xABFF, 0x20000...0x3FFFF: form.append(scalar)
        default: form.append(contentsOf: scalar.properties.uppercaseMapping.unicodeScalars)
        }
    }
}

extension Unicode.Scalar {
    /// What only joins or parts the pieces of a name: spaces, ・, ＝, hyphens, and ゛゜ that have lost their letter.
    fileprivate var isJoint: Bool {
        switch value {
        case 0x20, 0x2D, 0x3D, 0x3099, 0x309A, 0x30A0, 0x30FB: true
        case 0x30A1...0x30FF, 0x4E00...0x9FFF, 0x3041...0x3096, 0x41...0x7A: false
        default: isBlank || isHyphen
        }
    }
}

/// How kana sound.
private enum Sounds {
    static let u: UInt8 = 3

    /// 1–5 for ア–オ, 0 for ン.
    static func vowel(_ kana: Unicode.Scalar) -> UInt8 {
        let index = Int(kana.value) - 0x30A1
        return vowels.indices.contains(index) ? vowels[index] : 0
    }

    /// The large kana of a small or an old one.
    static func large(_ kana: Unicode.Scalar) -> Unicode.Scalar {
        switch kana.value {
        case 0x30A1...0x30FA: larges[Int(kana.value - 0x30A1)]
        case 0x31F0...0x31FF: ainuLarges[Int(kana.value - 0x31F0)]
        default: kana
        }
    }

    /// Whether the kana is only the length of the vowel before.
    static func lengthens(_ kana: Unicode.Scalar, _ vowel: UInt8) -> Bool {
        switch kana {
        case "ア": vowel == 1
        case "イ": vowel == 2 || vowel == 4
        case "ウ": vowel == u || vowel == 5
        case "エ": vowel == 4
        case "オ": vowel == 5
        default: false
        }
    }

    /// What ヴ and this small kana begin with in バ行.
    static func vuRow(_ kana: Unicode.Scalar) -> Unicode.Scalar? {
        switch kana {
        case "ァ", "ア": "バ"
        case "ィ", "イ", "ャ", "ュ", "ョ", "ヤ", "ユ", "ヨ": "ビ"
        case "ェ", "エ": "ベ"
        case "ォ", "オ": "ボ"
        default: nil
        }
    }

    /// U+30A1–30FA in order.
    private static let larges = Array(
        ("アアイイウウエエオオカガキギクグケゲコゴサザシジスズセゼソゾタダチジツツズテデトドナニヌネノハバパヒビピフブプヘベペホボポ"
            + "マミムメモヤヤユユヨヨラリルレロワワイエオンブカケバビベボ").unicodeScalars
    )
    private static let vowels: [UInt8] = Array(
        ("1122334455" + "1122334455" + "1122334455" + "11223334455" + "12345" + "111222333444555" + "12345"
            + "113355" + "12345" + "11245" + "0" + "3" + "14" + "1245").utf8
    ).map { $0 - 48 }
    private static let ainuLarges = Array("クシストヌハヒフヘホムラリルレロ".unicodeScalars)
}
