import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Paper
import Storage

/// Giving a person the link through which they report their health (健康観察用のURLの発行).
enum SelfReportLinkPages {
    static let routes: [Route] = [
        .page("/cases/{id}/report-link") { request, context, site, staff in
            let disclosed = try await site.casework.read(try CasePages.number(context), by: staff.caller)
            guard Casework.mayIssueReportLink(disclosed.permission) else { throw Refusal.notFound }
            return .page(ask(disclosed.subject.number, host: request.head.authority ?? "", site, staff))
        },
        .form("/cases/{id}/report-link") { sent, context, site, staff in
            let number = try CasePages.number(context)
            let secret = try await site.casework.issueReportLink(number, by: staff.caller)
            let directory = try await site.casework.directory()
            let disclosed = try await site.casework.read(number, by: staff.caller)
            let office = disclosed.subject.jurisdiction.flatMap { directory[$0] } ?? staff.organisation
            let link = "https://\(host(sent["host"]))/r/\(secret)"
            return .page(show(number, link: link, office: office, site, staff))
        },
    ]

    /// The host that the page was asked under, brought along by its own form.
    private static func host(_ text: String?) -> String {
        let allowed = (text ?? "").utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: ".-:[]".utf8.contains(byte)
            }
        }
        return allowed ? text ?? "" : ""
    }

    private static func ask(_ number: CaseNumber, host: String, _ site: Site, _ staff: Staff) -> HTML {
        Layout.page(
            title: "健康観察用のURLの発行",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <div class="narrow">
                <h1>健康観察用のURLの発行</h1>
                <p>HER-SYS ID <span class="number">\(number.display)</span></p>
                <ul>
                <li>本人や家族が、スマートフォンから体温や症状を報告するためのURLです。IDやパスワードは要りません。</li>
                <li>初めて開いたときに、本人の生年月日を確認します。\(Casework.reportLinkTries)回まちがえると止まります。</li>
                <li>療養や待機が終わると使えなくなります。</li>
                <li>新しく発行すると、この対象者に前に発行したURLは使えなくなります。</li>
                </ul>
                <p><a href="\(leaflet)">患者の方・濃厚接触者の方への説明（印刷用、日本語・英語）</a></p>
                <form method="post" action="/cases/\(number.digits)/report-link">\(Components.csrf(staff))\
                <input type="hidden" name="host" value="\(host)">
                <p class="actions"><button type="submit" class="button button-primary">URLを発行する</button>\
                <a class="button button-secondary" href="/cases/\(number.digits)">戻る</a></p></form>
                </div>
                """
        )
    }

    private static func show(
        _ number: CaseNumber,
        link: String,
        office: Organisation,
        _ site: Site,
        _ staff: Staff
    ) -> HTML {
        let message = """
            \(office.name)からのお願いです。毎日の体温と体調を、次のURLから報告してください。はじめに生年月日を入力します。
            \(english)
            \(link)
            """
        return Layout.page(
            title: "健康観察用のURL",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <div class="narrow print-tools">
                <h1>健康観察用のURLを発行しました</h1>
                \(Components.banner(
                    .warning, title: "このURLが表示されるのは今だけです",
                    body: "<p>本人に渡すまで、このページを閉じないでください。閉じたときは、もう一度発行できます。</p>"))
                <p>HER-SYS ID <span class="number">\(number.display)</span></p>
                <p><code class="secret" id="report-link">\(link)</code></p>
                \(Components.textArea(
                    name: "message", label: "SMS・メールの文例", value: message,
                    attributes: " readonly"))
                <p>下の紙を印刷して渡すこともできます。一緒に「患者の方・濃厚接触者の方へ」も渡してください：\
                <a href="\(leaflet)?lang=ja" target="_blank" rel="noopener">日本語（新しいタブで開く）</a>　\
                <a href="\(leaflet)?lang=en" target="_blank" rel="noopener">英語（新しいタブで開く）</a></p>
                <p class="actions"><button type="button" class="button button-primary" data-print hidden>紙を印刷する</button>\
                <a class="button button-secondary" href="/cases/\(number.digits)">対象者のページに戻る</a></p>
                </div>
                \(slip(number, link: link, office: office))
                """,
            scripts: ["print.js"],
            styles: ["report.css", "print.css", "leaflet.css"]
        )
    }

    private static let leaflet = "/leaflets/patients"

    /// What whoever reads no Japanese is told beside the link.
    private static let english = "Please scan or open this to report your condition every day. English is available."

    /// The link on paper: a code for the telephone's camera, and both languages.
    private static func slip(_ number: CaseNumber, link: String, office: Organisation) -> HTML {
        let phone = office.phone.isEmpty ? "" : "　電話 \(office.phone)"
        return """
            <article class="sheet leaflet">
            <h2>健康状態の報告のお願い</h2>
            <div class="slip-link">\(picture(of: link))<div>
            <p>スマートフォンのカメラで読み取り、毎日の体温と体調を報告してください。はじめに生年月日を入力します。</p>
            <p lang="en">\(english)</p>
            <p><code class="secret">\(link)</code></p></div></div>
            <ul>
            <li>このURLは、あなた専用です。ほかの人に渡さないでください。<span lang="en">This link is yours alone.</span></li>
            <li>息が苦しい、顔色が悪い、ぼんやりするなど、急いで助けが必要なときは、報告を待たずに119番に電話してください。\
            <span lang="en">If you need help urgently, call 119 (ambulance).</span></li>
            </ul>
            <p class="letter-contact">問い合わせ先：\(office.name)\(phone)</p>
            <p class="letter-id">HER-SYS ID \(number.display)</p>
            </article>
            """
    }

    private static func picture(of link: String) -> HTML {
        guard let code = CodeMatrix(onScreen: link) else { return .empty }
        let quiet = 4
        let size = code.size + 2 * quiet
        return """
            <svg viewBox="\(-quiet) \(-quiet) \(size) \(size)" shape-rendering="crispEdges" role="img" \
            aria-label="健康観察用のURLのQRコード"><rect x="\(-quiet)" y="\(-quiet)" width="\(size)" height="\(size)" \
            fill="#fff"/><path d="\(code.path)" fill="#000"/></svg>
            """
    }
}
