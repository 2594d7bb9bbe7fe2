import Access
import Casework
import Catalogue
import Hummingbird

/// 導入準備状況の登録: when a local government begins.
enum ReadinessPages {
    static let routes: [Route] = [
        .page("/readiness") { request, _, site, staff in
            if staff.organisation.kind == .ministry { return Redirect.to("/admin/readiness") }
            let page = try await site.casework.readiness(by: staff.caller)
            let isDone = try request.query()["done"] != nil
            return .page(ReadinessView(page: page, staff: staff, address: "/readiness", isDone: isDone).html(site))
        },
        .form("/readiness") { sent, _, site, staff in
            try await save(nil, sent, site, staff)
        },
    ]

    /// Where the register is found in the navigation, nil for who has nothing to do with it.
    static func entry(_ staff: Staff) -> (address: String, label: String)? {
        switch staff.organisation.kind {
        case .ministry: ("/admin/readiness", "導入準備状況")
        case .prefecture, .city: ("/readiness", "導入準備状況")
        case .healthCentre, .medical, .followUp, .lodging, .analysis: nil
        }
    }

    /// Stores an answer: the caller's own, or the one that the ministry enters for somebody.
    static func save(
        _ government: OrganisationKey?,
        _ sent: FormData,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let address = government.map { "/admin/readiness/\(Redirect.percentEncoded($0))" } ?? "/readiness"
        do {
            let draft = try draft(sent, today: site.casework.today)
            try await site.casework.answerReadiness(of: government, draft, by: staff.caller)
            return Redirect.to("\(address)?done=1")
        } catch Refusal.findings(let findings) {
            let page = try await site.casework.readiness(of: government, by: staff.caller)
            var view = ReadinessView(page: page, staff: staff, address: address)
            (view.typed, view.findings) = (sent, findings)
            return .page(view.html(site), status: .unprocessableContent)
        }
    }

    private static func draft(_ sent: FormData, today: CalendarDate) throws -> ReadinessDraft {
        let start = sent["start"] ?? ""
        guard start == "common" || start == "later" else {
            throw Refusal.findings([Finding("start", "required", "利用を開始する時期を選んでください。")])
        }
        return ReadinessDraft(
            onCommonDay: start == "common",
            startsOn: start == "later" ? try day(sent, "starts_on", today: today) : nil,
            reason: sent["reason"] ?? "",
            contact: sent["contact"] ?? "",
            phone: sent["phone"] ?? "",
            mail: sent["mail"] ?? "",
            byMail: sent["by_mail"] == "yes",
            seen: Int(sent["seen"] ?? "") ?? 0
        )
    }

    /// A day of a form, nil for an empty field.
    static func day(_ sent: FormData, _ name: String, today: CalendarDate) throws -> CalendarDate? {
        let text = sent[name] ?? ""
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        switch JapaneseDate.read(text, today: today) {
        case .success(let day): return day
        case .failure(let failure): throw Refusal.findings([Finding(name, failure.code, failure.message)])
        }
    }
}
