import Access
import Catalogue
import Storage
import TestSupport
import Testing

@testable import Casework

@Suite struct KeyRotationTests {
    private let now = TemporaryDatabase.now

    private func casework(_ engine: any Engine, _ ring: KeyRing, at: Timestamp? = nil) -> Casework {
        let now = at ?? now
        return Casework(engine: engine, keys: ring, passwordCost: 10) { now }
    }

    @Test func `nobody writes with a key that a server that works can't open with`() async throws {
        let database = try await TemporaryDatabase()
        let (old, new) = (KeyRing.generate(), 2 as UInt32)
        let ring = old.adding()
        let here = casework(database.engine, ring)
        let there = casework(database.engine, old)
        try await here.noteKeys(id: "here", machine: "a", works: true)
        try await there.noteKeys(id: "there", machine: "b", works: true)
        do {
            try await casework(database.engine, ring).rotate(to: new)
            Issue.record("a server hasn't got the key")
        } catch KeyRefusal.unknown(let servers) {
            #expect(servers.map(\.machine) == ["b"])
        }
        #expect(try await here.followKey() && here.keys.writes == 1)
        // The file comes to the second server, too.
        #expect(there.keys.take(ring))
        try await there.noteKeys(id: "there", machine: "b", works: true)
        try await casework(database.engine, ring).rotate(to: new)
        #expect(try await here.followKey() && here.keys.writes == 2)
        #expect(try await there.followKey() && there.keys.writes == 2)
        // Whoever comes later without it is told so.
        #expect(try await !casework(database.engine, old).followKey())
        // And a server that has been silent for a minute is gone.
        let later = casework(database.engine, ring, at: now.adding(seconds: 60))
        #expect(try await later.keyHolders().isEmpty)
    }

    @Test func `a job seals the old rows anew, and only then the key may be given up`() async throws {
        let database = try await TemporaryDatabase()
        let ring = KeyRing.generate().adding()
        let office = casework(database.engine, ring)
        try await office.engine.write { connection in
            let message = Message(at: now, kind: "sms", to: "0312345678", text: "試験")
            for _ in 0..<250 { try office.outbox.put(message, connection) }
        }
        let rest = try ring.writing(with: 2).retiring(1)
        await #expect { try await office.refuseUsed(1, leaving: rest, isSoon: true) } throws: { error in
            if case KeyRefusal.isCurrent = error { true } else { false }
        }
        try await office.noteKeys(id: "a", machine: "a", works: true)
        try await casework(database.engine, ring).rotate(to: 2)
        await #expect { try await office.refuseUsed(1, leaving: rest, isSoon: true) } throws: { error in
            if case KeyRefusal.unlike(let servers) = error { servers.count == 1 } else { false }
        }
        #expect(try await office.followKey())
        try await office.noteKeys(id: "a", machine: "a", works: true)
        await #expect { try await office.refuseUsed(1, leaving: rest, isSoon: false) } throws: { error in
            if case KeyRefusal.tooSoon = error { true } else { false }
        }
        await #expect { try await office.refuseUsed(1, leaving: rest, isSoon: true) } throws: { error in
            if case KeyRefusal.used(let rows) = error { rows == 250 } else { false }
        }
        let worker = Worker(office, schedule: .empty, pause: { .milliseconds(20) })
        async let running: Void = worker.run()
        for _ in 0..<500 {
            let progress = try await office.resealed()
            if !progress.isEmpty, progress.allSatisfy(\.isFinished) { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        worker.stop()
        await running
        try await office.refuseUsed(1, leaving: rest, isSoon: true)
        let alone = casework(database.engine, rest)
        let read = try await database.engine.read { try alone.outbox.latest(300, $0) }
        #expect(read.count == 250 && read.allSatisfy { $0.text == "試験" })
        #expect(try await office.failedJobs().isEmpty)
    }
}
