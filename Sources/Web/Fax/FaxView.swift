import Access
import Casework
import Catalogue
import Storage

/// How the FAX受信簿 looks.
struct FaxView {
    let register: FaxRegister
    /// Institutions of the prefecture, to choose the sender from.
    let institutions: [Organisation]
    let now: Timestamp
    let staff: Staff

    private static let title = "FAX受信簿"

    func html(_ site: Site, done: String, sent: FormData?, name: String, _ findings: [Finding]) -> HTML {
        Layout.page(
            title: Self.title,
            staff: staff,
            current: "/faxes",
            site: site,
            main: """
                <div class="title-row"><h1>\(Self.title)</h1>\
                <a class="button button-secondary" href="/faxes/scan">受信FAXの読取</a></div>
                \(banner(done))
                \(waiting)
                \(form(sent, name, findings))
                \(closed)
                """,
            errors: findings,
            styles: ["fax.css"]
        )
    }

    private func banner(_ done: String) -> HTML {
        switch done {
        case "logged": Components.banner(.success, title: "受信を記録しました")
        case "aside": Components.banner(.success, title: "入力の対象から外しました")
        case "back": Components.banner(.success, title: "未入力に戻しました")
        default: .empty
        }
    }

    private var waiting: HTML {
        let rows: [HTML] = register.waiting.map { line in
            let age = now.seconds - line.receivedAt.seconds
            return """
                <tr data-fax="\(line.id)"><th scope="row" data-label="受信日時">\(Components.time(line.receivedAt))</th>\
                <td data-label="経過"\(age >= 86_400 ? " class=\"late\"" : HTML.empty)>\(HomeView.elapsed(max(0, age)))</td>\
                <td data-label="送信元">\(line.sender)</td><td data-label="枚数" class="quantity">\(line.pages)枚</td>\
                <td data-label="メモ">\(line.memo)</td>\
                <td class="fax-do"><a class="button button-primary button-small" \
                href="/cases/new?fax=\(Redirect.percentEncoded(line.id))">入力する<span class="hidden-text">：\(line.sender)\
                </span></a> <a class="button button-secondary button-small" \
                href="/faxes/scan?fax=\(Redirect.percentEncoded(line.id))">コードを読み取る</a> \
                <a href="/faxes/\(Redirect.percentEncoded(line.id))/aside">対象から外す</a></td></tr>
                """
        }
        let more: HTML =
            register.count > register.waiting.count
            ? "<p class=\"support\">古い順に\(register.waiting.count)件を表示しています。</p>" : .empty
        let table: HTML =
            rows.isEmpty
            ? "<div class=\"nothing\"><p>未入力のFAXはありません。</p></div>"
            : """
            <table class="table table-fax"><caption>古い順</caption><thead><tr><th scope="col">受信日時</th>\
            <th scope="col">経過</th><th scope="col">送信元</th><th scope="col" class="quantity">枚数</th>\
            <th scope="col">メモ</th><th scope="col"><span class="hidden-text">操作</span></th></tr></thead>\
            <tbody>\(rows)</tbody></table>\(more)
            """
        return #"<section id="fax-waiting"><h2>未入力のFAX（\#(register.count)件）</h2>\#(table)</section>"#
    }

    private func form(_ sent: FormData?, _ name: String, _ findings: [Finding]) -> HTML {
        let moment = ValueText.editable(
            .time(Timestamp(seconds: now.seconds / 60 * 60)),
            of: Item.faxReceivedAt.definition
        )
        let options = [(value: "", label: "（一覧にない）")] + institutions.map { (value: $0.key, label: $0.name) }
        return """
            <section class="card" aria-labelledby="log-title"><h2 id="log-title">受信を記録</h2>
            <form method="post" action="/faxes" novalidate class="fax-form">\(Components.csrf(staff))
            <input type="hidden" name="name" value="\(name)">
            \(Components.textField(
                name: "received_at", label: "受信日時", value: sent?["received_at"] ?? moment, required: true,
                hint: "FAXの上端に印字された時刻。例：2020/5/22 14:30", errors: findings.at("received_at")))
            \(Components.select(
                name: "institution", label: "送信元の医療機関", value: sent?["institution"] ?? "", options: options,
                errors: findings.at("institution")))
            \(Components.textField(
                name: "sender", label: "一覧にない送信元", value: sent?["sender"] ?? "",
                hint: "患者の氏名は書かないでください。", errors: findings.at("sender")))
            \(Components.textField(
                name: "pages", label: "枚数", value: sent?["pages"] ?? "1", required: true,
                errors: findings.at("pages"), attributes: " inputmode=\"numeric\" autocomplete=\"off\""))
            \(Components.textField(name: "memo", label: "メモ", value: sent?["memo"] ?? "", errors: findings.at("memo")))
            <p class="actions"><button type="submit" class="button button-primary">受信を記録する</button></p>
            </form></section>
            """
    }

    private var closed: HTML {
        guard !register.closed.isEmpty else { return .empty }
        let rows: [HTML] = register.closed.map { line in
            """
            <tr data-fax="\(line.id)"><th scope="row" data-label="受信日時">\(Components.time(line.receivedAt))</th>\
            <td data-label="送信元">\(line.sender)</td><td data-label="処理">\(outcome(line))</td>\
            <td data-label="処理日時">\(line.closedAt.map(Components.time))</td></tr>
            """
        }
        return """
            <section id="fax-closed"><h2>処理したFAX</h2><table class="table"><caption>新しい順に50件まで</caption><thead><tr>\
            <th scope="col">受信日時</th><th scope="col">送信元</th><th scope="col">処理</th><th scope="col">処理日時</th>\
            </tr></thead><tbody>\(rows)</tbody></table></section>
            """
    }

    private func outcome(_ line: FaxLine) -> HTML {
        if let number = line.number {
            return """
                \(Components.chip("入力済", .success)) <a class="number" href="/cases/\(number.digits)">\(number.display)</a>
                """
        }
        let note = line.note.isEmpty ? "" : "：\(line.note)"
        return """
            \(Components.chip("対象から外した", .neutral)) \(line.reason?.label ?? "")\(note)（\(line.closer)）\
            <form method="post" action="/faxes/\(Redirect.percentEncoded(line.id))/back" class="fax-back">\
            \(Components.csrf(staff))<button type="submit" class="button-plain">未入力に戻す</button></form>
            """
    }

    /// The page on which a line is set aside with its reason.
    static func aside(
        _ line: FaxLine,
        _ sent: FormData,
        _ findings: [Finding],
        _ site: Site,
        _ staff: Staff
    ) -> HTML {
        Layout.page(
            title: "FAXを入力の対象から外す",
            staff: staff,
            current: "/faxes",
            site: site,
            main: """
                <h1>FAXを入力の対象から外す</h1>
                <p>\(Components.time(line.receivedAt))受信　\(line.sender)　\(line.pages)枚</p>
                <form method="post" action="/faxes/\(Redirect.percentEncoded(line.id))/aside" novalidate>
                \(Components.csrf(staff))
                \(Components.radios(
                    name: "reason", label: "理由", value: sent["reason"] ?? "",
                    options: FaxLine.Reason.allCases.map { ($0.rawValue, $0.label) }, required: true,
                    errors: findings.at("reason")))
                \(Components.textArea(
                    name: "note", label: "補足", value: sent["note"] ?? "",
                    hint: "重複のときは、すでに入力した届の番号などを書いてください。", errors: findings.at("note")))
                <p class="actions"><button type="submit" class="button button-primary">対象から外す</button> \
                <a class="button button-secondary" href="/faxes">やめる</a></p></form>
                """,
            errors: findings,
            styles: ["fax.css"]
        )
    }
}
