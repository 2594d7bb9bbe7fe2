import Access
import Casework
import Catalogue

/// What stands around every page behind a person's link, and the words that several of them say.
struct SelfReportFrame {
    let tongue: PageLanguage
    /// Whom to call; nil where that isn't known.
    let office: Organisation?
    let isDemonstration: Bool

    /// A page without the staff's menu: whoever comes here has no account.
    ///
    /// Without `switches` the way to the other language is left out: after sending, the address leads to a new report.
    func page(_ title: Wording, _ main: HTML, _ findings: [Finding] = [], switches: Bool = true) -> HTML {
        let isRefused = findings.contains { $0.severity == .refusal }
        let practice: HTML =
            isDemonstration
            ? tongue.say(
                #"<p class="demonstration"><strong>練習用</strong>これは練習用の環境です。</p>"#,
                #"<p class="demonstration"><strong>Practice</strong>This server is for practice only.</p>"#
            ) : .empty
        let error = tongue.text(Wording("エラー：", "Error: "))
        return """
            <!DOCTYPE html>
            <html lang="\(tongue.language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="format-detection" content="telephone=no">
            <meta name="robots" content="noindex, nofollow">
            <title>\(isRefused ? error : "")\(tongue.text(title)) | HER-SYS</title>
            <link rel="icon" type="image/svg+xml" href="\(Assets.address("icon.svg"))">
            <link rel="stylesheet" href="\(Assets.address("hersys.css"))">
            <link rel="stylesheet" href="\(Assets.address("report.css"))">
            </head>
            <body class="report-body">
            <a class="skip" href="#main">\(tongue.say("本文へ移動", "Go to the contents"))</a>
            <header class="header">\(practice)<div class="report-head">\
            <p><strong>\(tongue.say("健康状態の報告", "Health report"))</strong> \
            \(office.map { tongue.name($0.name) })</p>\(switches ? tongue.switchLink : HTML.empty)</div></header>
            <main id="main" class="main report" tabindex="-1">
            \(Layout.errorSummary(findings, tongue.language))
            \(main)
            </main>
            <footer class="footer"><p>\(tongue.say(
                "新型コロナウイルス感染者等情報把握・管理支援システム（HER-SYS）",
                "HER-SYS: Health Center Real-time Information-sharing System on COVID-19"))</p></footer>
            </body>
            </html>

            """
    }

    /// A link was never there, or its address is broken.
    var unknown: HTML {
        let title = Wording("ページが見つかりません", "Page not found")
        return page(
            title,
            """
            <h1>\(tongue.text(title))</h1>
            <p>\(tongue.say(
                """
                URLが途中で切れているか、まちがっています。届いた文章や紙に書かれたURLを、最初から最後まで確かめてください。\
                それでも開けないときは、お住まいの地域の保健所に電話してください。
                """,
                """
                The link is cut off or wrong. Please compare it with the message or the paper that you were given, \
                from its first to its last letter. If it still does not open, please call the public health centre \
                of the area where you live.
                """))</p>
            <p class="report-urgent">\(tongue.say(
                "急いで助けが必要なときは、\(call("119"))へ電話してください。",
                "If you need help urgently, call \(call("119")) (ambulance)."))</p>
            """
        )
    }

    /// Whom to call.
    var contact: HTML {
        guard let office else { return .empty }
        let phone: HTML =
            office.phone.isEmpty ? .empty : tongue.say("　電話 \(call(office.phone))", ", telephone \(call(office.phone))")
        let label = tongue.text(Wording("問い合わせ：", "Questions: "))
        return "<p class=\"report-contact\">\(label)\(tongue.name(office.name))\(phone)</p>"
    }

    func call(_ phone: String) -> HTML {
        let digits = phone.filter { ("0"..."9").contains($0) || $0 == "+" }
        let shown = phone == "119" ? tongue.text(Wording("119番", "119")) : phone
        return #"<a href="tel:\#(digits)">\#(shown)</a>"#
    }
}

extension SelfReportFrame {
    /// 緊急性の高い症状.
    static let emergencySigns = [
        Wording("顔色が明らかに悪い、くちびるが紫色になっている", "Face is clearly pale, or lips have turned purple"),
        Wording("いつもと違う、様子がおかしい", "Acting differently from usual"),
        Wording(
            "息が荒い、急に息苦しくなった、少し動くと息が苦しい",
            "Breathing fast, suddenly hard to breathe, or short of breath after moving a little"
        ),
        Wording("胸が痛い", "Chest pain"),
        Wording(
            "横になれない、座らないと息ができない、肩で息をしている",
            "Cannot lie down, can breathe only when sitting up, or shoulders heave with each breath"
        ),
        Wording("ぼんやりしている、呼びかけへの反応が弱い、もうろうとしている", "Drowsy, slow to respond when spoken to, or confused"),
        Wording("脈がとぶ、脈のリズムが乱れる感じがする", "Pulse skips a beat or feels irregular"),
    ]

    /// What to call an ambulance for.
    var signs: HTML {
        let lines: [HTML] = Self.emergencySigns.map { "<li>\(tongue.text($0))</li>" }
        let (title, button) = (
            Wording("次の症状が一つでもあるときは、すぐに119番", "Call 119 at once if there is even one of these signs"),
            Wording("119番に電話する", "Call 119 (ambulance)")
        )
        return """
            <section class="report-signs" aria-labelledby="signs"><h2 id="signs">\(tongue.text(title))</h2>
            <ul>\(lines)</ul>
            <p><a class="button button-danger button-large" href="tel:119">\(tongue.text(button))</a></p>
            </section>
            """
    }
}
