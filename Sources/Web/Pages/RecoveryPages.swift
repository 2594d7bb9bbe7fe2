import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import NIOCore

/// Recovery codes (回復コード): shown once when they are made, used where the authenticator app is out of reach.
enum RecoveryPages {
    static let routes: [Route] = [
        .form("/account/recovery-codes", confirms: true) { _, _, site, staff in
            let codes = try await site.casework.renewRecoveryCodes(by: staff.caller)
            return .page(fresh(codes, staff, site, title: "新しい回復コード"))
        },
        .form("/account/recovery-codes/file") { form, _, site, staff in
            let asked = form["codes"]?.split(separator: " ").map(String.init) ?? []
            let codes = try await site.casework.recoveryCodes(among: asked, by: staff.caller)
            guard !codes.isEmpty else { throw Refusal.notFound }
            let text = "HER-SYS 回復コード\r\n\(codes.joined(separator: "\r\n"))\r\nそれぞれ1回だけ使えます。\r\n"
            var response = Response(
                status: .ok,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: .init(string: text))
            )
            response.headers[.contentDisposition] = #"attachment; filename="hersys-recovery-codes.txt""#
            return response
        },
        .open(.get, "/sign-in/recovery") { request, _, site in
            guard let pending = try await SignInPages.pending(request, site) else { return SignInPages.again }
            guard pending.method == .authenticator else { return Redirect.to("/sign-in/code") }
            return .page(ask(site))
        },
        .open(.post, "/sign-in/recovery") { request, context, site in
            guard site.isFromUs(request) else { throw PageFailure.foreignForm }
            let form = try await FormData.read(request, context)
            guard let pending = try await SignInPages.pending(request, site) else { return SignInPages.again }
            do {
                let opened = try await site.casework.completeSignIn(
                    pending.secret,
                    recoveryCode: form["recovery"] ?? "",
                    address: context.address
                )
                return try await SignInPages.enter(opened, request, context, site)
            } catch Refusal.findings(let findings) {
                return .page(ask(site, findings), status: .unprocessableContent)
            } catch Refusal.notFound {
                return SignInPages.again
            }
        },
    ]

    private static func ask(_ site: Site, _ findings: [Finding] = []) -> HTML {
        Layout.page(
            title: "回復コードの入力",
            staff: nil,
            site: site,
            main: """
                <div class="narrow">
                <h1>回復コードの入力</h1>
                <form method="post" action="/sign-in/recovery" class="card" novalidate>
                <p>認証アプリを設定したときに控えた回復コードのうち、まだ使っていないものを1つ入力してください。</p>
                \(Components.textField(
                    name: "recovery", label: "回復コード（5文字-5文字）", value: "", errors: findings.at("recovery"),
                    attributes: #" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="40" autofocus"#))
                <p class="actions"><button type="submit" class="button button-primary button-large">ログイン</button></p>
                <p class="support">使った回復コードは、もう使えません。</p>
                </form>
                <p><a href="/sign-in/code">認証アプリの数字を入力する</a></p>
                <p>回復コードもないときは、IDを発行した組織（保健所など）の利用者認証実施者に再設定を依頼してください。</p>
                </div>
                """,
            errors: findings
        )
    }

    /// The codes, this once; `replaces` says whether there were others before.
    static func fresh(_ codes: [String], _ staff: Staff, _ site: Site, title: String, replaces: Bool = true) -> HTML {
        let lines: [HTML] = codes.map { "<li>\($0)</li>" }
        let earlier: HTML = replaces ? "前の回復コードは使えなくなりました。" : .empty
        return Layout.page(
            title: title,
            staff: staff,
            current: "/account",
            site: site,
            main: """
                <div class="narrow">
                <h1>\(title)</h1>
                \(Components.banner(
                    .warning, title: "この画面を閉じる前に、回復コードを控えてください",
                    body: """
                        <p>認証アプリを使えないときに、数字の代わりに入力します。それぞれ1回だけ使えます。\
                        もう一度表示することはできません。\(earlier)</p>
                        """))
                <ul class="recovery">\(lines)</ul>
                <form method="post" action="/account/recovery-codes/file">\(Components.csrf(staff))
                <input type="hidden" name="codes" value="\(codes.joined(separator: " "))">
                <p class="actions"><button type="submit" class="button button-secondary">ファイルに保存する</button>\
                <button type="button" class="button button-secondary" data-print hidden>印刷する</button></p>
                </form>
                <p class="support">印刷した紙は鍵のかかる場所に保管し、パスワードと一緒に置かないでください。</p>
                <p class="actions"><a class="button button-primary" href="/account">控えました</a></p>
                </div>
                """,
            scripts: ["print.js"],
            styles: ["factor.css"]
        )
    }
}
