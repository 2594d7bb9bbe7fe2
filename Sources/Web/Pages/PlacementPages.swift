import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// Placing patients in hospitals and lodging facilities (入院・療養先の調整), for headquarters.
enum PlacementPages {
    static let routes: [Route] = [
        .page("/placement") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let page = try await site.casework.placement(by: staff.caller)
            let view = PlacementView(words: try await CaseWords(site), staff: staff, now: site.casework.clock())
            return .page(view.list(page, done: query["done"] ?? "", site))
        },
        .page("/placement/{id}") { _, context, site, staff in
            .page(try await choose(try CasePages.number(context), site, staff, FormData()))
        },
        .form("/placement/{id}", place),
    ]

    private static func place(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let number = try CasePages.number(context)
        let parts = (sent["place"] ?? "").split(separator: "/").map(String.init)
        let from = JapaneseDate.read(sent["place_from"] ?? "", today: site.casework.today)
        do {
            guard parts.count == 2, let kind = RoomKind(rawValue: parts[1]) else {
                throw Refusal.findings([Finding("place", "required", "入院・療養先を選んでください。")])
            }
            guard case .success(let day) = from else {
                throw Refusal.findings([Finding("place_from", "date", "入院・入所の日を入力してください。例：2020/5/22")])
            }
            _ = try await site.casework.place(
                number,
                PlaceDecision(at: parts[0], kind, from: day, reason: sent["reason"]),
                seen: sent["seen"].flatMap(Int.init),
                by: staff.caller
            )
            return Redirect.to("/placement?done=\(number.digits)")
        } catch Refusal.findings(let findings) {
            return .page(try await choose(number, site, staff, sent, findings), status: .unprocessableContent)
        } catch Refusal.forbidden(let why) {
            return .page(try await choose(number, site, staff, sent, refusal: why), status: .forbidden)
        }
    }

    private static func choose(
        _ number: CaseNumber,
        _ site: Site,
        _ staff: Staff,
        _ sent: FormData,
        _ findings: [Finding] = [],
        refusal: String? = nil
    ) async throws -> HTML {
        let (file, rooms) = try await site.casework.placement(of: number, by: staff.caller)
        let view = PlacementView(words: try await CaseWords(site), staff: staff, now: site.casework.clock())
        return view.choose(file.subject, rooms, sent, findings, refusal, site)
    }
}
