import Access
import Casework
import Catalogue
import Storage

/// A file of accounts: what would be made, what can't be, how far it has come.
struct AccountFileView {
    let report: AccountFileReport
    let waiting: [AccountBatchRow]
    let refused: [AccountBatchRow]
    let directory: Directory

    /// The page on which a file is chosen.
    static func start(
        _ files: [AccountBatch],
        _ site: Site,
        _ staff: Staff,
        findings: [Finding] = []
    ) -> HTML {
        let rows: [HTML] = files.map { file in
            let state =
                switch file.state {
                case .checked: Components.chip("確認中", .neutral)
                case .issuing: Components.chip("発行中", .info)
                case .done: Components.chip("発行済み", .success)
                }
            return """
                <li><a href="/admin/account-files/\(file.id)">\(AccountWords.moment(file.at)) のファイル</a> \(state)</li>
                """
        }
        let earlier: HTML =
            rows.isEmpty ? .empty : #"<h2>最近のファイル</h2><ul class="rows">\#(rows)</ul>"#
        return Layout.page(
            title: "CSVでまとめて発行",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="/admin">管理に戻る</a></p>
                <h1>CSVでまとめて発行</h1>
                <p>取り込むと、まず確認の画面が表示されます。「発行する」を押すまで、IDは発行されません。</p>
                <form method="post" action="/admin/account-files" enctype="multipart/form-data" class="card">\
                \(Components.csrf(staff))
                <div class="field"><label class="label" for="field-file">CSVファイル\(Components.requirementMark(true))</label>
                <p class="hint" id="hint-file">文字コードはUTF-8かShift_JIS（CP932）、4MB・20,000行まで</p>
                <input class="input" type="file" id="field-file" name="file" accept=".csv,text/csv" \
                aria-describedby="hint-file">\(Components.fieldErrors("file", findings))</div>
                <p class="actions"><button type="submit" class="button button-primary">確認する</button></p>
                </form>
                <h2>ファイルの形</h2>
                <p><a href="/admin/account-files/template.csv">見本のCSVを保存する</a>\
                （見出しと見本の1行が入っています。見本の行は消して使ってください）</p>
                <table class="table"><caption>1行目は見出しにしてください。列の順は問いません。</caption>\
                <thead><tr><th scope="col">見出し</th><th scope="col">内容</th></tr></thead><tbody>
                <tr><th scope="row" data-label="見出し">ユーザーID</th><td data-label="内容">英数字と「.」「_」「-」の3〜64文字。\
                医療機関などでは空欄にすると、組織コードになります。</td></tr>
                <tr><th scope="row" data-label="見出し">氏名</th><td data-label="内容">機関のIDでは機関の名称。必須</td></tr>
                <tr><th scope="row" data-label="見出し">組織コード</th><td data-label="内容">「アカウントの発行」の組織の一覧に出るコードか、10桁の医療機関コード。必須</td></tr>
                <tr><th scope="row" data-label="見出し">電話番号</th><td data-label="内容">ワンタイムパスワードを受ける電話番号。必須</td></tr>
                <tr><th scope="row" data-label="見出し">役割</th><td data-label="内容">役割の名称。2つ以上は「、」で区切ります。</td></tr>
                </tbody></table>
                \(earlier)
                """,
            errors: findings,
            styles: ["admin.css"]
        )
    }

    func html(_ site: Site, _ staff: Staff) -> HTML {
        Layout.page(
            title: "CSVでまとめて発行",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="/admin/account-files">CSVでまとめて発行に戻る</a></p>
                <h1>\(heading)</h1>
                \(progress)\(actions(staff))\(rejects)\(list)
                """,
            scripts: ["admin.js"],
            styles: ["admin.css"]
        )
    }

    private var heading: String {
        switch report.batch.state {
        case .checked: "発行する内容の確認"
        case .issuing: "発行しています"
        case .done: "発行が終わりました"
        }
    }

    /// The part that the script fetches anew while accounts are being issued.
    private var progress: HTML {
        let isIssuing = report.batch.state == .issuing
        let label = report.batch.state == .checked ? "発行できる行" : "これから発行する行"
        let figures: [HTML] = [
            (label, report.waiting), ("発行した行", report.issued), ("受け付けられない行", report.refused),
        ].map {
            "<li class=\"figure\"><span class=\"figure-label\">\($0.0)</span><span class=\"figure-number\">\($0.1)</span></li>"
        }
        let bar: HTML =
            isIssuing
            ? """
            <p><progress class="admin-progress" max="\(report.rows)" value="\(report.rows - report.waiting)" \
            aria-label="発行の進み具合"></progress></p>
            <p class="support">1分に100件ほど進みます。この画面を閉じても発行は続きます。</p>
            """
            : .empty
        return """
            <div data-progress="\(isIssuing ? "issuing" : "")" aria-live="polite"><ul class="figures">\(figures)</ul>\(bar)</div>
            """
    }

    private func actions(_ staff: Staff) -> HTML {
        let address = "/admin/account-files/\(report.batch.id)"
        switch report.batch.state {
        case .checked:
            let drop = button("\(address)/drop", "取り消す", "button-secondary", staff)
            guard report.waiting > 0 else {
                return """
                    \(Components.banner(.error, title: "発行できる行がありません",
                        body: "<p>下の理由を見てファイルを直し、もう一度取り込んでください。</p>"))\
                    <div class="actions">\(drop)</div>
                    """
            }
            return """
                <div class="actions">\(button("\(address)/issue", "\(report.waiting)件を発行する", "button-primary", staff))\(drop)</div>
                """
        case .issuing:
            return """
                <div class="actions"><a class="button button-secondary" href="\(address)">最新の状態にする</a></div>
                <details><summary>進まないとき</summary><p>しばらく待っても数が変わらないときは、続きから発行し直せます。\
                発行済みの行が二重に発行されることはありません。</p>\
                <div class="actions">\(button("\(address)/issue", "続きから発行する", "button-secondary", staff))</div></details>
                """
        case .done:
            guard report.slips > 0 else { return .empty }
            let text =
                report.slips > Casework.slipsTogether
                ? "ID通知票を\(Casework.slipsTogether)枚ずつ表示する" : "ID通知票を表示する"
            return """
                \(Components.banner(
                    .warning, title: "印刷していないID通知票が\(report.slips)枚あります",
                    body: """
                        <p>発行から\(Int(Casework.slipPatience / 3600))時間のうちに印刷してください。表示すると、このログインの間、\
                        \(Int(Casework.slipLife / 60))分間だけ見られます。次の分を表示すると、前の分は消えます。</p>
                        """))
                <div class="actions">\(button("\(address)/slips", text, "button-primary", staff))</div>
                """
        }
    }

    private func button(_ address: String, _ label: String, _ look: HTML, _ staff: Staff) -> HTML {
        """
        <form method="post" action="\(address)">\(Components.csrf(staff))\
        <button type="submit" class="button \(look)">\(label)</button></form>
        """
    }

    private var rejects: HTML {
        guard report.refused > 0 else { return .empty }
        let rows: [HTML] = refused.map { row in
            let reasons: [HTML] = row.reasons.map { reason in
                reason.column.isEmpty
                    ? "<li>\(reason.text)</li>" : "<li><strong>\(reason.column)</strong>：\(reason.text)</li>"
            }
            return """
                <tr><th scope="row" data-label="行">\(row.line)</th><td data-label="ユーザーID">\(cell(row, 0))</td>\
                <td data-label="氏名">\(cell(row, 1))</td><td data-label="組織">\(cell(row, 2))</td>\
                <td data-label="理由"><ul class="plain-list reason">\(reasons)</ul></td></tr>
                """
        }
        return """
            <h2>受け付けられない行（\(report.refused)件）</h2>
            <p><a href="/admin/account-files/\(report.batch.id)/rejects.csv">受け付けられない行をCSVで保存する</a>\
            （直してから、そのファイルだけを取り込めます）</p>
            <table class="table"><caption>\(shown(report.refused, rows.count))</caption><thead><tr><th scope="col">行</th>\
            <th scope="col">ユーザーID</th><th scope="col">氏名</th><th scope="col">組織</th><th scope="col">理由</th></tr>\
            </thead><tbody>\(rows)</tbody></table>
            """
    }

    private var list: HTML {
        guard report.waiting > 0 else { return .empty }
        let rows: [HTML] = waiting.map { row in
            """
            <tr><th scope="row" data-label="行">\(row.line)</th><td data-label="ユーザーID">\(cell(row, 0))</td>\
            <td data-label="氏名">\(cell(row, 1))</td>\
            <td data-label="組織">\(directory[cell(row, 2)]?.name ?? cell(row, 2))</td>\
            <td data-label="電話番号">\(cell(row, 3))</td><td data-label="役割">\(cell(row, 4).isEmpty ? "―" : cell(row, 4))</td></tr>
            """
        }
        return """
            <h2>発行する行（\(report.waiting)件）</h2>
            <table class="table"><caption>\(shown(report.waiting, rows.count))</caption><thead><tr><th scope="col">行</th>\
            <th scope="col">ユーザーID</th><th scope="col">氏名</th><th scope="col">組織</th><th scope="col">電話番号</th>\
            <th scope="col">役割</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private func shown(_ all: Int, _ here: Int) -> String {
        all > here ? "はじめの\(here)件を表示しています（全\(all)件）" : "ファイルの行の順"
    }

    private func cell(_ row: AccountBatchRow, _ place: Int) -> String {
        place < row.cells.count ? row.cells[place] : ""
    }
}
