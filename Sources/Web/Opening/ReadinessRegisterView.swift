import Access
import Casework
import Catalogue
import Storage

/// The ministry's register of readiness: map, list, days and reminders.
struct ReadinessRegisterView {
    let register: ReadinessRegister
    let staff: Staff
    let query: FormData
    var typed: FormData?
    var findings: [Finding] = []

    static let title = "導入準備状況"

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: Self.title,
            staff: staff,
            current: "/admin/readiness",
            site: site,
            main: """
                <div class="title-row"><h1>\(Self.title)</h1><a class="button button-secondary" \
                href="/admin/connection-tests">接続環境の確認状況</a></div>
                \(done)
                \(figures)
                \(remind)
                <h2>回答の地図</h2>
                \(PrefectureMap.legend)
                \(PrefectureMap.svg(counts))
                \(PrefectureMap.table(counts))
                \(days)
                \(list)
                """,
            errors: findings,
            styles: ["opening.css"]
        )
    }

    private var done: HTML {
        if query["done"] == "days" { return Components.banner(.success, title: "日付を設定しました") }
        guard let reminded = query["reminded"].flatMap({ Int($0) }) else { return .empty }
        let already = query["already"].flatMap { Int($0) } ?? 0
        let rest: HTML = already > 0 ? "<p>今日すでに督促した\(already)の自治体には送っていません（1日に1回まで）。</p>" : .empty
        return reminded > 0
            ? Components.banner(.success, title: "\(reminded)の自治体のお知らせに督促を届けました", body: rest)
            : Components.banner(.info, title: "新しく督促した自治体はありません", body: rest)
    }

    private var counts: [String: PrefectureMap.Count] {
        var result: [String: PrefectureMap.Count] = [:]
        for one in register.standings {
            var count = result[one.government.prefecture] ?? PrefectureMap.Count()
            count.total += 1
            if let answer = one.answer {
                count.answered += 1
                if answer.startsOn != nil { count.later += 1 }
            }
            result[one.government.prefecture] = count
        }
        return result
    }

    private var figures: HTML {
        let all = register.standings.count
        let later = register.standings.filter { $0.answer?.startsOn != nil }.count
        let open = register.unanswered.count
        func figure(_ label: String, _ number: Int) -> HTML {
            """
            <li class="figure"><span class="figure-label">\(label)</span>\
            <span class="figure-number">\(number)</span></li>
            """
        }
        return """
            <ul class="figures">\(figure("自治体", all))\(figure("共通の日に開始", all - open - later))\
            \(figure("遅らせる", later))\(figure("未回答", open))</ul>
            """
    }

    private var remind: HTML {
        guard !register.unanswered.isEmpty else { return .empty }
        return """
            <form method="post" action="/admin/readiness/remind">\(Components.csrf(staff))\
            <p class="actions"><button type="submit" class="button button-primary">未回答の自治体に督促する</button>\
            <span class="support">本庁・調整本部の「お知らせ」に届きます。同じ自治体には1日に1回までです。</span></p></form>
            """
    }

    // MARK: The list

    private var isShown: (ReadinessStanding) -> Bool {
        let (prefecture, state) = (query["prefecture"] ?? "", query["state"] ?? "")
        return { one in
            guard prefecture.isEmpty || one.government.prefecture == prefecture else { return false }
            switch state {
            case "unanswered": return one.answer == nil
            case "later": return one.answer?.startsOn != nil
            case "common": return one.answer != nil && one.answer?.startsOn == nil
            default: return true
            }
        }
    }

    private var list: HTML {
        let shown = register.standings.filter(isShown)
        let rows: [HTML] = shown.map(row)
        let table: HTML =
            rows.isEmpty
            ? #"<div class="nothing"><p>あてはまる自治体はありません。</p></div>"#
            : """
            <table class="table"><caption>\(shown.count)の自治体（北から順）</caption><thead><tr><th scope="col">自治体</th>\
            <th scope="col">回答</th><th scope="col">利用開始日</th><th scope="col">担当者</th>\
            <th scope="col">回答した人</th><th scope="col">督促</th>\
            <th scope="col"><span class="hidden-text">操作</span></th></tr></thead><tbody>\(rows)</tbody></table>
            """
        return """
            <div class="section-row"><h2 id="list-title">自治体の一覧</h2><a href="/admin/readiness/csv">CSVで保存する</a></div>
            <form method="get" action="/admin/readiness" class="opening-filter">
            \(Components.select(
                name: "prefecture", label: "都道府県", value: query["prefecture"] ?? "",
                options: OpeningWords.prefectures))
            \(Components.select(
                name: "state", label: "回答", value: query["state"] ?? "",
                options: [("", "すべて"), ("unanswered", "未回答"), ("common", "共通の日に開始"), ("later", "遅らせる")]))
            <p><button type="submit" class="button button-secondary">絞り込む</button></p></form>
            \(table)
            """
    }

    private func row(_ one: ReadinessStanding) -> HTML {
        let chip: HTML
        switch one.answer {
        case nil: chip = Components.chip("未回答", .warning)
        case let answer? where answer.startsOn == nil: chip = Components.chip("共通の日", .success)
        case .some: chip = Components.chip("遅らせる", .info)
        }
        let reason: HTML =
            one.answer.flatMap { $0.reason.isEmpty ? nil : $0.reason }.map { text in
                #"<span class="line support">\#(Components.shortened(text, 60))</span>"#
            } ?? .empty
        let contact: HTML =
            one.answer.map { answer in
                """
                \(answer.contact)<span class="line">\(answer.phone)</span><span class="line">\(answer.mail)</span>
                """
            } ?? "―"
        let giver: HTML =
            one.answer.map { answer in
                """
                \(Components.time(answer.at))<span class="line">\(answer.actor)（\(one.giver)）</span>\
                \(answer.byMail ? "<span class=\"line support\">メールで受けた回答</span>" : HTML.empty)
                """
            } ?? "―"
        return """
            <tr data-government="\(one.government.key)"><th scope="row" data-label="自治体">\
            \(OpeningWords.governmentName(one.government))</th>\
            <td data-label="回答"><span>\(chip)</span>\(reason)</td>\
            <td data-label="利用開始日">\((one.opensOn ?? one.answer?.startsOn).map(Components.date) ?? "―")</td>\
            <td data-label="担当者">\(contact)</td><td data-label="回答した人">\(giver)</td>\
            <td data-label="督促">\(one.remindedAt.map(Components.time) ?? "―")</td>\
            <td><a class="button button-secondary button-small" \
            href="/admin/readiness/\(Redirect.percentEncoded(one.government.key))">回答を入力\
            <span class="hidden-text">：\(one.government.shortName)</span></a></td></tr>
            """
    }

    // MARK: The days

    private var days: HTML {
        let present = register.settings.first
        func value(_ name: String, _ day: CalendarDate?) -> String {
            if let typed { return typed[name] ?? "" }
            guard let (year, month, date) = day?.parts else { return "" }
            return "\(year)/\(month)/\(date)"
        }
        let rows: [HTML] = register.settings.map { setting in
            """
            <tr><th scope="row" data-label="日時">\(SharingWords.moment(setting.at))</th>\
            <td data-label="共通の日">\(setting.common.map(JapaneseDate.display) ?? "なし")</td>\
            <td data-label="期限">\(setting.answerBy.map(JapaneseDate.display) ?? "なし")</td>\
            <td data-label="設定した人">\(setting.actor)</td></tr>
            """
        }
        let history: HTML =
            rows.isEmpty
            ? .empty
            : """
            <details><summary>設定の履歴</summary><table class="table"><caption>新しい順</caption><thead><tr>\
            <th scope="col">日時</th><th scope="col">共通の日</th><th scope="col">期限</th>\
            <th scope="col">設定した人</th></tr></thead><tbody>\(rows)</tbody></table></details>
            """
        return """
            <section class="card" aria-labelledby="days-title"><h2 id="days-title">共通の利用開始日と回答の期限</h2>
            <p>共通の利用開始日を設定すると、その日までは、自治体とその医療機関・受託機関・施設の人はログインできません\
            （本庁・調整本部・保健所は、準備の画面だけを開けます）。遅らせると回答した自治体は、その回答の日からログインできます。\
            空欄にすると、すべてのログインが開きます。</p>
            <form method="post" action="/admin/readiness/days" novalidate>\(Components.csrf(staff))\
            <input type="hidden" name="seen" value="\(typed?["seen"] ?? String(present?.version ?? 0))">
            \(Components.textField(
                name: "common", label: "共通の利用開始日", value: value("common", present?.common), required: false,
                hint: "例：2020/5/29", errors: findings.at("common"), attributes: #" autocomplete="off""#))
            \(Components.textField(
                name: "answer_by", label: "回答の期限", value: value("answer_by", present?.answerBy), required: false,
                hint: "この日までは、自治体が回答を変更できます。例：2020/5/25", errors: findings.at("answer_by"),
                attributes: #" autocomplete="off""#))
            \(Components.checkboxes(
                name: "confirmed", label: "これから先の日を設定するとき", values: [],
                options: [("1", "その日まで、自治体・医療機関などの人がログインできなくなることを確かめました")], required: false, errors: findings.at("confirmed")))
            <p class="actions"><button type="submit" class="button button-primary">日付を設定する</button></p>
            </form>
            \(history)
            </section>
            """
    }
}
