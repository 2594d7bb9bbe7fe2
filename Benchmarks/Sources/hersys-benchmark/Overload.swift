import Foundation
import Synchronization

/// Requests that come at their moments whatever became of those before, as people do.
///
/// Latencies count from the moment at which a request should have been sent: a server that makes its clients wait
/// isn't measured by the few that got through.
struct Overload {
    /// Somebody who has waited so long gives up.
    static let patience = 1.0
    /// Requests on their way at a time; who finds none free waits with the others.
    private static let connections = 384

    /// What became of the requests.
    struct Outcome {
        var offered = 0
        var good = 0
        var refused = 0
        var late = 0
        var broken = 0
        var latencies = Latencies()

        mutating func add(_ other: Outcome) {
            offered += other.offered
            good += other.good
            refused += other.refused
            late += other.late
            broken += other.broken
            latencies.add(other.latencies)
        }
    }

    /// Offers so many requests a second, going round the given ones.
    static func run(port: UInt16, _ requests: [Request], rate: Double, seconds: Double) async -> Outcome {
        let count = Int(rate * seconds)
        let next = Atomic(0)
        let total = Mutex(Outcome())
        let ready = Atomic(0)
        let begin = Mutex<ContinuousClock.Instant?>(nil)
        await Load.threads(connections) { _ in
            var own = Outcome()
            var connection = try? Caller(port: port)
            // Threads, histograms and connections cost the client a second or two: it begins when all are there.
            if ready.add(1, ordering: .relaxed).newValue == connections {
                begin.withLock { $0 = ContinuousClock.now + .milliseconds(200) }
            }
            while begin.withLock({ $0 == nil }) { Thread.sleep(forTimeInterval: 0.01) }
            guard let start = begin.withLock({ $0 }) else { return }
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                if index >= count { break }
                let due = start + .nanoseconds(Int64(Double(index) / rate * 1e9))
                let early = -Measure.seconds(since: due)
                if early > 0 { Thread.sleep(forTimeInterval: early) }
                own.offered += 1
                if Measure.seconds(since: due) > patience {
                    own.late += 1
                    continue
                }
                let request = requests[index % requests.count]
                do {
                    let caller = try connection ?? Caller(port: port)
                    connection = caller
                    let status = try caller.connection.exchange(request.bytes).status
                    let took = Measure.seconds(since: due)
                    switch status {
                    case request.status where took <= patience:
                        own.good += 1
                        own.latencies.record(took)
                    case request.status: own.late += 1
                    case 429, 503: own.refused += 1
                    default: own.broken += 1
                    }
                } catch {
                    own.broken += 1
                    connection = nil
                }
            }
            total.withLock { $0.add(own) }
        }
        return total.withLock { $0 }
    }

    /// A connection that can be left and made anew.
    private final class Caller {
        var connection: Connection

        init(port: UInt16) throws {
            connection = try Connection(port: port)
        }
    }

    /// Notifications at one, two and three times what the server answers when everybody waits for their answer.
    ///
    /// That is measured anew before each: the same people filed again and again cost more with each time.
    static func measure(_ server: Server, _ posts: [Request], seconds: Double) async throws -> [Row] {
        try await Cores.divided(server: server.processIdentifier) {
            var rows: [Row] = []
            for times in 1...3 {
                let answers = try await Load.run(port: server.port, posts)
                let rate = answers.rate * Double(times)
                let outcome = await run(port: server.port, posts, rate: rate, seconds: seconds)
                rows += Self.rows(outcome, times: times, capacity: answers.rate, seconds: seconds)
            }
            return rows
        }
    }

    private static func rows(_ outcome: Outcome, times: Int, capacity: Double, seconds: Double) -> [Row] {
        Measure.say(
            "\(times)× of \(Int(capacity))/s: \(outcome.offered) offered, \(outcome.good) good, "
                + "\(outcome.refused) refused, \(outcome.late) late, \(outcome.broken) broken"
        )
        let what = "HTTP: notifications at \(times)× of capacity"
        let share = 100 / Double(max(1, outcome.offered))
        return [
            Row(
                "\(what), answered within a second",
                Quantity(Double(outcome.good) / seconds, "/s"),
                limit: Quantity(capacity, "/s"),
                limitIs: "capacity",
                goal: "ratio ≥ 0.8"
            ),
            Row("\(what): told to come again", Quantity(Double(outcome.refused) * share, "%")),
            Row("\(what): no answer in time", Quantity(Double(outcome.late + outcome.broken) * share, "%")),
            Row("\(what): latency from the moment due", outcome.latencies),
        ]
    }
}
