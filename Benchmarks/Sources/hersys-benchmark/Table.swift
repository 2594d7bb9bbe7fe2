import Foundation

/// A number with its unit.
struct Quantity: Codable {
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
        let digits = value >= 100 || value == value.rounded() ? 0 : value >= 10 ? 1 : 2
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
struct Row: Codable {
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
    /// Latencies by percentile, for the picture.
    var curve: [Latencies.Point]?

    /// A row of latencies, compared with those of a small database.
    init(
        _ what: String,
        _ latencies: Latencies,
        small: Latencies? = nil,
        smallIs: String = "10,000 cases",
        goal: String? = nil
    ) {
        self.what = what
        figure = latencies.quantities
        curve = latencies.curve
        if let small {
            limit = small.quantities.filter { ["p50", "p99", "cpu"].contains($0.name) }
            limitIs = smallIs
            // Of the processor times: a p99 is mostly what else the machine does.
            if let time = latencies.processor, let other = small.processor, other > 0 { ratio = time / other }
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

    /// What stands in the table of one engine.
    var text: String {
        var text = figure.map(\.text).joined(separator: ", ")
        if let ratio { text += "<br>ratio \(String(format: "%.2f", ratio))" }
        if !limit.isEmpty {
            text += "\(ratio == nil ? "<br>" : " to ")\(limit.map(\.text).joined(separator: ", "))"
            if let limitIs { text += " (\(limitIs))" }
        }
        return text
    }
}

/// The rows of one engine.
struct EngineRun: Codable {
    /// Its name and version.
    let engine: String
    /// Whatever else ran: with more than a little, the figures are too low.
    let loadAtStart: Double
    let loadAtEnd: Double
    let rows: [Row]

    subscript(what: String) -> Row? { rows.first { $0.what == what } }
}

/// The figures of a run with where, when and on what it ran.
struct Table: Codable {
    let cases: Int
    let commit: String
    let day: String
    let machine: Machine
    var runs: [EngineRun]

    /// What stands below every picture.
    var caption: String {
        let loads = runs.map { String(format: "%.1f to %.1f", $0.loadAtStart, $0.loadAtEnd) }
        return "\(Quantity(Double(cases), "cases").text). \(machine.text), \(day), commit \(commit). "
            + "\(runs.map(\.engine).joined(separator: ", ")); load of the machine \(loads.joined(separator: ", "))."
    }

    /// Side by side, in the order of the first engine's rows.
    var markdown: String {
        var names: [String] = []
        for row in runs.flatMap(\.rows) where !names.contains(row.what) { names.append(row.what) }
        var lines = [
            caption, "", "| what | \(runs.map(\.engine).joined(separator: " | ")) | goal |",
            "| --- |\(String(repeating: " --- |", count: runs.count)) --- |",
        ]
        for name in names {
            let goal = runs.compactMap { $0[name]?.goal }.first ?? ""
            lines.append("| \(name) | \(runs.map { $0[name]?.text ?? "" }.joined(separator: " | ")) | \(goal) |")
        }
        return lines.joined(separator: "\n")
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Puts the table, the figures and the pictures into a folder.
    func record(in folder: String) throws {
        let url = URL(fileURLWithPath: folder)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        var files = ["table.md": markdown + "\n", "figures.json": json + "\n"]
        for (name, picture) in Pictures.all(self) { files["\(name).svg"] = picture }
        for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
    }
}

/// Where a run took place.
struct Machine: Codable {
    let cores: Int
    let memoryGiB: Int
    let processor: String
    let system: String

    init() {
        cores = ProcessInfo.processInfo.activeProcessorCount
        memoryGiB = Int((Double(ProcessInfo.processInfo.physicalMemory) / 1_073_741_824).rounded())
        processor = Self.line("model name", of: "/proc/cpuinfo", behind: ":")
        system = Self.line("PRETTY_NAME", of: "/etc/os-release", behind: "=")
    }

    var text: String { "\(cores) cores (\(processor)), \(memoryGiB) GiB, \(system)" }

    private static func line(_ name: String, of path: String, behind mark: Character) -> String {
        let file = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let line = file.split(separator: "\n").first { $0.hasPrefix(name) }
        let parts = line?.split(separator: mark, maxSplits: 1) ?? []
        return parts.count == 2 ? parts[1].trimmingCharacters(in: ["\"", " ", "\t"]) : "unknown"
    }

    static var load: Double {
        let file = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return file.split(separator: " ").first.flatMap { Double($0) } ?? -1
    }
}
