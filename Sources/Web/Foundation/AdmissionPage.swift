import HTTPTypes
import Hummingbird
import NIOCore

/// The answer of a server that can't do it now: it says so, says when to come back, and keeps what was typed.
enum BusyPage {
    /// Why not now.
    enum Reason: String {
        /// More requests than there are places.
        case crowded
        /// The database doesn't answer.
        case unreachable
        /// The database's disk is full.
        case full
    }

    /// A form that is larger isn't sent back to be sent again: a complete report is some 20 KB.
    static let mostKept = 256 << 10

    /// All of the page but what depends on the request.
    ///
    /// The gate makes it once: to say no has to cost little of what there is too little of.
    struct Frame: Sendable {
        let reason: Reason
        let before: [UInt8]
        let after: [UInt8]
        /// What programs are told.
        let problem: [UInt8]

        init(_ reason: Reason, _ site: Site) {
            self.reason = reason
            let title = words(reason).title
            let place: HTML = "<!-- body -->"
            let page = Layout.page(
                title: title,
                staff: nil,
                site: site,
                main: """
                    <div class="narrow">
                    <h1>\(title)</h1>
                    \(place)
                    </div>
                    """
            ).bytes
            let range = page.firstRange(of: place.bytes) ?? page.endIndex..<page.endIndex
            before = Array(page[..<range.lowerBound])
            after = Array(page[range.upperBound...])
            problem = Problem.busy(reason, seconds: 0).content
        }
    }

    static func answer(_ frame: Frame, _ request: Request, _ context: WebContext, seconds: Int) async -> Response {
        let typed = await typed(request, context)
        let answer = answer(frame, request.head, typed, seconds: seconds)
        return Response(status: .serviceUnavailable, headers: answer.headers, body: .init(byteBuffer: answer.body))
    }

    /// What is said to a request, with the form that it brought where that may go back.
    static func answer(
        _ frame: Frame,
        _ head: HTTPRequest,
        _ typed: FormData?,
        seconds: Int
    ) -> (headers: HTTPFields, body: ByteBuffer) {
        let address = head.path ?? "/"
        let type: String
        let body: ByteBuffer
        if ErrorPages.isForPrograms(address) {
            (type, body) = ("application/problem+json", ByteBuffer(bytes: frame.problem))
        } else if isForScript(head) {
            (type, body) = ("application/json", ByteBuffer(string: #"{"status":503}"#))
        } else {
            let inner = Self.body(words(frame.reason).wait, head.method, address, typed)
            (type, body) = ("text/html; charset=utf-8", ByteBuffer(bytes: frame.before + inner.bytes + frame.after))
        }
        return ([.contentType: type, .retryAfter: String(seconds)], body)
    }

    private static func words(_ reason: Reason) -> (title: String, wait: String) {
        switch reason {
        case .crowded: ("ただいま大変混み合っています", "10秒ほどおいて")
        case .unreachable: ("データベースに接続できません", "数十秒おいて")
        case .full: ("データを保存する場所がいっぱいです", "システムの管理者に連絡し、場所が空いてから")
        }
    }

    private static func body(_ wait: String, _ method: HTTPRequest.Method, _ sent: String, _ typed: FormData?) -> HTML {
        let address = own(sent)
        let english = SelfReportPages.isBelow(sent)
        guard method == .post else {
            return """
                <p>\(wait)、もう一度開いてください。記録されている内容は失われていません。</p>
                \(english ? "<p lang=\"en\">The server cannot do this just now. Please try again in a little while.</p>" : HTML.empty)
                <p class="actions"><a class="button button-primary" href="\(address)">もう一度開く\(english ? " / Try again" : "")</a></p>
                """
        }
        guard let typed else {
            return """
                <p>\(wait)、ブラウザの「戻る」で前のページに戻り、もう一度送ってください。入力した内容はそこに残っています。</p>
                \(english
                    ? "<p lang=\"en\">The server cannot do this just now. Please go back, wait a little while, and send it again.</p>"
                    : HTML.empty)
                """
        }
        let kept = typed.fields.filter { !isSecret($0.name) }
        let fields: [HTML] = kept.map { #"<input type="hidden" name="\#($0.name)" value="\#($0.value)">"# }
        let secret: HTML =
            kept.count == typed.fields.count
            ? .empty : "<p>安全のため、パスワードと認証の数字は残していません。次の画面でもう一度入力してください。</p>"
        return """
            \(Components.banner(
                .warning, title: "入力した内容は失われていません",
                body: """
                    <p>入力した内容はこのページに残っています。このページを閉じずに、\(wait)、\
                    「もう一度送る」を押してください。</p>
                    """))
            \(secret)\(english ? Self.keptInEnglish : HTML.empty)
            <form method="post" action="\(address)">\(fields)
            <p class="actions"><button type="submit" class="button button-primary">もう一度送る\(english ? " / Send again" : "")</button></p>
            </form>
            """
    }

    /// The same for a person who reports their health and may read no Japanese.
    private static let keptInEnglish: HTML = """
        <p lang="en">The server cannot do this just now. What you typed is still on this page: please keep it open, wait a little \
        while, and press “Send again”.</p>
        """

    /// The form that was sent, where it may go back into the browser.
    ///
    /// Only a form that the browser says comes from a page of ours: another site's form mustn't be handed back to be
    /// sent with one press of a button, as ours.
    private static func typed(_ request: Request, _ context: WebContext) async -> FormData? {
        guard request.method == .post, request.comesWhole(context),
            let from = HTTPField.Name("Sec-Fetch-Site"), request.headers[from] == "same-origin",
            request.mediaType == "application/x-www-form-urlencoded",
            let body = try? await request.body.collect(upTo: mostKept)
        else { return nil }
        return try? FormData.parse(Array(body.readableBytesView))
    }

    /// Passwords and one-time passwords don't go back into a page.
    static func isSecret(_ name: String) -> Bool {
        name == "code" || name == "pin" || ["password", "passcode", "otp"].contains { name.lowercased().contains($0) }
    }

    /// The address again, if it is one of this server: `//name` would be another's.
    private static func own(_ address: String) -> String {
        address.hasPrefix("/") && !address.hasPrefix("//") && !address.contains("\\") ? address : "/"
    }

    /// What a page fetches by itself is shown to nobody.
    private static func isForScript(_ head: HTTPRequest) -> Bool {
        guard let purpose = HTTPField.Name("Sec-Fetch-Dest") else { return false }
        return head.headerFields[purpose] == "empty"
    }
}

extension Problem {
    /// A server that can't do it now.
    static func busy(_ reason: BusyPage.Reason, seconds: Int) -> Problem {
        let title =
            switch reason {
            case .crowded: "More is asked of the server than it can do; nothing was changed"
            case .unreachable:
                "The database can't be reached; whether a change was made isn't known: read the case, "
                    + "or repeat a new one with the same Idempotency-Key"
            case .full: "The database can't hold more; nothing was changed"
            }
        return Problem(
            status: .serviceUnavailable,
            code: reason == .crowded ? "overloaded" : "unavailable",
            title: title,
            headers: [.retryAfter: String(seconds)]
        )
    }
}
