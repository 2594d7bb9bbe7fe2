import Access
import Casework
import Catalogue

/// A case's history, the latest first: when, who, what, and each item's value before and after.
struct CaseHistoryView {
    let number: CaseNumber
    let lines: [HistoryEntry]
    let words: CaseWords
    let staff: Staff

    /// More changes than this in one line are folded.
    private static let mostInSight = 12

    func html(_ site: Site) -> HTML {
        let title = "履歴 \(number.display)"
        let rows: [HTML] = lines.reversed().map(row)
        let main: HTML = """
            <div data-live-case="\(number.digits)" data-version="\(lines.last?.version ?? 0)">
            <p class="back"><a href="/cases/\(number.digits)">対象者 \(number.display) に戻る</a></p>
            <h1>履歴</h1>
            <div data-live-note hidden></div>
            <div class="table-scroll" data-live id="history"><table class="table history">
            <caption>変更は消えずに残ります。新しいものから並んでいます。</caption>
            <thead><tr><th scope="col">日時</th><th scope="col">操作</th><th scope="col">した人</th>\
            <th scope="col">内容（変更前 → 変更後）</th></tr></thead>
            <tbody>\(rows)</tbody></table></div>
            </div>
            """
        return Layout.page(
            title: title,
            staff: staff,
            current: "/cases",
            site: site,
            main: main,
            styles: ["entry.css"]
        )
    }

    private func row(_ line: HistoryEntry) -> HTML {
        """
        <tr><th scope="row" data-label="日時">\(Self.time(line.at))</th>\
        <td data-label="操作"><strong>\(Self.action(line.action))</strong>\
        <span class="line support">\(Self.channel(line.through))</span></td>\
        <td data-label="した人">\(words.organisation(line.organisation))\
        \(line.actor.isEmpty ? HTML.empty : #"<span class="line support">\#(line.actor)</span>"#)</td>\
        <td data-label="内容">\(reason(line))\(changes(line))</td></tr>
        """
    }

    /// With its year: a case is looked into years later, too.
    private static func time(_ at: Timestamp) -> HTML {
        let (year, month, day) = at.japanDate.parts
        let (hour, minute, _) = at.japanTime
        let clock = "\(hour):\(minute < 10 ? "0" : "")\(minute)"
        return #"<time datetime="\#(at.rfc3339)">\#(year)年\#(month)月\#(day)日 \#(clock)</time>"#
    }

    private func reason(_ line: HistoryEntry) -> HTML {
        line.reason.map { #"<p class="history-reason">理由：\#($0)</p>"# } ?? .empty
    }

    private func changes(_ line: HistoryEntry) -> HTML {
        guard !line.changes.isEmpty else { return .empty }
        let list: HTML = #"<ul class="changes">\#(line.changes.map(change))</ul>"#
        guard line.action == "notify" || line.changes.count > Self.mostInSight else { return list }
        return "<details><summary>\(line.changes.count)項目</summary>\(list)</details>"
    }

    private func change(_ place: HistoryEntry.ItemChange) -> HTML {
        let item = words.item(place.change.item)
        let record = place.section.map { section in "\(section.label)\(place.entry.map { " \($0)" } ?? "")：" } ?? ""
        return """
            <li><span class="change-item">\(record)\(item?.ja ?? place.change.item)</span> \
            \(place.change.old.map { #"<del>\#(text($0, item))</del>"# as HTML }) \
            <span aria-hidden="true">→</span><span class="hidden-text">から</span> \
            <ins>\(place.change.new.map { text($0, item) } ?? "（空欄）")</ins></li>
            """
    }

    private func text(_ value: Value, _ item: ItemDefinition?) -> String {
        item.map { words.text(value, of: $0) } ?? value.stored
    }

    /// What was done, in the words that staff use.
    static func action(_ action: String) -> String {
        switch action {
        case "notify": "発生届の提出"
        case "revise": "内容の修正"
        case "confirm": "保健所確認"
        case "return": "差し戻し"
        case "resubmit": "再提出"
        case "related": "関係保健所の設定"
        case "assign": "健康フォローアップ受託機関の割り当て"
        case "transfer-offer", "transfer-accept", "transfer-refuse", "transfer-withdraw", "grant", "grant-end", "open":
            SharingWords.action(action)
        case "place": "居所の登録"
        case "outcome": "転帰の登録"
        case "import": "ファイル取込"
        case "delete": "削除"
        case "restore": "削除した記録の復元"
        default: action
        }
    }

    private static func channel(_ through: String) -> String {
        switch through {
        case "page": "画面"
        case "api": "API"
        case "import": "ファイル取込"
        case "demo": "練習用データ"
        default: through
        }
    }
}
