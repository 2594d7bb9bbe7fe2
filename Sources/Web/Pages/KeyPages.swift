import Access
import Casework
import HTTPTypes
import Hummingbird

/// キーボード操作: the keys that the pages know, and the switch that turns them off.
enum KeyPages {
    /// What a key does, and where.
    struct Key: Sendable {
        let keys: [String]
        let does: String
    }

    /// The keys by the pages on which they work; `keys.js` has the same.
    static let groups: [(title: String, keys: [Key])] = [
        (
            "どの画面でも",
            [
                Key(keys: ["?"], does: "この説明を開く"), Key(keys: ["/"], does: "対象者を探す"),
                Key(keys: ["g", "c"], does: "対象者一覧へ"), Key(keys: ["g", "t"], does: "トップへ"),
            ]
        ),
        (
            "対象者の画面",
            [
                Key(keys: ["n"], does: "次の情報へ"), Key(keys: ["p"], does: "前の情報へ"),
                Key(keys: ["e"], does: "いま見ている情報を編集"), Key(keys: ["t"], does: "経過へ"),
                Key(keys: ["h"], does: "履歴へ"),
            ]
        ),
        (
            "対象者一覧",
            [
                Key(keys: ["n"], does: "次の対象者へ（Enterで開く）"), Key(keys: ["p"], does: "前の対象者へ"),
            ]
        ),
        (
            "入力の画面（入力欄の外で）",
            [Key(keys: ["n"], does: "次のまとまりへ"), Key(keys: ["p"], does: "前のまとまりへ")]
        ),
    ]

    /// Says on this device that the keys are off.
    ///
    /// The script reads it, too; it tells of nobody.
    private static let cookie = "__Host-keys"

    static let routes: [Route] = [
        .page("/keys") { request, _, site, staff in
            let isOff = request.headers[values: .cookie].contains { header in
                header.split(separator: ";").contains { $0.drop { $0 == " " } == "\(cookie)=off" }
            }
            return .page(page(site, staff, isOff: isOff))
        },
        .form("/keys") { sent, _, _, _ in
            var response = Redirect.to("/keys")
            let off = sent["keys"] == "off"
            response.headers.append(
                HTTPField(
                    name: .setCookie,
                    value: "\(cookie)=\(off ? "off; Max-Age=31536000" : "on; Max-Age=0"); Path=/; Secure; SameSite=Lax"
                )
            )
            return response
        },
    ]

    private static func page(_ site: Site, _ staff: Staff, isOff: Bool) -> HTML {
        let tables: [HTML] = groups.map { group in
            let rows: [HTML] = group.keys.map { key in
                let strokes: [HTML] = key.keys.enumerated().map { index, stroke in
                    "\(index == 0 ? HTML.empty : " 続けて ")<kbd class=\"key\">\(stroke)</kbd>"
                }
                return """
                    <tr><th scope="row" data-label="キー">\(strokes)</th><td data-label="動作">\(key.does)</td></tr>
                    """
            }
            return """
                <table class="table keys"><caption>\(group.title)</caption><thead><tr><th scope="col">キー</th>\
                <th scope="col">動作</th></tr></thead><tbody>\(rows)</tbody></table>
                """
        }
        let state: HTML =
            isOff
            ? Components.banner(.info, title: "この端末では、キーボード操作を使わない設定です")
            : .empty
        return Layout.page(
            title: "キーボード操作",
            staff: staff,
            site: site,
            main: """
                <div class="narrow"><h1>キーボード操作</h1>
                \(state)
                <p>入力欄に入力しているとき、日本語を変換しているときは働きません。Ctrl・Alt と一緒に押すキーは、ブラウザーの操作のままです。</p>
                \(tables)
                <form method="post" action="/keys">\(Components.csrf(staff))\
                <input type="hidden" name="keys" value="\(isOff ? "on" : "off")">
                <p class="support">読み上げソフトや音声入力と重なるときは、使わない設定にしてください。設定はこの端末のブラウザーにだけ残ります。</p>
                <button type="submit" class="button button-secondary">\
                \(isOff ? "キーボード操作を使う" : "キーボード操作を使わない")</button></form></div>
                """,
            styles: ["case.css"]
        )
    }
}
