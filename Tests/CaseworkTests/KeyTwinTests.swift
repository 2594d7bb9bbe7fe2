import Catalogue
import Storage
import TestSupport
import Testing

@testable import Casework

/// Two key files that have the same number and different bytes: somebody added a key on two machines instead of
/// copying the file.
@Suite struct KeyTwinTests {
    private let now = TemporaryDatabase.now

    private struct Twins {
        let database: TemporaryDatabase
        let old = KeyRing.generate()
        let here: KeyRing
        let there: KeyRing

        init() async throws {
            database = try await TemporaryDatabase()
            (here, there) = (old.adding(), old.adding())
        }

        func casework(_ ring: KeyRing) -> Casework {
            Casework(engine: database.engine, keys: ring, passwordCost: 10) { TemporaryDatabase.now }
        }

        func put(_ count: Int, _ office: Casework) async throws {
            try await database.engine.write { connection in
                let message = Message(at: TemporaryDatabase.now, kind: "sms", to: "0312345678", text: "試験")
                for _ in 0..<count { try office.outbox.put(message, connection) }
            }
        }

        func seal(_ office: Casework) async throws {
            while try await office.reseal(for: .seconds(5)) {}
        }
    }

    /// A refusal in a word, with the machines that it names.
    private func refused(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "-"
        } catch let refusal as KeyRefusal {
            func names(_ servers: [KeyHolderNote]) -> String { servers.map(\.machine).joined(separator: " ") }
            return switch refusal {
            case .unknown(let servers): "unknown \(names(servers))"
            case .different(let servers): "different \(names(servers))"
            case .refusing(let servers): "refusing \(names(servers))"
            case .outdated(let servers): "outdated \(names(servers))"
            case .notOurs(let number, let servers): "not ours \(number) \(names(servers))"
            case .closed(let parts): "closed \(parts.joined(separator: " "))"
            case .unlike(let servers): "unlike \(names(servers))"
            case .isCurrent: "current"
            case .used: "used"
            case .tooSoon: "too soon"
            }
        } catch {
            return "\(type(of: error))"
        }
    }

    @Test func `nobody writes with a key whose number is another key's elsewhere`() async throws {
        let twins = try await Twins()
        let (here, there) = (twins.casework(twins.here), twins.casework(twins.there))
        try await here.noteKeys(id: "here", machine: "a", works: true)
        try await there.noteKeys(id: "there", machine: "b", works: true)
        #expect(await refused { try await twins.casework(twins.here).rotate(to: 2) } == "different b")
        #expect(await refused { try await twins.casework(twins.there).rotate(to: 2) } == "different a")
        #expect(try await here.followKey() && here.keys.writes == 1)
        // The file is copied: the server takes it, for nobody has written with its own.
        #expect(there.keys.take(twins.here))
        try await there.noteKeys(id: "there", machine: "b", works: true)
        try await twins.casework(twins.here).rotate(to: 2)
        #expect(try await there.followKey() && there.keys.writes == 2)
    }

    @Test func `the database names the key itself, and whoever has another one of its number is told where it is`()
        async throws
    {
        let twins = try await Twins()
        try await twins.put(3, twins.casework(twins.old))
        let there = twins.casework(twins.there)
        try await there.rotate(to: 2)
        try await twins.seal(there)
        try await there.noteKeys(id: "there", machine: "b", works: true)
        // Nobody works at the other machine: its command sees by the database alone.
        let here = twins.casework(twins.here)
        #expect(try await !here.followKey() && here.keys.writes == 1)
        let inUse = try #require(try await here.keyInUse())
        #expect(inUse.key.fingerprint == twins.there.fingerprints[2] && inUse.servers.map(\.machine) == ["b"])
        #expect(await refused { try await here.rotate(to: 2) } == "not ours 2 b")
        let rest = try twins.here.writing(with: 2).retiring(1)
        #expect(await refused { try await here.refuseUsed(1, leaving: rest, isSoon: true) } == "not ours 2 b")
        // Whoever has the key in use gives it away for no file, and whoever hasn't takes it.
        #expect(!there.keys.take(twins.here))
        #expect(there.keys.fingerprints == twins.there.fingerprints)
        #expect(here.keys.take(twins.there))
        #expect(try await here.followKey() && here.keys.writes == 2)
    }

    @Test func `no key is given up while a server has another one of its number or can't take its file`()
        async throws
    {
        let twins = try await Twins()
        let here = twins.casework(twins.here)
        try await twins.put(3, twins.casework(twins.old))
        try await here.rotate(to: 2)
        try await twins.seal(here)
        let rest = try twins.here.writing(with: 2).retiring(1)
        func retire() async -> String {
            await refused { try await here.refuseUsed(1, leaving: rest, isSoon: true) }
        }
        // Came with its own key after the change, and stayed with the old one.
        let there = twins.casework(twins.there)
        #expect(try await !there.followKey())
        try await there.noteKeys(id: "there", machine: "b", works: true)
        #expect(await retire() == "different b")
        #expect(there.keys.take(twins.here))
        #expect(try await there.followKey())
        try await there.noteKeys(id: "there", machine: "b", works: true, refusesFile: true)
        #expect(await retire() == "refusing b")
        try await there.noteKeys(id: "there", machine: "b", works: true)
        #expect(await retire() == "-")
    }

    @Test func `a file that doesn't open what is stored is neither written with nor left alone`() async throws {
        let twins = try await Twins()
        try await twins.put(12, twins.casework(twins.old))
        let there = twins.casework(twins.there)
        try await there.rotate(to: 2)
        try await twins.seal(there)
        // A program of before named the number only.
        try await twins.database.engine.write { _ = try $0.execute("UPDATE sealing SET fingerprint = NULL", []) }
        let here = twins.casework(twins.here)
        #expect(try await here.followKey(), "nothing tells the two apart")
        let rest = try twins.here.writing(with: 2).retiring(1)
        let told = await refused { try await here.refuseUsed(1, leaving: rest, isSoon: true) }
        #expect(told.hasPrefix("closed ") && told.contains("outbox.sealed（鍵 2）"), "\(told)")
        #expect(await refused { try await here.rotate(to: 2) } == "closed ")
        // One damaged row says nothing of the key.
        try await twins.database.engine.write {
            _ = try $0.execute("UPDATE outbox SET at = at + 1 WHERE id = (SELECT min(id) FROM outbox)", [])
        }
        let right = try twins.there.writing(with: 2).retiring(1)
        try await there.refuseUsed(1, leaving: right, isSoon: true)
        // Said again, the database knows the key.
        try await there.rotate(to: 2)
        #expect(try await there.keyInUse()?.key.fingerprint == twins.there.fingerprints[2])
        #expect(try await there.keyInUse()?.key.since == now)
    }

    @Test func `a server of the version before is taken for one that knows nothing, and its change for a number only`()
        async throws
    {
        let twins = try await Twins()
        let here = twins.casework(twins.here)
        try await here.rotate(to: 2)
        try await twins.seal(here)
        let seen = now.seconds
        try await twins.database.engine.write { connection in
            _ = try connection.execute(
                """
                INSERT INTO key_holders (id, machine, seen_at, known, writes_with, works)
                VALUES ('x', 'old', $1, '1,2', 2, 1)
                """,
                [.integer(seen)]
            )
        }
        let rest = try twins.here.writing(with: 2).retiring(1)
        #expect(await refused { try await here.rotate(to: 2) } == "outdated old")
        #expect(await refused { try await here.refuseUsed(1, leaving: rest, isSoon: true) } == "outdated old")
        // It changes to key 3 and leaves the fingerprint of key 2 in the row.
        try await twins.database.engine.write { _ = try $0.execute("UPDATE sealing SET writes_with = 3", []) }
        let more = twins.casework(twins.here.adding())
        #expect(try await more.followKey() && more.keys.writes == 3)
    }

    @Test func `no number is given twice, not even that of a key that was never used`() throws {
        let ring = KeyRing.generate().adding()
        #expect(try ring.retiring(2).adding().known == [1, 3])
        #expect(try ring.retiring(2).writing(with: 1).adding().retiring(3).adding().known == [1, 4])
        let two = (KeyRing.generate().fingerprints, KeyRing.generate().fingerprints)
        #expect(two.0[1]?.count == 16 && two.0[1] != two.1[1])
    }
}
