import Access
import Casework
import Catalogue

/// How the preview and the result of a deed with many cases look.
struct CaseListBulkView {
    let site: Site
    let staff: Staff
    let words: CaseWords
    /// What is wrong with what was typed, and what was typed as the reason.
    var findings: [Finding] = []
    var reason = ""

    /// The deed in words.
    func name(_ deed: BulkDeed) -> String {
        switch deed {
        case .confirm: "保健所確認済にする"
        case .status(let code): "現在のステータスを「\(CodeList.status.label(code))」にする"
        case .assign(let key): "健康フォローアップ受託機関「\(words.organisation(key))」を割り当てる"
        }
    }

    // MARK: Preview

    /// What would change and what wouldn't, with the button that does it.
    func preview(
        _ preview: BulkPreview,
        _ deed: BulkDeed,
        _ selection: CaseSelection,
        _ query: CaseListQuery
    ) -> HTML {
        let title = "まとめて操作：内容の確認"
        let back = query.address(staff)
        let lines: [HTML] = preview.lines.map { line in
            let changes: [HTML] = line.changes.map(change)
            return row(line.file.subject.number, line.file, "<ul class=\"changes\">\(changes)</ul>", label: "変わる内容")
        }
        let refused: [HTML] = preview.refused.map { row($0.number, $0.file, "\($0.reason)", label: "理由") }
        let seen = preview.seen.map { "\($0.number.digits).\($0.version)" }.joined(separator: " ")
        let doing: HTML =
            preview.lines.isEmpty
            ? Components.banner(.warning, title: "変更できる対象者がいません", body: "<p>下の理由を確かめて、選び直してください。</p>")
            : """
            <form method="post" action="/cases/selection/\(Redirect.percentEncoded(selection.id))/do">\
            \(Components.csrf(staff))<input type="hidden" name="deed" value="\(deed.kind)">\
            <input type="hidden" name="value" value="\(deed.value)"><input type="hidden" name="deed_id" value="\(preview.id)">\
            <input type="hidden" name="seen" value="\(seen)">\(query.hidden(staff))
            \(deed.needsReason ? reasonField : HTML.empty)
            <p class="actions"><button type="submit" class="button button-primary">\(preview.lines.count)件を変更する</button>\
            <a class="button button-secondary" href="\(back)">選び直す</a></p></form>
            """
        return page(
            title,
            """
            <h1>\(title)</h1>
            <p><strong>\(name(deed))</strong></p>
            <ul class="figures"><li class="figure"><span class="figure-label">変更する対象者</span>\
            <span class="figure-number">\(preview.lines.count)<small>件</small></span></li>\
            <li class="figure"><span class="figure-label">変更しない対象者</span>\
            <span class="figure-number">\(preview.refused.count)<small>件</small></span></li></ul>
            \(doing)
            \(preview.lines.isEmpty ? HTML.empty : table("変更する対象者", "変わる内容", lines))
            \(preview.refused.isEmpty ? HTML.empty : table("変更しない対象者と理由", "理由", refused))
            \(preview.lines.isEmpty ? #"<p><a href="\#(back)">選び直す</a></p>"# : HTML.empty)
            """
        )
    }

    private var reasonField: HTML {
        Components.textArea(
            name: "reason",
            label: "手で変更する理由",
            value: reason,
            required: true,
            hint: "変更する全員の履歴に残ります。",
            errors: findings.at("reason")
        )
    }

    private func change(_ change: Change) -> HTML {
        guard let item = Catalogue.item(change.item) else { return .empty }
        let (old, new) = (change.old.map { words.text($0, of: item) }, change.new.map { words.text($0, of: item) })
        return """
            <li>\(item.ja)：<span class="was">\(old ?? "（空欄）")</span> <span aria-hidden="true">→</span>\
            <span class="hidden-text">から</span> <strong>\(new ?? "（空欄）")</strong></li>
            """
    }

    private func row(_ number: CaseNumber, _ file: Disclosed<CaseFile>?, _ last: HTML, label: String) -> HTML {
        let known: HTML =
            file == nil
            ? #"<span class="number">\#(number.display)</span>"#
            : #"<a class="number" href="/cases/\#(number.digits)">\#(number.display)</a>"#
        let name = file.map { CaseTable.fullName($0.subject.items) } ?? ""
        return """
            <tr data-case="\(number.digits)"><th scope="row" data-label="HER-SYS ID">\(known)</th>\
            <td data-label="氏名">\(name.isEmpty ? "―" : name)</td><td data-label="\(label)">\(last)</td></tr>
            """
    }

    private func table(_ caption: String, _ last: String, _ rows: [HTML]) -> HTML {
        """
        <table class="table"><caption>\(caption)（\(rows.count)件）</caption><thead><tr><th scope="col">HER-SYS ID</th>\
        <th scope="col">氏名</th><th scope="col">\(last)</th></tr></thead><tbody>\(rows)</tbody></table>
        """
    }

    // MARK: Result

    /// An outcome in words, with its reason.
    static func outcome(_ outcome: BulkResult.Outcome) -> (outcome: String, reason: String) {
        switch outcome {
        case .done: ("変更しました", "")
        case .refused(let reason): ("変更していません", reason)
        case .waiting: ("実行していません", "途中で止まりました。もう一度選んで操作してください。")
        }
    }

    /// What has become of each case.
    func result(_ result: BulkResult, id: String, _ cases: [CaseNumber: Disclosed<CaseFile>]) -> HTML {
        let title = "まとめて操作：結果"
        let done = result.lines.filter { $0.outcome == .done }.count
        let left = result.lines.count - done
        func rows(_ isDone: Bool) -> [HTML] {
            result.lines.filter { ($0.outcome == .done) == isDone }.map { line in
                let (outcome, reason) = Self.outcome(line.outcome)
                return row(
                    line.number,
                    cases[line.number],
                    reason.isEmpty ? "\(outcome)" : "\(outcome)：\(reason)",
                    label: "結果"
                )
            }
        }
        let banner =
            left == 0
            ? Components.banner(.success, title: "\(done)件を変更しました")
            : Components.banner(
                .warning,
                title: "\(done)件を変更し、\(left)件は変更していません",
                body: "<p>変更していない対象者と理由を確かめてください。</p>"
            )
        return page(
            title,
            """
            <h1>\(title)</h1>
            <p><strong>\(name(result.deed))</strong>（\(Components.time(result.at))）</p>
            \(banner)
            <p class="actions"><a class="button button-secondary" href="/cases/deeds/\(Redirect.percentEncoded(id))/result.csv">\
            結果をCSVで保存する</a><a class="button button-secondary" href="/cases">対象者一覧へ</a></p>
            \(left == 0 ? HTML.empty : table("変更していない対象者", "結果", rows(false)))
            \(done == 0 ? HTML.empty : table("変更した対象者", "結果", rows(true)))
            """
        )
    }

    private func page(_ title: String, _ main: HTML) -> HTML {
        Layout.page(
            title: title,
            staff: staff,
            current: "/cases",
            site: site,
            main: main,
            errors: findings,
            styles: ["entry.css", "lists.css"]
        )
    }
}
