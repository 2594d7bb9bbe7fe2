import Foundation

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
        var latencies = Latencies()
        let before = Processor.seconds
        for call in 0..<calls {
            latencies.record(try await seconds { try await body(call) })
        }
        latencies.processor = (Processor.seconds - before) / Double(calls) * 1000
        return latencies
    }

    /// Calls by many callers at a time, each of which waits for its answer.
    static func concurrently(
        callers: Int,
        calls: Int,
        noting latencies: SharedLatencies? = nil,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    for call in stride(from: caller, to: calls, by: callers) {
                        let start = ContinuousClock.now
                        try await body(call)
                        latencies?.record(seconds(since: start))
                    }
                }
            }
            try await group.waitForAll()
        }
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
