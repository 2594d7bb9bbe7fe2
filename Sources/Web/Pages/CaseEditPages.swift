import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// Editing of one section; two people can do it at once.
enum CaseEditPages {
    static let routes: [Route] = [
        .page("/cases/{id}/{section}") { request, context, site, staff in
            var edit = try await open(context, site, staff)
            guard let kept = try await site.unfinishedForm(request, staff) else {
                return .page(CaseEditView(edit: edit, staff: staff).html(site))
            }
            // With what stood in the fields then: what others changed meanwhile is asked when it is saved.
            edit.take(kept.fields)
            var view = CaseEditView(edit: edit, staff: staff)
            view.kept = kept.id
            return .page(view.html(site))
        },
        .form("/cases/{id}/{section}", save),
    ]

    /// The section that an address names.
    ///
    /// - Throws: ``Refusal/notFound`` for an unknown section or one that the viewer may not read, as for a case that
    ///   doesn't exist; ``Refusal/forbidden(_:)`` for one that they may read only.
    private static func open(_ context: WebContext, _ site: Site, _ staff: Staff) async throws -> CaseEdit {
        let number = try CasePages.number(context)
        guard let section = Section(rawValue: context.parameters.get("section") ?? "") else { throw Refusal.notFound }
        let disclosed = try await site.casework.read(number, by: staff.caller)
        guard disclosed.permission.reads(section) else { throw Refusal.notFound }
        let words = try await CaseWords(site)
        guard let edit = CaseEdit(disclosed, section, words: words, staff: staff, today: site.casework.today) else {
            throw Refusal.forbidden(reason(disclosed, section))
        }
        return edit
    }

    private static func reason(_ disclosed: Disclosed<CaseFile>, _ section: Section) -> String {
        if disclosed.subject.intake == .confirmed, disclosed.permission.roles.contains(.reporting) {
            return "保健所確認済の発生届は修正できません。直すところがあるときは、管轄保健所に連絡してください。"
        }
        return "「\(section.label)」を編集する権限がありません。"
    }

    private static func save(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        var edit: CaseEdit
        do {
            edit = try await open(context, site, staff)
        } catch Refusal.forbidden(let why) {
            // Somebody has confirmed the report or changed the parties since: what was typed isn't taken away unseen.
            let typed = CaseEditLost.typed(sent, try await CaseWords(site), today: site.casework.today)
            guard !typed.isEmpty else { throw Refusal.forbidden(why) }
            let number = try CasePages.number(context)
            return .page(CaseEditLost.page(why, typed, number, site, staff), status: .forbidden)
        }
        edit.take(sent)
        let (revision, unread) = edit.revision(sent)
        let address = "/cases/\(edit.file.number.digits)"
        var view = CaseEditView(edit: edit, staff: staff)
        view.conflicts = edit.conflicts(sent).map { CaseEditView.Doubt(place: $0, chosen: sent["resolve.\($0.name)"]) }
        let found = unread + edit.lostFindings(sent)
        guard found.isEmpty else {
            view.findings = found
            return .page(view.html(site), status: .unprocessableContent)
        }
        guard !revision.items.isEmpty || !revision.entries.isEmpty else {
            return Redirect.to("\(address)?done=unchanged#section-\(edit.section.rawValue)")
        }
        do {
            _ = try await site.casework.revise(edit.file.number, revision, by: staff.caller)
            return Redirect.to("\(address)?done=revise#section-\(edit.section.rawValue)")
        } catch Refusal.findings(let findings) {
            view.findings = edit.placed(findings)
            return .page(view.html(site), status: .unprocessableContent)
        } catch Refusal.conflict(let conflicts) {
            return try await conflicted(edit, conflicts, site, staff)
        }
    }

    /// Both values of what two people changed, with who and when; all that was typed stays.
    private static func conflicted(
        _ edit: CaseEdit,
        _ conflicts: [Conflict],
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let number = edit.file.number
        let now = try await site.casework.read(number, by: staff.caller)
        let history = try await site.casework.history(number, by: staff.caller).subject
        guard let fresh = edit.rebased(now, staff: staff) else { throw Refusal.notFound }
        var view = CaseEditView(edit: fresh, staff: staff)
        view.isConflict = true
        view.conflicts = conflicts.compactMap { conflict in
            guard let place = fresh.place(of: conflict) else { return nil }
            var doubt = CaseEditView.Doubt(place: place, chosen: nil)
            doubt.mine = conflict.mine
            doubt.theirs = conflict.theirs
            if let line = history.last(where: { line in
                line.changes.contains {
                    $0.change.item == conflict.item && $0.entry == conflict.entry && $0.change.new == conflict.theirs
                }
            }) {
                let who = line.actor.isEmpty ? edit.words.organisation(line.organisation) : line.actor
                doubt.by = "\(who)　"
                doubt.at = line.at
            }
            return doubt
        }
        return .page(view.html(site), status: .conflict)
    }
}
