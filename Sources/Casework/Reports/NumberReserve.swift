import Storage
import Synchronization

/// Numbers set aside for new cases, so that a report can be sealed before it is written.
///
/// Lists show the newest first by number, so numbers are set aside only for as long as nobody notices: a second. How
/// many follows from how many were used in the last: one at night, hundreds in a flood. What isn't used stays a gap;
/// numbers are never given twice.
final class NumberReserve: Sendable {
    private struct State {
        var left: [Range<Int64>] = []
        var until = ContinuousClock.now
        var wanted = 1
        var grewAt = ContinuousClock.now

        /// All were used within their second: more next time, but not for each of many who find that at once.
        mutating func grow(at now: ContinuousClock.Instant) {
            guard now < until, grewAt.duration(to: now) > .milliseconds(20) else { return }
            wanted = min(NumberReserve.most, wanted * 2)
            grewAt = now
        }
    }

    private static let lifetime = Duration.seconds(1)
    private static let most = 256
    private let state = Mutex(State())

    /// A number, or nil and how many to fetch.
    func take(at now: ContinuousClock.Instant = .now) -> (number: Int64?, fetch: Int) {
        state.withLock { state in
            if now >= state.until {
                // Not used up in its second: fewer will do.
                if !state.left.isEmpty { state.wanted = max(1, state.wanted / 2) }
                state.left.removeAll()
            }
            guard let range = state.left.first, let number = range.first else {
                state.grow(at: now)
                return (nil, state.wanted)
            }
            if range.count == 1 { state.left.removeFirst() } else { state.left[0] = range.dropFirst() }
            return (number, 0)
        }
    }

    /// Keeps fresh numbers but for the first, which it gives back.
    ///
    /// Several who find the reserve empty at once each fetch numbers: all of them are used.
    func fill(_ fresh: Range<Int64>, at now: ContinuousClock.Instant = .now) -> Int64 {
        state.withLock { state in
            if fresh.count > 1 { state.left.append(fresh.dropFirst()) }
            state.until = now + Self.lifetime
        }
        return fresh.lowerBound
    }
}

extension Casework {
    /// A number that no case has had.
    func reserveNumber() async throws -> Int64 {
        let (number, fetch) = numbers.take()
        if let number { return number }
        let cases = self.cases
        return numbers.fill(try await engine.write { try cases.allocate(fetch, $0) })
    }
}
