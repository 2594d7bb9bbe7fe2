import Access
import Casework
import Catalogue
import Storage

/// The page on which a local government answers when it begins, with all its answers.
struct ReadinessView {
    let page: ReadinessPage
    let staff: Staff
    /// Where the form is sent.
    let address: String
    var typed: FormData?
    var findings: [Finding] = []
    var isDone = false

    func html(_ site: Site) -> HTML {
        let name = page.government.shortName
        let title = "導入準備状況の登録：\(name)"
        return Layout.page(
            title: title,
            staff: staff,
            current: page.entersForOthers ? "/admin/readiness" : "/readiness",
            site: site,
            main: """
                <div class="narrow">
                \(page.entersForOthers
                    ? "<p class=\"back\"><a href=\"/admin/readiness\">導入準備状況の一覧に戻る</a></p>" : HTML.empty)
                <h1>\(title)</h1>
                \(isDone ? Components.banner(.success, title: "回答を登録しました") : HTML.empty)
                \(present)
                \(page.mayAnswer ? form(site) : closed)
                \(history)
                </div>
                """,
            errors: findings,
            styles: ["opening.css"]
        )
    }

    // MARK: Now

    private var present: HTML {
        let common: HTML =
            page.common.map { "<strong>\(JapaneseDate.display($0))</strong>" } ?? "まだ決まっていません"
        let until: HTML = page.answerBy.map { "\(JapaneseDate.display($0))まで" } ?? "期限はありません"
        let answer: HTML
        switch page.answers.first {
        case nil: answer = Components.chip("未回答", .warning)
        case let found? where found.startsOn == nil: answer = Components.chip("共通の日に開始", .success)
        case let found?:
            answer = "\(Components.chip("遅らせる", .info)) \(found.startsOn.map { "\(JapaneseDate.display($0))から" } ?? "")"
        }
        let opens: HTML =
            page.opensOn.map { day in
                "<dt>ログインできる日</dt><dd>\(JapaneseDate.display(day))から</dd>"
            } ?? .empty
        return """
            <dl class="facts"><dt>共通の利用開始日</dt><dd>\(common)</dd><dt>回答の期限</dt><dd>\(until)</dd>\
            <dt>いまの回答</dt><dd>\(answer)</dd>\(opens)</dl>
            """
    }

    private var closed: HTML {
        staff.organisation.isGovernment
            ? Components.banner(
                .info,
                title: "回答の期限を過ぎました",
                body: "<p>回答を変更するときは、厚生労働省に連絡してください。</p>"
            )
            : Components.banner(
                .info,
                title: "回答は\(page.government.shortName)の本庁・調整本部が行います",
                body: "<p>保健所では、いまの回答だけを確認できます。</p>"
            )
    }

    // MARK: The form

    private func value(_ name: String, _ stored: (StoredReadiness) -> String) -> String {
        typed?[name] ?? page.answers.first.map(stored) ?? ""
    }

    private func form(_ site: Site) -> HTML {
        let start = value("start") { $0.startsOn == nil ? "common" : "later" }
        let day = value("starts_on") { $0.startsOn.map(Self.editable) ?? "" }
        let version = typed?["seen"] ?? String(page.answers.first?.version ?? 0)
        let common = page.common.map { "共通の日（\($0.monthAndDay)）に開始する" } ?? "共通の日に開始する"
        return """
            <form method="post" action="\(address)" class="card" novalidate>
            <h2>\(page.answers.isEmpty ? "回答する" : "回答を変更する")</h2>
            \(Components.csrf(staff))<input type="hidden" name="seen" value="\(version)">
            \(Components.radios(
                name: "start", label: "利用を開始する時期", value: start,
                options: [("common", common), ("later", "遅らせる")], required: true,
                errors: findings.at("start")))
            \(Components.textField(
                name: "starts_on", label: "利用を開始する日（※遅らせるときは必須）", value: day,
                hint: "例：2020/6/15", errors: findings.at("starts_on"), attributes: #" autocomplete="off""#))
            \(Components.textArea(
                name: "reason", label: "理由（※遅らせるときは必須）", value: value("reason", \.reason),
                hint: "例：保健所の端末の準備が6月10日に終わるため", errors: findings.at("reason")))
            \(Components.textField(
                name: "contact", label: "担当者（部署と氏名）", value: value("contact", \.contact), required: true,
                hint: "厚生労働省からの問い合わせ先です。", errors: findings.at("contact"),
                attributes: #" autocomplete="off""#))
            \(Components.textField(
                name: "phone", label: "電話番号", value: value("phone", \.phone), required: true,
                errors: findings.at("phone"), type: "tel", attributes: #" autocomplete="off""#))
            \(Components.textField(
                name: "mail", label: "メールアドレス", value: value("mail", \.mail), required: true,
                errors: findings.at("mail"), type: "email", attributes: #" autocomplete="off""#))
            \(page.entersForOthers
                ? Components.checkboxes(
                    name: "by_mail", label: "回答の受け方", values: typed == nil ? ["yes"] : Set(typed?.all("by_mail") ?? []),
                    options: [("yes", "メールで届いた回答を入力する")]) : HTML.empty)
            <p class="actions"><button type="submit" class="button button-primary">回答を登録する</button></p>
            </form>
            """
    }

    private static func editable(_ day: CalendarDate) -> String {
        let (year, month, date) = day.parts
        return "\(year)/\(month)/\(date)"
    }

    // MARK: History

    private var history: HTML {
        guard !page.answers.isEmpty else { return .empty }
        let rows: [HTML] = page.answers.map { answer in
            let mail: HTML = answer.byMail ? #"<span class="line support">メールで受けた回答</span>"# : .empty
            let reason: HTML = answer.reason.isEmpty ? .empty : #"<span class="line support">\#(answer.reason)</span>"#
            return """
                <tr><th scope="row" data-label="日時">\(SharingWords.moment(answer.at))</th>\
                <td data-label="回答">\(answer.startsOn.map { "\($0.monthAndDay)から" } ?? "共通の日")\(reason)</td>\
                <td data-label="担当者">\(answer.contact)<span class="line">\(answer.phone)</span>\
                <span class="line">\(answer.mail)</span></td>\
                <td data-label="回答した人">\(answer.actor)<span class="line support">\
                \(page.givers[answer.answeredBy] ?? "")</span>\(mail)</td></tr>
                """
        }
        return """
            <h2>回答の履歴</h2>
            <table class="table"><caption>新しい順</caption><thead><tr><th scope="col">日時</th><th scope="col">回答</th>\
            <th scope="col">担当者</th><th scope="col">回答した人</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }
}
