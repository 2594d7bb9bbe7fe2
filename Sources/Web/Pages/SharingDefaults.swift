import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// 許可の既定: what an organisation is granted on each case of the health centre where it becomes a party.
enum GrantDefaultPages {
    static let routes: [Route] = [
        .page("/settings/grants") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            return .page(try await view(site, staff, done: query["done"] ?? ""))
        },
        .form("/settings/grants") { sent, _, site, staff in
            do {
                guard let section = Section(rawValue: sent["section"] ?? "") else {
                    throw Refusal.findings([Finding("section", "unknown", "許可する情報を選んでください。")])
                }
                let grant = GrantDefault(
                    organisation: sent["organisation"] ?? "",
                    section: section,
                    write: sent["write"] == "yes",
                    days: Int(sent["days"] ?? "") ?? 0
                )
                try await site.casework.setGrantDefault(grant, by: staff.caller)
                return Redirect.to("/settings/grants?done=set")
            } catch Refusal.findings(let findings) {
                let page = try await view(site, staff, sent, findings)
                return .page(page, status: .unprocessableContent)
            }
        },
        .form("/settings/grants/end") { sent, _, site, staff in
            guard let section = Section(rawValue: sent["section"] ?? "") else { throw Refusal.notFound }
            try await site.casework.endGrantDefault(sent["organisation"] ?? "", section, by: staff.caller)
            return Redirect.to("/settings/grants?done=end")
        },
    ]

    private static func view(
        _ site: Site,
        _ staff: Staff,
        _ sent: FormData = FormData(),
        _ findings: [Finding] = [],
        done: String = ""
    ) async throws -> HTML {
        let defaults = try await site.casework.grantDefaults(by: staff.caller)
        let words = try await CaseWords(site)
        return Layout.page(
            title: "許可の既定",
            staff: staff,
            current: "/notices",
            site: site,
            main: """
                <p class="back"><a href="/notices">お知らせに戻る</a></p>
                <h1>許可の既定</h1>
                \(done == "set" ? Components.banner(.success, title: "既定を設定しました") : .empty)
                \(done == "end" ? Components.banner(.success, title: "既定を終了しました") : .empty)
                <p>\(staff.organisation.name)が管轄する対象者に、選んだ機関が新しく関わったときに、自動で許可する情報を決めます。\
                すでに関わっている対象者は変わりません。終了しても、それまでの許可は期限まで残ります。</p>
                <h2>いまの既定</h2>
                \(table(defaults, words, staff))
                <h2>既定を追加する</h2>
                \(form(words, staff, sent, findings))
                """,
            errors: findings,
            styles: ["entry.css"]
        )
    }

    private static func table(_ defaults: [GrantDefault], _ words: CaseWords, _ staff: Staff) -> HTML {
        guard !defaults.isEmpty else { return #"<div class="nothing"><p>既定はありません。</p></div>"# }
        let rows: [HTML] = defaults.map { grant in
            """
            <tr><th scope="row" data-label="機関">\(words.organisation(grant.organisation))</th>\
            <td data-label="情報">\(grant.section.label)</td>\
            <td data-label="できること">\(grant.write ? "閲覧と入力" : "閲覧")</td>\
            <td data-label="期間">関わった日から\(grant.days)日間</td>\
            <td data-label="操作"><form method="post" action="/settings/grants/end">\(Components.csrf(staff))\
            <input type="hidden" name="organisation" value="\(grant.organisation)">\
            <input type="hidden" name="section" value="\(grant.section.rawValue)">\
            <button type="submit" class="button button-secondary button-small">終了する\
            <span class="hidden-text">：\(words.organisation(grant.organisation)) \(grant.section.label)</span></button>\
            </form></td></tr>
            """
        }
        return """
            <table class="table"><caption>機関ごとの既定</caption><thead><tr><th scope="col">機関</th>\
            <th scope="col">情報</th><th scope="col">できること</th><th scope="col">期間</th><th scope="col">操作</th></tr>\
            </thead><tbody>\(rows)</tbody></table>
            """
    }

    private static func form(_ words: CaseWords, _ staff: Staff, _ sent: FormData, _ findings: [Finding]) -> HTML {
        let own = staff.organisation
        // Contractors and facilities of the prefecture, and the institutions that report here.
        let choices = words.organisations.values.filter { one in
            switch one.kind {
            case .followUp, .lodging: one.prefecture == own.prefecture
            case .medical: one.healthCentre == own.key
            default: false
            }
        }.sorted { ($0.kind.rawValue, $0.key) < ($1.kind.rawValue, $1.key) }
        let kinds: [OrganisationKind] = [.medical, .followUp, .lodging]
        let sections = Section.allCases.filter { section in kinds.contains { !Rights.isClosed(section, to: $0) } }
        let none = [("", "選んでください")]
        return """
            <form method="post" action="/settings/grants" novalidate class="narrow-form">\(Components.csrf(staff))
            \(Components.select(
                name: "organisation", label: "機関", value: sent["organisation"] ?? "",
                options: none + choices.map { ($0.key, "\($0.name)（\($0.kind.label)）") }, required: true,
                errors: findings.at("organisation")))
            \(Components.select(
                name: "section", label: "情報", value: sent["section"] ?? "",
                options: none + sections.map { ($0.rawValue, $0.label) }, required: true,
                errors: findings.at("section")))
            \(Components.radios(
                name: "write", label: "できること", value: sent["write"] ?? "no",
                options: [("no", "閲覧"), ("yes", "閲覧と入力")]))
            \(Components.textField(
                name: "days", label: "日数", value: sent["days"] ?? "14", required: true,
                hint: "関わった日を1日目と数えます。\(Casework.longestGrant)日まで", errors: findings.at("days"),
                attributes: " inputmode=\"numeric\""))
            <p class="actions"><button type="submit" class="button button-primary">既定に追加する</button></p></form>
            """
    }
}
