/// The order in which reports come on the worst day (2022-08-19).
///
/// Half of the health reports come within 90 minutes before 08:30, the others evenly until 22:00; notifications come
/// evenly from 09:00 to 18:00.
struct DayShape {
    static let notifications = 261_252
    static let healthReports = 1_540_000
    static let morning = 7 * 60..<8 * 60 + 30
    private static let later = 8 * 60 + 30..<22 * 60
    private static let office = 9 * 60..<18 * 60

    /// One thing that comes.
    struct Event {
        /// The minute of the day.
        let minute: Int
        let isNotification: Bool
        /// Which of its kind, from 0.
        let ordinal: Int
    }

    /// Things that come within a minute, with what came before it.
    private struct Minute {
        let minute: Int
        let notifications: Int
        let healthReports: Int
        let notificationsBefore: Int
        let healthReportsBefore: Int

        var count: Int { notifications + healthReports }
        var before: Int { notificationsBefore + healthReportsBefore }
    }

    let notifications: Int
    let healthReports: Int
    private let minutes: [Minute]

    /// A share of the day.
    init(_ share: Double) {
        notifications = Int((Double(Self.notifications) * share).rounded())
        healthReports = Int((Double(Self.healthReports) * share).rounded())
        var minutes: [Minute] = []
        var (notified, reported) = (0, 0)
        for minute in 0..<24 * 60 {
            let one = Minute(
                minute: minute,
                notifications: Self.part(of: notifications, minute, Self.office),
                healthReports: Self.part(of: healthReports / 2, minute, Self.morning)
                    + Self.part(of: healthReports - healthReports / 2, minute, Self.later),
                notificationsBefore: notified,
                healthReportsBefore: reported
            )
            if one.count > 0 { minutes.append(one) }
            notified += one.notifications
            reported += one.healthReports
        }
        self.minutes = minutes
    }

    var count: Int { notifications + healthReports }

    /// The n-th thing of the day; within a minute the kinds come mixed.
    subscript(index: Int) -> Event {
        var (low, high) = (0, minutes.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if minutes[middle].before <= index { low = middle } else { high = middle - 1 }
        }
        let minute = minutes[low]
        let place = index - minute.before
        let earlier = place * minute.notifications / minute.count
        let isNotification = (place + 1) * minute.notifications / minute.count > earlier
        return Event(
            minute: minute.minute,
            isNotification: isNotification,
            ordinal: isNotification
                ? minute.notificationsBefore + earlier : minute.healthReportsBefore + place - earlier
        )
    }

    /// What of an even flow comes within a minute.
    private static func part(of count: Int, _ minute: Int, _ span: Range<Int>) -> Int {
        guard span.contains(minute) else { return 0 }
        let place = minute - span.lowerBound
        return (place + 1) * count / span.count - place * count / span.count
    }
}
