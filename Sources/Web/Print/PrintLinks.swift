import Access
import Casework
import Catalogue

/// What can be printed of a case, among the buttons of its page.
enum PrintLinks {
    static func html(_ file: CaseFile, _ permission: Permission) -> HTML {
        var links: [HTML] = []
        if file.form != nil, Casework.mayPrintNotification(permission) {
            links.append(link("/cases/\(file.number.digits)/print/notification", "発生届を印刷"))
        }
        if Casework.mayPrintLetters(permission), !file.isPublishedData {
            for letter in PrintedLetter.allCases {
                links.append(link("/cases/\(file.number.digits)/print/\(letter.rawValue)", letter.title))
            }
        }
        return "\(links)"
    }

    private static func link(_ address: String, _ label: String) -> HTML {
        #"<a class="button button-secondary button-small" href="\#(address)">\#(label)</a>"#
    }
}

/// The frame of everything that is printed: what stands above the sheet stays on the screen.
enum PrintFrame {
    static func page(
        title: String,
        back: String,
        tools: HTML = .empty,
        _ staff: Staff,
        _ site: Site,
        _ sheets: HTML
    )
        -> HTML
    {
        Layout.page(
            title: title,
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <div class="print-tools">
                <h1>\(title)</h1>
                <p class="support">A4の用紙に白黒で印刷されます。画面の枠やボタンは印刷されません。</p>
                \(tools)
                <p class="actions"><button type="button" class="button button-primary" data-print hidden>印刷する</button>\
                <noscript><span class="support">ブラウザーの「印刷」から印刷してください。</span></noscript> \
                <a class="button button-secondary" href="\(back)">戻る</a></p>
                </div>
                \(sheets)
                """,
            scripts: ["print.js"],
            styles: ["print.css"]
        )
    }
}
