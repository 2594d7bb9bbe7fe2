import Foundation

/// How long calls took, in milliseconds.
struct Latencies: Sendable {
    private let sorted: [Double]
    /// Processor time of all threads for a call, in milliseconds: what else the machine does hardly changes it.
    let processor: Double

    init(_ milliseconds: [Double], processor: Double) {
        sorted = milliseconds.sorted()
        self.processor = processor
    }

    var p50: Double { percentile(0.5) }
    var p99: Double { percentile(0.99) }
    var quantities: [Quantity] {
        [Quantity(p50, "ms", "p50"), Quantity(p99, "ms", "p99"), Quantity(processor, "ms", "cpu")]
    }

    private func percentile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let place = Int((share * Double(sorted.count)).rounded(.up)) - 1
        return sorted[min(max(place, 0), sorted.count - 1)]
    }
}

/// Stopwatches.
enum Measure {
    static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await body()
        return seconds(since: start)
    }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        let took = (ContinuousClock.now - start).components
        return Double(took.seconds) + Double(took.attoseconds) / 1e18
    }

    /// Calls one after the other, after a few that don't count.
    static func latencies(calls: Int, _ body: (Int) async throws -> Void) async throws -> Latencies {
        for call in 0..<20 { try await body(call) }
        var took: [Double] = []
        took.reserveCapacity(calls)
        let before = processorSeconds
        for call in 0..<calls {
            took.append(try await seconds { try await body(call) } * 1000)
        }
        return Latencies(took, processor: (processorSeconds - before) / Double(calls) * 1000)
    }

    /// Calls by many callers at a time, each of which waits for its answer.
    static func concurrently(
        callers: Int,
        calls: Int,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    for call in stride(from: caller, to: calls, by: callers) { try await body(call) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Processor time of this process so far, the kernel's work for it included.
    static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// The most memory a process has used so far, in MiB.
    static func peakMemory(process: String = "self") -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kilobytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) } ?? 0
        return kilobytes / 1024
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    /// A line about the progress, beside the output.
    static func say(_ line: String) {
        FileHandle.standardError.write(Data("\(line)\n".utf8))
    }
}
