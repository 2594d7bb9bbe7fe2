import Access
import Casework
import Catalogue

/// The page of 接続環境の確認 with its results, printed for the IT department and sent to the ministry's list.
struct ConnectionTestView {
    let seen: ConnectionSeen
    let staff: Staff?
    /// Results that have been sent; nil while the page still looks.
    var sent: [ConnectionCheck: ConnectionCheck.Outcome]?
    var prefecture = ""
    var organisation = ""
    var organisations: [Organisation] = []
    var machine = ""
    var findings: [Finding] = []
    var isStored = false

    static let title = "接続環境の確認"

    func html(_ site: Site) -> HTML {
        let now = site.casework.clock()
        return Layout.page(
            title: Self.title,
            staff: staff,
            current: "/connection-test",
            site: site,
            main: """
                <div class="connection" data-connection\(sent == nil ? " data-run" : HTML.empty)>
                <h1>\(Self.title)</h1>
                \(isStored
                    ? Components.banner(
                        .success, title: "結果を厚生労働省に送りました",
                        body: "<p>同じ端末からもう一度送ると、新しい結果に置き換わります。</p>") : HTML.empty)
                <p>この端末（パソコン・タブレット）でHER-SYSを使えるかどうかを調べます。ユーザーIDがなくても確認できます。\
                この端末に情報は残りません（確認用のCookieは10分で消えます）。</p>
                <p class="connection-status" role="status" data-status>\(status)</p>
                <noscript>\(Components.banner(
                    .warning, title: "JavaScriptが動いていません",
                    body: """
                        <p>サーバーからわかることだけを表示しています。「未確認」の項目は、JavaScriptを使えるようにして、\
                        このページを開き直すと調べられます。</p>
                        """))</noscript>
                \(table)
                <dl class="facts connection-facts">
                <dt>接続先</dt><dd>\(seen.host)</dd>
                <dt>サーバーから見たこの端末のアドレス</dt><dd class="number">\(seen.address)</dd>
                <dt>確認した日時</dt><dd>\(SharingWords.moment(now))</dd>
                \(sent == nil || machine.isEmpty ? HTML.empty : "<dt>場所・端末</dt><dd>\(machine)</dd>")
                </dl>
                <p class="actions no-print">\
                <button type="button" class="button button-secondary" data-print hidden>結果を印刷する</button>\
                <a class="button button-secondary" href="/connection-test?again=1">もう一度確認する</a></p>
                \(demands)
                \(isStored ? HTML.empty : form)
                </div>
                """,
            errors: findings,
            scripts: ["connection.js", "print.js"],
            styles: ["opening.css"]
        )
    }

    /// What is said of the results below; the page's script says it while it looks.
    private var status: String {
        if isStored { return "送信した結果です。" }
        return sent == nil ? "" : "まだ送信していません。"
    }

    // MARK: Results

    private var table: HTML {
        """
        <table class="table connection-table"><caption>○＝良好、△＝使えるが注意が必要、×＝このままでは使えない、－＝未確認</caption>
        <thead><tr><th scope="col">確認すること</th><th scope="col">結果</th><th scope="col">わかったこと</th>\
        <th scope="col">×・△のときに、情報政策部門が行うこと</th></tr></thead>
        <tbody>\(ConnectionCheck.allCases.map(row))</tbody></table>
        """
    }

    private func row(_ check: ConnectionCheck) -> HTML {
        let outcome = sent?[check] ?? (check == .javascript ? .fail : seen.outcome(check))
        return """
            <tr data-check="\(check.rawValue)"><th scope="row" data-label="確認すること">\(check.label)\
            <span class="line support">\(ConnectionTestWords.meaning(check))</span></th>\
            <td data-label="結果"><span>\(Self.chip(outcome))</span></td>\
            <td data-label="わかったこと"><span><span data-found>\(found(check))</span>\(extra(check))</span></td>\
            <td data-label="行うこと">\(ConnectionTestWords.demand(check, host: seen.host))</td></tr>
            """
    }

    /// Sign and word in the colour that belongs to them.
    static func chip(_ outcome: ConnectionCheck.Outcome) -> HTML {
        switch outcome {
        case .ok: Components.chip(outcome.label, .success)
        case .warn: Components.chip(outcome.label, .warning)
        case .fail: Components.chip(outcome.label, .error)
        case .unknown: Components.chip(outcome.label, .neutral)
        }
    }

    private func found(_ check: ConnectionCheck) -> String {
        if let found = ConnectionTestWords.found(check, seen) { return found }
        if sent != nil { return check == .javascript && sent?[check] == .fail ? "JavaScriptが動いていません。" : "" }
        switch check {
        case .javascript: return "JavaScriptが動いていません。"
        case .cookie: return "まだ確かめていません。"
        case .print: return "テストページを印刷して、下の「結果を厚生労働省に送る」の「印刷」で答えてください。"
        case .tls, .clock, .events, .upload, .latency, .display: return "調べるにはJavaScriptが必要です。"
        }
    }

    private func extra(_ check: ConnectionCheck) -> HTML {
        switch check {
        case .cookie where sent == nil && !seen.hasCookie && !seen.hasAskedAgain:
            #" <a class="no-print" href="/connection-test?again=1">Cookieを確かめる</a>"#
        case .print:
            """
             <a class="no-print" href="/connection-test/print" target="_blank" rel="noopener">\
            テストページを開く（別のタブ）</a>
            """
        default: .empty
        }
    }

    // MARK: For the IT department

    private var demands: HTML {
        """
        <section class="card" aria-labelledby="demands-title">
        <h2 id="demands-title">情報政策部門（IT部門）の方へ</h2>
        <p>HER-SYSを使う端末について、次のことを許可・確認してください。</p>
        <ul>
        <li><strong>\(seen.host)</strong> のポート443への、HTTPS（TLS 1.2以上）の通信。ほかのサイトへの通信はありません。</li>
        <li>text/event-stream の応答を、プロキシなどの装置でためずに流すこと（画面の自動更新に使います）。</li>
        <li>CookieとJavaScript。ログインと入力の補助に使います。</li>
        <li>10MBまでのファイルの送信。</li>
        <li>LGWAN（総合行政ネットワーク）を経由しては利用できません。インターネットに接続できる端末を用意してください。</li>
        <li>仮想ブラウザを使うときは、アクセスできるサイトに <strong>\(seen.host)</strong> を加えてください。\
        確認も、実際に使う仮想ブラウザの中で行ってください。</li>
        <li>ソフトウェアやアプリを入れる必要はありません。入力した情報は端末に残りません。</li>
        </ul>
        </section>
        """
    }

    // MARK: Sending

    private var form: HTML {
        let prefectures = [("", "選んでください")] + CodeList.prefecture.entries.map { ($0.code.rawValue, $0.ja) }
        let hidden: [HTML] = ConnectionCheck.allCases.filter { $0 != .print }.map { check in
            let outcome = sent?[check] ?? (check == .javascript ? .fail : .unknown)
            return """
                <input type="hidden" name="r.\(check.rawValue)" value="\(outcome.rawValue)" data-outcome="\(check.rawValue)">
                """
        }
        return """
            <form method="post" action="/connection-test" class="card no-print" data-connection-form \
            data-hint="\(Self.organisationHint)" novalidate>
            <h2>結果を厚生労働省に送る</h2>
            <p>どの組織が何台の端末で確認を終えたかを、厚生労働省が把握するために使います。端末ごとに送ってください。</p>
            \(hidden)
            \(Components.radios(
                name: "r.print", label: "印刷", value: (sent?[.print] ?? .unknown).rawValue,
                options: [("ok", "印刷できた"), ("fail", "印刷できない"), ("unknown", "確認していない")]))
            \(Components.select(
                name: "prefecture", label: "都道府県", value: prefecture, options: prefectures, required: true,
                errors: findings.at("prefecture")))
            \(choice)
            \(Components.textField(
                name: "machine", label: "場所・端末の名前", value: machine, required: true,
                hint: Self.machineHint, errors: findings.at("machine"),
                attributes: #" autocomplete="off" maxlength="\#(Casework.longestMachineName * 2)""#))
            <p class="actions"><button type="submit" class="button button-primary">\
            \(organisations.isEmpty ? "次へ（組織を選ぶ）" : "この結果を送る")</button></p>
            </form>
            """
    }

    private static let machineHint = """
        あとで見分けられる名前にしてください（\(Casework.longestMachineName)文字まで）。例：2階執務室 3番のパソコン。\
        個人の氏名は入力しないでください。
        """

    /// The organisation; a script fills it once the prefecture is chosen, without one it comes with the second page.
    private var choice: HTML {
        guard !organisations.isEmpty else {
            let none: HTML =
                prefecture.isEmpty || sent == nil
                ? .empty : #"<p class="support">この都道府県には、登録された組織がまだありません。</p>"#
            return #"<div data-organisation hidden></div>\#(none)"#
        }
        return """
            <div data-organisation>\(Components.select(
                name: "organisation", label: "組織", value: organisation,
                options: [("", "選んでください")] + organisations.map { ($0.key, $0.name) }, required: true,
                hint: Self.organisationHint, errors: findings.at("organisation")))</div>
            """
    }

    static let organisationHint = "医療機関・受託機関・宿泊療養施設は、管轄の保健所または都道府県を選び、下の名前に施設名を入れてください。"

    /// The paper on which printing is tried.
    static func paper(_ site: Site) -> HTML {
        Layout.page(
            title: "印刷のテスト",
            staff: nil,
            site: site,
            main: """
                <div class="narrow">
                <h1>印刷のテスト</h1>
                <p class="actions print-tools"><button type="button" class="button button-primary" data-print hidden>\
                印刷する</button> <span class="support">ボタンがないときは、ブラウザのメニューの「印刷」を使ってください。</span></p>
                <div class="sheet">
                <h2>HER-SYS 印刷のテスト</h2>
                <p>この紙がA4で印刷され、下の文字がすべて読めれば、発生届や通知書を印刷できます。</p>
                <p class="test-letters">あいうえお　アイウエオ　漢字　髙橋　﨑山　𠮷田　葛飾　0123456789　ABCDEFG</p>
                <p>印刷したら、元のページの「印刷」で「印刷できた」または「印刷できない」を選んでください。</p>
                </div>
                </div>
                """,
            scripts: ["print.js"],
            styles: ["print.css", "opening.css"]
        )
    }
}
