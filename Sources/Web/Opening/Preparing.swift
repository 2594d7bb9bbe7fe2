import Access
import Casework
import HTTPTypes
import Hummingbird

/// What people may do before their local government's day: what prepares it, and nothing with cases.
enum Preparing {
    /// The navigation of somebody who prepares.
    static let entries = [
        (address: "/readiness", label: "導入準備状況"), (address: "/connection-test", label: "接続環境の確認"),
        (address: "/account", label: "アカウント"),
    ]

    /// Addresses below which everything prepares.
    ///
    /// Accounts are issued before the day, and the reminder to answer stands in the notice box.
    private static let folders = [
        "/readiness", "/connection-test", "/manual", "/account", "/admin", "/first-use", "/notices", "/keys",
    ]

    /// Whether an address is one of them.
    static func allows(_ path: String) -> Bool {
        isOfSignIn(path) || folders.contains { path == $0 || path.hasPrefix("\($0)/") }
    }

    /// Whether an address belongs to coming and going: open to everybody, whatever session they bring.
    static func isOfSignIn(_ path: String) -> Bool {
        path == "/sign-in" || path.hasPrefix("/sign-in/") || path == "/sign-out"
    }
}

extension Site {
    /// Why an organisation's programs have to wait, nil once its local government has begun.
    func early(_ organisation: OrganisationKey) async throws -> NotYetOpen? {
        switch try await casework.entry(of: organisation) {
        case .open: nil
        case .preparing(let refusal), .closed(let refusal): refusal
        }
    }

    /// Whether a member of staff may come to an address now, as far as their local government has begun.
    ///
    /// It is asked with every request, not at the sign-in alone: a day that is moved holds for open sessions, too,
    /// and for every way of signing in.
    /// - Returns: false where they count as nobody: at the sign-in and for event streams.
    /// - Throws: ``NotYetOpen`` for the page that says the day.
    func letsIn(_ staff: inout Staff, to path: String) async throws -> Bool {
        switch try await casework.entry(of: staff.organisation.key) {
        case .open: return true
        case .preparing(let refusal):
            staff.preparing = refusal
            if Preparing.allows(path) { return true }
            if path == "/events" { return false }
            throw refusal
        case .closed(let refusal):
            if path == "/sign-out" { return true }
            if Preparing.isOfSignIn(path) || path == "/events" { return false }
            throw refusal
        }
    }
}

/// The page for whoever comes before their local government's day.
enum NotYetOpenPage {
    /// 〇〇の利用開始は5月29日です.
    static func sentence(_ refusal: NotYetOpen) -> String {
        "\(refusal.government)の利用開始は\(refusal.day.monthAndDay)です。"
    }

    /// The answer to a request that came too early.
    static func answer(
        _ refusal: NotYetOpen,
        _ request: Request,
        _ context: WebContext,
        _ site: Site
    ) async -> Response {
        let staff = await preparing(request, context, site)
        // The first page after the sign-in: those who prepare go on to what they have to do.
        if staff != nil, request.method == .get, request.uri.path == "/" { return Redirect.to("/readiness") }
        return .page(
            html(refusal, staff, isOpen: await hasSession(request, site), isSent: request.method == .post, site),
            status: .forbidden
        )
    }

    /// Whether somebody was signed in already when the day was moved.
    private static func hasSession(_ request: Request, _ site: Site) async -> Bool {
        guard let session = Site.sessionCookie(request) else { return false }
        return (try? await site.casework.session(session, isUse: false)) != nil
    }

    /// Who prepares, for the page's head; nil for whoever has no session of that kind.
    private static func preparing(_ request: Request, _ context: WebContext, _ site: Site) async -> Staff? {
        guard let session = Site.sessionCookie(request),
            let viewer = try? await site.casework.session(session, isUse: false)
        else { return nil }
        let caller = Caller(viewer, through: .page, address: context.address)
        var staff = Staff(caller: caller, session: session, csrf: site.casework.formToken(session: session))
        guard (try? await site.letsIn(&staff, to: "/readiness")) == true else { return nil }
        return staff
    }

    private static let kept =
        "いま送信した内容は登録されていません。ブラウザーの「戻る」を押すと、入力していた画面に戻って書き写すことができます。"

    private static func html(_ refusal: NotYetOpen, _ staff: Staff?, isOpen: Bool, isSent: Bool, _ site: Site) -> HTML {
        let title = sentence(refusal).dropLast()
        let rest: HTML =
            staff == nil
            ? isOpen
                ? """
                <p>利用開始日が変更されたため、その日まで利用できません。\(isSent ? kept : "")</p>
                """
                : """
                <p>ユーザーIDとパスワードは正しく確認できました。利用開始の日になったら、もう一度ログインしてください。</p>
                <p>それまでに、この端末で使えるかどうかを<a href="/connection-test">接続環境の確認</a>で調べておくことができます。</p>
                <p class="actions"><a class="button button-secondary" href="/sign-in">ログインページへ</a></p>
                """
            : """
            <p>それまでは、利用の準備に必要な画面だけを開くことができます。</p>
            <ul><li><a href="/readiness">導入準備状況の登録</a></li>\
            <li><a href="/connection-test">接続環境の確認</a></li><li><a href="/account">アカウント</a></li></ul>
            """
        return Layout.page(
            title: String(title),
            staff: staff,
            site: site,
            main: """
                <div class="narrow">
                <h1>\(sentence(refusal))</h1>
                \(rest)
                <p class="support">開始の日は、都道府県・保健所設置市・特別区の回答にもとづいています。\
                急ぐときは、その本庁または調整本部に連絡してください。</p>
                </div>
                """
        )
    }
}
