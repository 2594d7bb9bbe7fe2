import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// Where persons report their own health: a link for each, no account, any telephone's browser, no script.
///
/// The secret in the address opens nothing by itself: the first use on a device asks for the birth date. Nothing that
/// was reported is ever shown here. The log has the address's pattern only. It speaks Japanese and English: what is
/// stored is the same in either.
enum SelfReportPages {
    /// The device's proof; its path is one link, so that a family's links stand beside each other.
    private static let cookie = "__Secure-report"
    /// Seconds a device is remembered: no link lives longer.
    private static let cookieLife = 60 * 86_400

    static let routes: [Route] = [
        .open(.get, "/r/{secret}") { request, context, site in
            try await show(try secret(context), request, site)
        },
        .open(.post, "/r/{secret}") { request, context, site in
            guard site.isFromUs(request) else { throw PageFailure.foreignForm }
            let form = try await FormData.read(request, context)
            guard let secret = try secret(context) else { return unknown(request, site) }
            do {
                if form["birth_year"] != nil { return try await prove(form, secret, request, site) }
                return try await report(form, secret, request, site)
            } catch Refusal.notFound {
                // The link was locked or stopped meanwhile, or the device lost its proof: the page says what is next.
                return try await show(secret, request, site)
            }
        },
    ]

    /// The secret in the address, nil where it has letters that no secret has.
    private static func secret(_ context: WebContext) throws -> String? {
        guard let text = context.parameters.get("secret"), (16...64).contains(text.utf8.count),
            text.utf8.allSatisfy({
                switch $0 {
                case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            })
        else { return nil }
        return text
    }

    /// Whether an address is a person's: what is said there is said in English, too.
    static func isBelow(_ path: String) -> Bool { path.hasPrefix("/r/") }

    // MARK: Steps

    private static func show(_ secret: String?, _ request: Request, _ site: Site) async throws -> Response {
        guard let secret else { return unknown(request, site) }
        do {
            let page = try await site.casework.reportPage(secret, device: device(request))
            let view = SelfReportView(secret, page, request, site)
            switch page.state {
            case .birthDate: return .page(view.birthDate(BirthDateFields()))
            case .questions: return .page(view.questions([:]))
            case .locked: return .page(view.locked, status: .forbidden)
            case .closed: return .page(view.closed, status: .gone)
            }
        } catch Refusal.notFound {
            return unknown(request, site)
        }
    }

    private static func unknown(_ request: Request, _ site: Site) -> Response {
        let frame = SelfReportFrame(tongue: PageLanguage(request), office: nil, isDemonstration: site.isDemonstration)
        return .page(frame.unknown, status: .notFound)
    }

    /// First use: the birth date.
    private static func prove(
        _ form: FormData,
        _ secret: String,
        _ request: Request,
        _ site: Site
    ) async throws -> Response {
        let fields = BirthDateFields(form)
        do {
            let birthDate = try fields.read(today: site.casework.today)
            let proof = try await site.casework.openReportLink(secret, birthDate: birthDate)
            var response = Redirect.to("/r/\(secret)\(PageLanguage(request).query)")
            response.headers[.setCookie] = """
                \(cookie)=\(proof); Max-Age=\(cookieLife); Path=/r/\(secret); Secure; HttpOnly; SameSite=Lax
                """
            return response
        } catch Refusal.findings(let findings) {
            let page = try await site.casework.reportPage(secret, device: nil)
            guard page.state == .birthDate else { throw Refusal.notFound }
            let view = SelfReportView(secret, page, request, site)
            return .page(view.birthDate(fields, findings), status: .unprocessableContent)
        }
    }

    /// A report; what was typed comes back only to whoever just typed it, with what is to be mended.
    private static func report(
        _ form: FormData,
        _ secret: String,
        _ request: Request,
        _ site: Site
    ) async throws -> Response {
        guard let device = device(request) else { throw Refusal.notFound }
        var findings: [Finding] = []
        var items = Record()
        for item in SelfReportView.items {
            switch ValueReader.read(form[item.key] ?? "", for: item, today: site.casework.today) {
            case .success(let value): items[item.key] = value
            case .failure(let failure): findings.append(Finding(item.key, failure))
            }
        }
        let keeps = form["keeps_warnings"] == "1"
        do {
            guard findings.isEmpty else { throw Refusal.findings(findings) }
            let report = HealthReport(items: items, form: form["form"] ?? "", keepsWarnings: keeps)
            let receipt = try await site.casework.reportHealth(secret, device: device, report)
            let view = SelfReportView(secret, receipt.page, request, site)
            return .page(view.thanks(receipt.alarm))
        } catch Refusal.findings(let findings) {
            let page = try await site.casework.reportPage(secret, device: device)
            guard page.state == .questions else { throw Refusal.notFound }
            var view = SelfReportView(secret, page, request, site)
            view.form = form["form"] ?? page.form
            return .page(view.questions(form.dictionary, findings), status: .unprocessableContent)
        }
    }

    /// The device's proof in a request.
    private static func device(_ request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].drop(while: { $0 == " " }) == cookie { return String(parts[1]) }
            }
        }
        return nil
    }
}

/// A birth date as three fields, with the era that people know their year by.
struct BirthDateFields: Sendable {
    var era = ""
    var year = ""
    var month = ""
    var day = ""

    init() {}

    init(_ form: FormData) {
        era = form["birth_era"] ?? ""
        year = form["birth_year"] ?? ""
        month = form["birth_month"] ?? ""
        day = form["birth_day"] ?? ""
    }

    /// Eras of people now living.
    static let eras = ["昭和", "平成", "令和", "大正"]

    /// The day they mean; a day that can't be read isn't a wrong answer yet.
    func read(today: CalendarDate) throws -> CalendarDate {
        let parts = [year, month, day].map { text in
            text.nfkc.filter { !$0.isWhitespace && !"年月日".contains($0) }
        }
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            let words = Wording("生年月日の年・月・日をすべて入力してください。", "Please enter the year, the month and the day.")
            throw Refusal.findings([Finding("birth_date", "required", words)])
        }
        // Four digits are a Western year whatever was chosen beside them.
        let isWestern = parts[0].utf8.count == 4 || !Self.eras.contains(era)
        let text = "\(isWestern ? "" : era)\(parts[0])年\(parts[1])月\(parts[2])日"
        switch JapaneseDate.read(text, today: today) {
        case .success(let date): return date
        case .failure(let failure):
            throw Refusal.findings([Finding("birth_date", failure)])
        }
    }
}
