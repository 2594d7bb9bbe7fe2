import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// One account: its history, changing, stopping, resuming, a new initial password.
enum AccountManagePages {
    static let routes: [Route] = [
        .page("/admin/accounts/{login}") { request, context, site, staff in
            let done = try request.query()["done"]
            return .page(try await view(login(context), site, staff, done: done).html(site, staff))
        },
        .form("/admin/accounts/{login}") { form, context, site, staff in
            try await doing("change", context, site, staff, form) { login in
                try await site.casework.changeAccount(
                    login,
                    name: form["name"] ?? "",
                    phone: form["phone"] ?? "",
                    duties: AccountWords.duties(form),
                    by: staff.caller
                )
                return nil
            }
        },
        .form("/admin/accounts/{login}/stop") { form, context, site, staff in
            try await doing("stop", context, site, staff, form) { login in
                try await site.casework.stopAccount(login, reason: form["reason"] ?? "", by: staff.caller)
                return nil
            }
        },
        .form("/admin/accounts/{login}/resume") { form, context, site, staff in
            try await doing("resume", context, site, staff, form) { login in
                try await site.casework.resumeAccount(login, reason: form["reason"] ?? "", by: staff.caller)
                return nil
            }
        },
        .form("/admin/accounts/{login}/reset") { form, context, site, staff in
            try await doing("reset", context, site, staff, form) { login in
                let slips = try await site.casework.resetPassword(
                    login,
                    reason: form["reason"] ?? "",
                    by: staff.caller,
                    session: staff.session
                )
                return "/admin/slips/\(slips)"
            }
        }.within(.password),
    ]

    private static func login(_ context: WebContext) -> String {
        context.parameters.get("login") ?? ""
    }

    /// Does something with an account; the page again with what is wrong, or where it leads.
    private static func doing(
        _ what: String,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff,
        _ form: FormData,
        _ deed: (String) async throws -> String?
    ) async throws -> Response {
        let login = login(context)
        do {
            let address = try await deed(login)
            return Redirect.to(address ?? "/admin/accounts/\(login)?done=\(what)")
        } catch Refusal.findings(let findings) {
            var view = try await view(login, site, staff)
            // The reason of one form is not the reason of the next.
            view.findings = findings.map { finding in
                finding.place.item == "reason" ? Finding("\(what)-reason", finding.code, finding.message) : finding
            }
            view.typed = form
            return .page(view.html(site, staff), status: .unprocessableContent)
        }
    }

    private static func view(
        _ login: String,
        _ site: Site,
        _ staff: Staff,
        done: String? = nil
    ) async throws -> AccountManageView {
        let directory = try await site.casework.directory()
        return AccountManageView(
            account: try await site.casework.managedAccount(login, by: staff.caller),
            organisations: directory.organisations,
            done: done
        )
    }
}
