import Access
import Casework
import Catalogue

/// The list while cases are being ticked in it: every button takes the ticks over, so that they survive paging.
struct CaseListSelecting {
    let selection: CaseSelection
    /// Cases that the list asks for on all its pages, one more than the most for more.
    let matching: Int
    let query: CaseListQuery
    let staff: Staff
    var findings: [Finding] = []

    private var address: String { "/cases/selection/\(Redirect.percentEncoded(selection.id))" }

    /// The form around the list.
    func form(_ list: HTML, hasNext: Bool, contractors: [(value: String, label: String)]) -> HTML {
        """
        <form method="post" action="\(address)" id="list">\(Components.csrf(staff))\(query.hidden(staff))
        <section class="selecting" id="field-cases" tabindex="-1" aria-labelledby="selecting-title">
        <h2 id="selecting-title">まとめて操作：\(selection.numbers.count)件を選択しています</h2>
        <p class="support">対象者に印を付けてください。ページを移っても、選択は残ります。検索や絞り込みをやり直すときは「やめる」を押してください。</p>
        <p class="actions">\(button("keep", "選択を反映する"))\(button("page", "このページをすべて選ぶ"))\(all)\
        \(selection.numbers.isEmpty ? HTML.empty : button("clear", "選択をすべて外す"))\(button("end", "やめる"))</p>
        </section>
        \(list)
        <nav class="paging" aria-label="ページ">\(query.after == nil ? "<span></span>" : button("first", "最初のページへ"))\
        \(hasNext ? button("next", "次のページへ") : HTML.empty)</nav>
        \(deeds(contractors))
        </form>
        """
    }

    private func button(_ go: String, _ label: String, primary: Bool = false) -> HTML {
        """
        <button type="submit" name="go" value="\(go)" class="button button-\(primary ? "primary" : "secondary") \
        button-small">\(label)</button>
        """
    }

    private var all: HTML {
        guard matching > 0 else { return .empty }
        guard matching <= BulkDeed.mostCases else {
            return "<span class=\"support\">条件に合う対象者が\(BulkDeed.mostCases)件を超えています。絞り込むと、すべてを選べます。</span>"
        }
        return button("all", "条件に合う\(matching)件をすべて選ぶ")
    }

    private func deeds(_ contractors: [(value: String, label: String)]) -> HTML {
        let statuses = [("", "選んでください")] + CodeList.status.entries.map { ($0.code.rawValue, $0.ja) }
        let errors = findings
        let assign: HTML =
            contractors.isEmpty
            ? "<p>割り当てられる健康フォローアップ受託機関が登録されていません。</p>"
            : """
            \(Components.select(
                name: "to_assign", label: "健康フォローアップ受託機関", value: "", options: [("", "選んでください")] + contractors,
                errors: errors.at("to_assign")))
            \(button("assign", "割り当ての確認へ"))
            """
        return """
            <section class="deeds" aria-labelledby="deeds-title"><h2 id="deeds-title">選んだ対象者への操作</h2>
            <p class="support">次の画面で、変わる内容と変更できない対象者を確かめてから実行します。</p>
            <div class="deed"><p>確認待ちの発生届を保健所確認済にする</p>\(button("confirm", "保健所確認の確認へ"))</div>
            <div class="deed">\(Components.select(
                name: "to_status", label: "現在のステータス", value: "", options: statuses, errors: errors.at("to_status")))
            \(button("status", "ステータス変更の確認へ"))</div>
            <div class="deed">\(assign)</div>
            <div class="deed">\(Components.select(
                name: "to_letter", label: "本人に渡す文書", value: "",
                options: [("", "選んでください")] + PrintedLetter.allCases.map { ($0.rawValue, $0.title) },
                errors: errors.at("to_letter")))
            \(button("letter", "印刷する文書を表示"))</div>
            </section>
            """
    }
}
