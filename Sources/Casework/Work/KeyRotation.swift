import Catalogue
public import Storage

// Changing the sealing key while servers work: docs/decisions/0021-key-rotation.md

extension Casework {
    /// Seconds after a change until the key before may be given up: a command that takes long writes with the key it
    /// began with.
    private static let graceSeconds: Int64 = 3600

    /// The keys of this process.
    public var keys: KeyHolder { vault.keys }

    /// Takes the key that the database says new rows are sealed with.
    ///
    /// - Returns: false where this process hasn't got it, or has another one under its number.
    public func followKey() async throws -> Bool {
        guard let current = try await engine.read({ try SealingStore.current($0) }) else { return true }
        return keys.follow(current)
    }

    /// The key that new rows are sealed with, and the servers that have it; nil where it was never changed.
    public func keyInUse() async throws -> (key: WritingKey, servers: [KeyHolderNote])? {
        let holders = try await keyHolders()
        let current = try await engine.read { try SealingStore.current($0) }
        return current.map { ($0, KeyAgreement.having($0, holders)) }
    }

    /// Says that this process works, and with which keys.
    ///
    /// - Parameters:
    ///   - id: the process.
    ///   - machine: its name.
    ///   - works: whether it does background work.
    ///   - refusesFile: whether it couldn't take the key file that lies in its place.
    /// - Throws: what the engine throws.
    public func noteKeys(id: String, machine: String, works: Bool, refusesFile: Bool = false) async throws {
        let note = KeyHolderNote(
            id: id,
            machine: machine,
            known: keys.known,
            fingerprints: keys.fingerprints,
            writes: keys.writes,
            works: works,
            refusesFile: refusesFile,
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
    /// - Throws: ``KeyRefusal`` where a server can't open with this very key yet, or the file here isn't the one that
    ///   the rows are sealed with.
    public func rotate(to key: UInt32) async throws {
        let (now, resealing, jobs, before, fingerprints) = (
            clock(), Resealing(vault), jobs, keys.writes, keys.fingerprints
        )
        try await engine.read { connection in
            let holders = try SealingStore.holders(now: now, connection)
            let agreement = KeyAgreement(fingerprints: fingerprints, holders: holders)
            if let current = try SealingStore.current(connection) { try agreement.refuseOther(than: current) }
            guard try resealing.opensSome(connection) else { throw KeyRefusal.closed([]) }
        }
        guard let fingerprint = fingerprints[key], keys.write(with: key) else { throw KeyRefusal.unknown(to: []) }
        do {
            try await engine.write { connection in
                let holders = try SealingStore.holders(now: now, connection)
                let agreement = KeyAgreement(fingerprints: fingerprints, holders: holders)
                let current = try SealingStore.current(connection)
                if let current { try agreement.refuseOther(than: current) }
                try agreement.refuseDifferent()
                try agreement.refuse(KeyRefusal.unknown) { $0.fingerprints?[key] == nil }
                // A program of before named the number only.
                if current?.number != key || current?.fingerprint == nil {
                    let since = current.flatMap { $0.number == key ? $0.since : nil } ?? now
                    let writing = WritingKey(number: key, fingerprint: fingerprint, since: since)
                    try SealingStore.setCurrent(writing, connection)
                }
                try resealing.begin(key, connection)
                try jobs.put(kind: JobKind.reseal.name, name: "reseal-\(key)-\(now.seconds)", due: now, connection)
            }
        } catch {
            _ = keys.write(with: before)
            throw error
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

    /// Throws unless nothing is sealed with a key, nobody is going to, and everything opens without it.
    ///
    /// - Parameters:
    ///   - key: the key that is to be given up.
    ///   - rest: the file that is left without it.
    ///   - isSoon: whether the hour after the change needn't have passed.
    /// - Throws: ``KeyRefusal``.
    public func refuseUsed(_ key: UInt32, leaving rest: KeyRing, isSoon: Bool) async throws {
        let (now, resealing) = (clock(), Resealing(Vault(rest)))
        let current = try await engine.read { try SealingStore.current($0) }
        let writes = current?.number ?? keys.writes
        guard key != writes else { throw KeyRefusal.isCurrent }
        let agreement = KeyAgreement(fingerprints: rest.fingerprints, holders: try await keyHolders())
        if let current { try agreement.refuseOther(than: current) }
        try agreement.refuseDifferent()
        try agreement.refuse(KeyRefusal.unlike) { $0.writes != writes || $0.fingerprints?[writes] == nil }
        let age = now.seconds - (current?.since.seconds ?? now.seconds)
        guard isSoon || age >= Self.graceSeconds else {
            throw KeyRefusal.tooSoon(seconds: Int(Self.graceSeconds - age))
        }
        let (rows, closed) = try await engine.read { connection in
            let counts = try resealing.counts(connection)
            return (
                counts.filter { $0.key == key }.reduce(0) { $0 + $1.rows }, try resealing.closed(counts, connection)
            )
        }
        guard rows == 0 else { throw KeyRefusal.used(rows: rows) }
        guard closed.isEmpty else { throw KeyRefusal.closed(closed.map { "\($0.part)（鍵 \($0.key)）" }) }
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
