import Access
import Casework
import Catalogue
import Hummingbird
import Storage

/// FAX受信簿: what arrived by FAX, until it is entered or set aside.
enum FaxPages {
    static let routes: [Route] = [
        .page("/faxes") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            return .page(try await page(site, staff, done: query["done"] ?? ""))
        },
        .form("/faxes") { sent, _, site, staff in
            do {
                try await site.casework.logFax(try received(sent, site), by: staff.caller)
                return Redirect.to("/faxes?done=logged")
            } catch Refusal.findings(let findings) {
                return .page(
                    try await page(site, staff, sent: sent, findings: findings),
                    status: .unprocessableContent
                )
            }
        },
        .page("/faxes/{id}/aside") { _, context, site, staff in
            .page(try await aside(context, FormData(), [], site, staff))
        },
        .form("/faxes/{id}/aside") { sent, context, site, staff in
            do {
                try await site.casework.setFaxAside(
                    try id(context),
                    reason: FaxLine.Reason(rawValue: sent["reason"] ?? ""),
                    note: sent["note"] ?? "",
                    by: staff.caller
                )
                return Redirect.to("/faxes?done=aside")
            } catch Refusal.findings(let findings) {
                return .page(
                    try await aside(context, sent, findings, site, staff),
                    status: .unprocessableContent
                )
            }
        },
        .form("/faxes/{id}/back") { _, context, site, staff in
            try await site.casework.returnFax(try id(context), by: staff.caller)
            return Redirect.to("/faxes?done=back")
        },
    ]

    private static func id(_ context: WebContext) throws -> String {
        guard let id = context.parameters.get("id"), id.utf8.count <= 64 else { throw Refusal.notFound }
        return id
    }

    private static func received(_ sent: FormData, _ site: Site) throws -> ReceivedFax {
        var findings: [Finding] = []
        var receivedAt = site.casework.clock()
        switch ValueReader.read(
            sent["received_at"] ?? "",
            for: Item.faxReceivedAt.definition,
            today: site.casework.today
        ) {
        case .success(.time(let time)?): receivedAt = time
        case .success: findings.append(Finding("received_at", "required", "受信日時を入力してください。"))
        case .failure(let failure): findings.append(Finding("received_at", failure.code, failure.message))
        }
        let institution = sent["institution"] ?? ""
        let pages = (sent["pages"] ?? "").unicodeScalars.compactMap { scalar -> Character? in
            // Full-width digits are those of the input method that was just in use.
            (0xFF10...0xFF19).contains(scalar.value)
                ? Unicode.Scalar(scalar.value - 0xFEE0).map(Character.init)
                : scalar == " " || scalar == "　" || scalar == "枚" ? nil : Character(scalar)
        }
        guard findings.isEmpty else { throw Refusal.findings(findings) }
        return ReceivedFax(
            id: sent["name"] ?? "",
            receivedAt: receivedAt,
            institution: institution.isEmpty ? nil : institution,
            sender: sent["sender"] ?? "",
            pages: Int(String(pages)) ?? 0,
            memo: sent["memo"] ?? ""
        )
    }

    private static func page(
        _ site: Site,
        _ staff: Staff,
        done: String = "",
        sent: FormData? = nil,
        findings: [Finding] = []
    ) async throws -> HTML {
        let register = try await site.casework.faxRegister(by: staff.caller)
        let directory = try await site.casework.directory()
        let view = FaxView(
            register: register,
            institutions: directory.all(.medical).filter { $0.prefecture == staff.organisation.prefecture },
            now: site.casework.clock(),
            staff: staff
        )
        // A name that is another FAX's already is of no more use: what was typed gets a fresh one.
        let isUsed = findings.contains { $0.code == Casework.usedFaxName }
        let name = isUsed ? nil : sent?["name"]
        return view.html(site, done: done, sent: sent, name: name ?? site.casework.newFaxName(), findings)
    }

    private static func aside(
        _ context: WebContext,
        _ sent: FormData,
        _ findings: [Finding],
        _ site: Site,
        _ staff: Staff
    ) async throws -> HTML {
        let line = try await site.casework.fax(try id(context), by: staff.caller)
        return FaxView.aside(line, sent, findings, site, staff)
    }
}
