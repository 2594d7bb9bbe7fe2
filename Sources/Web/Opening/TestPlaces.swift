import Casework
import Synchronization

/// Places of the open tests of connections: anybody may run one, so an address has few of them and all have some.
///
/// What they bound is this process's own connections and bandwidth; nothing has to hold over several servers.
final class TestPlaces: Sendable {
    /// What is tested.
    enum Kind: Hashable {
        /// A large body: one at a time for an address.
        case upload
        /// An event stream of a second; an office may test several machines at once.
        case stream

        var most: (ofAddress: Int, ofAll: Int) {
            switch self {
            case .upload: (1, 8)
            case .stream: (8, 200)
            }
        }
    }

    private struct Place: Hashable {
        let kind: Kind
        let address: String
    }

    private struct Held {
        var ofAddress: [Place: Int] = [:]
        var ofAll: [Kind: Int] = [:]
    }

    private let held = Mutex(Held())

    /// Takes a place; false where an address, or all together, have as many as they may.
    func take(_ kind: Kind, _ address: String) -> Bool {
        let place = Place(kind: kind, address: SharedAddress.key(address))
        return held.withLock { held in
            guard held.ofAddress[place, default: 0] < kind.most.ofAddress,
                held.ofAll[kind, default: 0] < kind.most.ofAll
            else { return false }
            held.ofAddress[place, default: 0] += 1
            held.ofAll[kind, default: 0] += 1
            return true
        }
    }

    /// Gives a place back.
    func give(_ kind: Kind, _ address: String) {
        let place = Place(kind: kind, address: SharedAddress.key(address))
        held.withLock { held in
            let rest = (held.ofAddress[place] ?? 1) - 1
            held.ofAddress[place] = rest > 0 ? rest : nil
            held.ofAll[kind, default: 1] -= 1
        }
    }
}
