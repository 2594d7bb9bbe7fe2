import Access
import Casework
import Catalogue

/// The page on which a 発生届 is entered.
struct NotificationView {
    let form: NotificationForm
    let draft: String
    let staff: Staff
    /// What stands against filing it.
    var findings: [Finding] = []
    /// Whether 下書き保存 was just pressed.
    var isSaved = false
    /// Whether the paper was changed because the day of the notification asks for another.
    var isTurned = false

    /// What has to be said above the form.
    var notice: HTML = .empty

    private static let title = "発生届の入力"

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: Self.title,
            staff: staff,
            current: "/cases/new",
            site: site,
            main: main,
            errors: findings,
            scripts: ["entry.js", "versions.js"],
            styles: ["entry.css", "versions.css"]
        )
    }

    /// Nothing but unlikely values: they can be kept by whoever has looked at them.
    private var isOnlyUnlikely: Bool {
        !findings.isEmpty && findings.allSatisfy { $0.severity == .warning }
    }

    private var main: HTML {
        let groups = NotificationGroups(form: form, staff: staff, findings: findings)
        return """
            <div class="entry">
            <div class="entry-head">
            <h1>\(Self.title)</h1>
            <p class="support">別記様式6-1（感染症法第12条第1項）\
            <span class="entry-note">※必須の項目がそろえば提出できます。</span></p>
            \(isSaved ? Components.banner(.success, title: "下書きを保存しました") : .empty)
            </div>
            \(groups.overview)
            <form method="post" action="/cases/new" class="entry-form" data-entry data-today="\(slashed(0))" \
            data-yesterday="\(slashed(-1))" novalidate>
            \(Components.csrf(staff))<input type="hidden" name="draft" value="\(draft)">
            \(notice)\(FaxEntry.html(form))
            <div class="entry-tools">
            <button type="submit" class="button button-secondary button-small" formaction="/cases/new/draft">\
            下書き保存</button>
            <span class="entry-state" data-saved role="status"></span>
            <button type="button" class="button-plain" data-open-all hidden>任意の項目をすべて開く</button>
            \(keyHelp)
            </div>
            \(versions)
            \(groups.html)
            \(keep)
            <div class="actions entry-actions">
            <button type="submit" class="button button-primary" data-submit>\
            \(isOnlyUnlikely ? "内容を確認しました。このまま提出する" : "提出する")</button>
            <button type="submit" class="button-plain entry-discard" formaction="/cases/new/discard" \
            data-confirm="この下書きを破棄します。入力した内容は元に戻せません。">下書きを破棄</button>
            </div>
            </form>
            </div>
            """
    }

    /// What makes the next press of the button keep the unlikely values that are shown.
    private var keep: HTML {
        guard isOnlyUnlikely else { return .empty }
        return """
            <input type="hidden" name="keeps_warnings" value="1">\
            <input type="hidden" name="seen_warnings" value="\(NotificationForm.names(findings))">\
            \(Components.banner(
                .warning, title: "間違いではありませんが、めずらしい内容があります",
                body: "<p>上の一覧の項目を確かめてください。正しければ、このまま提出できます。</p>"))
            """
    }

    private var keyHelp: HTML {
        """
        <details class="key-help"><summary>キーボードでの入力</summary>
        <dl>
        <div><dt><kbd>Tab</kbd>・<kbd>Enter</kbd></dt><dd>次の項目へ（<kbd>Shift</kbd>を押しながらで前の項目へ）</dd></div>
        <div><dt><kbd>1</kbd> <kbd>2</kbd> …</dt><dd>選択肢を番号で選ぶ</dd></div>
        <div><dt><kbd>0</kbd></dt><dd>「なし」だけを選ぶ</dd></div>
        <div><dt><kbd>Delete</kbd></dt><dd>選択を取り消す</dd></div>
        <div><dt><kbd>t</kbd>・<kbd>y</kbd>・<kbd>u</kbd></dt><dd>日付の欄で、今日・昨日・不明</dd></div>
        <div><dt>日付</dt><dd>2020/5/22、20200522、R2.5.22、令和2年5月22日のどれでも入力できます</dd></div>
        <div><dt><kbd>Alt</kbd>＋<kbd>↓</kbd></dt><dd>その欄の任意の項目を開く</dd></div>
        <div><dt><kbd>Ctrl</kbd>＋<kbd>Enter</kbd></dt><dd>提出する</dd></div>
        </dl></details>
        """
    }

    private func slashed(_ days: Int) -> String {
        guard let item = Catalogue.item("notified_on") else { return "" }
        return ValueText.editable(.date(form.today.adding(days: days)), of: item)
    }
}
