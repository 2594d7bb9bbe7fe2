import Casework
import Catalogue
import Hummingbird
import Storage

/// ログインの確認方法: what the account page shows and changes of it.
enum SecondFactorPages {
    static let routes: [Route] = [
        .form("/account/code-channel", confirms: true) { form, _, site, staff in
            try await site.casework.setCodeChannel(form["channel"] == "sms" ? .sms : .call, by: staff.caller)
            return Redirect.to("/account?done=channel")
        },
        .form("/account/events/seen") { form, _, site, staff in
            try await site.casework.acknowledge(event: Int64(form["event"] ?? "") ?? 0, by: staff.caller)
            return Redirect.to(SignInPages.safeReturn(form["next"] ?? "/account"))
        },
    ]

    /// What has happened and was not yet read.
    static func news(_ factor: SecondFactor, _ staff: Staff, next: String?) -> HTML {
        guard let newest = factor.news.first else { return .empty }
        let lines: [HTML] = factor.news.map { "<p>\(Components.time($0.at))　\(words($0))</p>" }
        return """
            <form method="post" action="/account/events/seen" class="news">\(Components.csrf(staff))
            <input type="hidden" name="event" value="\(String(newest.id))">
            <input type="hidden" name="next" value="\(SignInPages.safeReturn(next ?? "/account"))">
            \(Components.banner(
                .warning, title: "ログインの確認方法に変化がありました",
                body: """
                    \(lines)
                    <p>心当たりがないときは、すぐにIDを発行した組織（保健所など）の利用者認証実施者に連絡してください。</p>
                    <p><button type="submit" class="button button-secondary button-small">確認しました</button></p>
                    """))
            </form>
            """
    }

    /// The section of the account page.
    static func section(_ factor: SecondFactor, _ staff: Staff, _ site: Site) -> HTML {
        """
        <h2>ログインの確認方法</h2>
        <h3>電話・SMS</h3>
        \(telephone(factor, staff))
        <h3>認証アプリ</h3>
        \(authenticator(factor, staff))
        <h3>パスキー</h3>
        \(passkeys(factor, staff, site))
        \(history(factor.events))
        """
    }

    private static func telephone(_ factor: SecondFactor, _ staff: Staff) -> HTML {
        let number: HTML = "末尾が<strong class=\"number\">\(factor.phoneEnding)</strong>の電話番号"
        if factor.hasAuthenticator {
            return "<p>\(number)が登録されています。認証アプリを設定している間は、電話・SMSではお知らせしません。</p>"
        }
        guard factor.channels.contains(.sms) else {
            return "<p>\(number)に、自動音声の電話で6桁の数字をお知らせします。</p>"
        }
        return """
            <p>\(number)に6桁の数字をお知らせします。ログインの画面でも選べます。</p>
            <form method="post" action="/account/code-channel">\(Components.csrf(staff))
            \(Components.radios(
                name: "channel", label: "受け取り方", value: factor.channel == .sms ? "sms" : "call",
                options: [("call", "自動音声の電話"), ("sms", "SMS")]))
            <p class="actions"><button type="submit" class="button button-secondary">受け取り方を保存する</button></p>
            </form>
            """
    }

    private static func authenticator(_ factor: SecondFactor, _ staff: Staff) -> HTML {
        guard factor.hasAuthenticator else {
            return """
                <p>\(Components.chip("未設定", .neutral)) スマートフォンの認証アプリを設定すると、電話を待たずにログインできます。</p>
                <p class="actions"><a class="button button-primary" href="/account/authenticator">認証アプリを設定する</a></p>
                """
        }
        let left = factor.recoveryLeft ?? 0
        let short: HTML =
            factor.isShortOfRecovery
            ? Components.banner(
                .warning,
                title: left == 0 ? "回復コードがありません" : "回復コードの残りが\(left)個です",
                body: "<p>認証アプリを使えなくなるとログインできなくなります。新しい回復コードを作ってください。</p>"
            ) : .empty
        return """
            <p>\(Components.chip("設定済み", .success)) ログインのとき、認証アプリの6桁の数字を入力します。</p>
            <form method="post" action="/account/authenticator/remove">\(Components.csrf(staff))
            <p class="actions"><a class="button button-secondary" href="/account/authenticator">設定し直す</a>\
            <button type="submit" class="button button-danger">設定を解除する</button></p></form>
            \(short)
            <p>回復コードの残り：<strong class="number">\(left)</strong>個（認証アプリを使えないときに、数字の代わりに入力します）</p>
            <form method="post" action="/account/recovery-codes">\(Components.csrf(staff))
            <p class="actions"><button type="submit" class="button button-secondary">新しい回復コードを作る</button></p>
            <p class="support">新しく作ると、前の回復コードは使えなくなります。</p></form>
            """
    }

    private static func passkeys(_ factor: SecondFactor, _ staff: Staff, _ site: Site) -> HTML {
        let lines: [HTML] = factor.passkeys.map { passkey in
            let used: HTML = passkey.usedAt.map { "最終使用 \(Components.time($0))" } ?? "まだ使っていません"
            return """
                <li><div><p><strong>\(passkey.name)</strong></p>\
                <p class="support">登録 \(Components.time(passkey.createdAt))・\(used)</p></div>\
                <form method="post" action="/account/passkeys/remove">\(Components.csrf(staff))\
                <input type="hidden" name="id" value="\(String(passkey.id))">\
                <button type="submit" class="button button-danger button-small" \
                aria-label="「\(passkey.name)」を削除する">削除する</button></form></li>
                """
        }
        let list: HTML =
            lines.isEmpty
            ? "<p>\(Components.chip("未登録", .neutral)) 指紋・顔・PINで、電話を待たずにログインできます。</p>"
            : "<ul class=\"passkeys\">\(lines)</ul>"
        guard site.relyingParty != nil else {
            return lines.isEmpty
                ? "<p>\(Components.chip("利用できません", .neutral)) この環境ではパスキーを利用できません。</p>" : list
        }
        return """
            \(list)
            <p class="actions"><a class="button button-secondary" href="/account/passkeys">パスキーを登録する</a></p>
            """
    }

    /// What has happened, in the words of the account page and of the issuer's.
    static func history(_ events: [FactorEvent]) -> HTML {
        guard !events.isEmpty else { return .empty }
        let lines: [HTML] = events.map { "<li>\(Components.time($0.at))　\(words($0))（\($0.authorName)）</li>" }
        return """
            <details><summary>確認方法の変更の記録</summary><ul class="plain-list">\(lines)</ul></details>
            """
    }

    private static func words(_ event: FactorEvent) -> String {
        switch event.kind {
        case .reset: "確認方法が再設定されました。電話番号が変わり、認証アプリ・回復コード・パスキーは解除されました。理由：\(event.text)"
        case .recoveryUsed: "回復コードでログインしました。"
        case .recoveryMade: "回復コードを作りました。"
        case .authenticatorSet: "認証アプリを設定しました。"
        case .authenticatorRemoved: "認証アプリの設定を解除しました。"
        case .passkeyAdded: "パスキー「\(event.text)」を登録しました。"
        case .passkeyRemoved: "パスキー「\(event.text)」を削除しました。"
        case .phoneChanged: "ワンタイムパスワードを受け取る電話番号が変更されました。心当たりがなければ、IDの発行者に連絡してください。"
        case .passkeyRefused:
            "パスキー「\(event.text)」でのログインを断りました。複製されたおそれがあります。このパスキーを削除してください。"
        }
    }
}
