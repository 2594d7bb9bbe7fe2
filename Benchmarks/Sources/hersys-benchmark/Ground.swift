import Access
import Casework
import Catalogue
import Demonstration
import Foundation
import Storage

/// A database of the benchmark with casework on it.
struct Ground {
    let place: Place
    let keyPath: String
    let keys: KeyRing
    private(set) var engine: any Engine
    private(set) var casework: Casework

    /// What all accounts share, so that a session can be opened for measuring pages.
    static let password = "hersys-benchmark-2020"

    /// Makes an empty database with the organisations of a population.
    init(_ place: Place, folder: URL, name: String, _ population: Population) async throws {
        self.place = place
        keyPath = folder.appending(path: "\(name).keys").path
        try place.make()
        engine = try place.open()
        _ = try await Migrator(engine).migrate(at: Ground.now())
        keys = KeyRing.generate()
        try keys.save(path: keyPath)
        casework = Casework(engine: engine, keys: keys, clock: Self.now)
        try await Loader.load(population.organisations, into: casework)
        try await casework.loadPlaces(
            population.municipalities.map {
                Municipality(code: $0.code, prefecture: $0.prefecture, name: $0.name, kana: "")
            },
            []
        )
    }

    /// Opens the database again after it was closed for a server of its own.
    mutating func reopen() throws {
        engine = try place.open()
        casework = Casework(engine: engine, keys: keys, clock: Self.now)
    }

    /// Closes the database and removes it.
    func remove() throws {
        try engine.close()
        place.remove()
    }

    static func now() -> Timestamp {
        Timestamp(seconds: Int64(Date().timeIntervalSince1970))
    }

    /// What the database takes on disk, in bytes.
    var size: Double {
        get async throws { try await place.size(engine) }
    }
}
