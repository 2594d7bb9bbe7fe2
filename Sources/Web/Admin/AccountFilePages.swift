import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// CSVでまとめて発行: a file is checked, looked through, issued in the background, its sheets printed.
enum AccountFilePages {
    static let routes: [Route] = [
        .page("/admin/account-files") { _, _, site, staff in
            try await site.casework.requireIssuer(staff.caller, of: staff.organisation.key)
            let files = try await site.casework.accountFiles(by: staff.caller)
            return .page(AccountFileView.start(files, site, staff))
        },
        // The rest of the form beside the file is small.
        .upload("/admin/account-files", most: Casework.mostAccountBytes + (1 << 16)) { sent, _, site, staff in
            do {
                let bytes = sent.bytes("file") ?? []
                guard !bytes.isEmpty else {
                    throw Refusal.findings([Finding("file", "required", "取り込むCSVファイルを選んでください。")])
                }
                let id = try await site.casework.checkAccountFile(bytes, by: staff.caller)
                return Redirect.to("/admin/account-files/\(id)")
            } catch Refusal.findings(let findings) {
                let files = try await site.casework.accountFiles(by: staff.caller)
                return .page(
                    AccountFileView.start(files, site, staff, findings: findings),
                    status: .unprocessableContent
                )
            }
        },
        .page("/admin/account-files/template.csv") { _, _, site, staff in
            try await site.casework.requireIssuer(staff.caller, of: staff.organisation.key)
            return file(Casework.accountTemplate, "アカウントの見本.csv", ascii: "hersys-account-template.csv")
        },
        .page("/admin/account-files/{batch}") { _, context, site, staff in
            .page(try await view(context, site, staff).html(site, staff))
        },
        .form("/admin/account-files/{batch}/issue") { _, context, site, staff in
            let id = batch(context)
            try await site.casework.startAccountFile(id, by: staff.caller)
            return Redirect.to("/admin/account-files/\(id)")
        },
        .form("/admin/account-files/{batch}/drop") { _, context, site, staff in
            try await site.casework.dropAccountFile(batch(context), by: staff.caller)
            return Redirect.to("/admin/account-files")
        },
        .form("/admin/account-files/{batch}/slips") { _, context, site, staff in
            let id = batch(context)
            let taken = try await site.casework.takeSlips(id, session: staff.session, by: staff.caller)
            return Redirect.to(taken > 0 ? "/admin/slips/\(id)" : "/admin/account-files/\(id)")
        },
        .page("/admin/account-files/{batch}/rejects.csv") { _, context, site, staff in
            let bytes = try await site.casework.accountRejects(batch(context), by: staff.caller)
            return file(bytes, "受け付けられない行.csv", ascii: "hersys-account-rejects.csv")
        },
    ]

    /// A file to be saved under its Japanese name; `ascii` is for browsers that don't read the other (RFC 6266).
    private static func file(_ bytes: [UInt8], _ name: String, ascii: String) -> Response {
        let names = "filename=\"\(ascii)\"; filename*=UTF-8''\(Redirect.percentEncoded(name))"
        return Response(
            status: .ok,
            headers: [.contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; \(names)"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private static func batch(_ context: WebContext) -> String {
        context.parameters.get("batch") ?? ""
    }

    /// Rows of each kind that a page shows.
    private static let most = 200

    private static func view(_ context: WebContext, _ site: Site, _ staff: Staff) async throws -> AccountFileView {
        let id = batch(context)
        let (casework, caller) = (site.casework, staff.caller)
        return AccountFileView(
            report: try await casework.accountFile(id, by: caller),
            waiting: try await casework.accountRows(id, .waiting, most: most, by: caller),
            refused: try await casework.accountRows(id, .refused, most: most, by: caller),
            directory: try await casework.directory()
        )
    }
}
