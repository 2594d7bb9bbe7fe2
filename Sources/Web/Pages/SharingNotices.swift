import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// お知らせ: what an organisation was told.
enum NoticePages {
    static let routes: [Route] = [
        .page("/notices") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let page = try await site.casework.notices(before: query["before"].flatMap(Int64.init), by: staff.caller)
            return .page(view(page, try await CaseWords(site), site, staff))
        },
        .page("/notices/count") { _, _, _, staff in .json(#"{"unread":\#(staff.unread)}"#) },
        .form("/notices/read") { sent, _, site, staff in
            if let id = sent["id"].flatMap(Int64.init) {
                try await site.casework.markNoticeRead(id, andEarlier: sent["all"] == "yes", by: staff.caller)
            }
            return Redirect.to("/notices")
        },
    ]

    /// The link in the page's head with the number of unread notices.
    static func badge(_ staff: Staff) -> HTML {
        let shown = staff.unread >= NoticeStore.mostCounted ? "99+" : String(staff.unread)
        let hidden: HTML = staff.unread == 0 ? " hidden" : .empty
        return """
            <a class="notice-link" href="/notices" data-notices="\(staff.unread)">お知らせ\
            <span class="notice-count"\(hidden)><span data-notice-count>\(shown)</span>\
            <span class="hidden-text">件の未読</span></span></a>
            """
    }

    private static func view(_ page: NoticePage, _ words: CaseWords, _ site: Site, _ staff: Staff) -> HTML {
        let rows: [HTML] = page.lines.map { row($0, words, staff) }
        let list: HTML =
            rows.isEmpty
            ? #"<div class="nothing"><p>お知らせはありません。届くと、ここに自動で表示されます。</p></div>"#
            : """
            <table class="table"><caption>新しい順</caption><thead><tr><th scope="col">日時</th><th scope="col">内容</th>\
            <th scope="col">HER-SYS ID</th><th scope="col">どこから</th><th scope="col">未読・既読</th></tr></thead>\
            <tbody>\(rows)</tbody></table>
            """
        return Layout.page(
            title: "お知らせ",
            staff: staff,
            current: "/notices",
            site: site,
            main: """
                <h1>お知らせ</h1>
                \(links(staff))
                <div id="notice-list">\(all(page, staff))\(list)\(paging(page))</div>
                """
        )
    }

    private static func row(_ line: ShownNotice, _ words: CaseWords, _ staff: Staff) -> HTML {
        let notice = line.notice
        let what: HTML
        var spoken = SharingWords.notice(notice.kind)
        if let number = notice.number {
            let isOffer = notice.kind == .transferOffer && staff.organisation.kind == .healthCentre
            what =
                line.isReachable
                ? #"<a href="/cases/\#(number.digits)\#(isOffer ? "/transfer" : "")">\#(number.display)</a>"#
                : #"\#(number.display)<span class="line support">いまは閲覧できません</span>"#
            spoken = number.display
        } else {
            what = #"<a href="/readiness">導入準備状況の回答</a>"#
        }
        let state: HTML =
            notice.readAt == nil
            ? """
            <form method="post" action="/notices/read">\(Components.csrf(staff))\
            <input type="hidden" name="id" value="\(String(notice.id))">\
            <button type="submit" class="button button-secondary button-small">既読にする\
            <span class="hidden-text">：\(spoken)</span></button></form>
            """ : "既読"
        return """
            <tr\(notice.readAt == nil ? " class=\"notice-unread\"" : HTML.empty)>\
            <th scope="row" data-label="日時">\(SharingWords.moment(notice.at))</th>\
            <td data-label="内容">\(SharingWords.notice(notice.kind))</td>\
            <td data-label="HER-SYS ID">\(what)</td>\
            <td data-label="どこから">\(words.organisation(notice.sender))</td>\
            <td data-label="未読・既読">\(state)</td></tr>
            """
    }

    private static func all(_ page: NoticePage, _ staff: Staff) -> HTML {
        guard page.unread > 0, let newest = page.lines.first?.notice.id else { return .empty }
        return """
            <form method="post" action="/notices/read"><p>未読 <strong>\(page.unread)</strong>件　\
            \(Components.csrf(staff))<input type="hidden" name="id" value="\(String(newest))">\
            <input type="hidden" name="all" value="yes">\
            <button type="submit" class="button button-secondary button-small">すべて既読にする</button></p></form>
            """
    }

    private static func paging(_ page: NoticePage) -> HTML {
        guard let next = page.next else { return .empty }
        return #"<nav class="paging" aria-label="ページ"><a href="/notices?before=\#(String(next))">次の50件</a></nav>"#
    }

    /// Where the pages of sharing are.
    private static func links(_ staff: Staff) -> HTML {
        var links: [(String, String)] = []
        if staff.organisation.kind == .healthCentre {
            links = [("/transfers", "移管の記録"), ("/openings", "緊急閲覧"), ("/settings/grants", "許可の既定")]
        }
        if [.healthCentre, .prefecture, .city].contains(staff.organisation.kind) {
            links.append(("/reading-review", "閲覧の点検"))
        }
        guard !links.isEmpty else { return .empty }
        let lines: [HTML] = links.map { #"<li><a href="\#($0.0)">\#($0.1)</a></li>"# }
        return #"<ul class="sharing-links">\#(lines)</ul>"#
    }
}
