import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// A case: what the viewer may see of it, what they may do with it, its history.
enum CasePages {
    static let routes: [Route] =
        [
            .page("/cases/{id}", show),
            .page("/cases/{id}/history", history),
            .form("/cases/{id}/confirm") { sent, context, site, staff in
                try await act(context, site, staff, done: "confirm") { number in
                    _ = try await site.casework.confirm(number, seen: sent["seen"].flatMap(Int.init), by: staff.caller)
                }
            },
            .form("/cases/{id}/return") { sent, context, site, staff in
                let reason = sent["reason"] ?? ""
                return try await act(context, site, staff, done: "return", reason: reason) { number in
                    _ = try await site.casework.sendBack(
                        number,
                        reason: reason,
                        seen: sent["seen"].flatMap(Int.init),
                        by: staff.caller
                    )
                }
            },
            .form("/cases/{id}/resubmit") { sent, context, site, staff in
                try await act(context, site, staff, done: "resubmit") { number in
                    _ = try await site.casework.resubmit(number, by: staff.caller)
                }
            },
            .form("/cases/{id}/related") { sent, context, site, staff in
                let offices = sent.all("related_offices").filter { !$0.isEmpty }
                return try await act(context, site, staff, done: "related") { number in
                    _ = try await site.casework.setRelated(
                        number,
                        offices: offices,
                        seen: sent["seen"].flatMap(Int.init),
                        by: staff.caller
                    )
                }
            },
        ] + CasePresence.routes + CaseEditPages.routes

    /// The case an address names, in twelve digits or in groups of four.
    ///
    /// - Throws: ``Refusal/notFound`` for a wrong number, as for a case that the viewer may not see.
    static func number(_ context: WebContext) throws -> CaseNumber {
        let text = context.parameters.get("id") ?? ""
        guard text.utf8.count <= 32, case .success(let number) = CaseNumber.read(text) else { throw Refusal.notFound }
        return number
    }

    private static func show(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
        var page = try await page(try number(context), site, staff)
        page.done = query["done"] ?? ""
        return .page(page.html(site))
    }

    /// The case's page with candidates for a duplicate where somebody is about to confirm it.
    private static func page(_ number: CaseNumber, _ site: Site, _ staff: Staff) async throws -> CaseView {
        let course = try await site.casework.course(of: number, by: staff.caller)
        let (disclosed, today) = (course.file, site.casework.today)
        var page = CaseView(disclosed: disclosed, words: try await CaseWords(site), staff: staff, today: today)
        page.history = course.history
        page.transfer = try await site.casework.openTransfer(disclosed)
        if disclosed.permission.decidesIntake, disclosed.subject.intake == .submitted {
            page.similar = try await site.casework.similar(to: number, by: staff.caller)
        }
        return page
    }

    /// Does something with a case and shows it again; a refusal stands on the case's page with what was typed.
    private static func act(
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff,
        done: String,
        reason: String = "",
        _ body: (CaseNumber) async throws -> Void
    ) async throws -> Response {
        let number = try number(context)
        do {
            try await body(number)
            return Redirect.to("/cases/\(number.digits)?done=\(done)")
        } catch Refusal.findings(let findings) {
            var page = try await page(number, site, staff)
            page.findings = findings
            page.reason = reason
            return .page(page.html(site), status: .unprocessableContent)
        } catch Refusal.forbidden(let why) {
            var page = try await page(number, site, staff)
            page.refusal = why
            page.reason = reason
            return .page(page.html(site), status: .forbidden)
        }
    }

    private static func history(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let number = try number(context)
        let lines = try await site.casework.history(number, by: staff.caller).subject
        let view = CaseHistoryView(number: number, lines: lines, words: try await CaseWords(site), staff: staff)
        return .page(view.html(site))
    }
}
