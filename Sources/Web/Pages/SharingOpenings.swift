import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// 緊急閲覧: opening a case of another health centre for 3 hours with a reason.
enum OpeningPages {
    static let routes: [Route] = [
        .page("/openings") { _, _, site, staff in
            .page(try await view(site, staff))
        },
        .form("/openings") { sent, _, site, staff in
            do {
                let number = try await site.casework.open(
                    sent["number"] ?? "",
                    reason: sent["reason"] ?? "",
                    by: staff.caller
                )
                return Redirect.to("/cases/\(number.digits)")
            } catch Refusal.findings(let findings) {
                return .page(try await view(site, staff, sent, findings), status: .unprocessableContent)
            }
        },
    ]

    private static func view(
        _ site: Site,
        _ staff: Staff,
        _ sent: FormData = FormData(),
        _ findings: [Finding] = []
    ) async throws -> HTML {
        let open = try await site.casework.openCases(by: staff.caller)
        return Layout.page(
            title: "緊急閲覧",
            staff: staff,
            current: "/notices",
            site: site,
            main: """
                <div class="narrow">
                <h1>緊急閲覧</h1>
                \(Components.banner(
                    .warning, title: "ほかの保健所の対象者を、緊急のときに3時間だけ閲覧できます",
                    body: """
                        <ul><li>閲覧したことと理由は、管轄保健所と本庁・調整本部にすぐ通知され、履歴に残ります。</li>\
                        <li>閲覧できるのは操作した本人だけで、入力はできません。</li>\
                        <li>続けて関わるときは、管轄保健所に関係保健所への設定を依頼してください。</li></ul>
                        """))
                \(list(open))
                <form method="post" action="/openings" novalidate autocomplete="off">\(Components.csrf(staff))
                \(Components.textField(
                    name: "number", label: "HER-SYS ID", value: sent["number"] ?? "", required: true,
                    hint: "12桁の数字", errors: findings.at("number"), attributes: " inputmode=\"numeric\""))
                \(Components.textArea(
                    name: "reason", label: "閲覧する理由", value: sent["reason"] ?? "", required: true,
                    hint: "例：救急搬送の受入先から照会があったため", errors: findings.at("reason")))
                <p class="actions"><button type="submit" class="button button-danger">理由を記録して閲覧する</button></p>
                </form></div>
                """,
            errors: findings
        )
    }

    private static func list(_ open: [Opening]) -> HTML {
        guard !open.isEmpty else { return .empty }
        let lines: [HTML] = open.map { one in
            """
            <li><a href="/cases/\(one.number.digits)">\(one.number.display)</a>\
            <span class="support">\(Components.time(one.until))まで</span></li>
            """
        }
        return #"<h2>閲覧中の対象者</h2><ul class="rows">\#(lines)</ul>"#
    }
}
