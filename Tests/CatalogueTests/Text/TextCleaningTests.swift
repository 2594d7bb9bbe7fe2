import Catalogue
import Testing

@Suite struct TextCleaningTests {
    @Test(arguments: [
        ("山田 太郎", "山田 太郎"), ("　 山田\u{3000}太郎\u{A0}\n", "山田\u{3000}太郎"), ("", ""), (" \u{200B} ", ""),
        ("か\u{3099}", "が"), ("神\u{FA19}福\u{FA1B}﨑", "神\u{FA19}福\u{FA1B}﨑"), ("\u{2F80A}", "\u{2F80A}"),
        ("辻\u{E0100}", "辻\u{E0100}"), ("辻\u{200B}\u{E0100}", "辻\u{E0100}"), ("辻\u{E0100}\u{E0101}", "辻\u{E0100}"),
        ("a\u{E0100}か\u{FE00}", "aか"), ("山\u{200B}田\u{FEFF}\u{202E}", "山田"), ("㈱①ｶﾞ", "㈱①ｶﾞ"),
        ("一\t二\r\n三\n四", "一 二 三 四"), ("e\u{301}\u{FA19}e\u{301}", "\u{E9}\u{FA19}\u{E9}"), ("\u{212B}", "\u{C5}"),
    ])
    func `one line keeps what can be seen and nothing else`(typed: String, kept: String) {
        #expect(TextCleaning.clean(typed, multiline: false).value?.hex == kept.hex)
    }

    @Test(arguments: [("一\r\n二\r三\u{2028}四\t五\n\n", "一\n二\n三\n四\t五"), ("\n\n", ""), ("一\n\n二", "一\n\n二")])
    func `several lines keep their breaks as LF`(typed: String, kept: String) {
        #expect(TextCleaning.clean(typed, multiline: true).value?.hex == kept.hex)
    }

    @Test(arguments: [
        "\u{0}", "\u{1F}", "\u{7F}", "\u{85}", "\u{9F}", "\u{E000}", "\u{F8FF}", "\u{F0000}", "\u{10FFFD}",
    ])
    func `a character that can't be passed on is refused`(scalar: String) {
        for multiline in [true, false] {
            #expect(TextCleaning.clean("山\(scalar)田", multiline: multiline).code == "character")
        }
    }

    @Test(arguments: [0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF] as [UInt32])
    func `a noncharacter is refused`(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(TextCleaning.clean("山\(Character(scalar))", multiline: false).code == "character")
    }

    @Test(arguments: ["辻\u{E0100}", "山\u{200B}", "山\u{FE0F}", "\u{FEFF}", "a\u{3164}", "山\u{AD}"])
    func `a name that ends in an invisible scalar is read`(typed: String) {
        #expect(TextCleaning.clean(typed, multiline: false).value != nil)
        #expect(SearchForm.name(typed).hex == SearchForm.name(String(typed.unicodeScalars.prefix(1))).hex)
    }
}
