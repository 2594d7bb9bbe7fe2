import Catalogue

/// Which jobs come again and again.
///
/// A job's name holds its period (`sweep-2022-11-22T10`), and a name is taken once: however many processes there are,
/// each period's job is put in once. A period in which nothing worked is left out.
public struct Schedule: Sendable {
    /// How often a job comes.
    public enum Period: Sendable {
        /// Every hour.
        case hour
        /// Every day, at this hour of Japan.
        case day(hour: Int)
    }

    private let entries: [(kind: String, period: Period)]

    /// Jobs that come again and again, by their kinds.
    public init(_ entries: [(kind: String, period: Period)]) {
        self.entries = entries
    }

    /// What this system has to do.
    public static let standard = Schedule([
        ("sweep", .hour), ("retention", .day(hour: 2)), ("parts", .day(hour: 3)), ("heads", .day(hour: 4)),
        ("reading-review", .day(hour: 5)),
    ])

    /// Nothing: for a worker that only runs what others put in.
    public static let empty = Schedule([])

    /// The jobs of the period that a moment lies in: kind, name, when it is due.
    func jobs(at now: Timestamp) -> [(kind: String, name: String, due: Timestamp)] {
        entries.map { kind, period in
            let (day, hour) = (now.japanDate, now.japanTime.hour)
            switch period {
            case .hour:
                return (kind, "\(kind)-\(day.iso)T\(hour < 10 ? "0" : "")\(hour)", Timestamp(day, hour: hour))
            case .day(let hour): return (kind, "\(kind)-\(day.iso)", Timestamp(day, hour: hour))
            }
        }
    }
}
