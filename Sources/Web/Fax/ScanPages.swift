import Access
import Casework
import Catalogue
import Hummingbird
import Interchange
import Paper
import Storage

/// 受信FAXの読取: a scanned 発生届 fills the form; a person looks at it and files it.
enum ScanPages {
    static let routes: [Route] = [
        .page("/faxes/scan") { request, _, site, staff in
            try refuseOthers(staff)
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            return .page(page(site, staff, fax: query["fax"] ?? ""))
        },
        // The rest of the form beside the file is small.
        .upload("/faxes/scan", most: ScannedFile.mostBytes + (1 << 16)) { sent, _, site, staff in
            try refuseOthers(staff)
            return try await read(sent, site, staff)
        },
    ]

    private static func refuseOthers(_ staff: Staff) throws {
        guard staff.organisation.kind == .healthCentre else {
            throw Refusal.forbidden("受信FAXを読み取れるのは保健所です。")
        }
    }

    private static func read(_ sent: Multipart, _ site: Site, _ staff: Staff) async throws -> Response {
        let fax = sent.text("fax") ?? ""
        func refused(_ message: String) -> Response {
            let finding = Finding("file", "unreadable", message)
            return .page(page(site, staff, fax: fax, findings: [finding]), status: .unprocessableContent)
        }
        guard let file = sent.bytes("file"), !file.isEmpty else { return refused("読み取るファイルを選んでください。") }
        let scanned: ScannedReports
        do {
            guard let found = try await site.scanDesk.read(file) else { throw Refusal.tooMany(seconds: 30) }
            scanned = found
        } catch let failure as ScannedFile.Failure {
            return refused(failure.message)
        }
        guard !scanned.found.isEmpty else {
            return refused("読み取り用のコードが見つかりませんでした（\(scanned.pages)ページ）。コードの全体が写っているか確かめて、スキャンし直すか、手で入力してください。")
        }
        var outcomes: [Outcome] = []
        // One line of the register becomes one case: the first report's.
        var line = fax
        for found in scanned.found {
            let read = try await outcome(found, fax: line, site, staff)
            if case .form = read { line = "" }
            outcomes.append(read)
        }
        // One report and nothing to be said about it: straight to the form.
        if outcomes.count == 1, scanned.withoutCode == 0, case .form(let address, _, nil) = outcomes[0] {
            return Redirect.to(address)
        }
        return .page(page(site, staff, fax: fax, outcomes: outcomes, without: scanned.withoutCode))
    }

    /// What has become of one report on the papers.
    private enum Outcome {
        /// The form is filled: where, whose name, and the case of that number if the reader sees one.
        case form(address: String, name: String, known: CaseNumber?)
        case failed(String)
    }

    private static func outcome(
        _ found: ReportCode.Found,
        fax: String,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Outcome {
        switch found {
        case .partial(let count, let missing):
            let places = missing.map(String.init).joined(separator: "・")
            return .failed(
                "コード\(count)個のうち\(missing.count)個（\(places)番目）が読み取れませんでした。内容の一部しか分からないため、入力欄には入れていません。スキャンし直すか、手で入力してください。"
            )
        case .failed(.newer):
            return .failed("新しい版のシステムで印刷された届です。手で入力してください。")
        case .failed:
            return .failed("コードが傷んでいて読めませんでした。スキャンし直すか、手で入力してください。")
        case .whole(let report):
            var fields = try await NotificationForm.defaults(site, staff)
            if !fax.isEmpty { fields[FaxEntry.field] = try await site.casework.fax(fax, by: staff.caller).id }
            let words = try await CaseWords(site)
            fields.merge(FaxEntry.fields(report, words: words)) { $1 }
            // Another paper than that of its day is one that was chosen when it was written.
            let version = NotificationForm.version(of: fields, today: site.casework.today)
            if version.id != report.form { fields["form"] = report.form }
            let draft = try await site.casework.newDraft(fields, by: staff.caller)
            return .form(
                address: "/cases/new?draft=\(Redirect.percentEncoded(draft.id))",
                name: [report.items[.familyName], report.items[.givenName]].compactMap { $0 }.joined(separator: " "),
                known: try await known(report, site, staff)
            )
        }
    }

    /// The case that the paper was printed from, where the reader sees one of that number.
    private static func known(_ report: PrintedReport, _ site: Site, _ staff: Staff) async throws -> CaseNumber? {
        guard let number = report.number else { return nil }
        do {
            return try await site.casework.read(number, by: staff.caller).subject.number
        } catch Refusal.notFound {
            return nil
        }
    }

    private static func page(
        _ site: Site,
        _ staff: Staff,
        fax: String,
        outcomes: [Outcome] = [],
        without: Int = 0,
        findings: [Finding] = []
    ) -> HTML {
        let lines: [HTML] = outcomes.map(line)
        let rest: HTML =
            without > 0
            ? Components.banner(
                .warning,
                title: "\(without)ページにはコードが見つかりませんでした",
                body: "<p>そのページに発生届があれば、スキャンし直すか、手で入力してください。</p>"
            )
            : .empty
        let forms = outcomes.filter { if case .form = $0 { true } else { false } }
        let tied: HTML =
            !fax.isEmpty && forms.count > 1
            ? Components.banner(
                .info,
                title: "発生届が\(forms.count)件あります",
                body: "<p>FAX受信簿の行は、1件目を提出すると「入力済」になります。ほかの届も、それぞれ入力フォームを開いて提出してください。</p>"
            )
            : .empty
        let hidden: HTML = fax.isEmpty ? .empty : #"<input type="hidden" name="fax" value="\#(fax)">"#
        return Layout.page(
            title: "受信FAXの読取",
            staff: staff,
            current: "/faxes",
            site: site,
            main: """
                <h1>受信FAXの読取</h1>
                \(tied)\(lines)\(rest)
                <p>このシステムで印刷された発生届は、下のほうにあるコードから内容を読み取れます。読み取ると入力フォームが開きます。\
                内容を確かめて提出するまで、発生届としては登録されません。</p>
                <form method="post" action="/faxes/scan" enctype="multipart/form-data">\(Components.csrf(staff))\(hidden)
                <div class="field"><label class="label" for="field-file">スキャンしたファイル\
                \(Components.requirementMark(true))</label>
                <p class="hint" id="hint-file">PDF、PNG、JPEG、TIFF（10MB・20ページまで）</p>
                <input class="input" type="file" id="field-file" name="file" \
                accept=".pdf,.png,.jpg,.jpeg,.tif,.tiff" aria-describedby="hint-file">
                \(Components.fieldErrors("file", findings))</div>
                <p class="actions"><button type="submit" class="button button-primary">読み取る</button> \
                <a class="button button-secondary" href="/faxes">FAX受信簿へ</a></p>
                </form>
                """,
            errors: findings,
            styles: ["fax.css"]
        )
    }

    private static func line(_ outcome: Outcome) -> HTML {
        switch outcome {
        case .failed(let message):
            return Components.banner(.error, title: "読み取れない発生届があります", body: "<p>\(message)</p>")
        case .form(let address, let name, let known):
            let link: HTML = #"<a class="button button-primary button-small" href="\#(address)">入力フォームを開く</a>"#
            guard let known else {
                return Components.banner(.success, title: "発生届を読み取りました：\(name)", body: "<p>\(link)</p>")
            }
            return Components.banner(
                .warning,
                title: "登録済みの発生届かもしれません：\(name)",
                body: """
                    <p>同じ番号の対象者がすでにあります：<a class="number" href="/cases/\(known.digits)">\(known.display)</a>。\
                    同じ届なら、入力しないでください。</p><p>\(link)</p>
                    """
            )
        }
    }
}
