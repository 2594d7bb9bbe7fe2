import Access
import Casework
import Catalogue
import Foundation
import Hummingbird
import Storage

/// Who else has a case open, and who has just saved it: what the script of an open page asks for.
enum CasePresence {
    static let routes: [Route] = [
        .page("/cases/{id}/presence") { request, context, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let news = try await site.casework.present(
                at: try CasePages.number(context),
                editing: query["section"].flatMap(Section.init(rawValue:)),
                page: query["page"] ?? "",
                seen: query["seen"].flatMap(Int.init),
                by: staff.caller
            )
            let directory = try await site.casework.directory()
            let words = CaseWords(organisations: directory.organisations)
            return try .json(
                encoding: Answer(
                    present: news.present.map { sentence($0, words, own: staff.organisation.key) },
                    saved: news.change.map { saved($0, words, staff) } ?? ""
                )
            )
        },
        .form("/cases/{id}/presence") { sent, _, site, staff in
            site.casework.leave(page: sent["page"] ?? "", by: staff.caller)
            return Response(status: .noContent)
        },
    ]

    /// What the script shows.
    private struct Answer: Encodable {
        let present: [String]
        let saved: String
    }

    /// The place on a page where it says who else is there; empty until the script fills it.
    static func place(editing section: Section? = nil) -> HTML {
        """
        <div class="presence" data-presence data-section="\(section?.rawValue ?? "")" role="status"></div>
        """
    }

    /// 「山田 花子さん（渋谷区保健所）が個人基本情報を編集中です」.
    static func sentence(_ presence: Presence, _ words: CaseWords, own: OrganisationKey) -> String {
        let who =
            switch presence.who {
            case .person(let name, let organisation):
                organisation == own ? "\(name)さん" : "\(name)さん（\(words.organisation(organisation))）"
            case .organisation(let key): "\(words.organisation(key))の方"
            case .office: "保健所の職員"
            case .colleague: "同じ所属の方"
            }
        return presence.section.map { "\(who)が\($0.label)を編集中です" } ?? "\(who)がこの対象者を開いています"
    }

    /// 「山田 花子さんが15:02に保存しました」; whoever isn't named to the viewer is 「保健所の職員」.
    private static func saved(_ line: HistoryEntry, _ words: CaseWords, _ staff: Staff) -> String {
        let (hour, minute, _) = line.at.japanTime
        let isOwn = line.organisation == staff.organisation.key
        let kind = words.organisations[line.organisation]?.kind
        let who =
            !line.actor.isEmpty
            ? "\(line.actor)さん\(isOwn ? "" : "（\(words.organisation(line.organisation))）")"
            : kind == .healthCentre ? "保健所の職員" : "ほかの機関の方"
        return "\(who)が\(hour):\(minute < 10 ? "0" : "")\(minute)に保存しました。"
    }
}
