import Access
import Catalogue
import Storage

/// The programs that somebody looks after, and one more.
struct ClientListView {
    let clients: [Client]
    let organisations: [Organisation]
    let names: [OrganisationKey: String]
    let staff: Staff
    let done: String?
    let typed: FormData
    let findings: [Finding]

    /// More organisations than these are typed, not chosen from a list.
    private static let mostListed = 100

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: "APIの接続",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="/admin">管理に戻る</a></p>
                <h1>APIの接続</h1>
                <p>電子カルテや自治体のシステムなど、プログラムがHER-SYSを使うための「クライアント」を発行・停止します。\
                プログラムは、発行した組織と同じ範囲だけを見られます。</p>
                \(done == "stop" ? Components.banner(.success, title: "停止しました。使用中の接続もすぐに終わりました。") : .empty)
                <h2>発行したクライアント</h2>\(table)\(form)
                """,
            errors: findings
        )
    }

    private var table: HTML {
        guard !clients.isEmpty else { return #"<div class="nothing"><p>まだありません。</p></div>"# }
        let rows: [HTML] = clients.map { client in
            """
            <tr><th scope="row" data-label="名称"><a href="/admin/clients/\(client.id)">\(client.name)</a></th>\
            <td data-label="組織">\(names[client.organisation] ?? "")</td>\
            <td data-label="できること">\(ClientWords.scope(client))</td>\
            <td data-label="client_id"><code>\(client.id)</code></td>\
            <td data-label="最後に使った日時">\(ClientWords.used(client))</td>\
            <td data-label="状態">\(ClientWords.state(client))</td></tr>
            """
        }
        return """
            <div class="table-scroll" tabindex="0" role="region" aria-label="発行したクライアント"><table class="table">\
            <thead><tr><th scope="col">名称</th><th scope="col">組織</th><th scope="col">できること</th>\
            <th scope="col">client_id</th><th scope="col">最後に使った日時</th><th scope="col">状態</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div>
            """
    }

    private var inOrder: [Organisation] {
        organisations.sorted { $0.stands(before: $1, chosenBy: staff.organisation) }
    }

    private var organisation: HTML {
        let chosen = typed["organisation"] ?? ""
        if organisations.count <= Self.mostListed {
            return Components.select(
                name: "organisation",
                label: "組織",
                value: chosen,
                options: [("", "選んでください")] + inOrder.map { ($0.key, $0.name) },
                required: true,
                errors: findings.at("organisation")
            )
        }
        let options: [HTML] = inOrder.map { #"<option value="\#($0.key)">\#($0.name)</option>"# }
        return """
            \(Components.textField(
                name: "organisation", label: "組織コード", value: chosen, required: true,
                hint: "名称の一部を入力すると候補が出ます。", errors: findings.at("organisation"),
                attributes: #" list="organisations" autocomplete="off""#))
            <datalist id="organisations">\(options)</datalist>
            """
    }

    private var form: HTML {
        """
        <h2>新しく発行する</h2>
        <form method="post" action="/admin/clients" class="narrow-form" novalidate>\(Components.csrf(staff))
        \(organisation)
        \(Components.textField(
            name: "name", label: "名称", value: typed["name"] ?? "", required: true,
            hint: "履歴に表示されます。例：みなと病院 電子カルテ", errors: findings.at("name"), attributes: #" autocomplete="off""#))
        \(Components.radios(
            name: "scope", label: "できること", value: typed["scope"] ?? "read",
            options: [("read", "見るだけ"), ("write", "見る・入力する")], required: true))
        \(ClientWords.certificateField(typed["certificate"] ?? "", findings))
        <div class="actions"><button type="submit" class="button button-primary">発行する</button></div>
        </form>
        """
    }
}

/// Words about clients.
enum ClientWords {
    static func scope(_ client: Client) -> String { client.writes ? "見る・入力する" : "見るだけ" }

    static func used(_ client: Client) -> HTML {
        client.usedAt.map(Components.time) ?? "まだ使われていません"
    }

    static func state(_ client: Client) -> HTML {
        if client.stoppedAt != nil { return Components.chip("停止", .neutral) }
        return Components.chip("利用中", .success)
    }

    /// Octets in hexadecimal as programs show a thumbprint.
    static func thumbprint(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func certificateField(_ value: String, _ findings: [Finding]) -> HTML {
        Components.textArea(
            name: "certificate",
            label: "クライアント証明書",
            value: value,
            required: false,
            hint: "登録すると、この証明書を使う接続だけが使えます。PEM形式の証明書か、SHA-256の拇印を入力してください。秘密鍵は入力しないでください。",
            errors: findings.at("certificate")
        )
    }
}
