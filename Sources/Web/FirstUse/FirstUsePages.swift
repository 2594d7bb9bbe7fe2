import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// はじめての利用: a password of one's own in place of the initial one, then the terms; changing it later.
enum FirstUsePages {
    static let routes: [Route] = [
        .page("/first-use/password", duringFirstUse: true) { _, _, site, staff in
            guard staff.owes == .password else { return Redirect.to("/") }
            return .page(PasswordView(isFirst: true).html(site, staff))
        },
        .form("/first-use/password", duringFirstUse: true) { form, _, site, staff in
            guard staff.owes == .password else { return Redirect.to("/") }
            return try await answering(isFirst: true, site, staff) {
                try await site.casework.setFirstPassword(
                    form["password"] ?? "",
                    again: form["again"] ?? "",
                    keeping: staff.session,
                    by: staff.caller
                )
                return Redirect.to("/")
            }
        }.within(.password),
        .page("/first-use/terms", duringFirstUse: true) { _, _, site, staff in
            guard staff.owes == .terms else { return Redirect.to("/") }
            return .page(TermsView.asking(site, staff))
        },
        .form("/first-use/terms", duringFirstUse: true) { form, _, site, staff in
            guard staff.owes == .terms else { return Redirect.to("/") }
            do {
                guard form["accepted"] == "1" else {
                    throw Refusal.findings([
                        Finding("accepted", "required", "利用を始めるには、利用規約を読み、「同意します」にチェックを入れてください。")
                    ])
                }
                try await site.casework.acceptTerms(Int(form["version"] ?? "") ?? 0, by: staff.caller)
                return Redirect.to("/")
            } catch Refusal.findings(let findings) {
                return .page(TermsView.asking(site, staff, findings: findings), status: .unprocessableContent)
            }
        },
        .page("/account/password") { _, _, site, staff in
            .page(PasswordView(isFirst: false).html(site, staff))
        },
        .form("/account/password") { form, _, site, staff in
            try await answering(isFirst: false, site, staff) {
                try await site.casework.changePassword(
                    from: form["old"] ?? "",
                    to: form["password"] ?? "",
                    again: form["again"] ?? "",
                    keeping: staff.session,
                    by: staff.caller
                )
                return Redirect.to("/account?done=password")
            }
        }.within(.password),
        .page("/account/terms") { _, _, site, staff in
            let accepted = try await site.casework.termsAccepted(by: staff.caller)
            return .page(TermsView.reading(site, staff, accepted: accepted))
        },
    ]

    /// Where somebody has to go before anything else, nil for whoever owes nothing.
    static func way(of staff: Staff) -> Response? {
        switch staff.owes {
        case .password?: Redirect.to("/first-use/password")
        case .terms?: Redirect.to("/first-use/terms")
        case nil: nil
        }
    }

    /// What comes of a new password: the next page, or the form with what is wrong.
    private static func answering(
        isFirst: Bool,
        _ site: Site,
        _ staff: Staff,
        _ change: () async throws -> Response
    ) async throws -> Response {
        var view = PasswordView(isFirst: isFirst)
        do {
            return try await change()
        } catch Refusal.findings(let findings) {
            view.findings = findings
            return .page(view.html(site, staff), status: .unprocessableContent)
        } catch Refusal.tooMany(let seconds) where !isFirst {
            let text = "パスワードの誤りが続いたため、しばらく変更できません。\(ErrorPages.wait(seconds))後にもう一度お試しください。"
            view.findings = [Finding("old", "too_many", text)]
            var response = Response.page(view.html(site, staff), status: .tooManyRequests)
            response.headers[.retryAfter] = String(max(1, seconds))
            return response
        }
    }
}

/// The form of a new password.
struct PasswordView {
    /// Whether it takes the place of an initial one.
    let isFirst: Bool
    var findings: [Finding] = []

    func html(_ site: Site, _ staff: Staff) -> HTML {
        let title = isFirst ? "新しいパスワードの設定" : "パスワードの変更"
        let introduction: HTML =
            isFirst
            ? """
            <p class="support">はじめての利用 1／2</p>
            <p>ID通知票の初期パスワードは、はじめの1回だけ使えます。自分だけが知っている新しいパスワードを決めてください。</p>
            """
            : "<p>変更すると、ほかの端末やブラウザーのログインは終わります。</p>"
        let old: HTML =
            isFirst
            ? .empty
            : Components.textField(
                name: "old",
                label: "いまのパスワード",
                value: "",
                required: true,
                errors: findings.at("old"),
                type: "password",
                attributes: #" autocomplete="current-password""#
            )
        let address = isFirst ? "/first-use/password" : "/account/password"
        let back: HTML = isFirst ? .empty : #"<a class="button button-secondary" href="/account">やめる</a>"#
        return Layout.page(
            title: title,
            staff: staff,
            current: "/account",
            site: site,
            main: """
                <div class="narrow">
                <h1>\(title)</h1>
                \(introduction)
                <form method="post" action="\(address)" class="card" novalidate>\(Components.csrf(staff))
                \(old)
                \(Components.textField(
                    name: "password", label: "新しいパスワード", value: "", required: true,
                    hint: "12文字以上128文字以下。長い言葉の組み合わせが安全で覚えやすいものになります。ほかのサービスと同じものは使わないでください。",
                    errors: findings.at("password"), type: "password", attributes: #" autocomplete="new-password""#))
                \(Components.textField(
                    name: "again", label: "新しいパスワード（確認のためもう一度）", value: "", required: true,
                    errors: findings.at("again"), type: "password", attributes: #" autocomplete="new-password""#))
                <p class="actions"><button type="submit" class="button button-primary">\(isFirst ? "次へ" : "変更する")</button>\
                \(back)</p>
                </form>
                </div>
                """,
            errors: findings
        )
    }
}
