import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// Passkeys: registering and removing them, signing in with one.
enum PasskeyPages {
    /// The name of the cookie that binds a sign-in by passkey alone to its browser.
    private static let cookie = "__Host-passkey"

    static let routes: [Route] = [
        .page("/account/passkeys", confirms: true) { _, _, site, staff in
            .page(try await new(site, staff))
        },
        .form("/account/passkeys", confirms: true) { form, _, site, staff in
            guard let party = site.relyingParty else { throw Refusal.notFound }
            do {
                try await site.casework.addPasskey(
                    PasskeyMade(client: form["client"] ?? "", attestation: form["attestation"] ?? ""),
                    name: form["name"] ?? "",
                    at: party,
                    session: staff.session,
                    by: staff.caller
                )
                return Redirect.to("/account?done=passkey")
            } catch Refusal.findings(let findings) {
                let page = try await new(site, staff, name: form["name"] ?? "", findings)
                return .page(page, status: .unprocessableContent)
            }
        },
        .form("/account/passkeys/remove", confirms: true) { form, _, site, staff in
            guard let id = Int64(form["id"] ?? "") else { throw Refusal.notFound }
            try await site.casework.removePasskey(id, by: staff.caller)
            return Redirect.to("/account?done=passkey-removed")
        },
        .open(.post, "/sign-in/passkey/options") { request, _, site in
            guard site.isFromUs(request) else { throw PageFailure.foreignForm }
            guard let party = site.relyingParty else { throw Refusal.notFound }
            let binding = site.casework.freshBinding()
            let asked = try await site.casework.passkeyRequest(browser: binding, at: party)
            var response = Response.json(options(asked))
            SignInPages.setCookie(cookie, binding, on: &response)
            return response
        },
        .open(.post, "/sign-in/passkey") { request, context, site in
            try await signIn(request, context, site)
        },
        .open(.post, "/sign-in/code/passkey") { request, context, site in
            try await complete(request, context, site)
        },
    ]

    // MARK: Signing in

    static func signed(_ form: FormData) -> PasskeySigned? {
        PasskeySigned(
            credential: form["credential"] ?? "",
            client: form["client"] ?? "",
            data: form["data"] ?? "",
            signature: form["signature"] ?? "",
            handle: form["handle"] ?? ""
        )
    }

    private static func signIn(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        guard site.isFromUs(request) else { throw PageFailure.foreignForm }
        guard let party = site.relyingParty else { throw Refusal.notFound }
        let form = try await FormData.read(request, context)
        let returnTo = SignInPages.safeReturn(form["return"])
        do {
            let opened = try await site.casework.signIn(
                passkey: signed(form),
                at: party,
                browser: SignInPages.cookieValue(cookie, request) ?? "",
                address: context.address,
                returnTo: returnTo
            )
            var response = try await SignInPages.enter(opened, request, context, site)
            SignInPages.setCookie(cookie, nil, on: &response)
            return response
        } catch Refusal.findings(let findings) {
            let page = SignInPages.first(site, returnTo: returnTo, findings: findings)
            return .page(page, status: .unprocessableContent)
        }
    }

    private static func complete(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        guard site.isFromUs(request) else { throw PageFailure.foreignForm }
        guard let party = site.relyingParty else { throw Refusal.notFound }
        let form = try await FormData.read(request, context)
        guard let pending = try await SignInPages.pending(request, site) else { return SignInPages.again }
        do {
            let opened = try await site.casework.completeSignIn(
                pending.secret,
                passkey: signed(form),
                at: party,
                address: context.address
            )
            return try await SignInPages.enter(opened, request, context, site)
        } catch Refusal.findings(let findings) {
            return .page(
                try await SignInPages.second(pending, site, findings: findings),
                status: .unprocessableContent
            )
        } catch Refusal.notFound {
            return SignInPages.again
        }
    }

    // MARK: Views

    /// What the page's script hands to the browser.
    private static func options(_ asked: PasskeyRequest) -> String {
        let bytes = JSONWriter.object { json in
            json.name("party")
            json.text(asked.party.id)
            json.name("challenge")
            json.text(Base64URL.text(asked.challenge))
            json.name("credentials")
            json.list { json in
                for id in asked.credentials { json.text(Base64URL.text(id)) }
            }
            json.name("handle")
            json.text(Base64URL.text(asked.handle))
            json.name("login")
            json.text(asked.login)
            json.name("verification")
            json.bool(asked.needsVerification)
            json.name("algorithms")
            json.list { json in
                for algorithm in PasskeyRequest.algorithms { json.number(algorithm) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let answers: HTML = """
        <input type="hidden" name="credential"><input type="hidden" name="client"><input type="hidden" name="data">\
        <input type="hidden" name="signature"><input type="hidden" name="handle">
        """

    private static let words: HTML = #"<p class="field-error" data-passkey-words role="alert"></p>"#

    /// The button of the sign-in page, shown by its script; nothing where there are no passkeys.
    static func alone(_ site: Site, returnTo: String, findings: [Finding]) -> HTML {
        guard let party = site.relyingParty else { return .empty }
        return """
            <section class="card" data-passkey-block hidden aria-labelledby="passkey-title">
            <h2 id="passkey-title">パスキーでログイン</h2>
            <form method="post" action="/sign-in/passkey" data-passkey="get" data-origin="\(party.origin)" \
            data-ask="/sign-in/passkey/options">
            <input type="hidden" name="return" value="\(returnTo)">\(answers)
            <p>登録したパスキー（指紋・顔・PINなど）があるときは、パスワードなしでログインできます。</p>
            <p class="actions"><button type="submit" class="button button-secondary button-large" id="field-passkey">\
            パスキーでログイン</button></p>
            \(Components.fieldErrors("passkey", findings.at("passkey")))\(words)
            </form>
            </section>
            """
    }

    /// The button of the second step.
    static func second(_ asked: PasskeyRequest, _ findings: [Finding]) -> HTML {
        """
        <section class="card" data-passkey-block hidden aria-labelledby="passkey-title">
        <h2 id="passkey-title">パスキーで確認する</h2>
        <form method="post" action="/sign-in/code/passkey" data-passkey="get" data-origin="\(asked.party.origin)" \
        data-options="\(options(asked))">\(answers)
        <p>登録したパスキーがこの端末やスマートフォン、セキュリティキーにあるときに使えます。</p>
        <p class="actions"><button type="submit" class="button button-primary button-large" id="field-passkey">\
        パスキーで確認する</button></p>
        \(Components.fieldErrors("passkey", findings.at("passkey")))\(words)
        </form>
        </section>
        """
    }

    /// The button of the page that asks again who somebody is; `fields` go along.
    static func confirming(_ asked: PasskeyRequest, _ action: String, _ fields: HTML, _ findings: [Finding]) -> HTML {
        """
        <section class="card" data-passkey-block hidden aria-labelledby="passkey-title">
        <h2 id="passkey-title">パスキーで確認する</h2>
        <form method="post" action="\(action)" data-passkey="get" data-origin="\(asked.party.origin)" \
        data-options="\(options(asked))">\(fields)\(answers)<input type="hidden" name="by-passkey" value="1">
        <p>パスワードの代わりに、登録したパスキー（指紋・顔・PINなど）で確認できます。</p>
        <p class="actions"><button type="submit" class="button button-secondary" id="field-passkey">\
        パスキーで確認する</button></p>
        \(Components.fieldErrors("passkey", findings.at("passkey")))\(words)
        </form>
        </section>
        """
    }

    private static func new(
        _ site: Site,
        _ staff: Staff,
        name: String = "",
        _ findings: [Finding] = []
    ) async throws -> HTML {
        guard let party = site.relyingParty else { throw Refusal.notFound }
        let asked = try await site.casework.beginPasskey(at: party, session: staff.session, by: staff.caller)
        return Layout.page(
            title: "パスキーの登録",
            staff: staff,
            current: "/account",
            site: site,
            main: """
                <div class="narrow">
                <h1>パスキーの登録</h1>
                <p>パスキーは、パソコンやスマートフォンの指紋・顔・PIN、またはセキュリティキーで本人を確認するしくみです。\
                電話を待たずにログインでき、偽のサイトでは使えません。</p>
                <div data-passkey-without>\(Components.banner(
                    .warning, title: "このままではパスキーを登録できません",
                    body: """
                        <p>パスキーに対応したブラウザーで、JavaScriptを有効にして、\
                        <span class="secret">\(party.origin)</span>を開いてください。</p>
                        """))</div>
                <div data-passkey-block hidden>
                <form method="post" action="/account/passkeys" data-passkey="create" data-origin="\(party.origin)" \
                data-options="\(options(asked))" novalidate>\(Components.csrf(staff))
                <input type="hidden" name="client"><input type="hidden" name="attestation">
                \(Components.textField(
                    name: "name", label: "パスキーの名前", value: name, required: true,
                    hint: "どの端末のものかわかる名前（例：職場のパソコン、自分のスマートフォン）",
                    errors: findings.at("name"), attributes: #" maxlength="40""#))
                <p class="actions"><button type="submit" class="button button-primary" id="field-passkey">\
                パスキーを登録する</button>\
                <a class="button button-secondary" href="/account">やめる</a></p>
                \(Components.fieldErrors("passkey", findings.at("passkey")))\(words)
                </form>
                </div>
                <p class="support">複数の人が使う端末には、ほかの人が解除できるパスキーを登録しないでください。</p>
                </div>
                """,
            errors: findings,
            scripts: ["factor.js"],
            styles: ["factor.css"]
        )
    }
}
