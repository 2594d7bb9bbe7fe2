import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// Deleting a case and bringing it back (記録の削除・復元).
enum DeletionPages {
    static let routes: [Route] = [
        .page("/cases/{id}/delete") { _, context, site, staff in
            .page(try await ask(try CasePages.number(context), site, staff))
        },
        .form("/cases/{id}/delete", delete),
        .form("/cases/{id}/restore") { _, context, site, staff in
            let number = try CasePages.number(context)
            _ = try await site.casework.restore(number, by: staff.caller)
            return Redirect.to("/cases/\(number.digits)?done=restore")
        },
        .page("/deleted") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let records = try await site.casework.deletedCases(by: staff.caller)
            let words = try await CaseWords(site)
            let view = DeletedView(records: records, words: words, staff: staff, done: query["done"] ?? "")
            return .page(view.html(site))
        },
    ]

    private static func delete(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff
    ) async throws -> Response {
        let number = try CasePages.number(context)
        let reason = sent["reason"] ?? ""
        do {
            try await site.casework.delete(
                number,
                reason: reason,
                seen: sent["seen"].flatMap(Int.init),
                by: staff.caller
            )
            return Redirect.to("/deleted?done=\(number.digits)")
        } catch Refusal.findings(let findings) {
            return .page(try await ask(number, site, staff, reason, findings), status: .unprocessableContent)
        } catch Refusal.forbidden(let why) {
            let page = try await ask(number, site, staff, reason, refusal: why)
            return .page(page, status: .forbidden)
        }
    }

    private static func ask(
        _ number: CaseNumber,
        _ site: Site,
        _ staff: Staff,
        _ reason: String = "",
        _ findings: [Finding] = [],
        refusal: String? = nil
    ) async throws -> HTML {
        let disclosed = try await site.casework.read(number, by: staff.caller)
        guard disclosed.permission.roles.contains(.inCharge) else {
            throw Refusal.forbidden("記録を削除できるのは管轄保健所だけです。")
        }
        let file = disclosed.subject
        let address = "/cases/\(number.digits)"
        let refused = refusal.map {
            Components.banner(.error, title: "削除できませんでした", body: "<p>\($0)</p>")
        }
        return Layout.page(
            title: "記録の削除 \(number.display)",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                \(refused)
                <p class="back"><a href="\(address)">対象者 \(number.display) に戻る</a></p>
                \(CaseHeader.html(file, words: try await CaseWords(site)))
                <div class="narrow">
                <h2>この記録を削除します</h2>
                <ul>
                <li>この保健所だけでなく、届出医療機関・関係保健所・調整本部など、すべての利用者の画面から消えます。</li>
                <li>本人に渡した健康観察用のURLも使えなくなります。</li>
                <li>\(Casework.daysToRestore)日以内なら、この保健所の「削除した記録」から元に戻せます。</li>
                <li>HER-SYS IDは欠番になり、ほかの方には使われません。</li>
                </ul>
                <form method="post" action="\(address)/delete" novalidate>\(Components.csrf(staff))\
                <input type="hidden" name="seen" value="\(file.version)">
                \(Components.textArea(
                    name: "reason", label: "削除の理由", value: reason, required: true,
                    hint: "例：同じ方の届が二重に登録されていたため（残した記録のHER-SYS IDも書いてください）",
                    errors: findings.at("reason")))
                <p class="actions"><button type="submit" class="button button-danger">記録を削除する</button>\
                <a class="button button-secondary" href="\(address)">削除しない</a></p></form>
                </div>
                """,
            errors: findings,
            styles: ["entry.css", "care.css"]
        )
    }
}
