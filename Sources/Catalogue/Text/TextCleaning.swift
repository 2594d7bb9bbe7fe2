import Foundation

/// Makes typed text fit to be stored, as near to what was typed as is safe.
///
/// 氏名は入力どおりに保存する（異体字セレクタと互換漢字を含む）。 Only what can't be seen or can't be passed on is taken
/// away or refused.
public enum TextCleaning {
    /// The text to store.
    ///
    /// NFC, except that compatibility ideographs (神 U+FA19, 﨑 U+FA11) stay; no white space at the ends; nothing
    /// invisible but a variation selector after an ideograph; line breaks are LF, or a space where there is one line
    /// only, as TAB is. Control characters, private-use characters (外字) and noncharacters are refused.
    public static func clean(_ text: String, multiline: Bool) -> Result<String, ReadingFailure> {
        if isClean(text) { return .success(text) }
        var kept: [Unicode.Scalar] = []
        kept.reserveCapacity(text.utf8.count)
        var afterReturn = false
        for scalar in text.unicodeScalars {
            let endsPair = afterReturn && scalar == "\n"
            afterReturn = scalar == "\r"
            if endsPair { continue }
            switch scalar.value {
            // A lone CR and Unicode's separators are line breaks that nobody could find in order to mend them.
            case 0x0A, 0x0D, 0x2028, 0x2029: kept.append(multiline ? "\n" : " ")
            case 0x09: kept.append(multiline ? scalar : " ")
            case 0x00...0x1F, 0x7F...0x9F:
                return .refused(
                    "character",
                    "使えない制御文字が含まれています。その部分を消して、入力し直してください。",
                    "The text holds a character that cannot be used. Please delete it and type the text again."
                )
            case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD:
                return .refused(
                    "character",
                    "外字（この端末だけの文字）が含まれています。標準の文字に置き換えてください。",
                    "The text holds a character that only your device knows. Please use a common one."
                )
            case 0xFDD0...0xFDEF,
                _ where scalar.value & 0xFFFE == 0xFFFE:
                return .refused(
                    "character",
                    "文字でない符号が含まれています。その部分を消して、入力し直してください。",
                    "The text holds a character that cannot be used. Please delete it and type the text again."
                )
            default:
                if scalar.isVariationSelector {
                    if kept.last?.isIdeograph == true { kept.append(scalar) }
                } else if !scalar.isInvisible {
                    kept.append(scalar)
                }
            }
        }
        return .success(composed(trimmed(kept[...])))
    }

    /// Whether there is nothing to do, as for nearly every name.
    private static func isClean(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return scalars.first != " " && scalars.last != " " && scalars.allSatisfy(\.isPlain)
    }

    private static func trimmed(_ scalars: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        guard let first = scalars.firstIndex(where: { !$0.isBlank }),
            let last = scalars.lastIndex(where: { !$0.isBlank })
        else { return [] }
        return scalars[first...last]
    }

    /// NFC of the stretches between compatibility ideographs, which never compose with their neighbours.
    private static func composed(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var result = ""
        var stretch = String.UnicodeScalarView()
        for scalar in scalars {
            if scalar.isCompatibilityIdeograph {
                result += String(stretch).precomposedStringWithCanonicalMapping
                stretch = String.UnicodeScalarView()
                result.unicodeScalars.append(scalar)
            } else {
                stretch.append(scalar)
            }
        }
        return result + String(stretch).precomposedStringWithCanonicalMapping
    }
}
