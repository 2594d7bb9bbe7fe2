import Foundation

extension String {
    /// The text in NFKC.
    ///
    /// Foundation's own compatibility mapping leaves ｶﾞ as カ and a combining mark (measured with 6.3.1 on Linux), so
    /// that canonical composition must follow. Plain text, full-width Latin and half-width kana, which are nearly all
    /// there is in names and in files of municipalities, are done here without Foundation. For keys and numbers; names
    /// are stored as typed, because NFKC turns ㈱ into (株) and 神 U+FA19 into another character.
    public var nfkc: String {
        if unicodeScalars.allSatisfy(\.isPlain) { return self }
        return Self.composedWidth(self)
            ?? precomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping
    }

    /// The text with its widths made regular, or nil where it holds anything but plain text and other widths of it.
    static func composedWidth(_ text: String) -> String? {
        var result = String.UnicodeScalarView()
        result.reserveCapacity(text.utf8.count)
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            var value = scalar.value
            switch value {
            case 0x3000: value = 0x20
            case 0xFF01...0xFF5E: value -= 0xFEE0
            case 0xFF61...0xFF9D: value = halfWidth[Int(value - 0xFF61)]
            case 0xFF9E, 0xFF9F, 0x3099, 0x309A:
                guard let base = last, let marked = composed(base, half: value == 0xFF9F || value == 0x309A) else {
                    return nil
                }
                last = marked
                continue
            default:
                guard scalar.isPlain else { return nil }
            }
            if let last { result.append(last) }
            last = Unicode.Scalar(value)
        }
        if let last { result.append(last) }
        return String(result)
    }

    /// U+FF61–FF9D in their order.
    private static let halfWidth: [UInt32] =
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
        .unicodeScalars.map(\.value)

    /// The kana with ゛ or ゜, where Unicode has it as one character.
    private static func composed(_ base: Unicode.Scalar, half: Bool) -> Unicode.Scalar? {
        let isHiragana = (0x3041...0x309E).contains(base.value)
        let katakana = isHiragana ? base.value + 0x60 : base.value
        let step: UInt32
        switch (katakana, half) {
        case (0x30CF, _), (0x30D2, _), (0x30D5, _), (0x30D8, _), (0x30DB, _): step = half ? 2 : 1
        case (0x30AB...0x30C1, false): step = katakana % 2 == 1 ? 1 : 0
        case (0x30C4, false), (0x30C6, false), (0x30C8, false), (0x30FD, false): step = 1
        case (0x30A6, false): step = 0x4E
        case (0x30EF...0x30F2, false): step = isHiragana ? 0 : 8
        default: step = 0
        }
        return step == 0 ? nil : Unicode.Scalar(base.value + step)
    }
}
