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
        // With errors the focus goes to their summary.
        let focus: HTML = findings.isEmpty ? " autofocus" : .empty
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
                    attributes: #" autocomplete="username" autocapitalize="none" spellcheck="false"\#(focus)"#))
                \(Components.textField(
                    name: "password", label: "パスワード", value: "", errors: findings.at("password"), type: "password",
                    attributes: #" autocomplete="current-password""#))
                <p class="actions"><button type="submit" class="button button-primary button-large">次へ</button></p>
                <p class="support">次の画面で、登録された電話番号への自動音声やSMS、または認証アプリで確認するワンタイムパスワードを入力します。</p>
                </form>
                \(PasskeyPages.alone(site, returnTo: returnTo, findings: findings))
                <h2>ログインできないとき</h2>
                <ul>
                <li>ユーザーIDとパスワードは、利用者認証実施者が発行します。忘れたときは、IDを発行した組織（保健所など）に再発行を依頼してください。</li>
                <li>続けて間違えると、しばらくログインできなくなります。待っても入れないときは利用者認証実施者に連絡してください。</li>
                <li>この端末でHER-SYSを使えるかどうかは、ログインする前に<a href="/connection-test">接続環境の確認</a>で調べられます。</li>
                <li>操作がわからないときは、<a href="/manual">使い方</a>を見てください。ログインの手順も書いてあります。</li>
                </ul>
                \(site.isDemonstration ? demonstrationHint : .empty)
                </div>
                """,
            errors: findings,
            scripts: site.relyingParty == nil ? [] : ["factor.js"],
            styles: ["factor.css"]
        )
    }

    private static let demonstrationHint: HTML = """
        <p class="support">練習用のユーザーIDとパスワードは、この環境を用意した人に聞いてください。\
        ワンタイムパスワードは<a href="/outbox" target="_blank" rel="noopener">練習用の電話</a>に届きます。</p>
        """

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
