import Catalogue
import Testing

@Suite struct SearchFormTests {
    @Test(arguments: [
        ["オオノ", "オーノ", "オノ", "ｵｵﾉ", "おおの", "オウノ", "オ-ノ"], ["ユウコ", "ユーコ", "ゆうこ", "ユウ コ"], ["ケイ", "ケー", "ケエ"],
        ["オオオカ", "オーオカ"], ["ケイイチ", "ケーイチ"], ["ヂンナイ", "ジンナイ"], ["ヅカ", "ズカ"], ["カヲル", "カオル"],
        ["ヴァン", "バン", "ヴアン"], ["ヴ", "ブ"], ["レヴィ", "レビ", "レビー"], ["ヴュルツ", "ビュルツ", "ビユルツ"], ["ヴェ", "ベ"],
        ["キョウコ", "キヨウコ", "キョーコ"], ["イッペイ", "イツペイ"], ["ヴーア", "ブア"], ["ワヰヱ", "ワイエ"],
        ["サン＝テグジュペリ", "サンテグジュペリ", "サン・テグジュペリ"], ["ニイナ", "ニーナ"],
    ])
    func `spellings that sound alike are alike`(spellings: [String]) {
        let forms = spellings.map { SearchForm.kana($0).hex }
        #expect(Set(forms).count == 1, "\(spellings.map(SearchForm.kana))")
    }

    @Test(arguments: [("ヤマダ", "ヤマタ"), ("サトウ", "サイトウ"), ("カオル", "カエル"), ("ハヤシ", "ハシ"), ("アオイ", "アイ")])
    func `other sounds stay apart`(one: String, other: String) {
        #expect(SearchForm.kana(one) != SearchForm.kana(other))
    }

    @Test(arguments: [
        ("やまだ　たろう", "ヤマダタロウ"), ("ﾔﾏﾀﾞ･ﾀﾛｳ", "ヤマダタロウ"), ("ジャン＝ポール", "ジャンポール"), ("か゛", "ガ"), ("オーノ", "オーノ"),
        ("", ""), ("ガ\u{200B}", "ガ"), ("キャ-メロン", "キャメロン"),
    ])
    func `the exact reading differs in width and spacing only`(typed: String, form: String) {
        #expect(SearchForm.kanaExact(typed).hex == form.hex)
    }

    @Test(arguments: [
        ["高橋", "髙橋", "髙\u{E0100}橋", "高 橋"], ["山崎", "山﨑", "山嵜"], ["渡辺", "渡邊", "渡邉", "渡邉\u{E0103}"], ["斎藤", "齋藤"],
        ["斉藤", "齊藤"], ["吉田", "𠮷田"], ["浜田", "濱田", "濵田"], ["桑原", "桒原"], ["柳", "栁"], ["福", "\u{FA1B}"], ["沢", "澤"],
        ["辻", "辻\u{E0100}", "辻\u{FE00}"], ["佐々木", "佐佐木"], ["龍ヶ崎", "竜ケ崎"], ["国府", "國府", "圀府"], ["瀬", "瀨"],
        ["藪", "薮", "籔"],
        ["Maria Jose", "ＭＡＲＩＡ　ＪＯＳＥ", "maria-jose"], ["O’Brien", "O'BRIEN"], ["José", "JOSE\u{301}"],
        ["島田", "嶋田", "嶌田"],
    ])
    func `spellings of a name are alike`(spellings: [String]) {
        #expect(Set(spellings.map { SearchForm.name($0).hex }).count == 1, "\(spellings.map(SearchForm.name))")
    }

    @Test(arguments: [("斎藤", "斉藤"), ("佐藤", "佐籐"), ("萩原", "荻原"), ("齋藤", "齊藤")])
    func `names that are mistaken for each other are similar and not alike`(one: String, other: String) {
        #expect(SearchForm.name(one) != SearchForm.name(other))
        #expect(SearchForm.similarName(one).hex == SearchForm.similarName(other).hex)
    }

    @Test(arguments: [("渡部", "渉部"), ("山田", "山本")])
    func `other names stay apart`(one: String, other: String) {
        #expect(SearchForm.similarName(one) != SearchForm.similarName(other))
    }

    @Test(arguments: [
        ("090-1234-5678", "9012345678"), ("+81 90 1234 5678", "9012345678"), ("０９０ー１２３４ー５６７８", "9012345678"),
        ("9012345678", "9012345678"), ("+81(0)90-1234-5678", "9012345678"), ("81-90-1234-5678", "9012345678"),
        ("03-1234-5678", "0312345678"), ("+81-3-1234-5678 内線12", "0312345678"), ("312345678", "0312345678"),
        ("03-1234-5678 ext.99", "0312345678"), ("+1 212-555-0123", "2125550123"), ("なし", ""), ("", ""),
        ("12345", "12345"),
    ])
    func `a number is known by its last ten digits`(typed: String, form: String) {
        #expect(SearchForm.phone(typed) == form)
    }
}
