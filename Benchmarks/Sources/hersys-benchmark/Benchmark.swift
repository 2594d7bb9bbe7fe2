import Casework
import Catalogue
import Demonstration
import Foundation
import StorageSQLite

/// `hersys-benchmark`: speed, size and memory as a table; it reports and never judges.
@main
struct Benchmark {
    private let options: Options
    private let folder: URL
    private let population: Population
    private var table: Table

    /// Blocks of the population that aren't loaded: new reports are taken from them.
    private static let kept = 0..<40
    /// Cases of the small database that latencies are compared with.
    private static let small = 10_000
    private static let staff = [("health centre", "shinjuku-hc"), ("headquarters", "tokyo-hq")]

    static func main() async {
        do {
            let options = try Options(CommandLine.arguments.dropFirst())
            var benchmark = try Benchmark(options)
            try await benchmark.run()
            print(options.json ? benchmark.table.json : benchmark.table.markdown)
        } catch let wrong as Options.Wrong {
            Measure.say(wrong.message)
            exit(2)
        } catch {
            Measure.say("The benchmark broke off: \(error)")
            exit(1)
        }
    }

    private init(_ options: Options) throws {
        self.options = options
        folder = URL(fileURLWithPath: options.folder)
            .appending(path: "run-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let blocks = options.cases / Population.blockSize
        population = Self.population(blocks: blocks + Self.kept.count)
        table = Table(cases: blocks * Population.blockSize)
    }

    private static func population(blocks: Int) -> Population {
        Population(cases: blocks * Population.blockSize, seed: 20_200_522, today: Ground.now().japanDate)
    }

    private mutating func run() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let small = options.part == "writing" ? [:] : try await readSmall()
        let ground = try await Ground(folder: folder, name: "filled", population)
        let filling = try await Filling(population, Self.kept.upperBound..<population.blockCount, into: ground)
        let empty = ground.size
        let seconds = try await Measure.seconds { try await filling.fill() }
        let cases = Double(table.cases)
        table.rows.append(Row("loading the demonstration", Quantity(cases / seconds, "cases/s")))
        table.rows.append(Row("database, for each case", Quantity((ground.size - empty) / cases, "bytes")))
        let viewers = Self.viewers(filling, population)
        if options.part != "writing" { try await read(ground.casework, viewers, small) }
        if options.part != "reading" { try await write(ground, viewers.first?.caller) }
    }

    private static func viewers(_ filling: Filling, _ population: Population) -> [(who: String, caller: Caller)] {
        staff.compactMap { who, login in filling.caller(login, population).map { (who, $0) } }
    }

    /// The same lists and searches on a whole small epidemic.
    private func readSmall() async throws -> [String: Latencies] {
        guard table.cases > Self.small else { return [:] }
        let population = Self.population(blocks: Self.small / Population.blockSize)
        let ground = try await Ground(folder: folder, name: "small", population)
        let filling = try await Filling(population, 0..<population.blockCount, into: ground)
        try await filling.fill()
        let reading = Reading(casework: ground.casework, calls: options.calls)
        var result: [String: Latencies] = [:]
        for (who, caller) in Self.viewers(filling, population) {
            for (what, latencies) in try await reading.measure(caller, who) { result[what] = latencies }
        }
        try ground.engine.close()
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
                table.rows.append(Row(what, latencies, small: small[what], goal: Reading.goal(of: what)))
            }
        }
        if let (_, caller) = viewers.first {
            table.rows.append(Row("cases read, 64 callers", Quantity(try await reading.throughput(caller), "/s")))
        }
        table.rows.append(Row("peak memory up to here", Quantity(Measure.peakMemory(), "MiB"), goal: "≤ 600 MiB"))
    }

    private mutating func write(_ ground: Ground, _ staff: Caller?) async throws {
        Measure.say("Writing …")
        let count = options.notifications * options.rounds
        let reports = try await Reports(population, Self.kept, count: count, ground.casework)
        Measure.say("\(reports.all.count) reports; \(reports.refused) more were refused by the form's checks")
        var writing = Writing(reports, rounds: options.rounds, population, folder: folder)
        table.rows += try await writing.measure(filled: ground.casework)
        guard let program = options.server, let staff else { return try ground.engine.close() }
        Measure.say("Serving …")
        let visitors = try await Visitors(ground.casework, reports, staff: staff, login: Self.staff[0].1)
        try ground.engine.close()
        let server = try await Server(program: program, database: ground.path, keys: ground.keyPath)
        defer { server.stop() }
        let serving = Serving(server: server, reports: reports, visitors: visitors, calls: options.calls)
        table.rows += try await serving.measure(limit: writing.limit)
    }
}
