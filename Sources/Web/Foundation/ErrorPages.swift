import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Logging
import Storage

/// Turns whatever was thrown into an answer: the right status, words that help, and nothing of the error itself.
enum ErrorPages {
    /// What an error becomes on the screen.
    struct Page {
        var status: HTTPResponse.Status
        var title: String
        var text: String
        var findings: [Finding] = []
        var headers: HTTPFields = [:]
    }

    /// The answer to a request that failed.
    static func answer(_ error: any Error, _ request: Request, _ context: WebContext, _ site: Site) async -> Response {
        if let reason = busy(error) {
            context.logger.error("failed", metadata: ["error": .string(reason.rawValue)])
            let seconds = reason == .full ? 60 : 10
            return await BusyPage.answer(BusyPage.Frame(reason, site), request, context, seconds: seconds)
        }
        if let early = error as? NotYetOpen { return await NotYetOpenPage.answer(early, request, context, site) }
        let page = page(error, context)
        if page.status.code >= 500 {
            // The error's own text may hold a value: its type is all that goes into the log.
            context.logger.error("failed", metadata: ["error": .string(String(describing: type(of: error)))])
        }
        var response: Response
        if isForPrograms(request.uri.path) {
            let text = #"{"type":"about:blank","title":"\#(page.title)","status":\#(page.status.code)}"#
            response = .json(text, status: page.status, type: "application/problem+json")
        } else {
            let staff = try? await site.staff(request, context)
            let isPerson = SelfReportPages.isBelow(request.uri.path)
            response = .page(render(page, staff ?? nil, isPerson: isPerson, context, site), status: page.status)
        }
        response.headers.append(contentsOf: page.headers)
        return response
    }

    /// Why the server can't do it now but will be able to, nil for any other error.
    private static func busy(_ error: any Error) -> BusyPage.Reason? {
        switch error {
        case StorageFailure.unavailable: .unreachable
        case StorageFailure.full: .full
        default: nil
        }
    }

    /// Whether an address is a program's, which can't read a page.
    static func isForPrograms(_ path: String) -> Bool {
        ["/api/", "/oauth/", "/fhir/"].contains { path.hasPrefix($0) }
    }

    private static func page(_ error: any Error, _ context: WebContext) -> Page {
        switch error {
        case let refusal as Refusal: page(refusal)
        case let failure as PageFailure: page(failure)
        case StorageFailure.unstorable:
            Page(
                status: .unprocessableContent,
                title: "保存できない文字が含まれています",
                text: "入力した内容に、画面に表示されない特殊な文字が含まれています。ブラウザの「戻る」で前のページに戻り、その文字を消して、もう一度送ってください。"
            )
        case let error as HTTPError where error.status.code < 500: page(error.status)
        default:
            Page(
                status: .internalServerError,
                title: "処理できませんでした",
                text: """
                    システムの内部で問題が起きました。少し待ってから、もう一度お試しください。\
                    繰り返すときは、下の受付番号を添えてシステムの管理者にお知らせください。
                    """
            )
        }
    }

    private static func page(_ status: HTTPResponse.Status) -> Page {
        switch status {
        case .notFound: notFound
        case .contentTooLarge: page(PageFailure.tooLarge)
        default:
            Page(status: status, title: "このページは表示できません", text: "リンクや操作をもう一度確かめてください。")
        }
    }

    private static let notFound = Page(
        status: .notFound,
        title: "ページまたは対象者が見つかりません",
        text: """
            HER-SYS IDやアドレスが違うか、この対象者を閲覧する権限がありません。\
            対象者一覧から氏名・電話番号・HER-SYS IDで検索してください。
            """
    )

    private static func page(_ refusal: Refusal) -> Page {
        switch refusal {
        case .notFound: notFound
        case .forbidden(let reason):
            Page(status: .forbidden, title: "この操作はできません", text: reason)
        case .findings(let findings):
            Page(
                status: .unprocessableContent,
                title: "入力内容を確認してください",
                text: "ブラウザの「戻る」で前のページに戻り、次の点を直してください。入力した内容は残っています。",
                findings: findings
            )
        case .conflict(let conflicts):
            Page(
                status: .conflict,
                title: "ほかの人が同じ項目を変更しました",
                text: "「\(names(conflicts))」が先に変更されたため、保存しませんでした。最新の内容を表示して、もう一度変更してください。"
            )
        case .repeatedDifferently:
            Page(
                status: .conflict,
                title: "すでに送信されています",
                text: "同じ届出が別の内容で先に送信されています。対象者一覧で内容を確認してください。"
            )
        case .tooMany(let seconds):
            Page(
                status: .tooManyRequests,
                title: "しばらくお待ちください",
                text: "操作の回数が多すぎます。\(wait(seconds))後にもう一度お試しください。",
                headers: [.retryAfter: String(max(1, seconds))]
            )
        }
    }

    private static func names(_ conflicts: [Conflict]) -> String {
        conflicts.map { Catalogue.item($0.item)?.ja ?? $0.item }.joined(separator: "」「")
    }

    /// A time to wait, in words.
    static func wait(_ seconds: Int) -> String {
        let seconds = max(1, seconds)
        if seconds < 60 { return "\(seconds)秒" }
        if seconds < 3600 { return "\((seconds + 59) / 60)分" }
        return "\((seconds + 3599) / 3600)時間"
    }

    private static func page(_ failure: PageFailure) -> Page {
        switch failure {
        case .foreignForm:
            Page(
                status: .forbidden,
                title: "送信を受け付けませんでした",
                text: "この送信がHER-SYSのページから行われたことを確認できませんでした。元のページを開き直して、もう一度送信してください。"
            )
        case .tooLarge:
            Page(
                status: .contentTooLarge,
                title: "送信された内容が大きすぎます",
                text: "入力欄の文章を短くして、もう一度送信してください。"
            )
        case .badEncoding:
            Page(
                status: .badRequest,
                title: "文字を読み取れませんでした",
                text: "送信された文字の形式が正しくありません。ページを開き直して、もう一度入力してください。"
            )
        }
    }

    /// What a person who reports their health is told besides, who has no account and may read no Japanese.
    private static let forPersons: HTML = """
        <p>お手元のURLを、もう一度開いてください。それでも報告できないときは、保健所に電話してください。</p>
        <p lang="en">This page could not be shown. Please open the link that you were given once more. If you still \
        cannot report, please call the public health centre.</p>
        """

    private static func render(
        _ page: Page,
        _ staff: Staff?,
        isPerson: Bool,
        _ context: WebContext,
        _ site: Site
    ) -> HTML {
        let lines: [HTML] = page.findings.map { "<li>\($0.message)</li>" }
        let list: HTML = lines.isEmpty ? .empty : "<ul class=\"plain-list\">\(lines)</ul>"
        let number: HTML =
            page.status.code >= 500
            ? "<p class=\"support\">受付番号：<code>\(requestNumber(context))</code></p>" : .empty
        let link: HTML =
            staff == nil
            ? #"<a class="button button-secondary" href="/sign-in">ログインページへ</a>"#
            : """
            <a class="button button-secondary" href="/">トップへ戻る</a> \
            <a class="button button-secondary" href="/cases">対象者一覧を開く</a>\
            \(page.status == .notFound && staff?.organisation.kind == .healthCentre
                ? " <a class=\"button button-secondary\" href=\"/openings\">緊急閲覧</a>" : HTML.empty)
            """
        return Layout.page(
            title: page.title,
            staff: staff,
            site: site,
            main: """
                <div class="narrow">
                <h1>\(page.title)</h1>
                <p>\(page.text)</p>
                \(list)\(number)
                \(isPerson ? forPersons : "<p class=\"actions\">\(link)</p>")
                </div>
                """
        )
    }

    private static func requestNumber(_ context: WebContext) -> String {
        context.logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? "―"
    }
}
