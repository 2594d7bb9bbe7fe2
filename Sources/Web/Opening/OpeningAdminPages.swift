import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// The ministry's side: the register of readiness with its days and reminders, the list of tested connections.
enum OpeningAdminPages {
    static let routes: [Route] = [
        .page("/admin/readiness") { request, _, site, staff in
            let register = try await site.casework.readinessRegister(by: staff.caller)
            return .page(ReadinessRegisterView(register: register, staff: staff, query: try request.query()).html(site))
        },
        .form("/admin/readiness/days", setDays),
        .form("/admin/readiness/remind") { _, _, site, staff in
            let (reminded, already) = try await site.casework.remindOfReadiness(by: staff.caller)
            return Redirect.to("/admin/readiness?reminded=\(reminded)&already=\(already)")
        },
        .page("/admin/readiness/csv") { _, _, site, staff in
            csv(try await site.casework.readinessCSV(by: staff.caller), "readiness-\(site.casework.today.iso).csv")
        },
        .page("/admin/readiness/{government}") { request, context, site, staff in
            try refuseOthers(staff)
            let key = context.parameters.get("government") ?? ""
            let page = try await site.casework.readiness(of: key, by: staff.caller)
            let address = "/admin/readiness/\(Redirect.percentEncoded(key))"
            let isDone = try request.query()["done"] != nil
            return .page(ReadinessView(page: page, staff: staff, address: address, isDone: isDone).html(site))
        },
        .form("/admin/readiness/{government}") { sent, context, site, staff in
            try refuseOthers(staff)
            return try await ReadinessPages.save(context.parameters.get("government") ?? "", sent, site, staff)
        },
        .page("/admin/connection-tests") { request, _, site, staff in
            let standings = try await site.casework.connectionStandings(by: staff.caller)
            let query = try request.query()
            return .page(ConnectionListView(standings: standings, query: query, staff: staff).html(site))
        },
        .page("/admin/connection-tests/csv") { _, _, site, staff in
            csv(
                try await site.casework.connectionsCSV(by: staff.caller),
                "connection-tests-\(site.casework.today.iso).csv"
            )
        },
        .page("/admin/connection-tests/{organisation}") { _, context, site, staff in
            let key = context.parameters.get("organisation") ?? ""
            let machines = try await site.casework.testedMachines(of: key, by: staff.caller)
            let name = try await site.casework.directory()[key]?.name ?? ""
            return .page(ConnectionListView.machines(machines, of: name, staff, site))
        },
    ]

    /// What the register shows to others than the ministry is their own page, not this one.
    private static func refuseOthers(_ staff: Staff) throws {
        guard staff.organisation.kind == .ministry else { throw Refusal.notFound }
    }

    private static func setDays(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let today = site.casework.today
        do {
            let common = try ReadinessPages.day(sent, "common", today: today)
            if let common, common > today, sent["confirmed"] != "1" {
                throw Refusal.findings([
                    Finding("confirmed", "required", "この日まで全国でログインできなくなります。よければ、チェックを付けてもう一度押してください。")
                ])
            }
            try await site.casework.setOpeningDays(
                common: common,
                answerBy: try ReadinessPages.day(sent, "answer_by", today: today),
                seen: Int(sent["seen"] ?? "") ?? 0,
                by: staff.caller
            )
            return Redirect.to("/admin/readiness?done=days")
        } catch Refusal.findings(let findings) {
            let register = try await site.casework.readinessRegister(by: staff.caller)
            var view = ReadinessRegisterView(register: register, staff: staff, query: FormData())
            (view.typed, view.findings) = (sent, findings)
            return .page(view.html(site), status: .unprocessableContent)
        }
    }

    private static func csv(_ bytes: [UInt8], _ name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"\(name)\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
