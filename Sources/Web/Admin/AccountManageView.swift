import Access
import Casework
import Catalogue
import Storage

/// The page of one account.
struct AccountManageView {
    let account: ManagedAccount
    let organisations: [OrganisationKey: Organisation]
    var done: String?
    var findings: [Finding] = []
    var typed: FormData?

    func html(_ site: Site, _ staff: Staff) -> HTML {
        Layout.page(
            title: "アカウント \(account.login)",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="/admin/accounts">アカウントの一覧に戻る</a></p>
                <h1>アカウント \(account.login)</h1>
                \(banner)\(facts)\(change(staff))\(deeds(staff))\(history)
                """,
            errors: findings,
            styles: ["admin.css"]
        )
    }

    private var banner: HTML {
        switch done {
        case "change": Components.banner(.success, title: "変更しました")
        case "stop":
            Components.banner(.success, title: "停止しました", body: "<p>このIDのログインは、すべて終わりました。</p>")
        case "resume":
            Components.banner(.success, title: "再開しました", body: "<p>停止する前のパスワードでログインできます。</p>")
        default: .empty
        }
    }

    private var state: HTML {
        if let at = account.stoppedAt {
            return "\(Components.chip("停止", .error)) \(AccountWords.moment(at)) から"
        }
        switch account.owes {
        case .password?: return "\(Components.chip("初期パスワード", .warning)) まだ新しいパスワードが設定されていません。"
        case .terms?: return "\(Components.chip("規約の同意待ち", .warning)) 次のログインで利用規約の同意を確認します。"
        case nil: return Components.chip("利用中", .success)
        }
    }

    private var facts: HTML {
        let duties = account.duties.sorted().map(\.label).joined(separator: "、")
        let used: HTML = account.usedAt.map(AccountWords.moment) ?? "まだ使われていません"
        return """
            <dl class="facts"><dt>氏名</dt><dd>\(account.name)</dd><dt>組織</dt><dd>\(account.organisation.name)\
            （\(account.organisation.kind.label)）</dd><dt>電話番号</dt><dd>\(account.phone)</dd>\
            <dt>役割</dt><dd>\(duties.isEmpty ? "なし" : duties)</dd><dt>最後の利用</dt><dd>\(used)</dd>\
            <dt>状態</dt><dd>\(state)</dd></dl>
            """
    }

    private func change(_ staff: Staff) -> HTML {
        guard account.powers.contains(.change) else { return .empty }
        let name = typed?["name"] ?? account.name
        let phone = typed?["phone"] ?? account.phone
        let isTyped = typed?["name"] != nil
        let held = isTyped ? typed.map(AccountWords.duties) ?? [] : account.duties
        let duties: HTML =
            account.namable.isEmpty
            ? .empty
            : Components.checkboxes(
                name: "duties",
                label: "役割",
                values: Set(held.map(\.rawValue)),
                options: AccountWords.options(account.namable),
                errors: findings.at("duties")
            )
        return """
            <details class="admin-deed"\(isTyped ? " open" : HTML.empty)><summary>氏名・電話番号・役割を変更する</summary>
            <form method="post" action="/admin/accounts/\(account.login)" class="card" novalidate>\(Components.csrf(staff))
            \(Components.textField(
                name: "name", label: "氏名（機関のIDでは機関の名称）", value: name, required: true,
                errors: findings.at("name"), attributes: #" autocomplete="off""#))
            \(Components.textField(
                name: "phone", label: "ワンタイムパスワードを受ける電話番号", value: phone, required: true,
                errors: findings.at("phone"), type: "tel", attributes: #" inputmode="tel" autocomplete="off""#))
            \(duties)
            <p class="actions"><button type="submit" class="button button-primary">変更する</button></p>
            </form></details>
            """
    }

    private func deeds(_ staff: Staff) -> HTML {
        if account.stoppedAt != nil {
            return deed(
                .resume,
                "resume",
                "再開する",
                "停止する前のパスワードと電話番号で、またログインできるようになります。",
                staff
            )
        }
        let factor: HTML =
            account.powers.contains(.reset)
            ? """
            <p><a href="/admin/accounts/\(Redirect.percentEncoded(account.login))/second-factor">\
            電話をなくしたとき：ログインの確認方法を再設定する</a></p>
            """ : .empty
        return """
            \(factor)\(deed(
                .reset, "reset", "初期パスワードを再発行する",
                "パスワードを忘れたときや、ID通知票をなくしたときに使います。いまのログインはすべて終わり、新しいID通知票が一度だけ表示されます。", staff))\
            \(deed(
                .stop, "stop", "停止する",
                "ログインできなくなり、いまのログインもすべて、すぐに終わります。入力された記録は残ります。", staff))
            """
    }

    /// A form that takes a reason.
    private func deed(
        _ power: AccountPower,
        _ name: String,
        _ label: String,
        _ text: String,
        _ staff: Staff
    ) -> HTML {
        guard account.powers.contains(power) else { return .empty }
        let errors = findings.at("\(name)-reason")
        let open: HTML = errors.isEmpty ? .empty : " open"
        // The field is called `reason` for the server, its id bears the form's name: three of them are on the page.
        let field: HTML = """
            <div class="field\(errors.isEmpty ? HTML.empty : " has-error")"><label class="label" for="field-\(name)-reason">理由\
            \(Components.requirementMark(true))</label>\
            <input class="input" id="field-\(name)-reason" name="reason" type="text" maxlength="200" autocomplete="off"\
            \(Components.describedBy("\(name)-reason", "", errors))>\(Components.fieldErrors("\(name)-reason", errors))</div>
            """
        return """
            <details class="admin-deed"\(open)><summary>\(label)</summary>
            <form method="post" action="/admin/accounts/\(account.login)/\(name)" class="card" novalidate>\
            \(Components.csrf(staff))<p>\(text)</p>\(field)
            <p class="actions"><button type="submit" class="button \(name == "resume" ? "button-primary" : "button-danger")">\
            \(label)</button></p></form></details>
            """
    }

    // MARK: History

    private var history: HTML {
        let rows: [HTML] = account.events.map { event in
            let organisation = event.organisation.flatMap { organisations[$0]?.name } ?? ""
            let changes: [HTML] = event.changes.map { #"<span class="line">\#(words($0, event.action))</span>"# }
            let reason: HTML = event.reason.map { #"<span class="line">理由：\#($0)</span>"# } ?? .empty
            return """
                <tr><th scope="row" data-label="日時">\(AccountWords.moment(event.at))</th>\
                <td data-label="したこと">\(Self.label(event.action))\(through(event))</td>\
                <td data-label="した人">\(event.actorName)<span class="line support">\(organisation)</span></td>\
                <td data-label="内容">\(changes)\(reason)</td></tr>
                """
        }
        let table: HTML =
            rows.isEmpty
            ? "<div class=\"nothing\"><p>履歴を記録する前に発行されたアカウントです。</p></div>"
            : """
            <table class="table"><caption>新しい順</caption><thead><tr><th scope="col">日時</th><th scope="col">したこと</th>\
            <th scope="col">した人</th><th scope="col">内容</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        return "<h2>履歴</h2>\(table)"
    }

    private func through(_ event: AccountEvent) -> HTML {
        switch event.through {
        case "import": #"<span class="line support">CSV</span>"#
        case "command": #"<span class="line support">コマンド</span>"#
        default: .empty
        }
    }

    private static func label(_ action: AccountEvent.Action) -> String {
        switch action {
        case .issued: "発行"
        case .changed: "変更"
        case .stopped: "停止"
        case .resumed: "再開"
        case .reset: "初期パスワードの再発行"
        case .factorReset: "ログインの確認方法の初期化"
        case .passwordSet: "本人によるパスワードの設定"
        case .termsAccepted: "利用規約への同意"
        }
    }

    private func words(_ change: AccountEvent.Change, _ action: AccountEvent.Action) -> String {
        let name =
            switch change.name {
            case "name": "氏名"
            case "phone": "電話番号"
            case "duties": "役割"
            case "organisation": "組織"
            case "terms": "利用規約"
            default: change.name
            }
        if change.name == "terms" { return "\(name) 第\(change.new)版" }
        func shown(_ text: String) -> String {
            if change.name == "organisation" { return organisations[text]?.name ?? text }
            return text.isEmpty ? "なし" : text
        }
        return action == .issued
            ? "\(name)：\(shown(change.new))" : "\(name)：\(shown(change.old)) → \(shown(change.new))"
    }
}
