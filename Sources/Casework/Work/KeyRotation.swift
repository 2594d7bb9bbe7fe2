import Catalogue
public import Storage

// Changing the sealing key while servers work: docs/decisions/0021-key-rotation.md

/// Why a key isn't changed or given up.
public enum KeyRefusal: Error, Sendable {
    /// Servers that can't open with the new key yet.
    case unknown(to: [KeyHolderNote])
    /// Servers that still write with another key.
    case unlike([KeyHolderNote])
    /// It is the key that is written with.
    case isCurrent
    /// Rows are sealed with it.
    case used(rows: Int)
    /// The change was a moment ago: whoever began before it may still write.
    case tooSoon(seconds: Int)
}

extension Casework {
    /// Seconds after a change until the key before may be given up: a command that takes long writes with the key it
    /// began with.
    private static let graceSeconds: Int64 = 3600

    /// The keys of this process.
    public var keys: KeyHolder { vault.keys }

    /// Takes the key that the database says new rows are sealed with; false where this process hasn't got it.
    public func followKey() async throws -> Bool {
        guard let current = try await engine.read({ try SealingStore.current($0) }) else { return true }
        return current.key == keys.writes || keys.write(with: current.key)
    }

    /// Says that this process works, and with which keys.
    public func noteKeys(id: String, machine: String, works: Bool) async throws {
        let note = KeyHolderNote(
            id: id,
            machine: machine,
            known: keys.known,
            writes: keys.writes,
            works: works,
            seenAt: clock()
        )
        try await engine.write { try SealingStore.note(note, $0) }
    }

    /// This process ends in order.
    public func forgetKeys(id: String) async throws {
        try await engine.write { try SealingStore.forget(id, $0) }
    }

    /// The servers that work now.
    public func keyHolders() async throws -> [KeyHolderNote] {
        let now = clock()
        return try await engine.read { try SealingStore.holders(now: now, $0) }
    }

    /// All servers seal new rows with this key from now on, and old rows are sealed anew in the background.
    ///
    /// Said again for the same key it goes on with what was interrupted.
    ///
    /// - Throws: ``KeyRefusal`` where a server can't open with the key yet.
    public func rotate(to key: UInt32) async throws {
        let (now, resealing, jobs) = (clock(), Resealing(vault), jobs)
        guard keys.write(with: key) else { throw KeyRefusal.unknown(to: []) }
        try await engine.write { connection in
            let without = try SealingStore.holders(now: now, connection).filter { !$0.known.contains(key) }
            guard without.isEmpty else { throw KeyRefusal.unknown(to: without) }
            if try SealingStore.current(connection)?.key != key {
                try SealingStore.setCurrent(key, at: now, connection)
            }
            try resealing.begin(key, connection)
            try jobs.put(kind: JobKind.reseal.name, name: "reseal-\(key)-\(now.seconds)", due: now, connection)
        }
    }

    /// How far old rows have been sealed anew.
    public func resealed() async throws -> [Resealing.Progress] {
        let resealing = Resealing(vault)
        return try await engine.read { try resealing.progress($0) }
    }

    /// Seals old rows anew for so long; false where all is done.
    public func reseal(for time: Duration) async throws -> Bool {
        let (resealing, end) = (Resealing(vault), ContinuousClock.now + time)
        guard try await followKey() else { throw StorageFailure.unreadable("key") }
        while try await resealing.step(engine, at: clock()) {
            try Task.checkCancellation()
            guard ContinuousClock.now < end else { return true }
            // Whoever waits for the writer comes in between.
            try await Task.sleep(for: .milliseconds(2))
        }
        return false
    }

    /// How many rows of each column are sealed with which key.
    public func sealedRows() async throws -> [(part: String, key: UInt32, rows: Int)] {
        let resealing = Resealing(vault)
        return try await engine.read { try resealing.counts($0) }
    }

    /// Throws unless nothing is sealed with a key and nobody is going to.
    ///
    /// - Parameters:
    ///   - key: the key that is to be given up.
    ///   - isSoon: whether the hour after the change needn't have passed.
    /// - Throws: ``KeyRefusal``.
    public func refuseUsed(_ key: UInt32, isSoon: Bool) async throws {
        let (now, resealing) = (clock(), Resealing(vault))
        let current = try await engine.read { try SealingStore.current($0) }
        let writes = current?.key ?? keys.writes
        guard key != writes else { throw KeyRefusal.isCurrent }
        let others = try await keyHolders().filter { $0.writes != writes }
        guard others.isEmpty else { throw KeyRefusal.unlike(others) }
        let age = now.seconds - (current?.since.seconds ?? now.seconds)
        guard isSoon || age >= Self.graceSeconds else {
            throw KeyRefusal.tooSoon(seconds: Int(Self.graceSeconds - age))
        }
        let rows = try await engine.read { try resealing.rows(sealedWith: key, $0) }
        guard rows == 0 else { throw KeyRefusal.used(rows: rows) }
    }
}

extension JobKind {
    /// Seals old rows anew after a change of the key; each job a few minutes, so that one that dies costs little.
    public static let reseal = JobKind("reseal") { run in
        guard try await run.casework.reseal(for: .seconds(300)) else { return }
        let (jobs, now, key) = (run.casework.jobs, run.casework.clock(), run.casework.keys.writes)
        _ = try await run.casework.engine.write {
            try jobs.put(kind: "reseal", name: "reseal-\(key)-\(now.seconds)", due: now, $0)
        }
    }
}
