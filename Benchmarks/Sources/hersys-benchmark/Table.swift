import Foundation

/// A number with its unit.
struct Quantity: Encodable {
    /// Which of several: `p50`, `p99`.
    var name: String?
    let value: Double
    let unit: String

    init(_ value: Double, _ unit: String, _ name: String? = nil) {
        self.value = value
        self.unit = unit
        self.name = name
    }

    var text: String {
        let digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
        var number = String(format: "%.\(digits)f", value)
        if digits == 0 {
            var place = number.count - 3
            while place > 0 {
                number.insert(",", at: number.index(number.startIndex, offsetBy: place))
                place -= 3
            }
        }
        return "\(name.map { "\($0) " } ?? "")\(number)\(unit.hasPrefix("/") ? "" : " ")\(unit)"
    }
}

/// One thing that was measured.
struct Row: Encodable {
    /// What.
    let what: String
    /// What came out.
    let figure: [Quantity]
    /// What it is compared with, measured in the same run.
    var limit: [Quantity] = []
    /// What the limit is.
    var limitIs: String?
    /// Figure : limit.
    var ratio: Double?
    /// What it should be.
    var goal: String?

    /// A row of latencies, compared with those of a small database.
    init(_ what: String, _ latencies: Latencies, small: Latencies? = nil, goal: String? = nil) {
        self.what = what
        figure = latencies.quantities
        if let small {
            limit = small.quantities
            limitIs = "10,000 cases"
            // Of the processor times: a p99 is mostly what else the machine does.
            ratio = latencies.processor / small.processor
        }
        self.goal = goal
    }

    /// A row of one number.
    init(
        _ what: String,
        _ figure: Quantity,
        limit: Quantity? = nil,
        limitIs: String? = nil,
        ratio: Double? = nil,
        goal: String? = nil
    ) {
        self.what = what
        self.figure = [figure]
        self.limit = limit.map { [$0] } ?? []
        self.limitIs = limitIs
        self.ratio = ratio ?? limit.map { figure.value / $0.value }
        self.goal = goal
    }
}

/// The rows of a run with where and on what it ran.
struct Table: Encodable {
    let cases: Int
    let machine = Machine()
    var rows: [Row] = []

    var markdown: String {
        var lines = [
            "\(Quantity(Double(cases), "cases").text). \(machine.text)", "",
            "| what | figure | limit in the same run | ratio | goal |", "| --- | --- | --- | --- | --- |",
        ]
        for row in rows {
            let figure = row.figure.map(\.text).joined(separator: ", ")
            let limit = row.limit.map(\.text).joined(separator: ", ")
            let ratio = row.ratio.map { String(format: "%.2f", $0) } ?? ""
            let named = row.limitIs.map { "\(limit) (\($0))" } ?? limit
            lines.append("| \(row.what) | \(figure) | \(named) | \(ratio) | \(row.goal ?? "") |")
        }
        return lines.joined(separator: "\n")
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// Where a run took place.
struct Machine: Encodable {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let memoryGiB = Int((Double(ProcessInfo.processInfo.physicalMemory) / 1_073_741_824).rounded())
    let system = Machine.systemName
    /// Whatever else ran: with more than a little, the figures are too low.
    let loadAtStart = Machine.load

    var text: String { "\(cores) cores, \(memoryGiB) GiB, \(system), load at the start \(loadAtStart)." }

    private static var systemName: String {
        let file = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
        let line = file.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return line?.dropFirst(12).trimmingCharacters(in: ["\""]) ?? "unknown"
    }

    private static var load: Double {
        let file = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return file.split(separator: " ").first.flatMap { Double($0) } ?? -1
    }
}
