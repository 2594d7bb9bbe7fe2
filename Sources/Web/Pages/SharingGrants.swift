import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// 閲覧・入力の許可: what the health centre in charge opens to those who take part in a case.
enum GrantPages {
    static let routes: [Route] = [
        .page("/cases/{id}/grants") { request, context, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            var view = try await view(try CasePages.number(context), site, staff)
            view.done = query["done"] ?? ""
            return .page(view.html(site))
        },
        .form("/cases/{id}/grants") { sent, context, site, staff in
            let number = try CasePages.number(context)
            let today = site.casework.today
            var typed = GrantForm(sent)
            let until = try? JapaneseDate.read(typed.until, today: today).get()
            return try await act(number, "grant", site, staff, &typed) {
                guard let until else {
                    throw Refusal.findings([Finding("until", "format", "期限は「2020/6/30」のように日付で入力してください。")])
                }
                guard let section = Section(rawValue: sent["section"] ?? "") else {
                    throw Refusal.findings([Finding("section", "unknown", "許可する情報を選んでください。")])
                }
                _ = try await site.casework.grant(
                    number,
                    Grant(
                        organisation: sent["organisation"] ?? "",
                        section: section,
                        write: sent["write"] == "yes",
                        until: until
                    ),
                    seen: sent["seen"].flatMap(Int.init),
                    by: staff.caller
                )
            }
        },
        .form("/cases/{id}/grants/end") { sent, context, site, staff in
            let number = try CasePages.number(context)
            var typed = GrantForm(FormData())
            return try await act(number, "grant-end", site, staff, &typed) {
                guard let section = Section(rawValue: sent["section"] ?? "") else { throw Refusal.notFound }
                _ = try await site.casework.endGrant(
                    number,
                    to: sent["organisation"] ?? "",
                    section: section,
                    seen: sent["seen"].flatMap(Int.init),
                    by: staff.caller
                )
            }
        },
    ]

    private static func view(_ number: CaseNumber, _ site: Site, _ staff: Staff) async throws -> GrantView {
        let disclosed = try await site.casework.read(number, by: staff.caller)
        guard disclosed.permission.decidesIntake else { throw Refusal.notFound }
        return GrantView(
            disclosed: disclosed,
            parties: Casework.mayReceiveGrants(
                disclosed.subject,
                try await site.casework.directory(),
                on: site.casework.today
            ),
            words: try await CaseWords(site),
            staff: staff,
            today: site.casework.today
        )
    }

    private static func act(
        _ number: CaseNumber,
        _ done: String,
        _ site: Site,
        _ staff: Staff,
        _ typed: inout GrantForm,
        _ body: () async throws -> Void
    ) async throws -> Response {
        do {
            try await body()
            return Redirect.to("/cases/\(number.digits)/grants?done=\(done)")
        } catch Refusal.findings(let findings) {
            var view = try await view(number, site, staff)
            (view.findings, view.typed) = (findings, typed)
            return .page(view.html(site), status: .unprocessableContent)
        } catch Refusal.forbidden(let why) {
            var view = try await view(number, site, staff)
            (view.refusal, view.typed) = (why, typed)
            return .page(view.html(site), status: .forbidden)
        }
    }
}

/// What was typed into the form of a grant.
struct GrantForm {
    var organisation = ""
    var section = ""
    var write = ""
    var until = ""

    init(_ sent: FormData) {
        organisation = sent["organisation"] ?? ""
        section = sent["section"] ?? ""
        write = sent["write"] ?? ""
        until = sent["until"] ?? ""
    }
}

/// A case's grants on one screen.
struct GrantView {
    let disclosed: Disclosed<CaseFile>
    let parties: [Organisation]
    let words: CaseWords
    let staff: Staff
    let today: CalendarDate
    var typed = GrantForm(FormData())
    var findings: [Finding] = []
    var refusal: String?
    var done = ""

    private var file: CaseFile { disclosed.subject }
    private var address: String { "/cases/\(file.number.digits)" }
    private var hidden: HTML {
        #"\#(Components.csrf(staff))<input type="hidden" name="seen" value="\#(file.version)">"#
    }

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: "閲覧・入力の許可 \(file.number.display)",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <div data-live-case="\(file.number.digits)" data-version="\(file.version)">
                <p class="back"><a href="\(address)">対象者 \(file.number.display) に戻る</a></p>
                <h1>閲覧・入力の許可</h1>
                <div data-live-note hidden class="case-note"></div>
                \(refusal.map { Components.banner(.error, title: "操作できませんでした", body: "<p>\($0)</p>") })
                \(done == "grant" ? Components.banner(.success, title: "許可しました") : .empty)
                \(done == "grant-end" ? Components.banner(.success, title: "許可を終了しました") : .empty)
                <p>この対象者に関わっている機関に、ふだんは見えない情報の閲覧や入力を、期限を決めて許可します。</p>
                <h2>いまの許可</h2>
                \(table)
                <h2>許可する</h2>
                \(parties.isEmpty ? "<div class=\"nothing\"><p>許可できる機関はありません。</p></div>" : form)
                </div>
                """,
            errors: findings,
            styles: ["entry.css"]
        )
    }

    private var table: HTML {
        let grants = file.grants.filter { $0.until >= today }
        guard !grants.isEmpty else { return #"<div class="nothing"><p>許可はありません。</p></div>"# }
        let present = Set(parties.map(\.key))
        let rows: [HTML] = grants.map { grant in
            let gone: HTML =
                present.contains(grant.organisation)
                ? .empty : #"<span class="line support">いまは関わっていないため閲覧できません</span>"#
            return """
                <tr><th scope="row" data-label="機関">\(words.organisation(grant.organisation))\(gone)</th>\
                <td data-label="情報">\(grant.section.label)</td>\
                <td data-label="できること">\(grant.write ? "閲覧と入力" : "閲覧")</td>\
                <td data-label="期限">\(Components.date(grant.until))まで</td>\
                <td data-label="操作"><form method="post" action="\(address)/grants/end">\(hidden)\
                <input type="hidden" name="organisation" value="\(grant.organisation)">\
                <input type="hidden" name="section" value="\(grant.section.rawValue)">\
                <button type="submit" class="button button-secondary button-small">終了する\
                <span class="hidden-text">：\(words.organisation(grant.organisation)) \(grant.section.label)</span>\
                </button></form></td></tr>
                """
        }
        return """
            <table class="table"><caption>期限内の許可</caption><thead><tr><th scope="col">機関</th><th scope="col">情報</th>\
            <th scope="col">できること</th><th scope="col">期限</th><th scope="col">操作</th></tr></thead>\
            <tbody>\(rows)</tbody></table>
            """
    }

    private var form: HTML {
        let kinds = Set(parties.map(\.kind))
        let sections = Section.allCases.filter { section in kinds.contains { !Rights.isClosed(section, to: $0) } }
        // What is closed to the one kind of organisation there is isn't offered at all.
        let none = [("", "選んでください")]
        return """
            <form method="post" action="\(address)/grants" novalidate class="narrow-form">\(hidden)
            \(Components.select(
                name: "organisation", label: "機関", value: typed.organisation,
                options: none + parties.map { ($0.key, "\($0.name)（\($0.kind.label)）") }, required: true,
                errors: findings.at("organisation")))
            \(Components.select(
                name: "section", label: "情報", value: typed.section,
                options: none + sections.map { ($0.rawValue, label($0, kinds)) }, required: true,
                errors: findings.at("section")))
            \(Components.radios(
                name: "write", label: "できること", value: typed.write.isEmpty ? "no" : typed.write,
                options: [("no", "閲覧"), ("yes", "閲覧と入力")]))
            \(Components.textField(
                name: "until", label: "期限（この日まで）", value: typed.until, required: true,
                hint: "例：2020/6/30。今日から1年以内", errors: findings.at("until")))
            <p class="actions"><button type="submit" class="button button-primary">許可する</button></p></form>
            """
    }

    /// A section's name, with whom it can't be opened to.
    private func label(_ section: Section, _ kinds: Set<OrganisationKind>) -> String {
        let closed = OrganisationKind.allCases.filter { kinds.contains($0) && Rights.isClosed(section, to: $0) }
        return closed.isEmpty
            ? section.label : "\(section.label)（\(closed.map(\.label).joined(separator: "・"))には許可できません）"
    }
}
