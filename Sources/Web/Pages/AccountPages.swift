import Access
import Casework
import Catalogue
import Hummingbird
import Paper

/// Who is signed in, and the authenticator app.
enum AccountPages {
    static let routes: [Route] = [
        .page("/account") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let factor = try await site.casework.secondFactor(by: staff.caller)
            let sessions = try await site.casework.ownSessions(of: staff.session)
            return .page(account(staff, site, factor, sessions, done: query["done"], next: query["next"]))
        },
        // The page's script tells here that somebody is still typing.
        .page("/account/keep") { _, _, _, staff in .json(#"{"signed_in":true,"left":\#(staff.secondsLeft)}"#) },
        .page("/account/authenticator", confirms: true) { _, _, site, staff in
            let offer = try await site.casework.prepareAuthenticator(by: staff.caller)
            return .page(setUp(staff, site, secret: offer.secret, address: offer.address))
        },
        .form("/account/authenticator", confirms: true) { form, _, site, staff in
            let secret = form["secret"] ?? ""
            let replaces = try await site.casework.hasAuthenticator(by: staff.caller)
            do {
                let codes = try await site.casework.setAuthenticator(
                    secret: secret,
                    code: form["code"] ?? "",
                    by: staff.caller
                )
                return .page(RecoveryPages.fresh(codes, staff, site, title: "認証アプリを設定しました", replaces: replaces))
            } catch Refusal.findings(let findings) {
                let page = setUp(staff, site, secret: secret, address: form["address"] ?? "", findings: findings)
                return .page(page, status: .unprocessableContent)
            }
        },
        .form("/account/authenticator/remove", confirms: true) { _, _, site, staff in
            try await site.casework.removeAuthenticator(by: staff.caller)
            return Redirect.to("/account?done=removed")
        },
    ]

    /// What has just been done: title and words.
    private static let deeds: [String: (title: String, words: String)] = [
        "removed": ("認証アプリの設定を解除しました", "次のログインから、ワンタイムパスワードを電話またはSMSでお知らせします。"),
        "password": ("パスワードを変更しました", "ほかの端末やブラウザーのログインは終わりました。"),
        "channel": ("受け取り方を保存しました", "次のログインから、選んだ方法でお知らせします。"),
        "passkey": ("パスキーを登録しました", "次のログインから、パスキーを使えます。"),
        "passkey-removed": ("パスキーを削除しました", "端末に残っているパスキーは、端末の設定で削除してください。"),
    ]

    private static func account(
        _ staff: Staff,
        _ site: Site,
        _ factor: SecondFactor,
        _ sessions: [OwnSession],
        done: String?,
        next: String?
    ) -> HTML {
        let words: HTML =
            done.flatMap { deeds[$0] }.map {
                Components.banner(.success, title: $0.title, body: "<p>\($0.words)</p>")
            } ?? .empty
        let own = staff.organisation
        let rows: [HTML] = [
            ("氏名", staff.caller.viewer.name), ("所属", own.name), ("区分", own.kind.label), ("所在地", own.address),
            ("所属の電話番号", own.phone), ("医療機関コード", own.institutionCode ?? ""),
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
                \(SecondFactorPages.news(factor, staff, next: next))
                <dl class="facts">\(rows)</dl>
                <p class="support">内容が違うときは、IDを発行した組織（保健所など）の利用者認証実施者に連絡してください。</p>
                <h2>パスワード</h2>
                <p class="actions"><a class="button button-secondary" href="/account/password">パスワードを変更する</a></p>
                \(SecondFactorPages.section(factor, staff, site))
                \(SessionPages.list(sessions, staff, done: done))
                <p><a href="/account/terms">システム利用規約を読む</a></p>
                </div>
                """,
            styles: ["factor.css"]
        )
    }

    private static func setUp(
        _ staff: Staff,
        _ site: Site,
        secret: String,
        address: String,
        findings: [Finding] = []
    ) -> HTML {
        let isAddress = address.hasPrefix("otpauth://totp/") && address.utf8.count <= 300
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
                \(isAddress ? matrix(address) : .empty)
                <p>コードを読み取れないときは、認証アプリで「セットアップキーを入力」などを選び、アカウント名を「HER-SYS」、\
                種類を「時間ベース」にして、次のキーを入力してください。</p>
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
            errors: findings,
            styles: ["factor.css"]
        )
    }

    /// The address as a code for a telephone's camera.
    private static func matrix(_ address: String) -> HTML {
        guard let code = CodeMatrix(onScreen: address) else { return .empty }
        let quiet = 4
        let size = code.size + 2 * quiet
        return """
            <p>スマートフォンの認証アプリで「QRコードを読み取る」などを選び、次のコードを読み取ってください。</p>
            <svg class="matrix" viewBox="\(-quiet) \(-quiet) \(size) \(size)" shape-rendering="crispEdges" role="img" \
            aria-label="認証アプリに登録するQRコード"><rect x="\(-quiet)" y="\(-quiet)" width="\(size)" height="\(size)" \
            fill="#fff"/><path d="\(code.path)" fill="#000"/></svg>
            """
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
