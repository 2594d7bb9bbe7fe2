import Casework
import Catalogue
import Hummingbird

/// 確認方法の再設定: what an issuer does for somebody who has lost the telephone.
enum SecondFactorResetPages {
    static let routes: [Route] = [
        .page("/admin/accounts/{login}/second-factor") { request, context, site, staff in
            let login = context.parameters.get("login") ?? ""
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            return .page(try await view(login, site, staff, isDone: query["done"] != nil))
        },
        .form("/admin/accounts/{login}/second-factor") { form, context, site, staff in
            let login = context.parameters.get("login") ?? ""
            do {
                try await site.casework.resetSecondFactor(
                    login: login,
                    phone: form["phone"] ?? "",
                    reason: form["reason"] ?? "",
                    by: staff.caller
                )
                return Redirect.to("/admin/accounts/\(Redirect.percentEncoded(login))/second-factor?done=1")
            } catch Refusal.findings(let findings) {
                let page = try await view(login, site, staff, form, findings)
                return .page(page, status: .unprocessableContent)
            }
        },
    ]

    private static func view(
        _ login: String,
        _ site: Site,
        _ staff: Staff,
        _ form: FormData = FormData(),
        _ findings: [Finding] = [],
        isDone: Bool = false
    ) async throws -> HTML {
        let account = try await site.casework.resettableAccount(login: login, by: staff.caller)
        let factor = account.factor
        let done: HTML =
            isDone
            ? Components.banner(
                .success,
                title: "確認方法を再設定しました",
                body: """
                    <p>この利用者はすべての端末からログアウトされました。次のログインから、新しい電話番号に自動音声で数字をお知らせします。\
                    再設定したことは、次のログインのとき本人に表示されます。</p>
                    """
            ) : .empty
        let address = "/admin/accounts/\(Redirect.percentEncoded(account.login))"
        let ways = [
            "電話（末尾\(factor.phoneEnding)）", factor.hasAuthenticator ? "認証アプリ" : nil,
            factor.passkeys.isEmpty ? nil : "パスキー\(factor.passkeys.count)個",
        ].compactMap(\.self).joined(separator: "、")
        return Layout.page(
            title: "確認方法の再設定",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="\(address)">アカウントに戻る</a></p>
                <div class="narrow">
                <h1>確認方法の再設定</h1>
                \(done)
                <dl class="facts"><dt>ユーザーID</dt><dd>\(account.login)</dd><dt>氏名</dt><dd>\(account.name)</dd>\
                <dt>所属</dt><dd>\(account.organisation)</dd><dt>現在の確認方法</dt><dd>\(ways)</dd></dl>
                \(isDone ? HTML.empty : fields(form, findings, address, staff))
                \(SecondFactorPages.history(factor.events))
                </div>
                """,
            errors: findings,
            styles: ["factor.css"]
        )
    }

    private static func fields(_ form: FormData, _ findings: [Finding], _ address: String, _ staff: Staff) -> HTML {
        """
        <p>電話やスマートフォンをなくしたなど、本人がログインの確認をできなくなったときに行います。\
        本人であることを、対面や所属組織の電話番号への折り返しなどで必ず確かめてください。</p>
        <form method="post" action="\(address)/second-factor" class="card" novalidate>\(Components.csrf(staff))
        \(Components.textField(
            name: "phone", label: "新しい電話番号", value: form["phone"] ?? "", required: true,
            hint: "ワンタイムパスワードを受ける番号。携帯電話の番号ではSMSも選べます。",
            errors: findings.at("phone"), type: "tel", attributes: #" autocomplete="off""#))
        \(Components.textArea(
            name: "reason", label: "再設定の理由", value: form["reason"] ?? "", required: true,
            hint: "記録に残り、本人にも表示されます（例：スマートフォンを紛失。対面で本人を確認）。",
            errors: findings.at("reason")))
        <p>認証アプリ・回復コード・パスキーは解除され、本人はすべての端末からログアウトされます。</p>
        <p class="actions"><button type="submit" class="button button-danger">再設定する</button></p>
        </form>
        """
    }
}
