import Access
import Casework
import Catalogue

/// Where each thing of a case's course stands in its picture: a pure function of the course.
///
/// Nothing overlaps in a lane, and everything lies inside the picture.
struct CaseTimelineLayout: Equatable {
    /// A piece of a lane with its words.
    struct Piece: Equatable {
        let sign: CaseTimeline.Sign
        /// Where the sign begins and how wide it is.
        let x: Double
        let width: Double
        /// The row within the picture, from 0; rows are ``rowHeight`` high.
        let row: Int
        let label: String
        /// Where the words begin; they end at ``right`` at the latest.
        let labelX: Double
        /// All that the piece takes, words and all.
        let left: Double
        let right: Double
        /// Whether a bar goes on beyond its end.
        let isOngoing: Bool
    }

    /// A lane that has something in it.
    struct Lane: Equatable {
        let lane: CaseTimeline.Lane
        let firstRow: Int
        let rows: Int
        let pieces: [Piece]
    }

    /// A day with its date under the picture.
    struct Tick: Equatable {
        let x: Double
        let label: String
    }

    /// The first and the last day drawn.
    let days: ClosedRange<CalendarDate>
    let dayWidth: Double
    let lanes: [Lane]
    let ticks: [Tick]
    /// Where today begins, where it is drawn at all.
    let today: Double?
    /// How many things lie outside of the days drawn; the table has them.
    let outside: Int

    /// Room for the names of the lanes.
    static let margin = 132.0
    /// Room for the days.
    static let plot = 848.0
    static let rowHeight = 24.0
    /// Above the first row.
    static let head = 34.0
    /// The width of a sign.
    static let sign = 12.0
    private static let gap = 6.0
    private static let characterWidth = 12.0
    private static let mostCharacters = 14

    var rows: Int { lanes.map { $0.firstRow + $0.rows }.max() ?? 0 }
    var width: Double { Self.margin + Self.plot }
    var height: Double { Self.head + Double(rows) * Self.rowHeight + 6 }

    /// The layout; nil for a course without anything in it.
    init?(_ course: CaseTimeline) {
        guard let days = Self.days(course) else { return nil }
        let count = days.upperBound.days(since: days.lowerBound) + 1
        let dayWidth = Self.plot / Double(count)
        func x(_ day: CalendarDate) -> Double {
            Self.margin + Double(day.days(since: days.lowerBound)) * dayWidth
        }
        let shown = course.entries.filter { entry in
            let last = entry.isOngoing ? max(entry.from, course.today) : entry.to ?? entry.from
            return entry.from <= days.upperBound && last >= days.lowerBound
        }
        var lanes: [Lane] = []
        var row = 0
        for lane in CaseTimeline.Lane.allCases {
            let entries = Self.together(shown.filter { $0.lane == lane })
            guard !entries.isEmpty else { continue }
            var ends: [Double] = []
            let pieces = entries.map { entry -> Piece in
                let first = max(entry.from, days.lowerBound)
                let last = min(entry.isOngoing ? max(course.today, first) : entry.to ?? first, days.upperBound)
                let from = x(first)
                let width = max(entry.sign == .bar ? x(last) + dayWidth - from : Self.sign, Self.sign)
                let place = Self.place(from, width, label: entry.short)
                // Days of health reports stand side by side; words keep their distance.
                let gap = place.label.isEmpty ? 1 : Self.gap
                let free = ends.firstIndex { $0 + gap <= place.left }
                let line = free ?? ends.count
                if free == nil { ends.append(place.right) } else { ends[line] = place.right }
                return Piece(
                    sign: entry.sign,
                    x: place.x,
                    width: width,
                    row: row + line,
                    label: place.label,
                    labelX: place.labelX,
                    left: place.left,
                    right: place.right,
                    isOngoing: entry.isOngoing || (entry.to.map { $0 > days.upperBound } ?? false)
                )
            }
            lanes.append(Lane(lane: lane, firstRow: row, rows: ends.count, pieces: pieces))
            row += ends.count
        }
        guard !lanes.isEmpty else { return nil }
        self.days = days
        self.dayWidth = dayWidth
        self.lanes = lanes
        ticks = Self.ticks(days).map { Tick(x: x($0), label: Self.label($0)) }
        today = days.contains(course.today) ? x(course.today) : nil
        outside = course.entries.count - shown.count
    }

    // MARK: Days

    /// Two months before the case's beginning and ten after it at the most: what was typed with a wrong year doesn't
    /// press everything else together.
    private static func days(_ course: CaseTimeline) -> ClosedRange<CalendarDate>? {
        guard let anchor = course.anchor else { return nil }
        let window = anchor.adding(days: -60)...anchor.adding(days: 300)
        let named = course.entries.flatMap { [$0.from] + ($0.to.map { [$0] } ?? []) }.filter(window.contains)
        guard let first = named.min(), var last = named.max() else { return nil }
        // What goes on is drawn up to today, but an old case that nobody has closed isn't drawn out for months.
        if course.entries.contains(where: \.isOngoing) {
            last = max(last, min(course.today, last.adding(days: 14), window.upperBound))
        }
        // A few days at the least, so that the words have room.
        last = max(last, first.adding(days: 9))
        return first.adding(days: -1)...last.adding(days: 1)
    }

    private static let steps = [1, 2, 3, 7, 14, 28, 56]

    private static func ticks(_ days: ClosedRange<CalendarDate>) -> [CalendarDate] {
        let count = days.upperBound.days(since: days.lowerBound) + 1
        let step = steps.first { plot / Double(count) * Double($0) >= 52 } ?? 56
        // The last one needs room for its words.
        return stride(from: 0, to: count, by: step).map { days.lowerBound.adding(days: $0) }
            .filter { Double(days.upperBound.days(since: $0) + 1) * plot / Double(count) >= 40 }
    }

    static func label(_ day: CalendarDate) -> String { "\(day.parts.month)/\(day.parts.day)" }

    // MARK: Pieces

    /// The same on the same day is drawn once, with its number: 「陰性×3」.
    private static func together(_ entries: [CaseTimeline.Entry]) -> [CaseTimeline.Entry] {
        var result: [CaseTimeline.Entry] = []
        var counts: [Int] = []
        for entry in entries {
            let twin = result.firstIndex {
                entry.sign != .bar && $0.from == entry.from && $0.sign == entry.sign && $0.short == entry.short
            }
            if let twin {
                counts[twin] += 1
            } else {
                result.append(entry)
                counts.append(1)
            }
        }
        return zip(result, counts).map { entry, count in
            guard count > 1 else { return entry }
            return CaseTimeline.Entry(
                lane: entry.lane,
                sign: entry.sign,
                from: entry.from,
                to: entry.to,
                short: "\(entry.short)×\(count)",
                long: entry.long
            )
        }
    }

    /// How wide words are at the most: a letter of the Latin script takes less than one of ours.
    static func width(of text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x2E80 ? characterWidth * 0.65 : characterWidth) }
    }

    /// Words go behind a sign, or before it where the picture ends; into a bar where it is long enough.
    private static func place(
        _ from: Double,
        _ width: Double,
        label: String
    ) -> (x: Double, label: String, labelX: Double, left: Double, right: Double) {
        let end = margin + plot
        let start = min(from, end - width)
        let label = label.count > mostCharacters ? "\(label.prefix(mostCharacters - 1))…" : label
        let words = self.width(of: label)
        guard !label.isEmpty else { return (start, "", start, start, start + width) }
        if width >= words + 8 { return (start, label, start + 4, start, start + width) }
        let behind = start + width + 3
        if behind + words <= end { return (start, label, behind, start, behind + words) }
        return (start, label, start - 3 - words, start - 3 - words, start + width)
    }
}
