import Access
import Casework
import Catalogue
import Hummingbird

/// Papers: the 発生届 of a case, letters to the person, letters for a list of numbers.
enum PrintPages {
    static let routes: [Route] =
        [
            .page("/cases/{id}/print/notification", notification), .page("/print", choose), .form("/print", letters),
            .page("/cases/selection/{selection}/print", selected),
        ]
        + PrintedLetter.allCases.map { kind in
            .page("/cases/{id}/print/\(kind.rawValue)") { _, context, site, staff in
                try await letter(kind, context, site, staff)
            }
        }

    private static func notification(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let number = try CasePages.number(context)
        let disclosed = try await site.casework.notificationToPrint(number, by: staff.caller)
        let sheet = NotificationSheet(
            file: disclosed.subject,
            words: try await CaseWords(site),
            printedAt: site.casework.clock(),
            printedBy: staff
        )
        return .page(
            PrintFrame.page(title: "発生届の印刷", back: "/cases/\(number.digits)", staff, site, sheet.html)
        )
    }

    private static func letter(
        _ kind: PrintedLetter,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let number = try CasePages.number(context)
        let found = try await site.casework.lettersToPrint([number], by: staff.caller)
        guard let disclosed = found.files.first else { throw Refusal.notFound }
        let words = try await CaseWords(site)
        let sheet = LetterSheet(kind: kind, file: disclosed.subject, words: words, day: site.casework.today)
        return .page(
            PrintFrame.page(title: kind.title, back: "/cases/\(number.digits)", staff, site, sheet.html)
        )
    }

    // MARK: For a list

    private static func refuseOthers(_ staff: Staff) throws {
        guard staff.organisation.kind == .healthCentre else {
            throw Refusal.forbidden("通知書を印刷できるのは保健所です。")
        }
    }

    private static func choose(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        return .page(form(FormData(), [], site, staff))
    }

    private static func letters(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        var findings: [Finding] = []
        let kind = PrintedLetter(rawValue: sent["letter"] ?? "")
        if kind == nil { findings.append(Finding("letter", "required", "印刷する文書を選んでください。")) }
        var numbers: [CaseNumber] = []
        let typed = (sent["numbers"] ?? "").split { $0.isWhitespace || $0 == "," || $0 == "、" || $0 == "，" }
        for word in typed.prefix(Casework.mostLetters + 1) {
            switch CaseNumber.read(String(word.prefix(32))) {
            case .success(let number): numbers.append(number)
            case .failure(let failure):
                findings.append(Finding("numbers", failure.code, "「\(word.prefix(20))」：\(failure.message)"))
            }
        }
        if typed.isEmpty { findings.append(Finding("numbers", "required", "HER-SYS IDを1つ以上入力してください。")) }
        guard findings.isEmpty, let kind else {
            return .page(form(sent, findings, site, staff), status: .unprocessableContent)
        }
        do {
            return .page(try await sheets(kind, numbers, back: "/print", site, staff))
        } catch Refusal.findings(let found) {
            return .page(form(sent, found, site, staff), status: .unprocessableContent)
        }
    }

    /// The letters of the cases that are ticked in the list.
    private static func selected(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
        guard let kind = PrintedLetter(rawValue: query["letter"] ?? "") else { throw Refusal.notFound }
        let selection = try await site.casework.selection(context.parameters.get("selection") ?? "", by: staff.caller)
        var list = CaseListQuery(query, staff)
        list.selection = selection.id
        return .page(try await sheets(kind, selection.numbers, back: list.address(staff), site, staff))
    }

    /// A sheet for each case, and which numbers there is none for.
    private static func sheets(
        _ kind: PrintedLetter,
        _ numbers: [CaseNumber],
        back: String,
        _ site: Site,
        _ staff: Staff
    ) async throws -> HTML {
        let found = try await site.casework.lettersToPrint(numbers, by: staff.caller)
        let words = try await CaseWords(site)
        let sheets: [HTML] = found.files.map {
            LetterSheet(kind: kind, file: $0.subject, words: words, day: site.casework.today).html
        }
        let missing: HTML =
            found.missing.isEmpty
            ? .empty
            : Components.banner(
                .warning,
                title: "\(found.missing.count)件は印刷できません",
                body: """
                    <p>管轄している対象者に見つからない番号です：\
                    <span class="number">\(found.missing.map(\.display).joined(separator: "、"))</span></p>
                    """
            )
        let tools: HTML = "<p>\(kind.title)：\(sheets.count)枚</p>\(missing)"
        return PrintFrame.page(title: "\(kind.title)の印刷", back: back, tools: tools, staff, site, "\(sheets)")
    }

    private static func form(_ sent: FormData, _ findings: [Finding], _ site: Site, _ staff: Staff) -> HTML {
        Layout.page(
            title: "通知書をまとめて印刷",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <h1>通知書をまとめて印刷</h1>
                <p class="support">管轄している対象者の文書を、1人1枚で印刷します。印刷した人と日時が閲覧記録に残ります。</p>
                <form method="post" action="/print" novalidate>\(Components.csrf(staff))
                \(Components.radios(
                    name: "letter", label: "文書", value: sent["letter"] ?? "",
                    options: PrintedLetter.allCases.map { ($0.rawValue, $0.title) }, required: true,
                    errors: findings.at("letter")))
                \(Components.textArea(
                    name: "numbers", label: "HER-SYS ID", value: sent["numbers"] ?? "", required: true,
                    hint: "1行に1つ入力するか、一覧から貼り付けてください（\(Casework.mostLetters)件まで）。例：1234-5678-9012",
                    errors: findings.at("numbers")))
                <p class="actions"><button type="submit" class="button button-primary">印刷する文書を表示</button></p>
                </form>
                """,
            errors: findings
        )
    }
}
