import Catalogue
import Testing

/// Texts nobody would type on purpose, through every reader: none may stop the process or change on second reading.
@Suite struct NastyTextTests {
    private static let nasty: [Unicode.Scalar] = [
        "\u{0}", "\t", "\n", "\r", "\u{1F}", " ", "\u{A0}", "\u{3000}", "\u{85}", "\u{AD}", "\u{34F}", "\u{200B}",
        "\u{200D}", "\u{202E}",
        "\u{2028}", "\u{FEFF}", "\u{FE00}", "\u{FE0F}", "\u{E0100}", "\u{E01EF}", "\u{E0001}", "\u{3164}", "\u{FFA0}",
        "\u{115F}",
        "\u{3099}", "\u{309A}", "\u{309B}", "\u{309C}", "\u{FF9E}", "\u{FF9F}", "\u{301}", "\u{323}", "\u{345}",
        "\u{1100}", "\u{1161}",
        "\u{11A8}", "\u{AC00}", "\u{FA19}", "\u{FA11}", "\u{2F80A}", "\u{E000}", "\u{FFFE}", "\u{10FFFF}", "\u{FFFD}",
        "\u{FDFA}", "\u{1F600}",
        "\u{1F1EF}", "\u{1F1F5}", "辻", "葛", "髙", "々", "ヶ", "カ", "ｶ", "か", "ヴ", "ァ", "ー", "ｰ", "オ", "ウ", "・", "＝", "0",
        "1", "９", "元", "年", "月",
        "日", "R", "令", "和", "㋿", "㍻", "十", "〇", "百", "-", "−", "/", ".", "+", "(", ")", "内", "線", "x", "#", "〒", "㈱",
        "①", "ß", "ŉ", "İ", "e", "\u{661}",
    ]

    private static func texts(_ count: Int, seed: UInt64, length: ClosedRange<Int> = 0...14) -> [String] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: length, using: &generator) {
                view.append(nasty.randomElement(using: &generator) ?? " ")
            }
            return String(view)
        }
    }

    @Test func `cleaning twice changes nothing more`() {
        var wrong: [[UInt32]] = []
        for text in Self.texts(20_000, seed: 2) {
            for multiline in [true, false] {
                guard let once = TextCleaning.clean(text, multiline: multiline).value else { continue }
                if TextCleaning.clean(once, multiline: multiline).value?.hex != once.hex { wrong.append(text.hex) }
            }
        }
        #expect(wrong == [])
    }

    @Test func `every reader ends and reads its own result again`() {
        var wrong: [[UInt32]] = []
        for text in Self.texts(20_000, seed: 3) {
            var isRight = true
            if let kana = Kana.katakana(text).value {
                isRight = isRight && Kana.katakana(kana).value?.hex == kana.hex
            }
            if let date = JapaneseDate.read(text, today: TextSample.today).value {
                isRight = isRight && JapaneseDate.read(JapaneseDate.era(date), today: TextSample.today).value == date
            }
            if let number = PhoneNumber.read(text).value {
                isRight = isRight && PhoneNumber.read(number.typed).value == number
            }
            isRight = isRight && [nil, 6].contains(MunicipalityCode.read(text).value?.count)
            isRight = isRight && [nil, 7].contains(PostalCode.read(text).value?.count)
            isRight = isRight && [nil, 10].contains(InstitutionCode.read(text).value?.count)
            isRight = isRight && [nil, 12].contains(CaseNumber.read(text).value?.digits.count)
            if !isRight { wrong.append(text.hex) }
        }
        #expect(wrong == [])
    }

    @Test func `search forms of search forms are themselves`() {
        var wrong: [[UInt32]] = []
        // Marks other than ゛゜ and parts of hangul may meet a new neighbour where a hyphen between them goes away.
        let joining: Set<Unicode.Scalar> = [
            "\u{301}", "\u{323}", "\u{345}", "\u{1100}", "\u{1161}", "\u{11A8}", "\u{AC00}",
        ]
        for text in Self.texts(20_000, seed: 4) {
            if joining.isDisjoint(with: text.unicodeScalars) {
                for form in [SearchForm.kanaExact, SearchForm.kana, SearchForm.name, SearchForm.phone]
                where form(form(text)).hex != form(text).hex {
                    wrong.append(text.hex)
                }
            }
            // What is cleaned is found: what can't be seen makes no difference to a name.
            guard let clean = TextCleaning.clean(text, multiline: false).value else { continue }
            if SearchForm.name(clean).hex != SearchForm.name(text).hex { wrong.append(text.hex) }
            if SearchForm.similarName(clean).hex != SearchForm.similarName(text).hex { wrong.append(text.hex) }
        }
        #expect(wrong == [])
    }

    @Test func `numbers made of digits and signs are read back`() {
        var generator = SeededGenerator(seed: 5)
        let signs = Array("00123456789-- ()+.０９ー内線x年月日/RH元")
        var wrong: [String] = []
        var read = 0
        for _ in 0..<20_000 {
            let length = Int.random(in: 1...14, using: &generator)
            let text = String((0..<length).compactMap { _ in signs.randomElement(using: &generator) })
            for typed in ["", "03", "090", "+81", "+1", "R", "20"].map({ $0 + text }) {
                if let number = PhoneNumber.read(typed).value {
                    read += 1
                    if PhoneNumber.read(number.typed).value != number || number.e164.count > 16 { wrong.append(typed) }
                    if !SearchForm.phone(typed).allSatisfy(number.digits.contains) { wrong.append(typed) }
                }
                if let date = JapaneseDate.read(typed, today: TextSample.today).value,
                    JapaneseDate.read(date.iso, today: TextSample.today).value != date
                {
                    wrong.append(typed)
                }
            }
        }
        #expect(wrong == [])
        #expect(read > 100)
    }

    @Test func `a very long text is read or refused quickly`() {
        for unit in ["あ", "辻\u{E0100}", "か\u{3099}", "9", "\u{301}", "ー", "十", "内"] {
            let text = String(repeating: unit, count: 20_000)
            _ = TextCleaning.clean(text, multiline: true)
            _ = SearchForm.kana(text)
            _ = SearchForm.name(text)
            _ = SearchForm.phone(text)
            #expect(PhoneNumber.read(text).value == nil)
            #expect(JapaneseDate.read(text, today: TextSample.today).value == nil)
            #expect(Kana.katakana(text).value == nil)
            #expect(CaseNumber.read(text).value == nil)
        }
    }
}
