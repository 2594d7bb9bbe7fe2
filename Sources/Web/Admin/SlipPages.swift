import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// ID通知票: initial passwords on paper, shown to the session that issued them for a quarter of an hour.
enum SlipPages {
    static let routes: [Route] = [
        .page("/admin/slips/{batch}") { request, context, site, staff in
            let batch = context.parameters.get("batch") ?? ""
            let slips: [IDSlip]
            do {
                slips = try await site.casework.idSlips(batch, session: staff.session, by: staff.caller)
            } catch Refusal.notFound {
                return .page(gone(site, staff), status: .notFound)
            }
            let host = Self.host(request.head.authority ?? "")
            return .page(page(slips, batch, host: host, day: site.casework.today, site, staff))
        },
        .form("/admin/slips/{batch}/done") { _, context, site, staff in
            try await site.casework.dropSlips(context.parameters.get("batch") ?? "", session: staff.session)
            return Redirect.to("/admin/accounts")
        },
    ]

    /// The server's name as the browser knows it; nothing where it is no name of a server.
    static func host(_ authority: String) -> String {
        let isName =
            !authority.isEmpty && authority.utf8.count <= 255
            && authority.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: [45, 46, 58, 91, 93].contains(byte)
                }
            }
        return isName ? authority : ""
    }

    private static func gone(_ site: Site, _ staff: Staff) -> HTML {
        Layout.page(
            title: "ID通知票は表示できません",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <div class="narrow">
                <h1>ID通知票は表示できません</h1>
                <p>初期パスワードは、発行した人のログイン中に、\(Int(Casework.slipLife / 60))分間だけ表示できます。\
                時間が過ぎたか、すでに印刷を終えたか、別のログインで発行されたものです。</p>
                <p>印刷できていないときは、アカウントのページから「初期パスワードを再発行する」を行ってください。</p>
                <p class="actions"><a class="button button-primary" href="/admin/accounts">アカウントの一覧へ</a></p>
                </div>
                """
        )
    }

    private static func page(
        _ slips: [IDSlip],
        _ batch: String,
        host: String,
        day: CalendarDate,
        _ site: Site,
        _ staff: Staff
    ) -> HTML {
        let until = slips.map(\.expiresAt).min() ?? site.casework.clock()
        let (hour, minute, _) = until.japanTime
        let sheets: [HTML] = slips.map { sheet($0, host: host, day: day, from: staff.organisation) }
        return Layout.page(
            title: "ID通知票",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <div class="print-tools">
                <h1>ID通知票（\(slips.count)枚）</h1>
                \(Components.banner(
                    .warning, title: "\(hour):\(minute < 10 ? "0" : "")\(minute)まで表示できます",
                    body: """
                        <p>初期パスワードはこの画面でしか見られません。印刷して、封をして本人に渡してください。\
                        メールやFAXでは送らないでください。</p>
                        """))
                <p class="support">A4の用紙に1人1枚で印刷されます。画面の枠やボタンは印刷されません。</p>
                <p><a href="/leaflets/security" target="_blank" rel="noopener">情報セキュリティのお願い（印刷用、新しいタブで開く）</a>\
                も一緒に渡してください。</p>
                <p class="actions"><button type="button" class="button button-primary" data-print hidden>印刷する</button>\
                <noscript><span class="support">ブラウザーの「印刷」から印刷してください。</span></noscript></p>
                <form method="post" action="/admin/slips/\(batch)/done">\(Components.csrf(staff))\
                <p class="actions"><button type="submit" class="button button-secondary">印刷を終えたので表示を消す</button></p></form>
                </div>
                \(sheets)
                """,
            scripts: ["print.js"],
            styles: ["print.css", "admin.css"]
        )
    }

    /// One sheet.
    private static func sheet(_ slip: IDSlip, host: String, day: CalendarDate, from: Organisation) -> HTML {
        let address = host.isEmpty ? "IDを発行した組織からお知らせするアドレス" : "https://\(host)/sign-in"
        let contact = from.phone.isEmpty ? from.name : "\(from.name)　電話 \(from.phone)"
        return """
            <article class="sheet letter slip">
            <p class="letter-number">\(JapaneseDate.display(day))</p>
            <p class="letter-to"><strong>\(slip.organisation.name)</strong>\
            \(slip.name == slip.organisation.name ? HTML.empty : "<br><strong>\(slip.name)　様</strong>")</p>
            <p class="letter-from">\(from.name)</p>
            <h2>ID通知票</h2>
            <p>HER-SYS（新型コロナウイルス感染者等情報把握・管理支援システム）のIDを次のとおり発行しました。</p>
            <dl class="letter-facts">
            <div><dt>アドレス</dt><dd class="slip-address">\(address)</dd></div>
            <div><dt>ユーザーID</dt><dd class="slip-code">\(slip.login)</dd></div>
            <div><dt>初期パスワード</dt><dd class="slip-code">\(grouped(slip.password))</dd></div>
            </dl>
            <p class="slip-note">初期パスワードは\(slip.password.count)文字です。英小文字と数字だけで、間をあけずに続けて入力してください\
            （数字の0と1、英字のi、l、oは使っていません）。</p>
            <h3>はじめにすること</h3>
            <ol class="slip-steps">
            <li>上のアドレスをブラウザーで開き、ユーザーIDと初期パスワードを入力します。</li>
            <li>登録された電話番号（末尾\(slip.phoneEnding)）に、自動音声の電話がかかってきます。電話に出て電話機の「1」を押し、\
            読み上げられるワンタイムパスワード（6桁の数字）を入力します。</li>
            <li>自分で決めた新しいパスワード（12文字以上）を設定します。初期パスワードは使えなくなります。</li>
            <li>システム利用規約を読み、同意します。</li>
            </ol>
            <p class="slip-note">この紙は、新しいパスワードを設定したら細断して捨ててください。IDをほかの人に貸したり、教えたりしないでください。\
            心当たりのないID通知票を受け取ったとき、この紙をなくしたときは、すぐに次の連絡先に知らせてください。</p>
            <p class="letter-contact">問い合わせ先：\(contact)</p>
            </article>
            """
    }

    /// The letters in fours: with room between them and no space that could be typed.
    private static func grouped(_ password: String) -> [HTML] {
        var groups: [HTML] = []
        var rest = Substring(password)
        while !rest.isEmpty {
            groups.append(#"<span class="slip-group">\#(String(rest.prefix(4)))</span>"#)
            rest = rest.dropFirst(4)
        }
        return groups
    }
}
