/// Classes of characters the readers share. Plain comparisons: they run for every scalar of every search key.
extension Unicode.Scalar {
    /// U+FE00–FE0F and U+E0100–E01EF.
    var isVariationSelector: Bool {
        (0xFE00...0xFE0F).contains(value) || (0xE0100...0xE01EF).contains(value)
    }

    /// Compatibility ideographs, which every normal form would turn into another character (福 U+FA1B into U+798F).
    var isCompatibilityIdeograph: Bool {
        (0xF900...0xFAFF).contains(value) || (0x2F800...0x2FA1F).contains(value)
    }

    /// What a variation selector may follow.
    var isIdeograph: Bool {
        switch value {
        case 0x3005, 0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFD: true
        default: false
        }
    }

    /// Invisible by Unicode's own list: joiners, direction marks, selectors, fillers, BOM.
    var isInvisible: Bool {
        value >= 0xAD && !isPlain && properties.isDefaultIgnorableCodePoint
    }

    /// White space of any width.
    var isBlank: Bool {
        value < 0x80 ? value == 0x20 || (9...13).contains(value) : !isPlain && properties.isWhitespace
    }

    /// Hyphens, dashes, minus signs and what is typed in their place (ー, ─) once NFKC has run.
    var isHyphen: Bool {
        switch value {
        case 0x2D, 0x2010...0x2015, 0x2043, 0x2212, 0x2500, 0x2501, 0x30FC: true
        default: false
        }
    }

    /// Kana, ideographs and letters that no normal form changes and that nothing in this set composes with.
    var isPlain: Bool {
        switch value {
        case 0x20...0x7E, 0xC0...0x131, 0x134...0x13E, 0x141...0x148, 0x14A...0x17E: true
        case 0x3001...0x3003, 0x3005...0x3007, 0x3041...0x3096, 0x30A1...0x30FE, 0x31F0...0x31FF: true
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xFA0E, 0xFA0F, 0xFA11, 0x20000...0x2A6DF: true
        default: false
        }
    }

    /// 0–9 as a number.
    var digit: Int? {
        (0x30...0x39).contains(value) ? Int(value - 0x30) : nil
    }
}

extension String {
    /// NFKC without what can't be seen and with ゛゜ as marks of the letter before: what every reader starts from.
    var folded: String {
        if unicodeScalars.allSatisfy(\.isPlain) { return self }
        if let regular = Self.composedWidth(self) { return regular }
        var kept = String.UnicodeScalarView()
        kept.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "\u{309B}": kept.append("\u{3099}")
            case "\u{309C}": kept.append("\u{309A}")
            default:
                if !scalar.isInvisible { kept.append(scalar) }
            }
        }
        return String(kept).nfkc
    }

    /// The digits of a code, typed in any width and with any grouping.
    func codeDigits(dropping sign: Unicode.Scalar = "-") -> Result<String, ReadingFailure> {
        // A code is at most a dozen digits: what is longer isn't worth normalising.
        guard utf8.count <= 256 else { return .refused("length", "文字数が多すぎます。番号だけを入力してください。") }
        var digits = ""
        for scalar in folded.unicodeScalars where !scalar.isBlank && !scalar.isHyphen && scalar != sign {
            guard scalar.digit != nil else {
                return .refused("character", "数字とハイフンのほかの文字があります。番号だけを入力してください。")
            }
            digits.unicodeScalars.append(scalar)
        }
        return digits.isEmpty ? .refused("empty", "番号を入力してください。") : .success(digits)
    }

    /// The digits of ASCII text as numbers.
    var digitValues: [Int] {
        unicodeScalars.compactMap(\.digit)
    }
}
