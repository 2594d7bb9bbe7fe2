import Crypto
import Synchronization

/// The keys as a process holds them: all vaults of the process share them, and they change while it works.
///
/// With which key new rows are sealed stands in the database, for all servers alike; every server has its own copy of
/// the key file. docs/decisions/0021-key-rotation.md
public final class KeyHolder: Sendable {
    private struct State {
        var ring: KeyRing
        var writes: UInt32
        /// With which key the database said last that all write.
        var told: WritingKey?

        /// Whether a file may put another key in the place of the one with this number.
        ///
        /// A key that something may be sealed with stays, and if this process were the last that has it. One that
        /// nobody has written with yet gives way, and so does one in whose place the database names the file's.
        func mayReplace(_ number: UInt32, _ ring: KeyRing) -> Bool {
            guard number > writes else { return false }
            guard let told, number <= told.number else { return true }
            return number == told.number && told.fingerprint == ring.fingerprints[number]
        }
    }

    private let state: Mutex<State>

    /// Holds a ring, and writes with the key that its file names.
    init(_ ring: KeyRing) {
        state = Mutex(State(ring: ring, writes: ring.current))
    }

    /// The numbers of the keys that can open, smallest first.
    public var known: [UInt32] { state.withLock { $0.ring.known } }

    /// What tells each key from another one of the same number.
    public var fingerprints: [UInt32: String] { state.withLock { $0.ring.fingerprints } }

    /// The number of the key that new rows are sealed with.
    public var writes: UInt32 { state.withLock { $0.writes } }

    /// Takes over a file that was read anew.
    ///
    /// - Returns: false where it is another installation's, lacks the key that is written with, or has another key under
    ///   the number of one that is used: nothing changes.
    public func take(_ ring: KeyRing) -> Bool {
        state.withLock { state in
            guard ring.isOfSameInstallation(state.ring), ring.sealing[state.writes] != nil,
                state.ring.unlike(ring).allSatisfy({ state.mayReplace($0, ring) })
            else { return false }
            state.ring = ring
            return true
        }
    }

    /// Seals with another key from now on; false where it isn't there.
    public func write(with number: UInt32) -> Bool {
        state.withLock { state in
            guard state.ring.sealing[number] != nil else { return false }
            state.writes = number
            return true
        }
    }

    /// Seals with the key that the database names from now on; false where it isn't there, or another one has its number.
    public func follow(_ key: WritingKey) -> Bool {
        state.withLock { state in
            state.told = key
            guard let own = state.ring.fingerprints[key.number], key.fingerprint ?? own == own else { return false }
            state.writes = key.number
            return true
        }
    }

    func sealingKey() throws -> (number: UInt32, key: SymmetricKey) {
        let found = state.withLock { state in state.ring.sealing[state.writes].map { (state.writes, $0) } }
        guard let found else { throw StorageFailure.unreadable("key") }
        return found
    }

    func key(_ number: UInt32) -> SymmetricKey? {
        state.withLock { $0.ring.sealing[number] }
    }
}
