import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// Entry of a 発生届: a draft on the server from the first letter, one report from each draft.
enum NotificationPages {
    static let routes: [Route] = [
        .page("/cases/new", show),
        .form("/cases/new", submit),
        .form("/cases/new/draft", saveDraft),
        .form("/cases/new/discard", discard),
        .form("/cases/new/form", turn),
        .form("/entry/check", EntryCheck.answer),
        .form("/entry/group", EntryCheck.group),
    ]

    /// The form with what its draft holds; without a draft, a new one.
    private static func show(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
        let words = try await CaseWords(site)
        guard let id = query["draft"] else {
            let draft = try await begin(
                query["household"],
                form: query["form"],
                fax: query[FaxEntry.field],
                site,
                staff,
                words
            )
            return Redirect.to(address(draft))
        }
        guard let draft = try await site.casework.draft(id, by: staff.caller) else { throw Refusal.notFound }
        if let number = draft.submitted { return Redirect.to("/cases/\(number.digits)") }
        let form = NotificationForm(draft.fields, words: words, today: site.casework.today)
        var page = NotificationView(form: form, draft: draft.id, staff: staff)
        page.isSaved = query["saved"] == "1"
        return .page(page.html(site))
    }

    /// A draft of its own for each form: two people may work under one ID.
    private static func begin(
        _ household: String?,
        form: String?,
        fax: String?,
        _ site: Site,
        _ staff: Staff,
        _ words: CaseWords
    ) async throws -> String {
        var fields = try await NotificationForm.defaults(site, staff)
        if let household {
            guard case .success(let number) = CaseNumber.read(household) else { throw Refusal.notFound }
            let file = try await site.casework.read(number, by: staff.caller).subject
            fields.merge(NotificationForm.household(file, staff, words: words)) { $1 }
        }
        if let fax { fields.merge(try await FaxEntry.fields(fax, site, staff)) { $1 } }
        if let form, FormVersion.version(form) != nil { fields["form"] = form }
        fields = NotificationForm.fitted(fields, today: site.casework.today)
        // Forms that were opened and never used don't push real drafts off the first page.
        let yesterday = site.casework.clock().adding(seconds: -86_400)
        for old in try await site.casework.openDrafts(by: staff.caller)
        where old.fields == fields && old.updatedAt < yesterday {
            try await site.casework.discardDraft(old.id, by: staff.caller)
        }
        return try await site.casework.newDraft(fields, by: staff.caller).id
    }

    private static func submit(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        var fields = NotificationForm.fields(sent)
        let words = try await CaseWords(site)
        if sent["add_test"] != nil {
            let rows = NotificationForm(fields, words: words, today: site.casework.today).testRows
            fields["test_rows"] = String(min(rows + 1, 30))
            let draft = try await keep(sent["draft"] ?? "", fields, site, staff)
            return Redirect.to("\(address(draft))#field-tests.\(min(rows, 29)).method")
        }
        let id = sent["draft"] ?? ""
        let known = try await site.casework.draft(id, by: staff.caller)
        let form = NotificationForm(fields, words: words, today: site.casework.today)
        let entered = form.read()
        if let shown = sent["shown_form"], shown != form.version.id {
            // The day of the notification was changed, and with it the paper: it is shown before it is sent in.
            let draft = try await keep(id, fields, site, staff)
            var page = NotificationView(form: form, draft: draft, staff: staff)
            page.isTurned = true
            return .page(page.html(site), status: .unprocessableContent)
        }
        do {
            let report = try await report(form, entered, sent, draft: id, site, staff)
            try await refuseLoss(report, form, sent, site, staff)
            return try await file(report, isKept: known != nil, site, staff)
        } catch Refusal.findings(var found) {
            var form = form
            let isClosed = found.contains { $0.code == Casework.closedFax }
            if isClosed {
                fields[FaxEntry.field] = nil
                form.form.fields[FaxEntry.field] = nil
                found.removeAll { $0.code == Casework.closedFax }
            }
            let draft = try await keep(id, fields, site, staff)
            var page = NotificationView(form: form, draft: draft, staff: staff)
            page.findings = form.findings(found, of: entered)
            if isClosed { page.notice = FaxEntry.closed(sent) }
            return .page(page.html(site), status: .unprocessableContent)
        }
    }

    /// Answers that would not be sent in because the health centre or the day was changed: they are shown as such, with
    /// what is asked now, before the report is filed.
    ///
    /// - Throws: ``Refusal/findings(_:)``, also without any, unless the page has said so already.
    private static func refuseLoss(
        _ report: Report,
        _ form: NotificationForm,
        _ sent: FormData,
        _ site: Site,
        _ staff: Staff
    ) async throws {
        let shown = Set((sent["shown_kept"] ?? "").split(separator: " ").map(String.init))
        guard !shown.isSuperset(of: form.unasked) else { return }
        throw Refusal.findings(try await site.casework.check(report, by: staff.caller))
    }

    /// Files the report; where its draft is gone or became another report meanwhile, under another that is the same
    /// however often this one is sent.
    ///
    /// A draft that was thrown away in another tab doesn't take along what was typed here.
    private static func file(
        _ report: Report,
        isKept: Bool,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let filed: Disclosed<CaseFile>
        var other = report
        other.draft = site.casework.substituteDraft(for: report, by: staff.caller)
        do {
            filed = try await site.casework.notify(isKept ? report : other, by: staff.caller)
        } catch Refusal.repeatedDifferently {
            filed = try await site.casework.notify(other, by: staff.caller)
        }
        return Redirect.to("/cases/\(filed.subject.number.digits)?done=notify")
    }

    /// The report, once nothing stands against filing it but warnings that were looked at.
    private static func report(
        _ form: NotificationForm,
        _ entered: NotificationForm.Entered,
        _ sent: FormData,
        draft: String,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Report {
        let keeps = sent["keeps_warnings"] == "1"
        let report = form.report(entered, draft: draft, keepsWarnings: keeps)
        guard keeps || !entered.findings.isEmpty else { return report }
        let found = try await site.casework.check(report, by: staff.caller)
        let warnings = form.findings(found, of: entered).filter { $0.severity == .warning }
        let seen = Set((sent["seen_warnings"] ?? "").split(separator: " ").map(String.init))
        let isNew = warnings.contains { !seen.contains(NotificationForm.names([$0])) }
        // Keeping holds for the warnings that were shown, not for those of what was typed afterwards.
        guard entered.findings.isEmpty, !isNew else { throw Refusal.findings(found) }
        return report
    }

    /// Keeps what was typed, in a new draft where the old one is gone.
    private static func keep(
        _ id: String,
        _ fields: [String: String],
        _ site: Site,
        _ staff: Staff
    ) async throws -> String {
        do {
            return try await site.casework.saveDraft(id, fields, by: staff.caller).id
        } catch Refusal.notFound {
            return try await site.casework.newDraft(fields, by: staff.caller).id
        }
    }

    /// 下書き保存: by the button, and quietly by `entry.js`.
    private static func saveDraft(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        let fields = NotificationForm.fields(sent)
        if sent["quiet"] != nil {
            _ = try await site.casework.saveDraft(sent["draft"] ?? "", fields, by: staff.caller)
            return Response(status: .noContent)
        }
        let draft = try await keep(sent["draft"] ?? "", fields, site, staff)
        return Redirect.to("\(address(draft))&saved=1")
    }

    /// Shows another paper with everything that was typed.
    private static func turn(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        let fields = NotificationForm.turned(
            NotificationForm.fields(sent),
            to: sent["to_form"] ?? "",
            today: site.casework.today
        )
        let draft = try await keep(sent["draft"] ?? "", fields, site, staff)
        return Redirect.to(address(draft))
    }

    private static func discard(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try await site.casework.discardDraft(sent["draft"] ?? "", by: staff.caller)
        return Redirect.to("/")
    }

    private static func address(_ draft: String) -> String {
        "/cases/new?draft=\(Redirect.percentEncoded(draft))"
    }

    private static func refuseOthers(_ staff: Staff) throws {
        guard staff.organisation.kind == .medical || staff.organisation.kind == .healthCentre else {
            throw Refusal.forbidden("発生届を入力できるのは医療機関と保健所です。")
        }
    }
}
