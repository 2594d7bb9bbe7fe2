import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// アカウントの発行: the organisation is chosen first, then the account is filled in; its ID通知票 follows.
enum AccountIssuePages {
    static let routes: [Route] = [
        .page("/admin/issue") { request, _, site, staff in
            let query = try request.query()
            guard let key = query["organisation"], !key.isEmpty else {
                let text = String((query["q"] ?? "").prefix(60))
                return .page(try await choose(text, site, staff))
            }
            let login = try await site.casework.proposedLogin(for: key, by: staff.caller)
            var draft = AccountDraft(login: login, organisation: key)
            guard let organisation = try await site.casework.directory()[key] else { throw Refusal.notFound }
            // The one ID of an institution bears its name.
            if !organisation.kind.isAdministration {
                (draft.name, draft.phone) = (organisation.name, organisation.phone)
            }
            draft.duties = Issuing.required(by: staff.organisation, for: organisation)
            return .page(form(draft, organisation, site, staff))
        },
        .form("/admin/issue") { sent, _, site, staff in
            let draft = AccountDraft(
                login: sent["login"] ?? "",
                name: sent["name"] ?? "",
                organisation: sent["organisation"] ?? "",
                phone: sent["phone"] ?? "",
                duties: AccountWords.duties(sent)
            )
            do {
                let issued = try await site.casework.issue(draft, by: staff.caller, session: staff.session)
                return Redirect.to("/admin/slips/\(issued.slips)")
            } catch Refusal.findings(let findings) {
                guard let organisation = try await site.casework.directory()[draft.organisation],
                    !findings.contains(where: { $0.place.item == "organisation" })
                else { throw Refusal.findings(findings) }
                return .page(form(draft, organisation, site, staff, findings), status: .unprocessableContent)
            }
        }.within(.password),
    ]

    /// Organisations on one page of the search.
    private static let most = 50

    private static func choose(_ text: String, _ site: Site, _ staff: Staff) async throws -> HTML {
        let (found, isMore) = try await site.casework.issuableOrganisations(text, most: most, by: staff.caller)
        let rows: [HTML] = found.map { organisation in
            let own: HTML = organisation.key == staff.organisation.key ? Components.chip("自組織", .info) : .empty
            let address = "/admin/issue?organisation=\(Redirect.percentEncoded(organisation.key))"
            return """
                <li><div><a href="\(address)"><strong>\(organisation.name)</strong></a> \(own)\
                <p class="support admin-text">\(organisation.kind.label)　組織コード \(organisation.key)</p></div></li>
                """
        }
        let list: HTML =
            rows.isEmpty
            ? "<div class=\"nothing\"><p>当てはまる組織はありません。名称の一部か、医療機関コードで探してください。</p></div>"
            : #"<ul class="rows">\#(rows)</ul>"#
        let rest: HTML =
            isMore ? "<p class=\"support\">ほかにもあります。名称の一部や医療機関コードで絞り込んでください。</p>" : .empty
        return Layout.page(
            title: "アカウントの発行",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="/admin">管理に戻る</a></p>
                <h1>アカウントの発行</h1>
                <p>発行するIDの組織を選んでください。あなたの組織から発行できる組織だけを表示しています。</p>
                <search><form method="get" action="/admin/issue" class="search">
                <div class="search-row"><div class="field-words">\(Components.textField(
                    name: "q", label: "組織の名称・組織コード・医療機関コード", value: text, type: "search"))</div>
                <p class="actions"><button type="submit" class="button button-secondary">探す</button></p></div>
                </form></search>
                \(list)\(rest)
                """,
            styles: ["admin.css"]
        )
    }

    private static func form(
        _ draft: AccountDraft,
        _ organisation: Organisation,
        _ site: Site,
        _ staff: Staff,
        _ findings: [Finding] = []
    ) -> HTML {
        let isInstitution = !organisation.kind.isAdministration
        let namable = Issuing.namable(by: staff.organisation, for: organisation)
        let advice: HTML =
            isInstitution
            ? """
            <p>医療機関などのIDは機関ごとに1つ発行します。機関の職員の異動のたびに発行し直す必要はありません。\
            職員ごとのIDが必要な機関では、機関のIDの役割に「\(Duty.manager.label)」を付けると、機関が自分で発行できます。</p>
            """
            : "<p>1人に1つ発行します。ほかの人と共用するIDは発行しないでください。</p>"
        let duties: HTML =
            namable.isEmpty
            ? .empty
            : Components.checkboxes(
                name: "duties",
                label: "役割",
                values: Set(draft.duties.map(\.rawValue)),
                options: AccountWords.options(namable),
                required: !Issuing.required(by: staff.organisation, for: organisation).isEmpty,
                errors: findings.at("duties")
            )
        return Layout.page(
            title: "アカウントの発行",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="/admin/issue">組織の選択に戻る</a></p>
                <div class="narrow">
                <h1>アカウントの発行</h1>
                <dl class="facts"><dt>組織</dt><dd>\(organisation.name)</dd><dt>区分</dt><dd>\(organisation.kind.label)</dd></dl>
                \(advice)
                <form method="post" action="/admin/issue" class="card" novalidate>\(Components.csrf(staff))
                <input type="hidden" name="organisation" value="\(organisation.key)">
                \(Components.textField(
                    name: "login", label: "ユーザーID", value: draft.login, required: true,
                    hint: "英数字と「.」「_」「-」の3〜64文字。後から変えられません。", errors: findings.at("login"),
                    attributes: #" autocapitalize="none" autocomplete="off" spellcheck="false""#))
                \(Components.textField(
                    name: "name", label: "氏名（機関のIDでは機関の名称）", value: draft.name, required: true,
                    hint: "履歴や閲覧記録に表示されます。", errors: findings.at("name"), attributes: #" autocomplete="off""#))
                \(Components.textField(
                    name: "phone", label: "ワンタイムパスワードを受ける電話番号", value: draft.phone, required: true,
                    hint: "ログインのたびに、この番号へお知らせします。固定電話も使えます。", errors: findings.at("phone"),
                    type: "tel", attributes: #" inputmode="tel" autocomplete="off""#))
                \(duties)
                <p class="actions"><button type="submit" class="button button-primary">発行する</button>\
                <a class="button button-secondary" href="/admin/issue">やめる</a></p>
                <p class="support">発行すると、初期パスワードを記載したID通知票が一度だけ表示されます。印刷の準備をしてから押してください。</p>
                </form>
                </div>
                """,
            errors: findings,
            styles: ["admin.css"]
        )
    }
}
