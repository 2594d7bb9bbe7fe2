import Access
import Catalogue
import Foundation
import Storage
import StorageSQLite
import Testing

/// A database of its own for each test, in a folder that goes with it.
final class TestDatabase: Sendable {
    let engine: any Engine
    let folder: URL
    let vault = Vault(.generate())

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("hersys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        engine = try SQLiteEngine(path: folder.appendingPathComponent("test.db").path)
        _ = try await Migrator(engine).migrate()
    }

    deinit {
        try? engine.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// A directory with these organisations.
    func directory(_ organisations: [Organisation]) async throws -> Directory {
        try await engine.write { connection in
            for organisation in organisations { try DirectoryStore.save(organisation, connection) }
            return try DirectoryStore.load(connection)
        }
    }
}

/// The same numbers for the same seed on every machine.
struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

func deed(_ action: String, at seconds: Int64 = 1_590_000_000) -> CaseStore.Deed {
    CaseStore.Deed(
        at: Timestamp(seconds: seconds),
        account: 5,
        actor: "山田",
        organisation: "hc-1",
        through: "page",
        action: action
    )
}
