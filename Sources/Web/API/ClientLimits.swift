import Synchronization

/// How many calls each API client may make: a bucket of calls that fills again with time.
///
/// Each server counts for itself, for fairness only: one program that runs wild leaves the others their places. Guesses
/// at secrets are counted in the database.
public final class ClientLimits: Sendable {
    private struct Bucket {
        var calls: Double
        var at: Duration
    }

    /// Calls a second that a client may make for ever.
    let perSecond: Double
    /// Calls at once after a pause.
    let burst: Double
    private let buckets = Mutex<[Int64: Bucket]>([:])
    private let elapsed: @Sendable () -> Duration

    /// Limits of a server.
    ///
    /// - Parameters:
    ///   - perSecond: calls a second that a client may make for ever.
    ///   - burst: calls at once after a pause; nil for five seconds' worth.
    ///   - elapsed: the time since the server began; tests pass their own.
    public init(perSecond: Int = 200, burst: Int? = nil, elapsed: (@Sendable () -> Duration)? = nil) {
        let beginning = ContinuousClock.now
        self.elapsed = elapsed ?? { ContinuousClock.now - beginning }
        self.perSecond = Double(max(1, perSecond))
        self.burst = Double(max(1, burst ?? perSecond * 5))
    }

    /// Takes a call from a client's bucket.
    ///
    /// - Parameters:
    ///   - client: the client's number.
    ///   - now: the time since the server began; nil for the clock's.
    /// - Returns: nil where there was one, else the seconds until there is one again.
    func take(_ client: Int64, at now: Duration? = nil) -> Int? {
        let now = now ?? elapsed()
        return buckets.withLock { buckets in
            // Full buckets say nothing: what is kept follows the clients of the last seconds.
            if buckets.count > 10_000 {
                let full = burst / perSecond
                buckets = buckets.filter { seconds(now - $0.value.at) < full }
            }
            var bucket = buckets[client] ?? Bucket(calls: burst, at: now)
            bucket.calls = min(burst, bucket.calls + max(0, seconds(now - bucket.at)) * perSecond)
            bucket.at = now
            defer { buckets[client] = bucket }
            guard bucket.calls >= 1 else { return Int(((1 - bucket.calls) / perSecond).rounded(.up)) }
            bucket.calls -= 1
            return nil
        }
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
