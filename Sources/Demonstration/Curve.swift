import Catalogue

/// How many of an epidemic's cases fall on each day: the first wave of 2020, and the rise of a next one at the end.
struct Curve: Sendable {
    let first: CalendarDate
    let today: CalendarDate
    private let cumulative: [Double]

    /// Days after 2020-01-16 and the height of the curve there; straight lines between.
    private static let knots: [(day: Int, height: Double)] = [
        (0, 0.2), (30, 0.7), (45, 1.6), (60, 4), (68, 8), (74, 20), (80, 42), (84, 60), (86, 65), (93, 54), (100, 38),
        (107, 24), (114, 9), (121, 5), (127, 4), (150, 4),
    ]

    /// Shares of all cases that the last days have besides, from today backwards: something has to wait for everybody.
    private static let rise: [Double] = [0.022, 0.024, 0.015, 0.013, 0.010, 0.008, 0.006, 0.005, 0.003, 0.002]

    /// The curve up to a day; where that is long after the first wave, the wave is moved to end there.
    init(today: CalendarDate) {
        let begin = CalendarDate(dayNumber: 18_277)
        let length = 127
        let shift = max(0, today.days(since: begin) - 150)
        let moved = shift > 0 ? today.adding(days: -length) : begin
        let first = min(moved, today.adding(days: -13))
        self.first = first
        self.today = today
        let days = today.days(since: first) + 1
        var heights = (0..<days).map { day in
            let weekday = (Int(first.dayNumber) + day + 4) % 7
            return Self.height(day) * (weekday < 2 ? 0.78 : 1.07)
        }
        let total = heights.reduce(0, +)
        for (ago, share) in Self.rise.enumerated() { heights[days - 1 - ago] += share * total }
        var sum = 0.0
        cumulative = heights.map { height in
            sum += height
            return sum
        }
    }

    private static func height(_ day: Int) -> Double {
        guard let next = knots.firstIndex(where: { $0.day >= day }), next > 0 else { return day <= 0 ? 0.2 : 4 }
        let (left, right) = (knots[next - 1], knots[next])
        return left.height + (right.height - left.height) * Double(day - left.day) / Double(right.day - left.day)
    }

    /// The day on which a case lies that has that share (0 to below 1) of all cases before it.
    func day(at share: Double) -> CalendarDate {
        let point = share * (cumulative.last ?? 0)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if point < cumulative[middle] { high = middle } else { low = middle + 1 }
        }
        return first.adding(days: low)
    }
}
