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
            let (draft, unread) = Self.draft(sent, today: site.casework.today)
            do {
                try await site.casework.answerReadiness(of: government, draft, by: staff.caller)
            } catch Refusal.findings(let findings) {
                // What couldn't be read is said in its own words, together with all else.
                let silent: Set<String> = sent["start"] == "later" ? ["starts_on"] : ["starts_on", "reason"]
                throw Refusal.findings(
                    unread + findings.filter { unread.isEmpty || !silent.contains($0.place.item) }
                )
            }
            return Redirect.to("\(address)?done=1")
        } catch Refusal.findings(let findings) {
            let page = try await site.casework.readiness(of: government, by: staff.caller)
            var view = ReadinessView(page: page, staff: staff, address: address)
            (view.typed, view.findings) = (sent, findings)
            return .page(view.html(site), status: .unprocessableContent)
        }
    }

    /// What was sent, and what of it couldn't be read: such a draft begins later on no day, which is always refused.
    private static func draft(_ sent: FormData, today: CalendarDate) -> (draft: ReadinessDraft, unread: [Finding]) {
        let start = sent["start"] ?? ""
        var (startsOn, unread): (CalendarDate?, [Finding]) = (nil, [])
        if start == "later" {
            do {
                startsOn = try day(sent, "starts_on", today: today)
            } catch Refusal.findings(let findings) {
                unread = findings
            } catch {
                unread = [Finding("starts_on", "format", "利用を開始する日を確かめてください。")]
            }
        } else if start != "common" {
            unread = [Finding("start", "required", "利用を開始する時期を選んでください。")]
        }
        let draft = ReadinessDraft(
            onCommonDay: start == "common",
            startsOn: startsOn,
            reason: sent["reason"] ?? "",
            contact: sent["contact"] ?? "",
            phone: sent["phone"] ?? "",
            mail: sent["mail"] ?? "",
            byMail: sent["by_mail"] == "yes",
            seen: Int(sent["seen"] ?? "") ?? 0
        )
        return (draft, unread)
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
