/// The pages of the manual: the contents, and a chapter with its steps.
enum ManualView {
    static let title = "使い方"

    private static func page(_ title: String, _ staff: Staff?, _ site: Site, _ main: HTML) -> HTML {
        Layout.page(
            title: title,
            staff: staff,
            current: "/manual",
            site: site,
            main: #"<div class="manual">\#(main)</div>"#,
            styles: ["manual.css"]
        )
    }

    // MARK: Contents

    /// 目次: a card for each role; one's own come first.
    static func contents(_ staff: Staff?, _ site: Site) -> HTML {
        let own = Manual.own(staff)
        let others = Manual.chapters.filter { chapter in !own.contains { $0.key == chapter.key } }
        let sheets: [HTML] = Manual.sheets.map { #"<li><a href="\#($0.address)">\#($0.words)</a></li>"# }
        return page(
            title,
            staff,
            site,
            """
            <h1>HER-SYSの使い方</h1>
            <p>あなたの仕事に合う章を選んでください。ログインしていなくても読めます。印刷すると、A4の紙で読めます。</p>
            <p class="support">画面の図は、練習用の環境で作ったものです。図に出てくる人物・電話番号はすべて架空です。\
            「　」で囲んだ言葉は、画面に書かれている言葉そのものです。</p>
            \(own.isEmpty ? HTML.empty : "<h2>あなたの章</h2>\(cards(own))")
            <h2>\(own.isEmpty ? "章を選ぶ" : "ほかの章")</h2>
            \(cards(others))
            <h2>印刷して使う資料</h2>
            <ul class="manual-sheets">\(sheets)</ul>
            """
        )
    }

    private static func cards(_ chapters: [ManualChapter]) -> HTML {
        let cards: [HTML] = chapters.map { chapter in
            """
            <li class="card"><h3><a href="/manual/\(chapter.key)">\(chapter.title)</a></h3>\
            <p>\(chapter.readers)</p></li>
            """
        }
        return #"<ul class="manual-cards">\#(cards)</ul>"#
    }

    // MARK: A chapter

    static func chapter(_ chapter: ManualChapter, _ staff: Staff?, _ site: Site) -> HTML {
        let places: [HTML] = chapter.steps.enumerated().map { index, step in
            ##"<li><a href="#step-\##(index + 1)">\##(step.heading)</a></li>"##
        }
        let steps: [HTML] = chapter.steps.enumerated().map { step($1, number: $0 + 1) }
        return page(
            chapter.title,
            staff,
            site,
            """
            <p class="back"><a href="/manual">使い方の目次へ</a></p>
            <h1>\(chapter.title)</h1>
            <div class="manual-columns">
            <nav class="manual-places" aria-labelledby="manual-places"><h2 id="manual-places">この章の内容</h2>\
            <ol>\(places)</ol></nav>
            <div class="manual-steps">
            <p>\(words(chapter.introduction))</p>
            \(steps)
            <p class="support">図の人物・電話番号はすべて架空です。</p>
            </div>
            </div>
            """
        )
    }

    /// `data-pages` names the pages on which the quoted words stand, for the browser test that looks there.
    private static func step(_ step: ManualStep, number: Int) -> HTML {
        let lines: [HTML] = step.lines.map { "<li>\(words($0))</li>" }
        let note: HTML? = step.note.map { #"<p class="manual-note"><strong>注意</strong>\#(words($0))</p>"# }
        let links: [HTML] = step.links.map { #"<li><a href="\#($0.address)">\#($0.words)</a></li>"# }
        return """
            <section class="manual-step" id="step-\(number)" aria-labelledby="step-\(number)-title" \
            data-pages="\(step.pages.joined(separator: " "))">
            <h2 id="step-\(number)-title"><span class="manual-number">\(number)</span>\(step.heading)</h2>
            <ol class="manual-lines">\(lines)</ol>
            \(note)
            \(step.pictures.map(picture))
            \(links.isEmpty ? HTML.empty : "<ul class=\"manual-links\">\(links)</ul>")
            </section>
            """
    }

    private static func picture(_ picture: ManualPicture) -> HTML {
        guard let file = ManualPictures.files[picture.name] else { return .empty }
        return """
            <figure class="manual-picture"><img src="\(file.address)" width="\(file.width)" height="\(file.height)" \
            alt="\(picture.alternative)"><figcaption>図：\(picture.caption)</figcaption></figure>
            """
    }

    /// A text with the screen's own words standing out.
    static func words(_ text: String) -> HTML {
        var result = HTML.empty
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "「"), let close = rest[open...].firstIndex(of: "」") {
            let end = rest.index(after: close)
            result += "\(String(rest[..<open]))<b class=\"manual-word\">\(String(rest[open..<end]))</b>"
            rest = rest[end...]
        }
        result += "\(String(rest))"
        return result
    }
}
