import Access
import Casework
import Catalogue
import Hummingbird
import Storage

/// Those whom a hospital, a lodging facility or a contractor looks after.
enum CaredForPages {
    static let routes: [Route] = [
        .page("/cared-for") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let place = query["after"].flatMap(HeldPlace.init(text:))
            let page = try await site.casework.caredFor(after: place, by: staff.caller)
            let kind = staff.organisation.kind
            return .page(
                Layout.page(
                    title: title(kind),
                    staff: staff,
                    current: "/cared-for",
                    site: site,
                    main: """
                        <div class="title-row"><h1>\(title(kind))</h1>\(report(kind))</div>
                        <div id="cared-for" data-live>
                        \(figures(page, kind))
                        \(coming(page, kind))
                        \(list(page, kind, site.casework.clock()))
                        \(paging(page, isFirst: place == nil))
                        </div>
                        """,
                    styles: ["care.css"]
                )
            )
        }
    ]

    /// What the page is called for a kind of organisation.
    static func title(_ kind: OrganisationKind) -> String {
        switch kind {
        case .medical: "入院中の方"
        case .lodging: "入所中の方"
        default: "本日の観察"
        }
    }

    private static func report(_ kind: OrganisationKind) -> HTML {
        guard !RoomKind.kinds(of: kind).isEmpty else { return .empty }
        return #"<a class="button button-secondary" href="/beds">\#(kind == .lodging ? "居室の報告" : "病床の報告")</a>"#
    }

    private static func figures(_ page: CaredForPage, _ kind: OrganisationKind) -> HTML {
        #"<ul class="figures">\#(CareFiguresView.held(page.count, kind))</ul>"#
    }

    private static func paging(_ page: CaredForPage, isFirst: Bool) -> HTML {
        guard page.next != nil || !isFirst else { return .empty }
        let before: HTML = isFirst ? .empty : #"<a href="/cared-for">最初の\#(Casework.caredForOnPage)人</a>"#
        let next: HTML =
            page.next.map { #"<a href="/cared-for?after=\#($0.text)">次の\#(Casework.caredForOnPage)人</a>"# } ?? .empty
        return #"<nav class="paging" aria-label="ページ">\#(before)\#(next)</nav>"#
    }

    private static func coming(_ page: CaredForPage, _ kind: OrganisationKind) -> HTML {
        guard !page.coming.isEmpty else { return .empty }
        let days = page.coming.map { "\(JapaneseDate.display($0.day)) \($0.count)人" }.joined(separator: "、")
        return Components.banner(
            .info,
            title: kind == .medical ? "明日からの入院予定：\(days)" : "明日からの予定：\(days)",
            body: "<p>どなたかは、その日になると表示されます。</p>"
        )
    }

    private static func list(_ page: CaredForPage, _ kind: OrganisationKind, _ now: Timestamp) -> HTML {
        guard !page.present.isEmpty else { return "<div class=\"nothing\"><p>今日、担当している方はいません。</p></div>" }
        let isHospital = kind == .medical
        let rows: [HTML] = page.present.map { one in
            let file = one.file.subject
            let last: HTML =
                isHospital
                ? #"<td data-label="状況">\#(standing(one.standing))</td>"#
                : #"<td data-label="最後の報告">\#(report(one, now))</td>"#
            return """
                <tr data-case="\(file.number.digits)" data-version="\(file.version)"><th scope="row" \
                data-label="HER-SYS ID"><a class="number" href="/cases/\(file.number.digits)">\(file.number.display)</a></th>\
                <td data-label="氏名"><span class="name">\(CaseTable.fullName(file.items))</span></td>\
                <td data-label="性別・年齢">\(CaseTable.sexAndAge(file))</td>\
                <td data-label="電話">\(file.items[.phone] ?? file.items[.mobilePhone] ?? "―")</td>\(last)\
                <td data-label="期間">\(period(one))</td></tr>
                """
        }
        return """
            <table class="table table-cases"><caption>\(isHospital ? "新しい順" : "緊急・注意の方、報告の途絶えている方から")</caption>\
            <thead><tr><th scope="col">HER-SYS ID</th><th scope="col">氏名</th><th scope="col">性別・年齢</th>\
            <th scope="col">電話</th><th scope="col">\(isHospital ? "状況" : "最後の報告")</th><th scope="col">期間</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            """
    }

    private static func standing(_ standing: CaredFor.Standing) -> HTML {
        switch standing {
        case .expected: "<span>\(Components.chip("入院予定", .info))</span>"
        case .present: "入院中"
        case .left(let day): "退院（\(Components.date(day))）"
        }
    }

    private static func report(_ one: CaredFor, _ now: Timestamp) -> HTML {
        guard let last = one.lastReport else { return "<span>\(Components.chip("報告なし", .warning))</span>" }
        let values = [
            last.items[.bodyTemperature].map {
                "\(ValueText.display(.decimal($0), of: Item.bodyTemperature.definition))"
            },
            last.items[.spo2].map { "SpO2 \($0)%" },
        ].compactMap(\.self).joined(separator: "、")
        let chip: HTML =
            switch last.alarm {
            case .none: .empty
            case .watch: Components.chip(last.alarm.label, .warning)
            case .emergency: Components.chip(last.alarm.label, .error)
            }
        return """
            <span>\(chip) \(values)<span class="line support">\(Components.time(last.at))\
            （\(HomeView.elapsed(now.seconds - last.at.seconds))前）</span></span>
            """
    }

    private static func period(_ one: CaredFor) -> HTML {
        let from: HTML? = one.from.map(Components.date)
        let until: HTML? = one.until.map(Components.date)
        guard from != nil || until != nil else { return "―" }
        return "<span>\(from)〜\(until)</span>"
    }
}

extension HeldPlace {
    /// A place as it stands in an address; nil for what is none.
    init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let alarm = Int64(parts[0]), let newest = Int64(parts[1]),
            case .success(let number) = CaseNumber.read(parts[2])
        else { return nil }
        self.init(alarm: alarm, newest: newest, number: number)
    }

    /// The place for an address.
    var text: String { "\(alarm).\(newest).\(number.digits)" }
}
