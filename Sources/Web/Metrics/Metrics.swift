import HTTPTypes
import Synchronization

/// What a server counts of itself: numbers by pattern of address and kind of answer, nothing of anybody.
public final class Metrics: Sendable {
    /// Upper ends of the histogram's buckets, in seconds.
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Counts {
        /// By pattern and the first digit of the status.
        var requests: [Key: Int] = [:]
        var buckets = [Int](repeating: 0, count: Metrics.bounds.count + 1)
        var seconds = 0.0
        var limited = 0
    }

    private struct Key: Hashable {
        let route: String
        let kind: Int
    }

    /// What is written out.
    struct Standing: Sendable {
        let requests: [(route: String, kind: Int, count: Int)]
        /// Requests up to each bound, the last one all of them.
        let upTo: [Int]
        let seconds: Double
        let limited: Int
    }

    private let counts = Mutex(Counts())
    private let watched = Mutex<Admission?>(nil)

    init() {}

    /// The places whose standing is shown.
    var admission: Admission? {
        get { watched.withLock { $0 } }
        set { watched.withLock { $0 = newValue } }
    }

    /// Counts a request that was answered.
    func answered(route: String, status: Int, in duration: Duration) {
        let parts = duration.components
        let seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        counts.withLock { counts in
            counts.requests[Key(route: route, kind: status / 100), default: 0] += 1
            counts.buckets[bucket] += 1
            counts.seconds += seconds
        }
    }

    /// Counts a call of a program beyond what it may do.
    func limited() { counts.withLock { $0.limited += 1 } }

    /// All of it at one moment.
    var standing: Standing {
        let counts = counts.withLock { $0 }
        var sum = 0
        let upTo = counts.buckets.map { count in
            sum += count
            return sum
        }
        let requests = counts.requests.map { (route: $0.key.route, kind: $0.key.kind, count: $0.value) }
            .sorted { ($0.route, $0.kind) < ($1.route, $1.kind) }
        return Standing(requests: requests, upTo: upTo, seconds: counts.seconds, limited: counts.limited)
    }
}
