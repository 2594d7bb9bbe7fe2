/// Readings of names: フリガナ.
public enum Kana {
    /// The reading in full-width katakana, whatever kana was typed.
    ///
    /// Half-width kana and hiragana are turned; a hyphen or dash after a kana is ー, as ｵ-ﾉ means in many files; ＝ is ・.
    /// One space stays between parts. Kanji, Latin letters and digits are refused: guessing a reading is not this
    /// system's to do.
    public static func katakana(_ text: String) -> Result<String, ReadingFailure> {
        guard text.utf8.count <= 4096 else {
            return .refused("length", "文字数が多すぎます。フリガナだけを入力してください。")
        }
        var result = String.UnicodeScalarView()
        var last: Unicode.Scalar = " "
        var hasLetter = false
        for scalar in text.folded.unicodeScalars {
            var next = scalar
            if scalar.isBlank {
                if last == " " { continue }
                next = " "
            } else if scalar.isHyphen {
                guard last.isKatakanaLetter || last == "ー" else {
                    return .refused("format", "「ー」は、カタカナの後に入力してください。")
                }
                next = "ー"
            } else if scalar == "=" || scalar == "\u{30A0}" {
                next = "・"
            } else {
                next = scalar.katakana
                guard next == "・" || next.isKatakanaLetter else {
                    return .refused("character", "カタカナのほかの文字があります。読みを全角カタカナで入力してください。")
                }
            }
            if next.isKatakanaLetter { hasLetter = true }
            result.append(next)
            last = next
        }
        if last == " ", !result.isEmpty { result.removeLast() }
        if result.isEmpty { return .refused("empty", "フリガナを入力してください。") }
        return hasLetter ? .success(String(result)) : .refused("format", "読みを全角カタカナで入力してください。")
    }
}

extension Unicode.Scalar {
    /// The katakana of a hiragana; anything else itself.
    var katakana: Unicode.Scalar {
        switch value {
        case 0x3041...0x3096, 0x309D, 0x309E: Unicode.Scalar(value + 0x60) ?? self
        default: self
        }
    }

    /// Katakana other than ・ and ー.
    fileprivate var isKatakanaLetter: Bool {
        switch value {
        case 0x30A1...0x30FA, 0x30FD, 0x30FE, 0x31F0...0x31FF: true
        default: false
        }
    }
}
