public import Storage
import Synchronization

extension Casework {
    /// The places that a postal code names; none where the postal data isn't loaded.
    public func places(postal: String) async throws -> [PostalPlace] {
        try await engine.read { try PlaceStore.places(postal: postal, $0) }
    }

    /// All municipalities by code; they change a few times a year and are read once.
    public func municipalities() async throws -> [String: Municipality] {
        if let known = places.municipalities.withLock({ $0 }) { return known }
        let list = try await engine.read { try PlaceStore.municipalities($0) }
        let byCode = Dictionary(list.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
        if !byCode.isEmpty { places.municipalities.withLock { $0 = byCode } }
        return byCode
    }

    /// Replaces the postal places and adds municipalities (`hersys import places`).
    public func loadPlaces(_ municipalities: [Municipality], _ postal: [PostalPlace]) async throws {
        try await engine.write { connection in
            try PlaceStore.save(municipalities, connection)
            if !postal.isEmpty { try PlaceStore.replacePostalPlaces(postal, connection) }
        }
        places.municipalities.withLock { $0 = nil }
    }

    /// The latest messages: the demonstration telephone.
    public func messages() async throws -> [Message] {
        try await engine.read { try self.outbox.latest(50, $0) }
    }
}

/// Municipalities as last read.
final class PlaceCache: Sendable {
    let municipalities = Mutex<[String: Municipality]?>(nil)
}
