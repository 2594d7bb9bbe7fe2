import CLibPQ
import Storage

/// What a session can fail with; never leaves this room.
enum SessionFailure: Error {
    /// The server refused a statement; the transaction has to be taken back.
    case refused(state: String)
    /// The connection is gone, or nobody answered in time.
    case lost
}

extension SessionFailure {
    /// Another transaction was in the way: the same again may succeed.
    ///
    /// Taken keys are among them once: who lost a race for a key finds the winner's row the second time.
    var isContention: Bool {
        guard case .refused(let state) = self else { return false }
        return switch state {
        // serialization_failure, deadlock_detected, lock_not_available, unique_violation
        case "40001", "40P01", "55P03": true
        case _ where isTaken: true
        // A table changed under a prepared statement: feature_not_supported (cached plan), undefined_function of a cache.
        case "0A000": true
        default: false
        }
    }

    /// A name or a key was taken, perhaps this very moment by another: the second time that is seen beforehand.
    var isTaken: Bool {
        guard case .refused(let state) = self else { return false }
        // unique_violation; duplicate_table and duplicate_object of two who migrate at once
        return ["23505", "42P07", "42710"].contains(state)
    }

    /// The server can't be written any more, or ends: another one may be the primary now.
    var isServerGone: Bool {
        switch self {
        case .lost: true
        // read_only_sql_transaction, and everything an ending or starting server says.
        case .refused(let state): state == "25006" || state.hasPrefix("57P") || state.hasPrefix("08")
        }
    }

    /// How the rooms above name it.
    var storage: StorageFailure {
        switch self {
        case .lost: return .unavailable
        case .refused(let state):
            switch state {
            case "23505": return .duplicate
            // disk_full, and the temporary file limit.
            case "53100", "53400": return .full
            // Contention that didn't end, statement time-out, too many connections, out of memory.
            case "40001", "40P01", "55P03", "57014", "53300", "53200", "25006": return .unavailable
            // io_error: a full disk under the log is told so, too.
            case "58030": return .unavailable
            default:
                if state.hasPrefix("57P") || state.hasPrefix("08") { return .unavailable }
                return .engine(code: Self.number(state))
            }
        }
    }

    /// A five-letter state as a number that can be read back in base 36.
    private static func number(_ state: String) -> Int {
        Int(state, radix: 36) ?? -1
    }
}
