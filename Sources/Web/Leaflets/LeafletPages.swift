import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// Papers that anybody may read and print: the explanation for patients, the security leaflet for staff.
enum LeafletPages {
    static let routes: [Route] = [
        .open(.get, "/leaflets/patients") { request, _, site in
            let leaflet = PatientLeaflet(tongue: PageLanguage(request))
            return .page(OpenFrame(tongue: leaflet.tongue, site: site).paper(PatientLeaflet.title, leaflet.sheets))
        },
        .open(.get, "/leaflets/security") { _, _, site in
            // For staff, who work in Japanese.
            let frame = OpenFrame(tongue: PageLanguage(.ja), site: site, switches: false)
            return .page(frame.paper(SecurityLeaflet.title, SecurityLeaflet.sheet))
        },
    ]
}

/// The frame of pages that are open to everybody in either language: no account, no menu.
struct OpenFrame {
    let tongue: PageLanguage
    let site: Site
    /// Whether there is the other language as well.
    var switches = true

    /// A page to be read.
    func page(_ title: Wording, _ main: HTML, styles: [String] = ["leaflet.css"], scripts: [String] = []) -> HTML {
        let links: [HTML] = (["hersys.css"] + styles).map {
            #"<link rel="stylesheet" href="\#(Assets.address($0))">"#
        }
        let code: [HTML] = scripts.map { #"<script src="\#(Assets.address($0))" defer></script>"# }
        let practice: HTML =
            site.isDemonstration
            ? tongue.say(
                #"<p class="demonstration"><strong>練習用</strong>これは練習用の環境です。登場する人物はすべて架空です。</p>"#,
                #"<p class="demonstration"><strong>Practice</strong>This server is for practice only.</p>"#
            ) : .empty
        return """
            <!DOCTYPE html>
            <html lang="\(tongue.language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="format-detection" content="telephone=no">
            <meta name="robots" content="noindex, nofollow">
            <title>\(tongue.text(title)) | HER-SYS</title>
            <link rel="icon" type="image/svg+xml" href="\(Assets.address("icon.svg"))">
            \(links)
            \(code)
            </head>
            <body>
            <a class="skip" href="#main">\(tongue.say("本文へ移動", "Go to the contents"))</a>
            <header class="header">\(practice)<div class="header-row"><p class="brand"><span class="brand-name">HER-SYS</span>\
            <span class="brand-long">\(tongue.say(
                "新型コロナウイルス感染者等情報把握・管理支援システム",
                "Health Center Real-time Information-sharing System on COVID-19"))</span></p>\
            \(switches ? tongue.switchLink : HTML.empty)</div></header>
            <main id="main" class="main" tabindex="-1">
            \(main)
            </main>
            <footer class="footer"><p>HER-SYS</p></footer>
            </body>
            </html>

            """
    }

    /// A page whose sheets are printed: what stands above them stays on the screen.
    func paper(_ title: Wording, _ sheets: HTML) -> HTML {
        page(
            title,
            """
            <div class="print-tools"><p class="actions">\
            <button type="button" class="button button-primary" data-print hidden>\(tongue.say("印刷する", "Print"))</button>\
            <noscript><span class="support">\(tongue.say(
                "ブラウザーの「印刷」から印刷してください。",
                "Please print it from the menu of your browser."))</span></noscript></p></div>
            \(sheets)
            """,
            styles: ["print.css", "leaflet.css"],
            scripts: ["print.js"]
        )
    }
}
