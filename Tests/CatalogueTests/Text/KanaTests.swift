import Catalogue
import Testing

@Suite struct KanaTests {
    @Test(arguments: [
        ("ヤマダ タロウ", "ヤマダ タロウ"), ("やまだ　たろう", "ヤマダ タロウ"), (" ﾔﾏﾀﾞ   ﾀﾛｳ ", "ヤマダ タロウ"),
        ("ゔぁん・だむ", "ヴァン・ダム"), ("ｵ-ﾉ", "オーノ"), ("オ―ノ", "オーノ"), ("オ−ノ", "オーノ"), ("サン＝テグジュペリ", "サン・テグジュペリ"),
        ("か゛", "ガ"), ("ぷ\u{200B}", "プ"), ("ミヽ", "ミヽ"), ("ﾊﾟｸ", "パク"), ("アーー", "アーー"),
    ])
    func `any kana becomes full-width katakana`(typed: String, kana: String) {
        let read = Kana.katakana(typed).value
        #expect(read?.hex == kana.hex)
        #expect(Kana.katakana(read ?? "").value?.hex == kana.hex)
    }

    @Test(arguments: [
        ("山田", "character"), ("Yamada", "character"), ("ヤマダ2", "character"), ("", "empty"), ("　", "empty"),
        ("・", "format"),
        ("ーア", "format"), ("ア -", "format"), ("ア。", "character"), ("ア゛", "character"), ("\u{E000}", "character"),
    ])
    func `what is no reading is refused`(typed: String, code: String) {
        #expect(Kana.katakana(typed).code == code)
    }
}
