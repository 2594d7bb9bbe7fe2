import Foundation

/// What was asked for on the command line.
struct Options {
    /// What is measured, each on its own.
    enum Part: String, CaseIterable {
        case reading, writing, serving, accounts
        case importing = "import"
        case day
    }

    /// The engines, one after the other.
    var engines = EngineKind.allCases
    /// The server on which databases are made, as `postgres://…`.
    var postgres: String?
    /// The server's folder, by which its processes are found: their processor time counts, too.
    var postgresFolder: String?
    /// PostgreSQL's connections that write at the same time; nil for the engine's own number.
    var writers: Int?
    /// Cases in the database.
    var cases = 100_000
    /// Whether to print JSON in place of a table.
    var json = false
    /// A built `hersys`, to measure through HTTP as well.
    var server: String?
    /// Where the databases are made; they are removed afterwards.
    ///
    /// It has to be a real disk: a commit waits for it.
    var folder = "var/benchmark"
    /// Where tables, figures and pictures are put.
    var record: String?
    /// The state of the sources, for the captions.
    var commit = "unknown"
    /// Calls behind each percentile.
    var calls = 500
    /// The parts that are measured; the whole day only where it is asked for.
    var parts: Set<Part> = [.reading, .writing, .serving, .importing, .accounts]
    /// Notifications in a round, and rounds.
    var notifications = 4000
    var rounds = 3
    /// Seconds of each load beyond capacity.
    var overload = 10.0
    /// Rows of the imported file.
    var rows = 100_000
    /// How much of the worst day is replayed: 1 is all of it.
    var day = 1.0
    /// As they were given, for the processes that measure one engine each.
    private(set) var arguments: [String] = []

    /// What is wrong with the command line.
    struct Wrong: Error {
        let message: String
    }

    static let usage = """
        hersys-benchmark [--engine NAME] [--cases N] [--quick] [--json] [--server PATH] [--part NAME]…

        --engine NAME   sqlite, postgres or both (both)
        --postgres URL  the server on which databases are made
        --postgres-folder PATH   its folder: the processor time of its processes counts, too
        --writers N     PostgreSQL's connections that write at the same time (as many as hersys serve has)
        --cases N       cases in the database (100,000)
        --quick         10,000 cases, short rounds: does everything once, its figures say little
        --json          JSON in place of a Markdown table
        --record PATH   puts table.md, figures.json and pictures there
        --commit TEXT   the state of the sources, for the captions
        --server PATH   a built hersys: measures pages, the API and the import, too
        --folder PATH   where the databases are made (var/benchmark)
        --part NAME     reading, writing, serving, import, accounts or day alone; may be given again
        --day SHARE     how much of the worst day is replayed with --part day: 1 is all of it
        """

    init(_ given: some Sequence<String>) throws {
        arguments = Array(given)
        var rest = arguments[...]
        var named: Set<Part> = []
        while let argument = rest.popFirst() {
            switch argument {
            case "--engine":
                let name = rest.popFirst() ?? ""
                engines = EngineKind.allCases.filter { name == "both" || name == $0.rawValue }
                if engines.isEmpty { throw Wrong(message: Self.usage) }
            case "--writers": writers = Int(try Self.number(rest.popFirst(), of: argument, from: 1))
            case "--cases":
                cases = Int(try Self.number(rest.popFirst(), of: argument, from: 1000))
            case "--quick":
                cases = 10_000
                calls = 300
                notifications = 1000
                rounds = 1
                overload = 3
                rows = 10_000
                day = 0.01
            case "--json": json = true
            case "--part":
                guard let part = rest.popFirst().flatMap({ Part(rawValue: $0) }) else {
                    throw Wrong(message: Self.usage)
                }
                named.insert(part)
            case "--day": day = try Self.number(rest.popFirst(), of: argument, from: 0.001)
            case "--postgres": postgres = try Self.text(rest.popFirst(), of: argument)
            case "--postgres-folder": postgresFolder = try Self.text(rest.popFirst(), of: argument)
            case "--server": server = try Self.text(rest.popFirst(), of: argument)
            case "--folder": folder = try Self.text(rest.popFirst(), of: argument)
            case "--no-record": record = nil
            case "--record": record = try Self.text(rest.popFirst(), of: argument)
            case "--commit": commit = try Self.text(rest.popFirst(), of: argument)
            default: throw Wrong(message: "unknown: \(argument)\n\n\(Self.usage)")
            }
        }
        if !named.isEmpty { parts = named }
        if engines.contains(.postgres), postgres == nil {
            throw Wrong(message: "--engine postgres needs --postgres URL; script/benchmark starts a server by itself")
        }
    }

    private static func text(_ text: String?, of option: String) throws -> String {
        guard let text, !text.isEmpty else { throw Wrong(message: "\(option) takes a value") }
        return text
    }

    private static func number(_ text: String?, of option: String, from least: Double) throws -> Double {
        guard let number = text.flatMap({ Double($0) }), number >= least, number <= 1e9 else {
            throw Wrong(message: "\(option) takes a number from \(least) on")
        }
        return number
    }
}
