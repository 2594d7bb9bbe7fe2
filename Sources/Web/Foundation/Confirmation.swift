import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// 本人の確認: who changes how they sign in, or ends their other sessions, shows again who they are, unless they did so
/// in the last minutes.
///
/// A page sends there and is shown afterwards. A form that comes without is answered with the question and carries what
/// was typed along: it goes on as soon as the answer is right.
enum Confirmation {
    /// The field of the password; ``BusyPage`` and `idle.js` know by its name that it stands in no other page.
    static let field = "confirm-password"

    /// What a device answers with: a form that has such fields itself can't carry them twice.
    private static let answer: Set<String> = ["credential", "client", "data", "signature", "handle"]

    static let routes: [Route] = [
        .page("/account/confirm") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let next = SignInPages.safeReturn(query["next"] ?? "/account")
            if staff.isConfirmed { return Redirect.to(next) }
            return .page(try await page(site, staff, action: "/account/confirm", kept: [(name: "next", value: next)]))
        },
        .form("/account/confirm") { form, _, site, staff in
            let next = SignInPages.safeReturn(form["next"] ?? "/account")
            let refused = try await answered(form, "/account/confirm", site, staff)
            return refused ?? Redirect.to(next)
        }.within(.password),
    ]

    /// Where a page sends somebody who has to show first who they are.
    static func way(to request: Request) -> Response {
        Redirect.to("/account/confirm?next=\(Redirect.percentEncoded(request.uri.description))")
    }

    /// Takes the answer that a form brings along; nil where it is right, else the question with what was typed.
    static func answered(_ form: FormData, _ action: String, _ site: Site, _ staff: Staff) async throws -> Response? {
        let kept = form.fields.filter { field in
            field.name != "csrf" && field.name != Self.field && field.name != "by-passkey"
                && !(form["by-passkey"] != nil && answer.contains(field.name))
        }.map { (name: $0.name, value: $0.value) }
        func ask(_ findings: [Finding], _ status: HTTPResponse.Status) async throws -> Response {
            .page(try await page(site, staff, action: action, kept: kept, findings), status: status)
        }
        do {
            if form["by-passkey"] != nil, let party = site.relyingParty {
                try await site.casework.confirm(
                    passkey: PasskeyPages.signed(form),
                    at: party,
                    session: staff.session,
                    by: staff.caller
                )
            } else {
                guard let password = form[Self.field] else { return try await ask([], .forbidden) }
                guard !password.isEmpty else {
                    return try await ask(
                        [Finding(Self.field, "required", "パスワードを入力してください。")],
                        .unprocessableContent
                    )
                }
                try await site.casework.confirm(password: password, session: staff.session, by: staff.caller)
            }
            return nil
        } catch Refusal.findings(let findings) {
            return try await ask(findings, .unprocessableContent)
        } catch Refusal.tooMany(let seconds) {
            let text = "パスワードの誤りが続いたため、しばらく確認できません。\(ErrorPages.wait(seconds))後にもう一度お試しください。"
            var response = try await ask([Finding(Self.field, "too_many", text)], .tooManyRequests)
            response.headers[.retryAfter] = String(max(1, seconds))
            return response
        }
    }

    private static func page(
        _ site: Site,
        _ staff: Staff,
        action: String,
        kept: [(name: String, value: String)],
        _ findings: [Finding] = []
    ) async throws -> HTML {
        let hidden: [HTML] = kept.map { #"<input type="hidden" name="\#($0.name)" value="\#($0.value)">"# }
        var passkey = HTML.empty
        if let party = site.relyingParty, !kept.contains(where: { answer.contains($0.name) }),
            let asked = try await site.casework.confirmationRequest(
                at: party,
                session: staff.session,
                by: staff.caller
            )
        {
            passkey = PasskeyPages.confirming(asked, action, "\(Components.csrf(staff))\(hidden)", findings)
        }
        let isForm = action != "/account/confirm"
        let title = "本人の確認"
        return Layout.page(
            title: title,
            staff: staff,
            current: "/account",
            site: site,
            main: """
                <div class="narrow">
                <h1>\(title)</h1>
                <p>席を離れている間にほかの人がログインの方法を変えることのないように、\
                ログインから\(Int(Casework.confirmationSeconds / 60))分が過ぎたときは、もう一度本人であることを確認しています。</p>
                \(isForm && findings.isEmpty
                    ? Components.banner(.info, title: "操作はまだ終わっていません", body: "<p>確認ができると、続きを行います。入力した内容は残っています。</p>")
                    : .empty)
                <form method="post" action="\(action)" class="card" novalidate>\(Components.csrf(staff))\(hidden)
                \(Components.textField(
                    name: Self.field, label: "パスワード", value: "", errors: findings.at(Self.field), type: "password",
                    attributes: #" autocomplete="current-password" autofocus"#))
                <p class="actions"><button type="submit" class="button button-primary">確認して続ける</button>\
                <a class="button button-secondary" href="/account">やめる</a></p>
                </form>
                \(passkey)
                </div>
                """,
            errors: findings,
            scripts: site.relyingParty == nil ? [] : ["factor.js"],
            styles: ["factor.css"]
        )
    }
}
