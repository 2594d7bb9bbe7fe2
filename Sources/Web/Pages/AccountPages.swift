import Access
import Casework
import Catalogue
import Hummingbird

/// Who is signed in, and the authenticator app.
enum AccountPages {
    static let routes: [Route] = [
        .page("/account") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let isSet = try await site.casework.hasAuthenticator(by: staff.caller)
            let sessions = try await site.casework.ownSessions(of: staff.session)
            return .page(account(staff, site, isSet: isSet, sessions: sessions, done: query["done"]))
        },
        // The page's script tells here that somebody is still typing.
        .page("/account/keep") { _, _, _, staff in .json(#"{"signed_in":true,"left":\#(staff.secondsLeft)}"#) },
        .page("/account/authenticator") { _, _, site, staff in
            let offer = try await site.casework.prepareAuthenticator(by: staff.caller)
            return .page(setUp(staff, site, secret: offer.secret, address: offer.address))
        },
        .form("/account/authenticator") { form, _, site, staff in
            let secret = form["secret"] ?? ""
            do {
                try await site.casework.setAuthenticator(secret: secret, code: form["code"] ?? "", by: staff.caller)
                return Redirect.to("/account?done=set")
            } catch Refusal.findings(let findings) {
                let page = setUp(staff, site, secret: secret, address: form["address"] ?? "", findings: findings)
                return .page(page, status: .unprocessableContent)
            }
        },
        .form("/account/authenticator/remove") { _, _, site, staff in
            try await site.casework.removeAuthenticator(by: staff.caller)
            return Redirect.to("/account?done=removed")
        },
    ]

    private static func account(
        _ staff: Staff,
        _ site: Site,
        isSet: Bool,
        sessions: [OwnSession],
        done: String?
    ) -> HTML {
        let words: HTML =
            switch done {
            case "set"?:
                Components.banner(
                    .success,
                    title: "認証アプリを設定しました",
                    body: "<p>次のログインから、認証アプリの6桁の数字を入力してください。</p>"
                )
            case "password"?:
                Components.banner(
                    .success,
                    title: "パスワードを変更しました",
                    body: "<p>ほかの端末やブラウザーのログインは終わりました。</p>"
                )
            case "removed"?:
                Components.banner(
                    .success,
                    title: "認証アプリの設定を解除しました",
                    body: "<p>次のログインから、ワンタイムパスワードを自動音声の電話でお知らせします。</p>"
                )
            default: SessionPages.words(done)
            }
        let method: HTML =
            isSet
            ? """
            <p>\(Components.chip("設定済み", .success)) ログインのとき、認証アプリの6桁の数字を入力します。</p>
            <form method="post" action="/account/authenticator/remove">\(Components.csrf(staff))
            <p class="actions"><a class="button button-secondary" href="/account/authenticator">設定し直す</a>\
            <button type="submit" class="button button-danger">設定を解除する</button></p></form>
            """
            : """
            <p>\(Components.chip("未設定", .neutral)) ログインのとき、登録された電話番号への自動音声で6桁の数字をお知らせします。</p>
            <p>スマートフォンの認証アプリを設定すると、電話を待たずにログインできます。</p>
            <p class="actions"><a class="button button-primary" href="/account/authenticator">認証アプリを設定する</a></p>
            """
        let own = staff.organisation
        let rows: [HTML] = [
            ("氏名", staff.caller.viewer.name), ("所属", own.name), ("区分", own.kind.label), ("所在地", own.address),
            ("電話番号", own.phone), ("医療機関コード", own.institutionCode ?? ""),
        ].filter { !$0.1.isEmpty }.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }
        return Layout.page(
            title: "アカウント",
            staff: staff,
            current: "/account",
            site: site,
            main: """
                <div class="narrow">
                <h1>アカウント</h1>
                \(words)
                <dl class="facts">\(rows)</dl>
                <p class="support">内容が違うときは、所属組織の利用者認証実施者に連絡してください。</p>
                <h2>パスワード</h2>
                <p class="actions"><a class="button button-secondary" href="/account/password">パスワードを変更する</a></p>
                <h2>ログインの確認方法</h2>
                \(method)
                \(SessionPages.list(sessions, staff))
                <p><a href="/account/terms">システム利用規約を読む</a></p>
                </div>
                """
        )
    }

    private static func setUp(
        _ staff: Staff,
        _ site: Site,
        secret: String,
        address: String,
        findings: [Finding] = []
    ) -> HTML {
        let isAddress = address.hasPrefix("otpauth://totp/")
        let link: HTML =
            isAddress
            ? """
            <p>このスマートフォンに認証アプリが入っているときは、<a href="\(address)">認証アプリで開く</a>だけで追加できます。</p>
            <details><summary>登録用のアドレスを表示する</summary><p><span class="secret">\(address)</span></p></details>
            """ : .empty
        return Layout.page(
            title: "認証アプリの設定",
            staff: staff,
            current: "/account",
            site: site,
            main: """
                <div class="narrow">
                <h1>認証アプリの設定</h1>
                <p>認証アプリは、30秒ごとに変わる6桁の数字を表示するスマートフォンのアプリです。</p>
                <h2>1. 認証アプリにキーを登録する</h2>
                <p>認証アプリで「セットアップキーを入力」などを選び、アカウント名を「HER-SYS」、種類を「時間ベース」にして、次のキーを入力してください。</p>
                <p><span class="secret">\(grouped(secret))</span></p>
                \(link)
                <h2>2. 表示された数字を入力する</h2>
                <form method="post" action="/account/authenticator" novalidate>\(Components.csrf(staff))
                <input type="hidden" name="secret" value="\(secret)">
                <input type="hidden" name="address" value="\(isAddress ? address : "")">
                \(Components.textField(
                    name: "code", label: "認証アプリの数字（6桁）", value: "", errors: findings.at("code"),
                    attributes: SignInPages.codeAttributes))
                <p class="actions"><button type="submit" class="button button-primary">設定する</button>\
                <a class="button button-secondary" href="/account">やめる</a></p>
                </form>
                </div>
                """,
            errors: findings
        )
    }

    /// The key in groups of four, as it is typed.
    static func grouped(_ secret: String) -> String {
        var groups: [Substring] = []
        var rest = Substring(secret)
        while !rest.isEmpty {
            groups.append(rest.prefix(4))
            rest = rest.dropFirst(4)
        }
        return groups.joined(separator: " ")
    }
}
