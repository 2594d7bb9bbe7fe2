import Synchronization

/// Lets in as many requests as can be worked on at once; the others wait a moment, and then are sent away.
///
/// A server that takes on everything under too much load finishes nothing in time. Here what is let in is finished,
/// and what isn't hears so at once: see docs/decisions/0009-overload.md.
public final class Admission: Sendable {
    /// Where the request is that waits for a decision.
    private enum Waiter {
        /// Lined up, and its task is about to sleep.
        case arriving
        /// The decision came before it slept.
        case decided(Bool)
        case asleep(CheckedContinuation<Bool, Never>)
    }

    private struct State {
        var places: Places
        var waiters: [Int: Waiter] = [:]

        /// Decides for one who waits; returns who is to be woken.
        mutating func decide(_ number: Int, _ enters: Bool) -> CheckedContinuation<Bool, Never>? {
            guard case .asleep(let continuation)? = waiters[number] else {
                waiters[number] = .decided(enters)
                return nil
            }
            waiters[number] = nil
            return continuation
        }
    }

    private let state: Mutex<State>
    private let beginning = ContinuousClock.now
    private let sleep: @Sendable (Duration) async -> Void

    /// Places of a machine.
    ///
    /// - Parameters:
    ///   - capacity: how many places; see ``Capacity/usual``.
    ///   - sleep: waits for a time, and ends early when its task is cancelled; tests pass their own.
    public init(
        _ capacity: Capacity = .usual,
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        state = Mutex(State(places: Places(capacity)))
        self.sleep = sleep
    }

    /// How a share stands.
    func standing(_ share: Share) -> Places.Standing {
        state.withLock { $0.places.standing(share) }
    }

    /// Whether a request of the share would be sent away in any case; it counts as sent away then.
    func turnsAway(_ share: Share) -> Bool {
        guard state.withLock({ $0.places.standing(share).waiting > 0 }) else { return false }
        let now = ContinuousClock.now - beginning
        return state.withLock { $0.places.turnAway(share, at: now) }
    }

    /// Does the work once there is a place for it; nil where there was none in time.
    func during<Result>(_ share: Share, _ work: () async throws -> Result) async rethrows -> Result? {
        guard await enter(share) else { return nil }
        defer { leave(share) }
        return try await work()
    }

    private func enter(_ share: Share) async -> Bool {
        // The time is asked for only where it is needed.
        if state.withLock({ $0.places.take(share) }) { return true }
        let now = ContinuousClock.now - beginning
        let arrival = state.withLock { state in
            let arrival = state.places.arrive(share, at: now)
            if case .waits(let turn) = arrival { state.waiters[turn.number] = .arriving }
            return arrival
        }
        switch arrival {
        case .enters: return true
        case .refused: return false
        case .waits(let turn): return await wait(turn)
        }
    }

    private func wait(_ turn: Places.Turn) async -> Bool {
        // It ends with this function, and early where the request's task is cancelled.
        async let _: Void = giveUp(turn)
        return await withCheckedContinuation { continuation in
            let decision = state.withLock { state -> Bool? in
                if case .decided(let enters)? = state.waiters[turn.number] {
                    state.waiters[turn.number] = nil
                    return enters
                }
                state.waiters[turn.number] = .asleep(continuation)
                return nil
            }
            if let decision { continuation.resume(returning: decision) }
        }
    }

    private func giveUp(_ turn: Places.Turn) async {
        await sleep(turn.patience)
        let woken = state.withLock { state in
            state.places.giveUp(turn.number) ? state.decide(turn.number, false) : nil
        }
        woken?.resume(returning: false)
    }

    private func leave(_ share: Share) {
        let isAnyoneWaiting = state.withLock { state in
            state.places.leave(share)
            return state.places.isAnyoneWaiting
        }
        guard isAnyoneWaiting else { return }
        let now = ContinuousClock.now - beginning
        let woken = state.withLock { state in
            var woken: [(CheckedContinuation<Bool, Never>, Bool)] = []
            while let next = state.places.next(at: now) {
                if let continuation = state.decide(next.number, next.enters) {
                    woken.append((continuation, next.enters))
                }
            }
            return woken
        }
        for (continuation, enters) in woken { continuation.resume(returning: enters) }
    }
}
