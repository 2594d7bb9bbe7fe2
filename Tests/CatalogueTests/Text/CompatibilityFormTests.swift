import Catalogue
import Foundation
import Testing

@Suite struct CompatibilityFormTests {
    /// Compatibility mapping and then composition, which the notes found equal to Python's NFKC for 62,923 texts.
    private func reference(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping
    }

    @Test func `every scalar has the form Foundation gives it`() {
        var wrong: [UInt32] = []
        let blocks: [ClosedRange<UInt32>] = [
            1...0x11FF, 0x1D00...0x4DFF, 0x9F00...0xABFF, 0xF900...0xFFFF, 0x1D100...0x1D200, 0x1F100...0x1F2FF,
            0x2F800...0x2FA1F,
        ]
        for scalar in blocks.joined().compactMap(Unicode.Scalar.init) {
            let text = "ア" + String(Character(scalar)) + "a"
            if text.nfkc.hex != reference(text).hex { wrong.append(scalar.value) }
        }
        #expect(wrong == [])
    }

    @Test func `every kana with every mark has the form Foundation gives it`() {
        let marks = ["\u{3099}", "\u{309A}", "\u{FF9E}", "\u{FF9F}", "\u{309B}", "ー", "\u{301}", "\u{FF9E}\u{FF9F}"]
        var wrong: [String] = []
        for value in [UInt32](0x3041...0x30FF) + [UInt32](0xFF61...0xFF9F) + [0x41, 0x4E9C] {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for mark in marks {
                let text = "ｱ" + String(Character(scalar)) + mark + "カ"
                if text.nfkc.hex != reference(text).hex { wrong.append(text) }
            }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [
        ("ｶﾞ", "ガ"), ("ﾊﾟﾊﾞ", "パバ"), ("Ａ１－", "A1-"), ("㈱", "(株)"), ("㍻", "平成"), ("㋿", "令和"), ("か\u{3099}", "が"),
    ])
    func `compatibility forms are composed`(typed: String, form: String) {
        #expect(typed.nfkc.hex == form.hex)
    }
}
