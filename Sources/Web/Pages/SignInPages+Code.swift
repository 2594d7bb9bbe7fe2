import Casework
import Catalogue

/// The page of the second step.
extension SignInPages {
    /// For fields that take a code of six digits.
    static let codeAttributes: HTML = #" inputmode="numeric" autocomplete="one-time-code" maxlength="20" autofocus"#

    static func second(
        _ pending: PendingSignIn,
        _ site: Site,
        findings: [Finding] = [],
        wasSent: Bool = false
    ) async throws -> HTML {
        var passkey = HTML.empty
        if pending.hasPasskeys, let party = site.relyingParty,
            let asked = try await site.casework.passkeyRequest(signIn: pending.secret, at: party)
        {
            passkey = PasskeyPages.second(asked, findings)
        }
        let outbox: HTML =
            site.isDemonstration && pending.method != .authenticator
            ? """
            <p class="support">練習用の環境では電話はかからず、SMSも届きません。\
            <a href="/outbox" target="_blank" rel="noopener">練習用の電話</a>で数字を確認してください。</p>
            """ : .empty
        return Layout.page(
            title: "ワンタイムパスワードの入力",
            staff: nil,
            site: site,
            main: """
                <div class="narrow">
                <h1>ワンタイムパスワードの入力</h1>
                \(wasSent && pending.isSent ? sent(pending.channel) : .empty)
                \(passkey)
                \(code(pending, findings))
                \(outbox)
                <p><a href="/sign-in">別のユーザーIDでログインする</a></p>
                </div>
                """,
            errors: findings,
            scripts: (pending.hasPasskeys && site.relyingParty != nil ? ["factor.js"] : [])
                + (pending.wait > 0 ? ["wait.js"] : []),
            styles: ["factor.css"]
        )
    }

    private static func sent(_ channel: CodeChannel) -> HTML {
        Components.banner(
            .success,
            title: channel == .sms ? "SMSを送りました" : "電話をかけました",
            body: "<p>前の数字は使えません。</p>"
        )
    }

    private static func code(_ pending: PendingSignIn, _ findings: [Finding]) -> HTML {
        guard case .phone(let ending) = pending.method else {
            let recovery: HTML =
                pending.hasRecoveryCodes
                ? "<p>認証アプリを使えないときは：<a href=\"/sign-in/recovery\">回復コードを使う</a></p>" : .empty
            return """
                \(form("<p>認証アプリに表示されている6桁の数字を入力してください。</p>", pending, findings))
                \(recovery)
                <p>\(pending.hasRecoveryCodes ? "回復コードもないときは" : "認証アプリを使えなくなったときは")、\
                IDを発行した組織（保健所など）の利用者認証実施者に連絡してください。</p>
                """
        }
        let number: HTML = "末尾が<strong class=\"number\">\(ending)</strong>の電話番号"
        guard pending.isSent else { return unsent(pending, number, findings) }
        let explanation: HTML =
            switch pending.channel {
            case .call:
                """
                <p>\(number)に自動音声で電話をかけました。音声に従って電話機の「1」を押し、\
                読み上げられた6桁の数字を、5分以内に入力してください。</p>
                """
            case .sms: "<p>\(number)にSMSを送りました。届いた6桁の数字を、5分以内に入力してください。</p>"
            }
        return """
            \(form(explanation, pending, findings))
            <p>\(pending.channel == .sms ? "SMSが届かないとき" : "電話がかかってこないときや、聞き取れなかったとき")は\
            （1分に1回、1時間に5回まで）：</p>
            \(waiting(pending))
            \(ways(pending))
            """
    }

    /// How long it is until a code may be sent again, or by the other way.
    private static func waiting(_ pending: PendingSignIn) -> HTML {
        guard pending.wait > 0 else { return .empty }
        let other = pending.channels.count > 1 ? "もう一度お知らせすることも、受け取り方を変えることも" : "もう一度お知らせすることは"
        return """
            <p><span data-wait-words>\(other)、あと\(left(pending))でできるようになります。</span>\(over)</p>
            """
    }

    /// Read aloud once the wait is over; the seconds before are for the eye.
    private static let over: HTML = #"<span data-wait-over role="status"></span>"#

    /// The time to wait; `wait.js` counts it down.
    private static func left(_ pending: PendingSignIn) -> HTML {
        #"<strong data-wait="\#(String(pending.wait))">\#(ErrorPages.wait(pending.wait))</strong>"#
    }

    /// Where no code has gone out: a passkey is there, or the number has had as many as it may.
    private static func unsent(_ pending: PendingSignIn, _ number: HTML, _ findings: [Finding]) -> HTML {
        let words: HTML =
            pending.wait == 0
            ? "<p>\(number)で6桁の数字を受け取ることもできます。</p>"
            : Components.banner(
                .warning,
                title: "まだ数字をお知らせしていません",
                body: """
                    <p>数字をお知らせできるのは、1つの電話番号に1分に1回、1時間に5回までです。\
                    <span data-wait-words>あと\(left(pending))お待ちになってから、下のボタンを押してください。</span>\(over)\
                    \(pending.wait >= 240 ? "お待ちの間にこの画面の期限が切れたときは、もう一度ログインしてください。" : "")</p>
                    """
            )
        return """
            <div class="card" id="field-code">
            \(words)
            \(ways(pending))
            \(Components.fieldErrors("code", findings.at("code")))
            </div>
            """
    }

    private static func form(_ explanation: HTML, _ pending: PendingSignIn, _ findings: [Finding]) -> HTML {
        """
        <form method="post" action="/sign-in/code" class="card" novalidate>
        \(explanation)
        \(Components.textField(
            name: "code", label: "ワンタイムパスワード（6桁）", value: "", errors: findings.at("code"),
            attributes: codeAttributes))
        <p class="actions"><button type="submit" class="button button-primary button-large">ログイン</button></p>
        </form>
        """
    }

    /// By which ways a code can be sent, or sent again.
    private static func ways(_ pending: PendingSignIn) -> HTML {
        let buttons: [HTML] = pending.channels.map { channel in
            let isAgain = pending.isSent && channel == pending.channel
            let label =
                switch channel {
                case .call: isAgain ? "もう一度電話をかける" : "電話で受け取る"
                case .sms: isAgain ? "もう一度SMSを送る" : "SMSで受け取る"
                }
            let value = channel == .sms ? "sms" : "call"
            return """
                <form method="post" action="/sign-in/resend">\
                <button type="submit" name="by" value="\(value)" class="button button-secondary">\(label)</button></form>
                """
        }
        return #"<div class="ways">\#(buttons)</div>"#
    }
}
