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
    }

    private let state: Mutex<State>

    /// Holds a ring, and writes with the key that its file names.
    init(_ ring: KeyRing) {
        state = Mutex(State(ring: ring, writes: ring.current))
    }

    /// The numbers of the keys that can open, smallest first.
    public var known: [UInt32] { state.withLock { $0.ring.known } }

    /// The number of the key that new rows are sealed with.
    public var writes: UInt32 { state.withLock { $0.writes } }

    /// Takes over a file that was read anew.
    ///
    /// - Returns: false where it is another installation's, or lacks the key that is written with: nothing changes.
    public func take(_ ring: KeyRing) -> Bool {
        state.withLock { state in
            guard ring.isOfSameInstallation(state.ring), ring.sealing[state.writes] != nil else { return false }
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

    func sealingKey() throws -> (number: UInt32, key: SymmetricKey) {
        let found = state.withLock { state in state.ring.sealing[state.writes].map { (state.writes, $0) } }
        guard let found else { throw StorageFailure.unreadable("key") }
        return found
    }

    func key(_ number: UInt32) -> SymmetricKey? {
        state.withLock { $0.ring.sealing[number] }
    }
}
