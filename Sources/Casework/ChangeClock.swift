import Catalogue
import Synchronization

/// The time that changes are written with: it never goes back, even where the machine's clock does.
///
/// Whoever asks for what has changed since the newest change they know has to hear of every later one. A clock that is
/// set back is followed only as far as that allows; other servers' changes count within a minute.
final class ChangeClock: Sendable {
    private let latest = Mutex(Timestamp(seconds: 0))

    /// A clock that was this far ahead was wrong: its times are not waited for.
    private static let mostAhead: Int64 = 86_400

    /// The time of a change that happens now.
    func time(_ now: Timestamp) -> Timestamp {
        latest.withLock { latest in
            if latest.seconds - now.seconds > Self.mostAhead { latest = now }
            latest = max(latest, now)
            return latest
        }
    }

    /// Learns the newest change in the database.
    func learn(_ newest: Timestamp, now: Timestamp) {
        guard newest.seconds - now.seconds <= Self.mostAhead else { return }
        latest.withLock { $0 = max($0, newest) }
    }
}
