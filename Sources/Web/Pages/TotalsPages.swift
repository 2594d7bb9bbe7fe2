import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// 日次総数報告: an institution's numbers of a day, the sums for the authorities, and who hasn't reported yet.
enum TotalsPages {
    static let routes: [Route] = [
        .page("/totals", show),
        .page("/totals/csv", csv),
        .page("/totals/{institution}/{day}", showDay),
        .form("/totals", save),
    ]

    private static func show(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let query = try request.query()
        try refuseOthers(staff)
        guard staff.organisation.kind == .medical else { return .page(try await sums(query, site, staff)) }
        let day = try CalendarDate(iso: query["day"] ?? site.casework.today.iso).orNotFound
        return .page(try await entry(nil, day, site, staff, isSaved: query["saved"] == "1"))
    }

    private static func showDay(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        let day = try CalendarDate(iso: context.parameters.get("day") ?? "").orNotFound
        let isSaved = try request.query()["saved"] == "1"
        return .page(try await entry(context.parameters.get("institution"), day, site, staff, isSaved: isSaved))
    }

    /// The page on which a day is entered, corrected or looked at.
    private static func entry(
        _ institution: OrganisationKey?,
        _ day: CalendarDate,
        _ site: Site,
        _ staff: Staff,
        typed: [String: String]? = nil,
        findings: [Finding] = [],
        isSaved: Bool = false
    ) async throws -> HTML {
        let today = site.casework.today
        let shown = try await site.casework.totalDay(institution, day, by: staff.caller)
        var recent: [InstitutionTotal] = []
        if shown.entry == .own {
            let days = max(TotalsRights.firstDay, today.adding(days: -13))...max(today, TotalsRights.firstDay)
            recent = try await site.casework.totals(of: nil, days, by: staff.caller)
        }
        let view = TotalsEntryView(
            shown: shown,
            recent: recent,
            words: try await CaseWords(site),
            staff: staff,
            today: today,
            typed: typed,
            findings: findings,
            isSaved: isSaved
        )
        return view.html(site)
    }

    private static func save(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        let institution = sent["institution"]
        let day = try CalendarDate(iso: sent["day"] ?? "").orNotFound
        let (counts, wrong) = counts(sent)
        do {
            if !wrong.isEmpty { throw Refusal.findings(wrong) }
            let report = TotalReport(
                day: day,
                institution: institution,
                counts: counts,
                seen: Int(sent["seen"] ?? ""),
                reason: sent["reason"] ?? ""
            )
            let total = try await site.casework.reportTotal(report, by: staff.caller)
            return Redirect.to(
                staff.organisation.kind == .medical
                    ? "/totals?day=\(day.iso)&saved=1"
                    : "/totals/\(Redirect.percentEncoded(total.institution))/\(day.iso)?saved=1"
            )
        } catch Refusal.findings(let findings) {
            let page = try await entry(
                institution,
                day,
                site,
                staff,
                typed: sent.dictionary,
                findings: findings
            )
            return .page(page, status: .unprocessableContent)
        }
    }

    /// The numbers of a form; an empty field is nobody.
    private static func counts(_ sent: FormData) -> (AgeCounts, [Finding]) {
        var counts = AgeCounts()
        var findings: [Finding] = []
        for band in AgeCounts.bands {
            let text = Digits.folded(sent[band.code.rawValue] ?? "")
            guard !text.isEmpty else { continue }
            guard let number = Int(text), number >= 0 else {
                findings.append(Finding(band.code.rawValue, "format", "\(band.ja)の人数は数字で入力してください。"))
                continue
            }
            counts[band.code] = number
        }
        return (counts, findings)
    }

    /// The days that a page of sums is about: the last week unless said otherwise.
    private static func days(_ query: FormData, today: CalendarDate) -> ClosedRange<CalendarDate> {
        let last = max(TotalsRights.firstDay, min(CalendarDate(iso: query["until"] ?? "") ?? today, today))
        let first = max(TotalsRights.firstDay, CalendarDate(iso: query["from"] ?? "") ?? last.adding(days: -6))
        return min(first, last)...last
    }

    private static func sums(_ query: FormData, _ site: Site, _ staff: Staff) async throws -> HTML {
        let today = site.casework.today
        let days = days(query, today: today)
        var sums: [TotalSum] = []
        var findings: [Finding] = []
        do {
            sums = try await site.casework.totalSums(days, by: staff.caller)
        } catch Refusal.findings(let found) {
            findings = found
        } catch Refusal.notFound {
            // A headquarters that has no health centre below it.
        }
        var offices: [OfficeTotals] = []
        if staff.organisation.kind != .ministry, !sums.isEmpty {
            offices = try await site.casework.officeTotals(days.upperBound, by: staff.caller)
        }
        return TotalsSumsView(
            days: days,
            sums: sums,
            offices: offices,
            words: try await CaseWords(site),
            staff: staff,
            today: today,
            findings: findings
        ).html(site)
    }

    private static func csv(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        try refuseOthers(staff)
        let days = days(try request.query(), today: site.casework.today)
        let bytes = try await site.casework.totalsCSV(days, by: staff.caller)
        let name = "totals-\(days.lowerBound.iso)-\(days.upperBound.iso).csv"
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"\(name)\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private static func refuseOthers(_ staff: Staff) throws {
        guard TotalsRights.takesPart(staff.organisation) else {
            throw Refusal.forbidden("日次総数報告を扱うのは、医療機関、保健所、都道府県・本庁、厚生労働省です。")
        }
    }
}

/// Digits of any width without what stands around them.
private enum Digits {
    static func folded(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.compactMap { scalar in
                    if scalar.properties.isWhitespace { return nil }
                    return (0xFF10...0xFF19).contains(scalar.value)
                        ? Unicode.Scalar(scalar.value - 0xFF10 + 0x30) : scalar
                }
            )
        )
    }
}

extension CalendarDate? {
    /// The day; an address that holds none leads nowhere.
    fileprivate var orNotFound: CalendarDate {
        get throws {
            guard let self else { throw Refusal.notFound }
            return self
        }
    }
}
