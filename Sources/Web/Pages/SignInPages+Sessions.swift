import Casework
import HTTPTypes
import Hummingbird
import Logging

extension SignInPages {
    /// How a try ended; whose it was stands in no text log.
    enum Outcome: String {
        /// Signed in.
        case opened
        /// User ID or password.
        case wrong
        /// The code.
        case wrongCode = "wrong-code"
        /// Too many tries.
        case locked
        /// No code in time, or too many wrong ones.
        case over
    }

    static func log(_ outcome: Outcome, _ context: WebContext) {
        context.logger.notice("sign-in", metadata: ["outcome": .string(outcome.rawValue)])
    }

    /// What follows every kind of sign-in: the new session's cookie, and nothing left of what was there before.
    ///
    /// The session is always a new one, whatever cookie the browser came with; an old one of this browser ends.
    static func enter(
        _ opened: OpenedSession,
        _ request: Request,
        _ context: WebContext,
        _ site: Site
    ) async throws -> Response {
        if let old = Site.sessionCookie(request) { try await site.casework.leaveSession(old) }
        try await site.casework.noteOrigin(
            of: opened.session,
            address: context.address,
            userAgent: request.headers[.userAgent] ?? ""
        )
        log(.opened, context)
        let returnTo = safeReturn(opened.returnTo)
        // What has happened to the second factor is told first; whoever signs in for a form in another tab is sent
        // back to it.
        let isForAnotherTab = returnTo == "/sign-in/done"
        var response = Redirect.to(
            opened.hasNews && !isForAnotherTab ? "/account?next=\(Redirect.percentEncoded(returnTo))" : returnTo
        )
        setCookie(Site.cookie, opened.session, on: &response)
        setCookie(cookie, nil, on: &response)
        return response
    }

    /// What is said to whoever was away for too long; `kept` says whether a form waits.
    static func idleNote(kept: Bool) -> HTML {
        Components.banner(
            .warning,
            title: "操作がなかったため、ログアウトしました",
            body: kept
                ? "<p>入力の途中だった内容は保存してあります。同じユーザーIDでログインすると、続きから入力できます。</p>"
                : "<p>続けるには、もう一度ログインしてください。</p>"
        )
    }
}
