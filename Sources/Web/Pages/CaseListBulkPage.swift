import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Interchange
import NIOCore

/// Doing something with all selected cases: what would happen, doing it, what has happened.
enum CaseListBulkPage {
    static let routes: [Route] = [
        .page("/cases/selection/{selection}/preview", preview),
        .form("/cases/selection/{selection}/do", perform),
        .page("/cases/deeds/{deed}") { _, context, site, staff in
            let id = context.parameters.get("deed") ?? ""
            guard let result = try await site.casework.bulkResult(id, by: staff.caller) else { throw Refusal.notFound }
            let cases = try await site.casework.disclosed(result.lines.map(\.number), by: staff.caller)
            let view = CaseListBulkView(site: site, staff: staff, words: try await CaseWords(site))
            return .page(view.result(result, id: id, cases))
        },
        .page("/cases/deeds/{deed}/result.csv") { _, context, site, staff in
            let id = context.parameters.get("deed") ?? ""
            guard let result = try await site.casework.bulkResult(id, by: staff.caller) else { throw Refusal.notFound }
            return file(result, CaseListBulkView(site: site, staff: staff, words: try await CaseWords(site)))
        },
    ]

    private static func preview(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        guard CaseListPage.hasBulk(staff.organisation) else { throw Refusal.notFound }
        let form = try FormData.parse(Array((request.uri.query ?? "").utf8))
        let selection = try await site.casework.selection(context.parameters.get("selection") ?? "", by: staff.caller)
        guard let deed = BulkDeed(kind: form["deed"] ?? "", value: form["value"] ?? "") else { throw Refusal.notFound }
        return .page(try await preview(deed, selection, form, site, staff))
    }

    private static func preview(
        _ deed: BulkDeed,
        _ selection: CaseSelection,
        _ form: FormData,
        _ site: Site,
        _ staff: Staff,
        findings: [Finding] = []
    ) async throws -> HTML {
        let preview = try await site.casework.preview(deed, of: selection.numbers, by: staff.caller)
        var query = CaseListQuery(form, staff)
        query.selection = selection.id
        var view = CaseListBulkView(site: site, staff: staff, words: try await CaseWords(site))
        view.findings = findings
        view.reason = form["reason"] ?? ""
        return view.preview(preview, deed, selection, query)
    }

    private static func perform(
        _ form: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        guard CaseListPage.hasBulk(staff.organisation) else { throw Refusal.notFound }
        let selection = context.parameters.get("selection") ?? ""
        let id = form["deed_id"] ?? ""
        guard let deed = BulkDeed(kind: form["deed"] ?? "", value: form["value"] ?? ""), !id.isEmpty else {
            throw Refusal.notFound
        }
        let seen = (form["seen"] ?? "").split(separator: " ").compactMap { text -> SeenCase? in
            let parts = text.split(separator: ".")
            guard parts.count == 2, case .success(let number) = CaseNumber.read(String(parts[0])),
                let version = Int(parts[1])
            else { return nil }
            return SeenCase(number, version: version)
        }
        do {
            _ = try await site.casework.perform(deed, id: id, on: seen, reason: form["reason"], by: staff.caller)
        } catch Refusal.findings(let findings) {
            let selected = try await site.casework.selection(selection, by: staff.caller)
            return .page(
                try await preview(deed, selected, form, site, staff, findings: findings),
                status: .unprocessableContent
            )
        }
        // What was selected has been done with; a selection that has had its time is no reason to fail after that.
        do { try await site.casework.clearSelection(selection, by: staff.caller) } catch Refusal.notFound {}
        return Redirect.to("/cases/deeds/\(Redirect.percentEncoded(id))")
    }

    private static func file(_ result: BulkResult, _ view: CaseListBulkView) -> Response {
        let bytes = CSVWriter().write(
            header: ["HER-SYS ID", "操作", "結果", "理由"],
            rows: result.lines.map { line in
                let (outcome, reason) = CaseListBulkView.outcome(line.outcome)
                return [line.number.display, view.name(result.deed), outcome, reason]
            }
        )
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: #"attachment; filename="hersys-result.csv""#,
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
