import Access
import Catalogue
import Foundation
import Storage
import TestSupport
import Testing

/// A database of its own for each test, with keys.
final class TestDatabase: Sendable {
    let database: TemporaryDatabase
    let ring = KeyRing.generate()
    let vault: Vault

    var engine: any Engine { database.engine }

    init(isEmpty: Bool = false) async throws {
        vault = Vault(ring)
        database = try await TemporaryDatabase(isEmpty: isEmpty)
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
