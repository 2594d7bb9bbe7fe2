import Access
import Casework
import Catalogue

/// Words that the ministry's pages of the opening have in common.
enum OpeningWords {
    /// All prefectures to choose from.
    static let prefectures: [(value: String, label: String)] =
        [("", "すべて")] + CodeList.prefecture.entries.map { ($0.code.rawValue, $0.ja) }

    /// A local government by its name, a city's with its prefecture below it.
    static func governmentName(_ government: Organisation) -> HTML {
        let prefecture = CodeList.prefecture.label(Code(government.prefecture))
        let below: HTML =
            government.kind == .city ? #"<span class="line support">\#(prefecture)</span>"# : .empty
        return "\(government.shortName)\(below)"
    }
}

/// The ministry's list of tested connections (接続環境の確認状況).
struct ConnectionListView {
    let standings: [ConnectionStanding]
    let query: FormData
    let staff: Staff

    static let title = "接続環境の確認状況"

    func html(_ site: Site) -> HTML {
        let done = standings.filter { $0.machines > 0 }.count
        let machines = standings.map(\.machines).reduce(0, +)
        return Layout.page(
            title: Self.title,
            staff: staff,
            current: "/admin/readiness",
            site: site,
            main: """
                <p class="back"><a href="/admin/readiness">導入準備状況に戻る</a></p>
                <h1>\(Self.title)</h1>
                <p><strong>\(standings.count)</strong>組織のうち<strong>\(done)</strong>組織が、\
                合わせて<strong>\(machines)</strong>台の端末で確認しました。</p>
                <form method="get" action="/admin/connection-tests" class="opening-filter">
                \(Components.select(
                    name: "prefecture", label: "都道府県", value: query["prefecture"] ?? "",
                    options: OpeningWords.prefectures))
                \(Components.select(
                    name: "state", label: "確認", value: query["state"] ?? "",
                    options: [("", "すべて"), ("none", "未実施"), ("trouble", "不可・注意がある"), ("done", "実施済み")]))
                <p><button type="submit" class="button button-secondary">絞り込む</button></p></form>
                <p><a href="/admin/connection-tests/csv">CSVで保存する</a></p>
                \(table)
                """,
            styles: ["opening.css"]
        )
    }

    private var shown: [ConnectionStanding] {
        let (prefecture, state) = (query["prefecture"] ?? "", query["state"] ?? "")
        return standings.filter { one in
            guard prefecture.isEmpty || one.organisation.prefecture == prefecture else { return false }
            switch state {
            case "none": return one.machines == 0
            case "done": return one.machines > 0
            case "trouble": return !one.troubles.isEmpty
            default: return true
            }
        }
    }

    private var table: HTML {
        let rows: [HTML] = shown.map(row)
        guard !rows.isEmpty else { return #"<div class="nothing"><p>あてはまる組織はありません。</p></div>"# }
        return """
            <table class="table"><caption>\(rows.count)の組織（北から順）</caption><thead><tr><th scope="col">組織</th>\
            <th scope="col">確認した端末</th><th scope="col">最後の確認</th><th scope="col">不可・注意の項目（台数）</th>\
            <th scope="col"><span class="hidden-text">操作</span></th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private func row(_ one: ConnectionStanding) -> HTML {
        let lines: [HTML] = ConnectionCheck.allCases.compactMap { check in
            guard let trouble = one.troubles[check] else { return nil }
            let failed: HTML = trouble.failed > 0 ? " × \(trouble.failed)台" : .empty
            let warned: HTML = trouble.warned > 0 ? " △ \(trouble.warned)台" : .empty
            return #"<span class="line">\#(check.label)\#(failed)\#(warned)</span>"#
        }
        let machines: HTML = one.machines == 0 ? Components.chip("未実施", .warning) : "\(one.machines)台"
        let link: HTML =
            one.machines == 0
            ? .empty
            : """
            <a class="button button-secondary button-small" \
            href="/admin/connection-tests/\(Redirect.percentEncoded(one.organisation.key))">端末を見る\
            <span class="hidden-text">：\(one.organisation.name)</span></a>
            """
        return """
            <tr data-tested="\(one.organisation.key)"><th scope="row" data-label="組織">\(one.organisation.name)\
            <span class="line support">\(CodeList.prefecture.label(Code(one.organisation.prefecture)))</span></th>\
            <td data-label="確認した端末"><span>\(machines)</span></td>\
            <td data-label="最後の確認">\(one.lastAt.map(SharingWords.moment) ?? "―")</td>\
            <td data-label="不可・注意">\(lines.isEmpty ? ["―"] : lines)</td><td>\(link)</td></tr>
            """
    }

    /// The machines of one organisation.
    static func machines(_ machines: [TestedMachine], of name: String, _ staff: Staff, _ site: Site) -> HTML {
        let rows: [HTML] = machines.map { machine in
            let outcomes: [HTML] = ConnectionCheck.allCases.map { check in
                let outcome = machine.outcomes[check] ?? .unknown
                return #"<span class="machine-outcome">\#(check.label) \#(ConnectionTestView.chip(outcome))</span>"#
            }
            return """
                <tr><th scope="row" data-label="場所・端末">\(machine.name)</th>\
                <td data-label="アドレス"><span class="number">\(machine.address)</span></td>\
                <td data-label="日時">\(SharingWords.moment(machine.at))</td>\
                <td data-label="結果"><span class="machine-outcomes">\(outcomes)</span></td></tr>
                """
        }
        let list: HTML =
            rows.isEmpty
            ? #"<div class="nothing"><p>この組織からは、まだ結果が届いていません。</p></div>"#
            : """
            <table class="table"><caption>新しい順</caption><thead><tr><th scope="col">場所・端末</th>\
            <th scope="col">アドレス</th><th scope="col">日時</th><th scope="col">結果</th></tr></thead>\
            <tbody>\(rows)</tbody></table>
            """
        return Layout.page(
            title: "\(title)：\(name)",
            staff: staff,
            current: "/admin/readiness",
            site: site,
            main: """
                <p class="back"><a href="/admin/connection-tests">一覧に戻る</a></p>
                <h1>\(title)：\(name)</h1>
                \(list)
                """,
            styles: ["opening.css"]
        )
    }
}
