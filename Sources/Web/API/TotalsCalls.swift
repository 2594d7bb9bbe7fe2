import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// 日次総数報告 between programs.
enum TotalsCalls {
    @Sendable
    static func report(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let day = try context.totalDay()
        let (body, _) = try await request.json(context)
        var reader = EntryReader(caller, today: site.casework.today)
        reader.members(body, known: ["counts", "institution", "version", "reason"])
        let institution = reader.text("institution", in: body)
        let reason = reader.text("reason", in: body)
        var counts = AgeCounts()
        if let members = body["counts"]?.members {
            for member in members {
                guard AgeCounts.bands.contains(where: { $0.code.rawValue == member.name }) else {
                    reader.refuse(Problem.FieldError.shown(member.name), "unknown_code", "この年代はありません。")
                    continue
                }
                guard let number = whole(member.value), (0...AgeCounts.most).contains(number) else {
                    reader.refuse("counts.\(member.name)", "range", "人数は0〜\(AgeCounts.most)の整数で送ってください。")
                    continue
                }
                counts[Code(member.name)] = number
            }
        } else if body.members != nil {
            reader.refuse("counts", "required", "countsを年代をキーにしたオブジェクトで送ってください。")
        }
        var seen: Int?
        if let version = body["version"] {
            seen = whole(version)
            if seen == nil { reader.refuse("version", "type", "versionは整数で送ってください。") }
        }
        try reader.finish()
        let total = try await site.casework.reportTotal(
            TotalReport(day: day, institution: institution, counts: counts, seen: seen, reason: reason ?? ""),
            by: caller
        )
        return .api(JSONWriter.object { write(total, to: &$0) })
    }

    private static func whole(_ json: JSON) -> Int? {
        guard case .number(let text) = json, let number = Int(text), number >= 0 else { return nil }
        return number
    }

    @Sendable
    static func readDay(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let query = try request.query()
        let shown = try await site.casework.totalDay(query["institution"], try context.totalDay(), by: caller)
        guard let total = shown.total else { throw Refusal.notFound }
        return .api(
            JSONWriter.object { object in
                write(total, to: &object)
                object.name("changes")
                object.list { list in
                    for change in shown.changes {
                        list.object { object in
                            object.member("version", change.version)
                            object.member("at", change.at.rfc3339)
                            object.member("organisation", change.organisation)
                            if !change.actor.isEmpty { object.member("actor", change.actor) }
                            object.member("through", change.through)
                            if let reason = change.reason { object.member("reason", reason) }
                            write(change.counts, to: &object)
                        }
                    }
                }
            }
        )
    }

    @Sendable
    static func list(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let query = try request.query()
        var errors: [Problem.FieldError] = []
        func day(_ name: String) -> CalendarDate? {
            let day = CalendarDate(iso: query[name] ?? "")
            if day == nil {
                errors.append(Problem.FieldError(item: name, code: "format", message: "\(name)はYYYY-MM-DDで送ってください。"))
            }
            return day
        }
        guard let from = day("from"), let until = day("until") else { throw Problem.invalid(errors) }
        guard from <= until else {
            throw Problem.invalid([.init(item: "until", code: "range", message: "untilはfrom以降の日にしてください。")])
        }
        if caller.organisation.kind == .medical || query["institution"] != nil {
            let totals = try await site.casework.totals(of: query["institution"], from...until, by: caller)
            return .api(
                JSONWriter.object { object in
                    object.name("totals")
                    object.list { list in for total in totals { list.object { write(total, to: &$0) } } }
                }
            )
        }
        let sums = try await site.casework.totalSums(from...until, by: caller)
        return .api(
            JSONWriter.object { object in
                object.name("sums")
                object.list { list in
                    for sum in sums {
                        list.object { object in
                            object.member("day", sum.day.iso)
                            object.member("health_centre", sum.office)
                            object.member("institutions", sum.institutions)
                            object.member("reported", sum.reported)
                            write(sum.counts, to: &object)
                        }
                    }
                }
            }
        )
    }

    private static func write(_ total: InstitutionTotal, to object: inout JSONWriter) {
        object.member("day", total.day.iso)
        object.member("institution", total.institution)
        object.member("health_centre", total.office)
        object.member("version", total.version)
        object.member("first_at", total.firstAt.rfc3339)
        object.member("at", total.at.rfc3339)
        write(total.counts, to: &object)
    }

    private static func write(_ counts: AgeCounts, to object: inout JSONWriter) {
        object.member("total", counts.total)
        object.name("counts")
        object.object { inner in
            for band in AgeCounts.bands { inner.member(band.code.rawValue, counts[band.code]) }
        }
    }
}

extension WebContext {
    /// The day that the address names.
    func totalDay() throws -> CalendarDate {
        guard let day = CalendarDate(iso: parameters.get("day") ?? "") else { throw Refusal.notFound }
        return day
    }
}
