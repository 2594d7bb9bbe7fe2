import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// `/api`: how a program is connected, in Japanese and English, for whoever makes it.
///
/// The calls are those that are declared; limits are those of the server that shows the page.
struct APIGuide {
    let tongue: PageLanguage
    let site: Site
    /// The server's name as the browser knows it.
    let host: String

    static let title = Wording("APIの使い方", "How to use the API")

    static let routes: [Route] = [
        Route.open(.get, "/api") { request, _, site in
            let host = SlipPages.host(request.head.authority ?? "")
            let guide = APIGuide(
                tongue: PageLanguage(request),
                site: site,
                host: host.isEmpty ? "her-sys.example.jp" : host
            )
            return .page(OpenFrame(tongue: guide.tongue, site: site).page(title, guide.main))
        }.within(.pages)
    ]

    private var main: HTML {
        """
        <div class="guide">
        <h1>\(tongue.text(Self.title))</h1>
        <p>\(tongue.say(
            """
            電子カルテや自治体のシステムを、HER-SYSにつなぐための案内です。見られる範囲、入力のチェック、変更の記録は、画面と同じです。\
            すべての呼び出しの詳細は\(description)にあります。
            """,
            """
            For those who connect medical record systems or systems of local governments. Rights, checks and history are \
            those of the screens. Every call is described in full in \(description).
            """))</p>
        \(client)\(token)\(calls)\(rules)\(errors)\(limits)\(certificates)\(table)
        </div>
        """
    }

    private var description: HTML {
        #"<a href="/api/v1/openapi.json">\#(tongue.say("OpenAPI 3.1の記述", "the OpenAPI 3.1 description"))</a>"#
    }

    private func section(_ title: Wording, _ body: HTML) -> HTML {
        "<section><h2>\(tongue.text(title))</h2>\(body)</section>"
    }

    /// Lines to be copied; a narrow window scrolls them.
    private func lines(_ label: Wording, _ text: String) -> HTML {
        #"<pre tabindex="0" role="region" aria-label="\#(tongue.text(label))"><code>\#(text)</code></pre>"#
    }

    // MARK: Getting in

    private var client: HTML {
        let hours = Int(Casework.earlierLife / 3600)
        return section(
            Wording("クライアントの発行", "Getting a client"),
            """
            <ul>\(tongue.say(
                """
                <li>あなたの組織にIDを発行した人（利用者認証実施者）に、「管理」の「APIの接続」から発行を頼みます。\
                クライアントは1つの組織のもので、その組織が見られるものだけを読み書きします。</li>
                <li>クライアントIDと秘密が1組渡されます。秘密は一度しか表示されません。読み取り専用にもできます。</li>
                <li>秘密を交換すると、前の秘密は\(hours)時間後に使えなくなります。もれたときは、すぐに終わらせることもできます。</li>
                """,
                """
                <li>Ask whoever issued the accounts of your organisation (利用者認証実施者) to issue one at <span lang="ja">管理 → APIの接続</span>. \
                A client belongs to one organisation, and reads and writes what that organisation may.</li>
                <li>You are given a client ID and a secret, which is shown only once. A client may be for reading only.</li>
                <li>When the secret is changed, the one before works for \(hours) more hours; if it has leaked, it can be \
                ended at once.</li>
                """))</ul>
            """
        )
    }

    private var token: HTML {
        let minutes = Int(Casework.bearerLife / 60)
        return section(
            Wording("アクセストークン", "Getting a token"),
            """
            <p>\(tongue.say(
                """
                OAuth 2.0のクライアントクレデンシャル（RFC 6749、4.4）です。トークンは\(minutes)分間使えます。\
                <code>scope=read</code>を付けると、読み取りだけのトークンになります。
                """,
                """
                OAuth 2.0 client credentials (RFC 6749, 4.4). A token works for \(minutes) minutes. With \
                <code>scope=read</code> it lets read only.
                """))</p>
            \(lines(Wording("トークンの要求", "Request of a token"), """
                curl -sS https://\(host)/oauth/token \\
                  -u "$CLIENT_ID:$CLIENT_SECRET" \\
                  -d grant_type=client_credentials
                """))
            \(lines(Wording("トークンの応答", "Answer with a token"), """
                {"access_token":"…","token_type":"Bearer","expires_in":\(Casework.bearerLife),"scope":"read write"}
                """))
            """
        )
    }

    private var calls: HTML {
        section(
            Wording("呼び出しの例", "Calling"),
            """
            \(lines(Wording("変更のあった対象者の一覧", "List of cases that changed"), """
                curl -sS "https://\(host)/api/v1/cases?updated_since=2020-06-01T00:00:00%2B09:00" \\
                  -H "Authorization: Bearer $TOKEN"
                """))
            \(lines(Wording("発生届の提出", "Filing a notification"), """
                curl -sS https://\(host)/api/v1/cases \\
                  -H "Authorization: Bearer $TOKEN" \\
                  -H "Content-Type: application/json" \\
                  -H "Idempotency-Key: $(uuidgen)" \\
                  --data @notification.json
                """))
            <p>\(tongue.say(
                "発生届の本文の例は、OpenAPIの記述の<code>createCase</code>にあります。必須の項目は様式の版で決まり、<code>x-hersys-forms</code>にあります。",
                """
                An example of the body stands at <code>createCase</code> in the description. Which items are required \
                follows from the version of the form: see <code>x-hersys-forms</code>.
                """))</p>
            """
        )
    }

    // MARK: Rules

    private var rules: HTML {
        section(
            Wording("共通のきまり", "What holds everywhere"),
            """
            <ul>\(tongue.say(
                """
                <li>本文はUTF-8のJSONです。日付は<code>YYYY-MM-DD</code>、日時はRFC 3339、コードはコード表の値です。</li>
                <li>見られない項目は、応答に含まれません。見られない対象者は、存在しないものと同じ404になります。</li>
                <li><strong>くり返し：</strong>提出には<code>Idempotency-Key</code>を付けてください。同じキーと同じ本文は、\
                何度送っても1件です。応答が届かなかったときは、同じキーで送り直します。同じキーで別の本文を送ると422です。</li>
                <li><strong>同時の変更：</strong>変更には、読んだときの<code>ETag</code>を<code>If-Match</code>に付けます。\
                ほかの人が別の項目を変えていても保存されます。同じ項目のときは409で、両方の値が返ります。</li>
                <li>送らなかった項目は変わりません。<code>null</code>は項目を空にします。</li>
                """,
                """
                <li>Bodies are JSON in UTF-8, days <code>YYYY-MM-DD</code>, moments RFC 3339, codes those of the code lists.</li>
                <li>Items that the client may not see are left out. A case that it may not see answers 404, as one that does \
                not exist.</li>
                <li><strong>Repeats:</strong> send an <code>Idempotency-Key</code> with each new notification. The same key \
                with the same body makes one case, however often it is sent: where no answer came, send it again. The same \
                key with another body is 422.</li>
                <li><strong>Changes at once:</strong> a change brings the <code>ETag</code> of what was read in \
                <code>If-Match</code>. Changes of others to other items stand; where the same item was changed, the answer \
                is 409 with both values.</li>
                <li>Items that are not sent stay as they are. <code>null</code> empties one.</li>
                """))
            \(hasFHIR ? HTML.empty : tongue.say("<li>FHIRには、まだ対応していません。</li>", "<li>FHIR is not offered yet.</li>"))</ul>
            """
        )
    }

    private var hasFHIR: Bool { WebApplication.routes.contains { $0.path.hasPrefix("/fhir") } }

    private var errors: HTML {
        section(
            Wording("誤りの応答", "Errors"),
            """
            <p>\(tongue.say(
                """
                RFC 9457の<code>application/problem+json</code>です。<code>code</code>は変わらない名前、<code>errors</code>は\
                直すところの一覧です。<code>message</code>は、入力した人にそのまま見せられる日本語です。\
                <code>severity</code>が<code>warning</code>のものは、確かめたうえで<code>keep_warnings</code>を付けて送れます。
                """,
                """
                <code>application/problem+json</code> (RFC 9457). <code>code</code> is a stable name, <code>errors</code> \
                lists what is to be mended. <code>message</code> is Japanese, to be shown to whoever entered it. What has \
                <code>severity</code> <code>warning</code> may be sent again with <code>keep_warnings</code>.
                """))</p>
            \(lines(Wording("誤りの応答の例", "Example of an error"), """
                {"type":"urn:hersys:problem:invalid","title":"…","status":422,"code":"invalid",
                 "errors":[{"item":"onset_on","code":"order","message":"…"}]}
                """))
            <table class="seen-table statuses"><tbody>\(statuses)</tbody></table>
            """
        )
    }

    private var statuses: [HTML] {
        let all: [(String, Wording)] = [
            ("401", Wording("トークンがない、または使えない。取り直す", "No token, or one that no longer works: get another")),
            ("403", Wording("この操作は認められていない", "The client may not do this")),
            ("404", Wording("ない、または見られない", "There is none, or the client may not see it")),
            ("409", Wording("同じ項目がほかの人に変更された", "Somebody else changed the same item")),
            ("412 / 428", Wording("If-Matchの版がない／If-Matchがない", "If-Match names no version of the case, or is missing")),
            ("422", Wording("内容を受け付けられない。errorsを見る", "The contents can't be accepted: see errors")),
            ("429", Wording("多すぎる。Retry-Afterの秒数だけ待つ", "Too many calls: wait as many seconds as Retry-After says")),
            (
                "503",
                Wording("混雑または保守中。Retry-Afterの後に同じものを送る", "Busy or under repair: send the same again after Retry-After")
            ),
        ]
        return all.map { #"<tr><th scope="row">\#($0.0)</th><td>\#(tongue.text($0.1))</td></tr>"# }
    }

    private var limits: HTML {
        let (rate, burst) = (Int(site.limits.perSecond), Int(site.limits.burst))
        return section(
            Wording("回数と大きさの制限", "Limits"),
            """
            <ul>\(tongue.say(
                """
                <li>1つのクライアントにつき、サーバーごとに毎秒\(rate)回、休んだ後は一度に\(burst)回までです。超えると429です。</li>
                <li>本文は1 MiBまでです。一覧は1ページ500件までで、<code>next</code>で続きを読みます。</li>
                <li>秘密を続けてまちがえると、クライアントとアドレスがしばらく使えなくなります。</li>
                """,
                """
                <li>Each client may make \(rate) calls a second at each server, \(burst) at once after a pause; more is \
                429.</li>
                <li>A body has 1 MiB at the most. A list has up to 500 cases a page and goes on with <code>next</code>.</li>
                <li>Wrong secrets lock the client and the address for some time.</li>
                """))</ul>
            """
        )
    }

    private var certificates: HTML {
        section(
            Wording("クライアント証明書（mutual TLS）", "Client certificates (mutual TLS)"),
            tongue.say(
                """
                <p>希望すれば、クライアントを証明書に結び付けられます（RFC 8705）。トークンの取得と利用は、その証明書を使った接続だけで\
                できるようになります。証明書を更新したら、「APIの接続」で新しいものに結び付け直してください。</p>
                """,
                """
                <p>A client can be bound to a certificate (RFC 8705): it then gets tokens, and uses them, only on connections \
                with that certificate. When the certificate is renewed, bind the client to the new one at <span lang="ja">APIの接続</span>.</p>
                """
            )
        )
    }

    // MARK: Calls

    private var table: HTML {
        let rows: [HTML] = API.operations.map { operation in
            let who: Wording =
                if operation.route.policy == .client {
                    operation.route.method == .get ? Wording("read", "read") : Wording("write", "write")
                } else {
                    Wording("なし", "none")
                }
            return """
                <tr><th scope="row"><code>\(operation.route.method.rawValue) \(operation.route.path)</code></th>\
                <td>\(tongue.text(operation.summary))</td><td>\(tongue.text(who))</td></tr>
                """
        }
        return section(
            Wording("呼び出しの一覧", "Calls"),
            """
            <div class="seen" role="region" tabindex="0" aria-label="\(tongue.text(Wording("呼び出しの一覧", "Calls")))">\
            <table class="seen-table"><thead><tr><th scope="col">\(tongue.say("呼び出し", "Call"))</th>\
            <th scope="col">\(tongue.say("できること", "What it does"))</th>\
            <th scope="col">\(tongue.say("トークン", "Token"))</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
        )
    }
}
