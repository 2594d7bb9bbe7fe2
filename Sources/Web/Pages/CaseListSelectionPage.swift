import Access
import Casework
import Catalogue
import Hummingbird
import Storage

/// Selecting cases over the pages of the list.
enum CaseListSelectionPage {
    static let routes: [Route] = [
        .form("/cases/selection") { form, _, site, staff in
            guard CaseListPage.hasBulk(staff.organisation) else { throw Refusal.notFound }
            var query = CaseListQuery(form, staff)
            query.selection = try await site.casework.newSelection(by: staff.caller).id
            return Redirect.to(query.address(staff))
        },
        .form("/cases/selection/{selection}", taken),
    ]

    /// Whom cases can be assigned to: the contractors of the prefecture, or all where it has none of its own.
    static func contractors(_ site: Site, _ staff: Staff) async throws -> [(value: String, label: String)] {
        let all = try await site.casework.directory().all(.followUp)
        let near = all.filter { $0.prefecture == staff.organisation.prefecture }
        return (near.isEmpty ? all : near).map { ($0.key, $0.name) }
    }

    /// Takes the ticks over and goes where the button says.
    private static func taken(
        _ form: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        guard CaseListPage.hasBulk(staff.organisation) else { throw Refusal.notFound }
        let id = context.parameters.get("selection") ?? ""
        var query = CaseListQuery(form, staff)
        query.selection = id
        let go = form["go"] ?? "keep"
        let shown = numbers(form.all("shown"))
        let ticked = go == "page" ? shown : numbers(form.all("case"))
        var selection: CaseSelection
        do {
            selection = try await site.casework.select(ticked, of: shown, in: id, by: staff.caller)
            switch go {
            case "all": selection = try await site.casework.selectAll(query.request, in: id, by: staff.caller)
            case "clear": try await site.casework.clearSelection(id, by: staff.caller)
            case "next":
                let next = try await site.casework.list(query.request, by: staff.caller).next
                query.after = next ?? query.after
            case "first": query.after = nil
            case "end": query.selection = nil
            default: break
            }
        } catch Refusal.findings(let findings) {
            return .page(
                try await CaseListPage.show(query, site, staff, findings: findings),
                status: .unprocessableContent
            )
        }
        guard ["confirm", "status", "assign", "letter"].contains(go) else { return Redirect.to(query.address(staff)) }
        let value = form["to_\(go)"] ?? ""
        var findings: [Finding] = []
        if selection.numbers.isEmpty {
            findings.append(Finding("cases", "required", "対象者を1件以上選んでから操作してください。"))
        } else if go == "letter" {
            if PrintedLetter(rawValue: value) == nil {
                findings.append(Finding("to_letter", "required", "印刷する文書を選んでください。"))
            } else if selection.numbers.count > Casework.mostLetters {
                let most = "一度に印刷できるのは\(Casework.mostLetters)件までです。分けて印刷してください。"
                findings.append(Finding("cases", "too_many", most))
            }
        } else if BulkDeed(kind: go, value: value) == nil {
            let what = go == "status" ? "変更後のステータス" : "割り当てる健康フォローアップ受託機関"
            findings.append(Finding("to_\(go)", "required", "\(what)を選んでください。"))
        }
        guard findings.isEmpty else {
            return .page(
                try await CaseListPage.show(query, site, staff, findings: findings),
                status: .unprocessableContent
            )
        }
        let isLetter = go == "letter"
        let what = isLetter ? [("letter", value)] : [("deed", go), ("value", value)]
        let parts = what + query.parts(staff).filter { $0.name != "select" }
        let fields = parts.map { "\($0.0)=\(Redirect.percentEncoded($0.1))" }.joined(separator: "&")
        let page = isLetter ? "print" : "preview"
        return Redirect.to("/cases/selection/\(Redirect.percentEncoded(id))/\(page)?\(fields)")
    }

    private static func numbers(_ texts: [String]) -> [CaseNumber] {
        texts.compactMap { $0.utf8.count <= 32 ? try? CaseNumber.read($0).get() : nil }
    }
}
