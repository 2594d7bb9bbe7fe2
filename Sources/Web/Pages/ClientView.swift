import Access
import Casework
import Catalogue
import Storage

/// One program: what it is, what was done with it, and what can be done.
struct ClientView {
    let client: Client
    let history: [ClientHistoryLine]
    let organisation: String
    let now: Timestamp
    let staff: Staff
    let done: String?
    let typed: FormData
    let findings: [Finding]

    private var address: String { "/admin/clients/\(client.id)" }

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: "\(client.name) APIの接続",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="/admin/clients">APIの接続の一覧に戻る</a></p>
                <h1>\(client.name)</h1>
                \(done == "certificate" ? Components.banner(.success, title: "クライアント証明書の登録を変えました。") : .empty)
                \(facts)\(client.stoppedAt == nil ? actions : .empty)\(lines)
                """,
            errors: findings
        )
    }

    private var facts: HTML {
        let earlier: HTML =
            client.earlier.flatMap { earlier in
                earlier.until > now ? "前の秘密も \(Components.time(earlier.until)) まで使えます。" : nil
            } ?? "現在の秘密だけが使えます。"
        let certificate: HTML =
            client.certificate.map { bytes in "<code>\(ClientWords.thumbprint(bytes))</code>" } ?? "登録なし"
        let rows: [(String, HTML)] = [
            ("状態", ClientWords.state(client)), ("組織", "\(organisation)"), ("client_id", "<code>\(client.id)</code>"),
            ("できること", "\(ClientWords.scope(client))"), ("最後に使った日時", ClientWords.used(client)), ("秘密", earlier),
            ("クライアント証明書", certificate),
        ]
        let lines: [HTML] = rows.map { label, value in
            #"<tr><th scope="row" data-label="項目">\#(label)</th><td data-label="内容">\#(value)</td></tr>"#
        }
        return """
            <div class="table-scroll" tabindex="0" role="region" aria-label="クライアント"><table class="table">\
            <thead><tr><th scope="col">項目</th><th scope="col">内容</th></tr></thead>\
            <tbody>\(lines)</tbody></table></div>
            """
    }

    private var actions: HTML {
        """
        <h2>秘密を交換する</h2>
        <p>新しい秘密を発行します。秘密が漏れたおそれがあるときは「すぐに終わらせる」を選んでください。</p>
        <form method="post" action="\(address)/rotate" class="narrow-form" novalidate>\(Components.csrf(staff))
        \(Components.radios(
            name: "earlier", label: "前の秘密", value: "day",
            options: [("day", "24時間は使える"), ("end", "すぐに終わらせる（使用中の接続も終わります）")], required: true))
        <div class="actions"><button type="submit" class="button button-primary">秘密を交換する</button></div></form>
        <h2>クライアント証明書</h2>
        <form method="post" action="\(address)/certificate" class="narrow-form" novalidate>\(Components.csrf(staff))
        \(ClientWords.certificateField(typed["certificate"] ?? "", findings))
        <p class="support">空欄で送ると、登録を取り消します。変えると使用中の接続は終わり、プログラムは接続し直します。</p>
        <div class="actions"><button type="submit" class="button button-secondary">証明書の登録を変える</button></div></form>
        <h2>停止する</h2>
        <p>停止するとすぐに使えなくなり、元に戻せません。また使うときは新しく発行してください。</p>
        <form method="post" action="\(address)/stop" class="narrow-form" novalidate>\(Components.csrf(staff))
        <label class="choice" for="field-sure"><input type="checkbox" id="field-sure" name="sure" value="1">\
        <span>このクライアントを停止します</span></label>
        \(Components.fieldErrors("sure", findings.at("sure")))
        <div class="actions"><button type="submit" class="button button-danger">停止する</button></div></form>
        """
    }

    private var lines: HTML {
        let rows: [HTML] = history.map { line in
            let who = [line.organisation, line.name ?? "システム管理者の命令"].compactMap(\.self).joined(separator: " ")
            return """
                <tr><td data-label="日時">\(Components.time(line.deed.at))</td>\
                <th scope="row" data-label="したこと">\(Self.words(line.deed.kind))</th>\
                <td data-label="した人">\(who)</td></tr>
                """
        }
        guard !rows.isEmpty else { return .empty }
        return """
            <h2>履歴</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="履歴"><table class="table"><thead><tr>\
            <th scope="col">日時</th><th scope="col">したこと</th><th scope="col">した人</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div>
            """
    }

    private static func words(_ kind: ClientDeed.Kind) -> String {
        switch kind {
        case .issue: "発行"
        case .rotate: "秘密の交換（前の秘密は24時間有効）"
        case .replace: "秘密の交換（前の秘密はすぐに終了）"
        case .bind: "クライアント証明書の登録"
        case .unbind: "クライアント証明書の登録の取り消し"
        case .stop: "停止"
        }
    }
}

/// Shows a secret, once.
struct ClientSecretView {
    let id: String
    let secret: String
    var isNew = true
    let staff: Staff

    func html(_ site: Site) -> HTML {
        let title = isNew ? "発行しました" : "秘密を交換しました"
        return Layout.page(
            title: "\(title) APIの接続",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <h1>\(title)</h1>
                \(Components.banner(
                    .warning, title: "秘密はこの画面でしか見られません",
                    body: "<p>プログラムの設定に写してから、この画面を閉じてください。メールやチャットで送らないでください。</p>"))
                <div class="table-scroll" tabindex="0" role="region" aria-label="秘密"><table class="table">\
                <thead><tr><th scope="col">項目</th><th scope="col">内容</th></tr></thead><tbody>\
                <tr><th scope="row" data-label="項目">client_id</th>\
                <td data-label="内容"><code>\(id)</code></td></tr>\
                <tr><th scope="row" data-label="項目">client_secret</th>\
                <td data-label="内容"><code>\(secret)</code></td></tr></tbody></table></div>
                <p class="actions"><a class="button button-primary" href="/admin/clients/\(id)">写しました。次へ</a></p>
                """
        )
    }
}
