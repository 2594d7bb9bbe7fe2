import Casework
import Catalogue

extension SignInPages {
    /// What the sign-in page has to say first.
    enum Note {
        /// The code was not given in time or too often wrong.
        case ended
        /// Somebody has just signed out.
        case signedOut
        /// Nobody was there for too long; whether a half-filled form waits.
        case idle(kept: Bool)

        /// What the address asks to be said.
        init?(_ query: FormData) {
            if query["ended"] != nil {
                self = .ended
            } else if query["out"] != nil {
                self = .signedOut
            } else if let idle = query["idle"] {
                self = .idle(kept: idle == "kept")
            } else {
                return nil
            }
        }
    }

    static func first(
        _ site: Site,
        login: String = "",
        returnTo: String,
        findings: [Finding] = [],
        note: Note? = nil
    ) -> HTML {
        let words: HTML =
            switch note {
            case .ended:
                Components.banner(
                    .warning,
                    title: "もう一度ログインしてください",
                    body: "<p>時間が過ぎたか、入力の回数が上限に達しました。</p>"
                )
            case .signedOut: Components.banner(.success, title: "ログアウトしました")
            case .idle(let kept): idleNote(kept: kept)
            case nil: .empty
            }
        return Layout.page(
            title: "ログイン",
            staff: nil,
            site: site,
            main: """
                <div class="narrow">
                <h1>ログイン</h1>
                \(words)
                <form method="post" action="/sign-in" class="card" novalidate>
                <input type="hidden" name="return" value="\(returnTo)">
                \(Components.textField(
                    name: "login", label: "ユーザーID", value: login, errors: findings.at("login"),
                    attributes: #" autocomplete="username" autocapitalize="none" spellcheck="false""#))
                \(Components.textField(
                    name: "password", label: "パスワード", value: "", errors: findings.at("password"), type: "password",
                    attributes: #" autocomplete="current-password""#))
                <p class="actions"><button type="submit" class="button button-primary button-large">次へ</button></p>
                <p class="support">次の画面で、登録された電話番号への自動音声または認証アプリで確認するワンタイムパスワードを入力します。</p>
                </form>
                <h2>ログインできないとき</h2>
                <ul>
                <li>ユーザーIDとパスワードは、所属組織の利用者認証実施者から発行されます。忘れたときは再発行を依頼してください。</li>
                <li>続けて間違えると、しばらくログインできなくなります。待っても入れないときは利用者認証実施者に連絡してください。</li>
                <li>この端末でHER-SYSを使えるかどうかは、ログインする前に<a href="/connection-test">接続環境の確認</a>で調べられます。</li>
                </ul>
                \(site.isDemonstration ? demonstrationHint : .empty)
                </div>
                """,
            errors: findings
        )
    }

    private static let demonstrationHint: HTML = """
        <p class="support">練習用のユーザーIDとパスワードは、<code>script/server</code> を起動した画面に表示されています。\
        ワンタイムパスワードは<a href="/outbox" target="_blank" rel="noopener">練習用の電話</a>に届きます。</p>
        """

    static func second(
        _ pending: PendingSignIn,
        _ site: Site,
        findings: [Finding] = [],
        wasSent: Bool = false
    ) -> HTML {
        let explanation: HTML
        let resend: HTML
        switch pending.method {
        case .phone(let ending):
            explanation = """
                <p>末尾が<strong class="number">\(ending)</strong>の電話番号に自動音声で電話をかけました。\
                読み上げられた6桁の数字を、5分以内に入力してください。</p>
                """
            resend = """
                <form method="post" action="/sign-in/resend">
                <p>電話がかかってこないときや、聞き取れなかったときは：\
                <button type="submit" class="button-plain">もう一度電話をかける</button></p>
                </form>
                """
        case .authenticator:
            explanation = "<p>認証アプリに表示されている6桁の数字を入力してください。</p>"
            resend = "<p>認証アプリを使えなくなったときは、所属組織の利用者認証実施者に連絡してください。</p>"
        }
        let outbox: HTML =
            site.isDemonstration && pending.method != .authenticator
            ? """
            <p class="support">練習用の環境では電話はかかりません。\
            <a href="/outbox" target="_blank" rel="noopener">練習用の電話</a>で数字を確認してください。</p>
            """ : .empty
        return Layout.page(
            title: "ワンタイムパスワードの入力",
            staff: nil,
            site: site,
            main: """
                <div class="narrow">
                <h1>ワンタイムパスワードの入力</h1>
                \(wasSent ? Components.banner(.success, title: "もう一度電話をかけました", body: "<p>前の数字は使えません。</p>") : .empty)
                <form method="post" action="/sign-in/code" class="card" novalidate>
                \(explanation)
                \(Components.textField(
                    name: "code", label: "ワンタイムパスワード（6桁）", value: "", errors: findings.at("code"),
                    attributes: codeAttributes))
                <p class="actions"><button type="submit" class="button button-primary button-large">ログイン</button></p>
                </form>
                \(resend)
                \(outbox)
                <p><a href="/sign-in">別のユーザーIDでログインする</a></p>
                </div>
                """,
            errors: findings
        )
    }

    /// For fields that take a code of six digits.
    static let codeAttributes: HTML = #" inputmode="numeric" autocomplete="one-time-code" maxlength="20" autofocus"#

    static func done(_ staff: Staff, _ site: Site) -> HTML {
        Layout.page(
            title: "ログインしました",
            staff: staff,
            site: site,
            main: """
                <div class="narrow">
                <h1>ログインしました</h1>
                \(Components.banner(
                    .success, title: "元のタブに戻ってください",
                    body: "<p>入力の途中だったタブに戻り、「もう一度送信」または保存のボタンを押すと、入力した内容を送信できます。</p>"))
                <p class="actions"><a class="button button-secondary" href="/">トップを開く</a></p>
                </div>
                """
        )
    }
}
