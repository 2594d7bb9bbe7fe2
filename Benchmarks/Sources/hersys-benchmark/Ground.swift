import Access
import Casework
import Catalogue
import Demonstration
import Foundation
import Storage
import StorageSQLite

/// A database of the benchmark with casework on it.
struct Ground {
    let path: String
    let keyPath: String
    let engine: SQLiteEngine
    let keys: KeyRing
    let casework: Casework

    /// What all accounts share, so that a session can be opened for measuring pages.
    static let password = "hersys-benchmark-2020"

    /// Makes an empty database with the organisations of a population.
    init(folder: URL, name: String, _ population: Population) async throws {
        path = folder.appending(path: "\(name).db").path
        keyPath = folder.appending(path: "\(name).keys").path
        engine = try SQLiteEngine(path: path)
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

    static func now() -> Timestamp {
        Timestamp(seconds: Int64(Date().timeIntervalSince1970))
    }

    /// What the database takes on disk, its log included, in bytes.
    var size: Double {
        ["", "-wal"].reduce(0) { sum, ending in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + ending)
            return sum + ((attributes?[.size] as? NSNumber)?.doubleValue ?? 0)
        }
    }
}

/// Fills a database with a demonstration's cases, as `hersys demo` does.
struct Filling {
    private let population: Population
    private let loader: Loader
    private let accounts: [String: Int64]
    private let names: [String: String]
    private let numbers: Range<Int64>
    private let blocks: Range<Int>

    /// Gets ready to store some of a population's blocks.
    init(_ population: Population, _ blocks: Range<Int>, into ground: Ground) async throws {
        self.population = population
        self.blocks = blocks
        loader = try await Loader(ground.casework)
        accounts = try await loader.load(
            accounts: population.accounts.map { ($0.login, $0.name, $0.organisation, $0.phone) },
            password: Ground.password
        )
        names = Dictionary(population.accounts.map { ($0.login, $0.name) }, uniquingKeysWith: { first, _ in first })
        numbers = try await loader.allocate(blocks.count * Population.blockSize)
    }

    /// Who calls for a login.
    func caller(_ login: String, _ population: Population) -> Caller? {
        guard let account = population.accounts.first(where: { $0.login == login }),
            let organisation = population.organisations.first(where: { $0.key == account.organisation })
        else { return nil }
        return Caller(
            Viewer(organisation: organisation, account: accounts[login] ?? 0, name: account.name),
            through: .page,
            address: "127.0.0.1"
        )
    }

    /// Stores the blocks: the next is made on one core while the engine stores the one before on the other.
    func fill() async throws {
        var ready = try make(blocks.lowerBound)
        for index in blocks {
            async let next = make(index + 1)
            try await loader.store(ready)
            ready = try await next
            let done = index + 1 - blocks.lowerBound
            if done % 100 == 0 { Measure.say("\(done * Population.blockSize) cases") }
        }
    }

    private func make(_ index: Int) throws -> [CaseStore.Prepared] {
        guard blocks.contains(index) else { return [] }
        let begin = index * Population.blockSize
        let first = numbers.lowerBound + Int64((index - blocks.lowerBound) * Population.blockSize)
        let ids = try (0..<Population.blockSize).map { try loader.number(first + Int64($0)) }
        let made = population.block(index) { ids[$0 - begin] }
        return try loader.prepare(
            made.map { one in
                LoadedCase(
                    file: one.file,
                    steps: one.steps.map { step in
                        LoadedStep(
                            at: step.at,
                            account: accounts[step.account] ?? 0,
                            actor: names[step.account] ?? "",
                            organisation: step.organisation,
                            action: step.action,
                            reason: step.reason
                        )
                    }
                )
            },
            from: first
        )
    }
}
