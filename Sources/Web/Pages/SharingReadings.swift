import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// 閲覧記録 and 閲覧の点検: who looked at a case, and who looks at cases in an unusual way.
enum ReadingPages {
    static let routes: [Route] = [
        .page("/cases/{id}/readings") { request, context, site, staff in
            let number = try CasePages.number(context)
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let place = query["from"].flatMap(Int64.init).map { at in
                ReadingPlace(at: Timestamp(seconds: at), skip: query["skip"].flatMap(Int.init) ?? 0)
            }
            let page = try await site.casework.readings(of: number, from: place, by: staff.caller)
            return .page(readings(page, number, isFirst: place == nil, try await CaseWords(site), site, staff))
        },
        .page("/reading-review") { _, _, site, staff in
            let days = try await site.casework.unusualReadings(by: staff.caller)
            return .page(review(days, try await CaseWords(site), site, staff))
        },
    ]

    private static func readings(
        _ page: CaseReadings,
        _ number: CaseNumber,
        isFirst: Bool,
        _ words: CaseWords,
        _ site: Site,
        _ staff: Staff
    ) -> HTML {
        let rows: [HTML] = page.rows.map { row in
            let reading = row.reading
            let last: HTML =
                reading.times > 1
                ? #"<span class="line support">\#(SharingWords.moment(reading.lastAt))まで\#(reading.times)回</span>"#
                : .empty
            let mark: HTML =
                reading.what == "open" ? Components.chip("緊急閲覧", .error) : "\(SharingWords.reading(reading.what))"
            return """
                <tr><th scope="row" data-label="日時">\(SharingWords.moment(reading.firstAt))\(last)</th>\
                <td data-label="機関">\(words.organisation(row.organisation))</td>\
                <td data-label="見た人">\(reading.name ?? "（削除されたアカウント）")</td>\
                <td data-label="見たもの">\(mark)</td>\
                <td data-label="経路">\(reading.through == "api" ? "API" : "画面")\
                <span class="line support">\(reading.address)</span></td></tr>
                """
        }
        let address = "/cases/\(number.digits)/readings"
        let earlier: HTML = isFirst ? .empty : #"<a href="\#(address)">最も新しい記録</a>"#
        let later: HTML =
            page.next.map { next in
                #"<a href="\#(address)?from=\#(String(next.at.seconds))&amp;skip=\#(String(next.skip))">古い記録</a>"#
            } ?? .empty
        return Layout.page(
            title: "閲覧記録 \(number.display)",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <p class="back"><a href="/cases/\(number.digits)">対象者 \(number.display) に戻る</a></p>
                <h1>閲覧記録</h1>
                <p>この対象者の個人情報を見た人の記録です。同じ人が同じ日に同じ場所から同じものを見たときは、1行にまとめています。</p>
                \(rows.isEmpty ? "<div class=\"nothing\"><p>閲覧の記録はありません。</p></div>" : table(rows))
                <nav class="paging" aria-label="ページ">\(earlier)\(later)</nav>
                """
        )
    }

    private static func table(_ rows: [HTML]) -> HTML {
        """
        <table class="table"><caption>新しい日から</caption><thead><tr><th scope="col">日時</th><th scope="col">機関</th>\
        <th scope="col">見た人</th><th scope="col">見たもの</th><th scope="col">経路</th></tr></thead>\
        <tbody>\(rows)</tbody></table>
        """
    }

    private static func review(_ days: [UnusualDay], _ words: CaseWords, _ site: Site, _ staff: Staff) -> HTML {
        let rows: [HTML] = days.map { day in
            let reasons: [HTML] = SharingWords.reasons(day).map { "<li>\($0)</li>" }
            return """
                <tr><th scope="row" data-label="日">\(Components.date(day.day.day))</th>\
                <td data-label="機関">\(words.organisation(day.organisation))</td>\
                <td data-label="アカウント">\(day.day.name)</td>\
                <td data-label="理由"><ul class="plain-list">\(reasons)</ul></td></tr>
                """
        }
        let found: HTML =
            rows.isEmpty
            ? "<div class=\"nothing\"><p>いつもと違う閲覧はありませんでした。</p></div>"
            : """
            <table class="table"><caption>新しい日から</caption><thead><tr><th scope="col">日</th><th scope="col">機関</th>\
            <th scope="col">アカウント</th><th scope="col">理由</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        return Layout.page(
            title: "閲覧の点検",
            staff: staff,
            current: "/notices",
            site: site,
            main: """
                <p class="back"><a href="/notices">お知らせに戻る</a></p>
                <h1>閲覧の点検</h1>
                <p>毎朝5時に前日までの閲覧を点検し、いつもと違うものを\(Casework.reviewDays)日分表示します。\
                正しい業務のこともあります。心当たりのないものは、本人に確かめてください。</p>
                \(found)
                <h2>点検の基準</h2>
                <ul>
                <li>閲覧した人数が多い：1日に\(UnusualReading.leastCases)人以上で、直近4週間のふだんの日（中央値）の\
                \(UnusualReading.manyTimes)倍を超えたとき。一覧に表示された人数も数えます。\
                使い始めて\(UnusualReading.leastDays)日までは、ふだんを\(UnusualReading.leastCases)人とみなします。</li>
                <li>夜間に開いた人数が多い：22時から5時までに開いた対象者が\(UnusualReading.leastAtNight)人以上で、\
                ふだんの夜の\(UnusualReading.manyTimes)倍を超えたとき。一覧は数えません。</li>
                <li>本人と同じ姓：アカウントの氏名と同じ姓の対象者を開いたとき。家族や知人の記録を見ていないか確かめるためです。</li>
                <li>緊急閲覧が多い：1日に\(UnusualReading.mostOpenings)件を超えたとき。</li>
                </ul>
                """
        )
    }
}
