import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// User ID and password, then a one-time password; and signing out.
enum SignInPages {
    /// The name of the cookie between the two steps.
    static let cookie = "__Host-sign-in"

    static let routes: [Route] = [
        .open(.get, "/sign-in") { request, context, site in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let returnTo = safeReturn(query["return"])
            if try await site.staff(request, context) != nil { return Redirect.to(returnTo) }
            let note = Note(query)
            return .page(first(site, returnTo: returnTo, note: note))
        },
        .open(.post, "/sign-in") { request, context, site in
            try await begin(request, context, site)
        },
        .open(.get, "/sign-in/code") { request, _, site in
            guard let pending = try await pending(request, site) else { return again }
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            return .page(try await second(pending, site, wasSent: query["sent"] != nil))
        },
        .open(.post, "/sign-in/code") { request, context, site in
            try await complete(request, context, site)
        },
        .open(.post, "/sign-in/resend") { request, context, site in
            try await resend(request, context, site)
        },
        .page("/sign-in/done") { _, _, site, staff in
            .page(done(staff, site))
        },
        .form("/sign-out", duringFirstUse: true) { form, _, site, staff in
            try await site.casework.signOut(session: staff.session)
            // The page that warned of the end has kept what was typed and says where it waits.
            let returnTo = safeReturn(form["return"])
            let back = returnTo == "/" ? "" : "&return=\(Redirect.percentEncoded(returnTo))"
            var response = Redirect.to("/sign-in?out=1\(back)")
            setCookie(Site.cookie, nil, on: &response)
            return response
        },
    ]

    // MARK: Steps

    private static func begin(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        guard site.isFromUs(request) else { throw PageFailure.foreignForm }
        let form = try await FormData.read(request, context)
        let login = form["login"] ?? ""
        let returnTo = safeReturn(form["return"])
        func refused(_ findings: [Finding], _ status: HTTPResponse.Status = .unprocessableContent) -> Response {
            .page(first(site, login: login, returnTo: returnTo, findings: findings), status: status)
        }
        var missing: [Finding] = []
        if login.allSatisfy(\.isWhitespace) {
            missing.append(Finding("login", "required", "ユーザーIDを入力してください。"))
        }
        if (form["password"] ?? "").isEmpty {
            missing.append(Finding("password", "required", "パスワードを入力してください。"))
        }
        guard missing.isEmpty else { return refused(missing) }
        do {
            let pending = try await site.casework.signIn(
                login: login,
                password: form["password"] ?? "",
                address: context.address,
                returnTo: returnTo
            )
            var response = Redirect.to("/sign-in/code")
            setCookie(cookie, pending.secret, on: &response)
            return response
        } catch Refusal.findings(let findings) {
            log(.wrong, context)
            return refused(findings)
        } catch Refusal.tooMany(let seconds) {
            log(.locked, context)
            let text = "続けて失敗したため、しばらくログインできません。\(ErrorPages.wait(seconds))後にもう一度お試しください。"
            var response = refused([Finding("login", "too_many", text)], .tooManyRequests)
            response.headers[.retryAfter] = String(max(1, seconds))
            return response
        }
    }

    private static func complete(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        guard site.isFromUs(request) else { throw PageFailure.foreignForm }
        let form = try await FormData.read(request, context)
        guard let pending = try await pending(request, site) else { return again }
        do {
            let opened = try await site.casework.completeSignIn(
                pending.secret,
                code: form["code"] ?? "",
                address: context.address
            )
            return try await enter(opened, request, context, site)
        } catch Refusal.findings(let findings) {
            log(.wrongCode, context)
            return .page(try await second(pending, site, findings: findings), status: .unprocessableContent)
        } catch Refusal.notFound {
            log(.over, context)
            return again
        }
    }

    private static func resend(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        guard site.isFromUs(request) else { throw PageFailure.foreignForm }
        let form = try await FormData.read(request, context)
        guard let pending = try await pending(request, site) else { return again }
        let channel: CodeChannel? =
            switch form["by"] {
            case "sms": .sms
            case "call": .call
            default: nil
            }
        do {
            try await site.casework.resendCode(pending.secret, by: channel)
            return Redirect.to("/sign-in/code?sent=1")
        } catch Refusal.notFound {
            return again
        } catch Refusal.tooMany(let seconds) {
            let text = "数字をお知らせできるのは、1つの電話番号に1分に1回、1時間に5回までです。あと\(ErrorPages.wait(seconds))お待ちください。"
            let finding = Finding("code", "too_many", text)
            let page = try await second(pending, site, findings: [finding])
            var response = Response.page(page, status: .tooManyRequests)
            response.headers[.retryAfter] = String(max(1, seconds))
            return response
        }
    }

    static var again: Response {
        var response = Redirect.to("/sign-in?ended=1")
        setCookie(cookie, nil, on: &response)
        return response
    }

    static func pending(_ request: Request, _ site: Site) async throws -> PendingSignIn? {
        guard let secret = cookieValue(cookie, request) else { return nil }
        return try await site.casework.pendingSignIn(secret)
    }

    // MARK: Cookies and addresses

    static func cookieValue(_ name: String, _ request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].drop(while: { $0 == " " }) == name { return String(parts[1]) }
            }
        }
        return nil
    }

    /// Sets a cookie for this browser session, or takes it away.
    static func setCookie(_ name: String, _ value: String?, on response: inout Response) {
        let life = value == nil ? "; Max-Age=0" : ""
        response.headers.append(
            HTTPField(
                name: .setCookie,
                value: "\(name)=\(value ?? "")\(life); Path=/; Secure; HttpOnly; SameSite=Lax"
            )
        )
    }

    /// An address of ours to go to after the sign-in; anything else becomes the first page.
    static func safeReturn(_ address: String?) -> String {
        guard let address, address.utf8.count <= 2000, address.hasPrefix("/"), !address.hasPrefix("//"),
            address.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
            !address.hasPrefix("/sign-in") || address == "/sign-in/done", !address.hasPrefix("/sign-out")
        else { return "/" }
        return address
    }
}
