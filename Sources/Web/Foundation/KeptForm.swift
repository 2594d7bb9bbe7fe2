import Access
import Casework
import HTTPTypes
import Hummingbird

extension Site {
    /// A form whose session has ended: what was typed goes back to the browser in a page that sends it again after a
    /// sign-in in another tab.
    ///
    /// Only a form that the browser says comes from a page of ours is kept. Another site's form comes without the
    /// session's cookie, too, and must not be handed back to be sent with one press of a button.
    func lostSession(_ form: FormData, _ request: Request, _ context: WebContext) async throws -> Response {
        guard isSurelyFromUs(request), request.uri.path != "/sign-out" else { return Redirect.to("/sign-in") }
        // A password is typed again rather than written into a page.
        guard form["password"] == nil else { return Redirect.to("/sign-in") }
        let title = "ログインの有効期限が切れました"
        let main: HTML = """
            <div class="narrow">
            <h1>\(title)</h1>
            \(Components.banner(
                .warning, title: "入力内容は保存されています",
                body: "<p>このページを閉じずに、次の順に操作すると、入力した内容をそのまま送信できます。</p>"))
            <ol class="steps">
            <li><a href="/sign-in?return=%2Fsign-in%2Fdone" target="_blank" rel="noopener">別のタブでログイン</a>してください。</li>
            <li>このタブに戻り、「もう一度送信」を押してください。</li>
            </ol>
            \(resend(form, request, csrf: .empty, label: "もう一度送信"))
            </div>
            """
        return .page(Layout.page(title: title, staff: nil, site: self, main: main), status: .unauthorized)
    }

    /// A form of ours whose CSRF token is an earlier session's: the same page with the new session's token in it.
    ///
    /// - Throws: ``PageFailure/foreignForm`` unless the browser says that the form comes from a page of ours.
    func restore(_ form: FormData, _ request: Request, _ staff: Staff) throws -> Response {
        guard isSurelyFromUs(request) else { throw PageFailure.foreignForm }
        guard form["password"] == nil else { return Redirect.to(request.uri.path) }
        let title = "もう一度送信してください"
        let (organisation, name) = (staff.organisation.name, staff.caller.viewer.name)
        let sender = name == organisation ? "「\(organisation)」" : "「\(organisation)」の「\(name)」"
        let main: HTML = """
            <div class="narrow">
            <h1>\(title)</h1>
            \(Components.banner(
                .info, title: "入力内容は保存されています",
                body: """
                    <p>ログインし直したため、送信の前に確認しています。\(sender)として送信します。\
                    よろしければ「送信する」を押してください。</p>
                    """))
            \(resend(form, request, csrf: Components.csrf(staff), label: "送信する"))
            </div>
            """
        return .page(Layout.page(title: title, staff: staff, site: self, main: main), status: .conflict)
    }

    /// Whether a browser says that the request comes from a page of this very origin; silence is no.
    private func isSurelyFromUs(_ request: Request) -> Bool {
        guard let name = HTTPField.Name("Sec-Fetch-Site") else { return false }
        return request.headers[name] == "same-origin"
    }

    private func resend(_ form: FormData, _ request: Request, csrf: HTML, label: String) -> HTML {
        let fields: [HTML] = form.fields.filter { $0.name != "csrf" && $0.name != Confirmation.field }.map { field in
            #"<input type="hidden" name="\#(field.name)" value="\#(field.value)">"#
        }
        return """
            <form method="post" action="\(request.uri.description)">\(csrf)\(fields)
            <p class="actions"><button type="submit" class="button button-primary">\(label)</button></p>
            </form>
            """
    }
}
