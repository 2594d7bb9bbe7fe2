import Casework
import Catalogue
import Demonstration
import Foundation
import Storage

/// All parts on one engine.
struct EngineBenchmark {
    private let options: Options
    private let kind: EngineKind
    private let folder: URL
    private let population: Population
    private let blocks: Blocks
    private var rows: [Row] = []

    /// Cases of the small database that latencies are compared with.
    private static let small = 10_000
    private static let staff = [("health centre", "shinjuku-hc"), ("headquarters", "tokyo-hq")]

    /// Which of the population's blocks are for what.
    private struct Blocks {
        /// Those new reports are taken from, and people at home for the server.
        let kept = 0..<40
        static let people = 0..<10
        let loaded: Range<Int>
        let people: Range<Int>
        let filed: Range<Int>

        init(_ options: Options) {
            loaded = kept.upperBound..<kept.upperBound + options.cases / Population.blockSize
            let day = options.parts.contains(.day) ? DayPart.blocks(options.day) : (0, 0)
            people = loaded.upperBound..<loaded.upperBound + day.0
            filed = people.upperBound..<people.upperBound + day.1
        }
    }

    init(_ options: Options, _ kind: EngineKind) throws {
        self.options = options
        self.kind = kind
        folder = URL(fileURLWithPath: options.folder)
            .appending(path: "run-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        blocks = Blocks(options)
        population = Self.population(blocks: blocks.filed.upperBound)
        if kind == .postgres, let folder = options.postgresFolder { Processor.count(serverIn: folder) }
    }

    private static func population(blocks: Int) -> Population {
        Population(cases: blocks * Population.blockSize, seed: 20_200_522, today: Ground.now().japanDate)
    }

    private func ground(_ name: String, _ population: Population? = nil) async throws -> Ground {
        let place = try Place(options, kind, folder: folder, name: name)
        return try await Ground(place, folder: folder, name: name, population ?? self.population)
    }

    /// Measures what was asked for.
    mutating func run() async throws -> EngineRun {
        defer { try? FileManager.default.removeItem(at: folder) }
        let load = Machine.load
        let kind = kind
        Measure.say("\(kind.rawValue) …")
        let small = options.parts.contains(.reading) ? try await readSmall() : [:]
        var ground = try await ground("filled")
        defer { ground.place.remove() }
        let version = try await ground.engine.read { try $0.first(kind.version) { $0.text(0) } }
        let filling = try await Filling(population, blocks.loaded, into: ground)
        let empty = try await ground.size
        let seconds = try await Measure.seconds { try await filling.fill() }
        let cases = Double(blocks.loaded.count * Population.blockSize)
        rows.append(Row("loading the demonstration", Quantity(cases / seconds, "cases/s")))
        rows.append(Row("database, for each case", Quantity((try await ground.size - empty) / cases, "bytes")))
        try ground.place.settle()
        let viewers = Self.staff.compactMap { who, login in filling.caller(login, population).map { (who, $0) } }
        if options.parts.contains(.reading) { try await read(ground.casework, viewers, small) }
        if options.parts.contains(.writing) || options.parts.contains(.serving) {
            try await write(&ground, viewers.first?.1)
        }
        if options.parts.contains(.day) {
            rows += try await DayPart(
                options: options,
                folder: folder,
                ground: ground,
                population: population,
                people: blocks.people,
                filed: blocks.filed
            ).measure()
        } else {
            try ground.engine.close()
        }
        if options.parts.contains(.importing), let program = options.server { try await importFile(program) }
        if options.parts.contains(.accounts) { try await readAccounts() }
        return EngineRun(
            engine: version ?? kind.rawValue,
            loadAtStart: load,
            loadAtEnd: Machine.load,
            rows: rows
        )
    }

    /// The same lists and searches on a whole small epidemic.
    private func readSmall() async throws -> [String: Latencies] {
        guard options.cases > Self.small else { return [:] }
        let population = Self.population(blocks: Self.small / Population.blockSize)
        let ground = try await ground("small", population)
        let filling = try await Filling(population, 0..<population.blockCount, into: ground)
        try await filling.fill()
        try ground.place.settle()
        let reading = Reading(casework: ground.casework, calls: options.calls)
        var result: [String: Latencies] = [:]
        for (who, login) in Self.staff {
            guard let caller = filling.caller(login, population) else { continue }
            for (what, latencies) in try await reading.measure(caller, who) { result[what] = latencies }
        }
        try ground.remove()
        return result
    }

    private mutating func read(
        _ casework: Casework,
        _ viewers: [(who: String, caller: Caller)],
        _ small: [String: Latencies]
    ) async throws {
        Measure.say("Reading …")
        let reading = Reading(casework: casework, calls: options.calls)
        for (who, caller) in viewers {
            for (what, latencies) in try await reading.measure(caller, who) {
                rows.append(Row(what, latencies, small: small[what], goal: Reading.goal(of: what)))
            }
        }
        if let (_, caller) = viewers.first {
            rows.append(Row("cases read, 64 callers", Quantity(try await reading.throughput(caller), "/s")))
        }
        rows.append(Row("peak memory up to here", Quantity(Processor.peakMemory(), "MiB"), goal: "≤ 600 MiB"))
    }

    private mutating func write(_ ground: inout Ground, _ staff: Caller?) async throws {
        let count = options.notifications * options.rounds
        let reports = try await Reports(population, blocks.kept, count: count, ground.casework)
        Measure.say("\(reports.all.count) reports; \(reports.refused) more were refused by the form's checks")
        var limit: Double?
        if options.parts.contains(.writing) {
            Measure.say("Writing …")
            let make = self.ground
            var writing = Writing(reports, rounds: options.rounds, writers: kind.writers(options)) {
                try await make($0, nil)
            }
            rows += try await writing.measure(filled: ground)
            limit = writing.limit
            if let staff { rows += try await BulkChange(casework: ground.casework, caller: staff).measure() }
        }
        guard options.parts.contains(.serving), let program = options.server, let staff else { return }
        Measure.say("Serving …")
        let phones = try await Phones(population, Blocks.people, into: ground, folder: folder)
        let visitors = try await Visitors(ground.casework, reports, staff: staff, login: Self.staff[0].1)
        try ground.place.settle()
        try ground.engine.close()
        let server = try await Server(program: program, ground)
        defer { server.stop() }
        let serving = Serving(
            server: server,
            posts: try reports.all.map { try visitors.post($0) },
            visitors: visitors,
            phones: phones,
            calls: options.calls,
            overload: options.overload
        )
        rows += try await serving.measure(limit: limit)
        try ground.reopen()
    }

    /// One account for ten cases, against a tenth of these.
    private mutating func readAccounts() async throws {
        Measure.say("Accounts …")
        let count = options.cases / 10
        var small: Latencies?
        let few = try await ground("few-accounts")
        if let accounts = try await Accounts(few, population, count: count / 10) {
            try few.place.settle()
            small = try await accounts.session(calls: options.calls)
        }
        try few.remove()
        let many = try await ground("accounts")
        if let accounts = try await Accounts(many, population, count: count) {
            try many.place.settle()
            let session = try await accounts.session(calls: options.calls)
            rows += try await accounts.measure(session, small: small, calls: options.calls)
        }
        try many.remove()
    }

    private mutating func importFile(_ program: String) async throws {
        Measure.say("Importing …")
        let ground = try await ground("imported")
        try ground.engine.close()
        defer { ground.place.remove() }
        rows += try Importing(program: program, ground: ground, folder: folder, rows: options.rows).measure()
    }
}
