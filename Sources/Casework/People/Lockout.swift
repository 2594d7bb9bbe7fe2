import Catalogue
import Storage

extension Casework {
    /// Refuses while one of the keys is locked.
    func refuseThrottled(_ keys: [[UInt8]], _ now: Timestamp) async throws {
        let until = try await engine.read { connection in
            try keys.map { try SessionStore.throttle(key: $0, connection).lockedUntil }.max() ?? now
        }
        if until > now { throw Refusal.tooMany(seconds: Int(until.seconds - now.seconds)) }
    }

    /// Counts a failure; beyond the free ones each doubles the wait, from half a minute to the longest, an hour.
    ///
    /// A day without failures forgives a user ID; an address, which a whole office shares, is forgiven one failure
    /// for each `forgiving` quiet seconds.
    static func countFailure(
        _ key: [UInt8],
        free: Int,
        forgiving: Int64? = nil,
        longest: Int64 = 3600,
        _ now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        let (before, lockedUntil) = try SessionStore.throttle(key: key, connection)
        let quiet = max(0, now.seconds - lockedUntil.seconds)
        let kept =
            if let forgiving { max(0, before - Int(min(quiet / forgiving, 1_000_000))) } else {
                quiet > 86_400 && lockedUntil.seconds > 0 ? 0 : before
            }
        let failures = kept + 1
        let wait: Int64 = failures <= free ? 0 : min(30 << Int64(min(failures - free - 1, 7)), longest)
        try SessionStore.setThrottle(
            key: key,
            failures: failures,
            lockedUntil: now.adding(seconds: wait),
            connection
        )
    }
}
