import Access
import Casework
import Catalogue
import Storage

/// Figures of placement and care on first pages.
struct CareFiguresView {
    let figures: CareFigures
    let organisation: Organisation
    let now: Timestamp

    /// The figures with the way to what they count; a clinic that takes nobody in sees the ways alone.
    var html: HTML {
        switch organisation.kind {
        case .prefecture, .city: list("\(waiting)\(figures.rooms.map(room))")
        case .medical where figures.held?.all == 0 && figures.own.isEmpty && figures.coming == 0: ways
        case .medical, .lodging:
            list("\(Self.held(figures.held, organisation.kind, link: true, coming: figures.coming))\(own)")
        case .followUp: list(Self.held(figures.held, organisation.kind, link: true, coming: figures.coming))
        case .healthCentre, .ministry, .analysis: .empty
        }
    }

    private func list(_ lines: HTML) -> HTML {
        #"<div id="care" data-live data-live-rooms><ul class="figures">\#(lines)</ul></div>"#
    }

    private var ways: HTML {
        """
        <div id="care" data-live><p class="support">入院を受け入れる医療機関：<a href="/cared-for">入院中の方</a>　\
        <a href="/beds">病床の報告</a></p></div>
        """
    }

    private var waiting: HTML {
        """
        <li class="figure"><span class="figure-label"><a href="/placement">療養先を待っている方</a></span>\
        <span class="figure-number" data-figure="waiting">\(figures.waiting ?? 0)<small>人</small></span></li>
        """
    }

    private func room(_ room: CareFigures.Room) -> HTML {
        let stale: HTML =
            room.stale > 0 ? "、うち\(room.stale)か所は1日以上前" : .empty
        return """
            <li class="figure"><span class="figure-label">空いている\(room.kind.label)</span>\
            <span class="figure-number" data-figure="\(room.kind.rawValue)">\(room.left)<small>\(room.kind.unit)</small></span>\
            <span class="figure-note">\(room.organisations)か所の報告\(stale)</span></li>
            """
    }

    /// How many are looked after, and what they report.
    static func held(
        _ number: HeldNumber?,
        _ kind: OrganisationKind,
        link: Bool = false,
        coming: Int = 0
    ) -> HTML {
        guard let number else { return .empty }
        let words =
            switch kind {
            case .medical: "入院中・入院予定の方"
            case .lodging: "入所中の方"
            default: "観察を担当している方"
            }
        let label: HTML = link ? #"<a href="/cared-for">\#(words)</a>"# : "\(words)"
        let note: HTML =
            coming > 0 ? #"<span class="figure-note">明日からの予定 \#(coming)人</span>"# : .empty
        return """
            <li class="figure"><span class="figure-label">\(label)</span>\
            <span class="figure-number" data-figure="held">\(number.all)<small>人</small></span>\(note)</li>\
            \(reports(number))
            """
    }

    private static func reports(_ number: HeldNumber) -> HTML {
        guard let reported = number.reported, let emergencies = number.emergencies else { return .empty }
        let late: HTML = emergencies > 0 ? " figure-late" : .empty
        return """
            <li class="figure"><span class="figure-label">本日の報告がまだない方</span>\
            <span class="figure-number" data-figure="silent">\(max(number.all - reported, 0))<small>人</small></span></li>\
            <li class="figure\(late)"><span class="figure-label">本日の報告が「緊急」の方</span>\
            <span class="figure-number" data-figure="emergencies">\(emergencies)<small>人</small></span></li>
            """
    }

    /// The organisation's own count, red where it is old: whoever places people relies on it.
    private var own: HTML {
        let oldest = figures.own.map(\.at).min()
        let isStale = oldest.map { now.seconds - $0.seconds > Casework.staleRooms } ?? true
        let unit = organisation.kind == .lodging ? "室" : "床"
        let words: HTML = organisation.kind == .lodging ? "居室の報告" : "病床の報告"
        let note: HTML
        if let oldest {
            note = "\(HomeView.elapsed(max(0, now.seconds - oldest.seconds)))前に報告\(isStale ? "（1日以上前です）" : "")"
        } else {
            note = "まだ報告がありません"
        }
        return """
            <li class="figure\(isStale ? " figure-late" : HTML.empty)"><span class="figure-label"><a href="/beds">\(words)</a>\
            </span><span class="figure-number" data-figure="free">\(figures.own.map(\.left).reduce(0, +))<small>\(unit)の空き</small>\
            </span><span class="figure-note">\(note)</span></li>
            """
    }
}
