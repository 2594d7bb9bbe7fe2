import Histogram
import Synchronization

/// How long calls took, as an HdrHistogram of nanoseconds with three digits.
struct Latencies: Sendable {
    private var histogram = Histogram<UInt32>(numberOfSignificantValueDigits: .three)
    /// Processor time of all threads for a call, in milliseconds: what else the machine does hardly changes it.
    var processor: Double?

    /// A point of the curve: this share of the calls took no longer than so many milliseconds.
    struct Point: Codable {
        let share: Double
        let milliseconds: Double
    }

    mutating func record(_ seconds: Double) {
        histogram.record(UInt64(max(0, seconds) * 1e9))
    }

    mutating func add(_ other: Latencies) {
        histogram.add(other.histogram)
    }

    var count: Int { Int(histogram.totalCount) }
    var p99: Double { percentile(99) }

    private func percentile(_ percent: Double) -> Double {
        histogram.totalCount == 0 ? 0 : Double(histogram.valueAtPercentile(percent)) / 1e6
    }

    /// Percentiles that the number of calls can carry, and the longest.
    var quantities: [Quantity] {
        var result = [
            Quantity(percentile(50), "ms", "p50"), Quantity(percentile(90), "ms", "p90"),
            Quantity(percentile(99), "ms", "p99"),
        ]
        if count >= 1000 { result.append(Quantity(percentile(99.9), "ms", "p99.9")) }
        result.append(Quantity(percentile(100), "ms", "max"))
        if let processor { result.append(Quantity(processor, "ms", "cpu")) }
        return result
    }

    /// The curve on a logarithmic scale of the share that took longer.
    var curve: [Point] {
        var points: [Point] = []
        var longer = 1.0
        while longer * Double(count) >= 1, points.count < 80 {
            let share = 1 - longer
            points.append(Point(share: share, milliseconds: percentile(max(share * 100, 0.001))))
            longer *= 0.794_328_234_7
        }
        return points
    }
}

/// Latencies that many threads note.
final class SharedLatencies: Sendable {
    private let held = Mutex(Latencies())

    var value: Latencies { held.withLock { $0 } }

    func record(_ seconds: Double) {
        held.withLock { $0.record(seconds) }
    }
}
