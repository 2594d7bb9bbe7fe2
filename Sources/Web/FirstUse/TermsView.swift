import Casework
import Catalogue

/// システム利用規約: asked at the first use and whenever its version changes, and to be read again at any time.
enum TermsView {
    /// The text with the question whether it is accepted.
    static func asking(_ site: Site, _ staff: Staff, findings: [Finding] = []) -> HTML {
        page(
            site,
            staff,
            introduction: """
                <p class="support">はじめての利用 2／2</p>
                <p>利用を始める前に、次の規約を最後まで読んでください。規約が改定されたときは、もう一度確認をお願いします。</p>
                """,
            end: """
                <form method="post" action="/first-use/terms" class="card" novalidate>\(Components.csrf(staff))
                <input type="hidden" name="version" value="\(Casework.termsVersion)">
                \(Components.checkboxes(
                    name: "accepted", label: "利用規約への同意", values: [],
                    options: [("1", "上の利用規約を読み、同意します")], required: true, errors: findings.at("accepted")))
                <p class="actions"><button type="submit" class="button button-primary">利用を始める</button></p>
                <p class="support">同意できないときは、右上の「ログアウト」を押し、IDを発行した組織に連絡してください。</p>
                </form>
                """,
            findings: findings
        )
    }

    /// The text as it was accepted.
    static func reading(_ site: Site, _ staff: Staff, accepted: Timestamp?) -> HTML {
        let when: HTML = accepted.map { "<p>あなたは \(JapaneseDate.display($0.japanDate)) に同意しました。</p>" } ?? .empty
        return page(
            site,
            staff,
            introduction: #"<p class="back"><a href="/account">アカウントに戻る</a></p>"#,
            end: when,
            findings: []
        )
    }

    private static func page(
        _ site: Site,
        _ staff: Staff,
        introduction: HTML,
        end: HTML,
        findings: [Finding]
    ) -> HTML {
        let articles: [HTML] = TermsText.articles.enumerated().map { index, article in
            let lines: [HTML] = article.lines.map { "<li>\($0)</li>" }
            return "<h2>第\(index + 1)条　\(article.title)</h2><ol class=\"terms-lines\">\(lines)</ol>"
        }
        return Layout.page(
            title: "システム利用規約",
            staff: staff,
            current: "/account",
            site: site,
            main: """
                <div class="narrow terms">
                <h1>システム利用規約</h1>
                \(introduction)
                <p class="support">第\(Casework.termsVersion)版（\(TermsText.day)）</p>
                <p><a href="/leaflets/security" target="_blank" rel="noopener">情報セキュリティのお願い（1枚の掲示用、新しいタブで開く）</a></p>
                \(articles)
                \(end)
                </div>
                """,
            errors: findings,
            styles: ["admin.css"]
        )
    }
}
