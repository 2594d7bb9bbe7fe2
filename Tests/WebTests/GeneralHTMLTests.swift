import Access
import Catalogue
import Testing

@testable import Web

struct GeneralHTMLTests {
    private func text(_ html: HTML) -> String { String(decoding: html.bytes, as: UTF8.self) }

    @Test func `text is escaped, markup isn't`() {
        let typed = #"<script>alert("1" & '2')</script>"#
        let inner: HTML = "<b>\(typed)</b>"
        #expect(
            text("<p>\(inner)</p>") == """
                <p><b>&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;</b></p>
                """
        )
    }

    @Test func `pieces follow each other, nothing is nothing`() {
        let none: HTML? = nil
        let many: [HTML] = ["<i>1</i>", "<i>2</i>"]
        #expect(text("\(many)\(none)\(3)") == "<i>1</i><i>2</i>3")
    }

    @Test func `letters outside the usual come through`() {
        #expect(text("\("𠮷野家 葛󠄀城 🙂")") == "𠮷野家 葛󠄀城 🙂")
    }

    @Test func `a field says its label, its marks and its error`() {
        let wrong = [Finding("phone", "format", "電話番号を確かめてください。")]
        let field = text(
            Components.textField(
                name: "phone",
                label: "電話番号",
                value: #"03"><x"#,
                required: true,
                hint: "例",
                errors: wrong
            )
        )
        #expect(
            field.contains(#"<label class="label" for="field-phone">電話番号<span class="mark mark-required">※必須</span>"#)
        )
        #expect(field.contains(#"id="field-phone" name="phone" type="text" value="03&quot;&gt;&lt;x""#))
        #expect(field.contains(#"aria-describedby="error-phone hint-phone" aria-invalid="true""#))
        #expect(field.contains(#"id="error-phone"><span class="field-error">＊電話番号を確かめてください。"#))
    }

    @Test func `a warning doesn't make a field invalid`() {
        let unlikely = [Finding("birth_date", "age", "年齢を確かめてください。", severity: .warning)]
        let field = text(Components.textField(name: "birth_date", label: "生年月日", value: "", errors: unlikely))
        #expect(!field.contains("aria-invalid"))
        #expect(field.contains("field-note"))
    }

    @Test func `the first choice of a group has the field's id`() {
        let group = text(
            Components.radios(name: "sex", label: "性別", value: "female", options: [("male", "男"), ("female", "女")])
        )
        #expect(group.contains(#"<fieldset class="field field-group"><legend"#))
        #expect(group.contains(#"id="field-sex" name="sex" type="radio" value="male">"#))
        #expect(group.contains(#"id="field-sex-2" name="sex" type="radio" value="female" checked>"#))
    }

    @Test func `the answer that stands alone is marked`() {
        let group = text(
            Components.checkboxes(
                name: "s",
                label: "症状",
                values: ["none"],
                options: [("fever", "発熱"), ("none", "なし")],
                exclusive: "none"
            )
        )
        #expect(group.contains(#"value="none" checked data-exclusive>"#))
    }

    @Test func `the summary leads to the fields, those of a test's too`() {
        let findings = [
            Finding("phone", "format", "電話番号を確かめてください。"),
            Finding(Finding.Place(item: "specimen_on", index: 1), "order", "採取日を確かめてください。", severity: .warning),
        ]
        let summary = text(Layout.errorSummary(findings))
        #expect(summary.contains("入力内容を確認してください（1件）"))
        #expect(summary.contains("念のため確認してください（1件）"))
        #expect(summary.contains(##"<a href="#field-phone">"##))
        #expect(summary.contains(##"<a href="#field-tests.1.specimen_on">"##))
        #expect(findings.at("tests.1.specimen_on").count == 1)
        #expect(Layout.errorSummary([]).bytes.isEmpty)
    }

    @Test func `a moment is told in Japan's time`() {
        let at = Timestamp(seconds: 1_590_125_400)
        #expect(text(Components.time(at)).contains(#"datetime="2020-05-22T14:30:00+09:00""#))
        #expect(text(Components.time(at)).contains("5月22日 14:30</time>"))
    }
}

struct GeneralFormTests {
    private func parsed(_ text: String) throws -> FormData {
        try FormData.parse(Array(text.utf8))
    }

    @Test func `names and values are decoded`() throws {
        let form = try parsed("a=1+2&b%5B%5D=%E5%B1%B1%e7%94%b0&c&=d&e=f=g")
        #expect(form["a"] == "1 2")
        #expect(form["b[]"] == "山田")
        #expect(form["c"]?.isEmpty == true)
        #expect(form["e"] == "f=g")
        #expect(form["nothing"] == nil)
    }

    @Test func `a name may come more than once`() throws {
        let form = try parsed("s=fever&s=cough&t=&t=x")
        #expect(form.all("s") == ["fever", "cough"])
        #expect(form.dictionary == ["s": "fever cough", "t": "x"])
    }

    @Test func `a lonely percent sign is itself`() throws {
        #expect(try parsed("a=100%&b=%zz&c=%4")["a"] == "100%")
        #expect(try parsed("a=100%&b=%zz&c=%4").all("b") == ["%zz"])
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        #expect(throws: PageFailure.badEncoding) { try parsed("a=%8E%52") }
    }

    @Test func `a form of thousands of fields is refused`() {
        let many = (0...2000).map { "f\($0)=1" }.joined(separator: "&")
        #expect(throws: PageFailure.tooLarge) { try parsed(many) }
    }

    @Test(arguments: [
        ("/cases?intake=submitted", "/cases?intake=submitted"), ("/sign-in/done", "/sign-in/done"), (nil, "/"),
        ("", "/"), ("cases", "/"), ("//example.com", "/"), ("/\\example.com", "/"), ("https://example.com", "/"),
        ("/a\r\nSet-Cookie: x", "/"), ("/a b", "/"), ("/sign-in", "/"), ("/sign-in?return=/", "/"), ("/sign-out", "/"),
    ])
    func `only addresses of ours are returned to`(given: String?, taken: String) {
        #expect(SignInPages.safeReturn(given) == taken)
    }
}
