import Catalogue
import Foundation
import Storage

/// `hersys-benchmark`: speed, size and memory as a table; it reports and never judges.
@main
struct Benchmark {
    static func main() async {
        do {
            let options = try Options(CommandLine.arguments.dropFirst())
            let table = try await table(options)
            print(options.json ? table.json : table.markdown)
            if let folder = options.record { try table.record(in: folder) }
        } catch let wrong as Options.Wrong {
            Measure.say(wrong.message)
            exit(2)
        } catch {
            Measure.say("The benchmark broke off: \(error)")
            exit(1)
        }
    }

    private static func table(_ options: Options) async throws -> Table {
        var table = Table(
            cases: options.cases,
            commit: options.commit,
            day: Ground.now().japanDate.iso,
            machine: Machine(),
            runs: []
        )
        if options.engines.count == 1, let kind = options.engines.first {
            var benchmark = try EngineBenchmark(options, kind)
            table.runs = [try await benchmark.run()]
        } else {
            // A process for each: the memory of one isn't counted for the other.
            for kind in options.engines { table.runs += try await apart(kind, options) }
        }
        return table
    }

    struct Broken: Error {
        let engine: String
    }

    private static func apart(_ kind: EngineKind, _ options: Options) async throws -> [EngineRun] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = options.arguments + ["--engine", kind.rawValue, "--json", "--no-record"]
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Broken(engine: kind.rawValue) }
        return try JSONDecoder().decode(Table.self, from: data).runs
    }
}
