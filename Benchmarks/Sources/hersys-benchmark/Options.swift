import Foundation

/// What was asked for on the command line.
struct Options {
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
    /// Calls behind each percentile.
    var calls = 500
    /// The one part that is measured: `reading` or `writing`, for a profiler; nil for all.
    var part: String?
    /// Notifications in a round, and rounds.
    var notifications = 4000
    var rounds = 3

    /// What is wrong with the command line.
    struct Wrong: Error {
        let message: String
    }

    static let usage = """
        hersys-benchmark [--cases N] [--quick] [--json] [--server PATH] [--folder PATH] [--part NAME]

        --cases N      cases in the database (100,000)
        --quick        10,000 cases and one short round: does everything once, its figures say little
        --json         JSON in place of a Markdown table
        --server PATH  a built hersys: measures pages and the API over HTTP, too
        --folder PATH  where the databases are made (var/benchmark)
        --part NAME    reading or writing alone, under a profiler say
        """

    init(_ arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--cases":
                guard let number = rest.popFirst().flatMap({ Int($0) }), number >= 1000 else {
                    throw Wrong(message: "--cases takes a number from 1000 on")
                }
                cases = number
            case "--quick":
                cases = 10_000
                calls = 300
                notifications = 1000
                rounds = 1
            case "--json": json = true
            case "--part":
                part = rest.popFirst()
                guard part == "reading" || part == "writing" else { throw Wrong(message: Self.usage) }
            case "--server": server = try Self.path(rest.popFirst(), of: argument)
            case "--folder": folder = try Self.path(rest.popFirst(), of: argument)
            default: throw Wrong(message: "unknown: \(argument)\n\n\(Self.usage)")
            }
        }
    }

    private static func path(_ text: String?, of option: String) throws -> String {
        guard let text, !text.isEmpty else { throw Wrong(message: "\(option) takes a path") }
        return text
    }
}
