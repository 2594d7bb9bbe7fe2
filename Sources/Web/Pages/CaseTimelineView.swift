import Catalogue

/// The course of a case (経過) as a picture and as a table; nothing for a case in which nothing has a day.
struct CaseTimelineView {
    let course: CaseTimeline

    var html: HTML {
        guard let layout = CaseTimelineLayout(course) else { return .empty }
        let (first, last) = (layout.days.lowerBound.adding(days: 1), layout.days.upperBound.adding(days: -1))
        let outside: HTML =
            layout.outside == 0
            ? .empty : "<p class=\"support\">図の期間の外にある\(layout.outside)件は、表にあります。</p>"
        return """
            <section class="case-timeline" id="timeline" aria-labelledby="timeline-title">
            <div class="section-row"><h2 id="timeline-title">経過</h2>\
            <span class="support">\(Self.day(first)) から \(Self.day(last)) まで</span></div>
            <div class="timeline-scroll" tabindex="0" role="region" aria-label="経過の図">\(picture(layout))</div>
            \(outside)
            <details class="timeline-table" id="timeline-table"><summary>表で見る（\(course.entries.count)件）</summary>\
            \(table)</details>
            </section>
            """
    }

    // MARK: Picture

    /// Every sign differs in its shape and has its words: colour says nothing that isn't said without it.
    private func picture(_ layout: CaseTimelineLayout) -> HTML {
        let (width, height) = (Self.number(layout.width), Self.number(layout.height))
        let bands: [HTML] = layout.lanes.enumerated().map { index, lane in
            let top = CaseTimelineLayout.head + Double(lane.firstRow) * CaseTimelineLayout.rowHeight
            let band: HTML =
                index.isMultiple(of: 2)
                ? """
                <rect class="timeline-band" x="0" y="\(Self.number(top))" width="\(width)" \
                height="\(Self.number(Double(lane.rows) * CaseTimelineLayout.rowHeight))"/>
                """ : .empty
            return """
                \(band)<text class="timeline-lane" x="6" y="\(Self.number(top + 16))">\(lane.lane.label)</text>
                """
        }
        let ticks: [HTML] = layout.ticks.map { tick in
            """
            <line class="timeline-tick" x1="\(Self.number(tick.x))" y1="24" x2="\(Self.number(tick.x))" \
            y2="\(height)"/><text class="timeline-day" x="\(Self.number(tick.x + 2))" y="16">\(tick.label)</text>
            """
        }
        let today: HTML? = layout.today.map { x in
            let middle = Self.number(x + layout.dayWidth / 2)
            return """
                <line class="timeline-today" x1="\(middle)" y1="20" x2="\(middle)" y2="\(height)"/>
                """
        }
        let pieces: [HTML] = layout.lanes.flatMap(\.pieces).map(Self.piece)
        return """
            <svg class="timeline" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
            aria-labelledby="timeline-title timeline-words"><desc id="timeline-words">\(words(layout))</desc>\
            \(bands)\(ticks)\(today)\(pieces)</svg>
            """
    }

    /// What the picture shows, for those who don't see it; every day is in the table.
    private func words(_ layout: CaseTimelineLayout) -> String {
        let lanes = layout.lanes.map { lane in
            "\(lane.lane.label)\(course.entries.count { $0.lane == lane.lane })件"
        }
        return "横軸は日付。\(lanes.joined(separator: "、"))。内容は下の「表で見る」にあります。"
    }

    private static func piece(_ piece: CaseTimelineLayout.Piece) -> HTML {
        let top = CaseTimelineLayout.head + Double(piece.row) * CaseTimelineLayout.rowHeight
        let label: HTML =
            piece.label.isEmpty
            ? .empty
            : #"<text class="timeline-label" x="\#(number(piece.labelX))" y="\#(number(top + 16))">\#(piece.label)</text>"#
        return sign(piece, top) + label
    }

    private static func sign(_ piece: CaseTimelineLayout.Piece, _ top: Double) -> HTML {
        let half = CaseTimelineLayout.sign / 2
        let (x, y) = (piece.x + half, top + 12)
        switch piece.sign {
        case .bar:
            let (left, right) = (number(piece.x), number(piece.x + piece.width))
            let (upper, lower) = (number(top + 3), number(top + 21))
            // A bar that goes on has no end.
            let outline: HTML =
                piece.isOngoing
                ? "M\(right) \(upper)H\(left)V\(lower)H\(right)" : "M\(right) \(upper)H\(left)V\(lower)H\(right)Z"
            return """
                <rect class="timeline-fill" x="\(left)" y="\(upper)" width="\(number(piece.width))" height="18"/>\
                <path class="timeline-outline" d="\(outline)"/>
                """
        case .event:
            return #"<circle class="timeline-event" cx="\#(number(x))" cy="\#(number(y))" r="5"/>"#
        case .light:
            return #"<circle class="timeline-light" cx="\#(number(x))" cy="\#(number(y))" r="4"/>"#
        case .open:
            return """
                <path class="timeline-open" d="M\(number(x)) \(number(y - 6))L\(number(x + 5.5)) \(number(y + 5))\
                H\(number(x - 5.5))Z"/>
                """
        case .strong:
            return """
                <path class="timeline-strong" d="M\(number(x)) \(number(y - 6))L\(number(x + 6)) \(number(y))\
                L\(number(x)) \(number(y + 6))L\(number(x - 6)) \(number(y))Z"/>
                """
        }
    }

    /// A coordinate with one decimal.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(abs(tenths % 10))"
    }

    // MARK: Table

    private var table: HTML {
        let rows: [HTML] = course.entries.sorted { $0.from < $1.from }.map { entry in
            let until: HTML =
                entry.sign != .bar
                ? .empty : entry.to.map { $0 == entry.from ? .empty : " から \(Self.day($0)) まで" } ?? " から"
            return """
                <tr><th scope="row" data-label="日">\(Self.day(entry.from))\(until)</th>\
                <td data-label="種類">\(entry.lane.label)</td><td data-label="内容">\(entry.long)</td></tr>
                """
        }
        return """
            <table class="table"><caption class="hidden-text">経過（古いものから）</caption><thead><tr><th scope="col">日</th>\
            <th scope="col">種類</th><th scope="col">内容</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private static func day(_ day: CalendarDate) -> HTML { Components.date(day) }
}
