import Casework
import Demonstration
import Foundation
import Storage
import StorageSQLite

/// Notifications against the engine alone.
struct Writing {
    /// As many callers wait at a time.
    static let callers = 64
    /// As many of theirs are committed together: while half of them are, the other half files the next reports.
    ///
    /// Counted once by the system calls that wait for the disk: 29 on average.
    private static let together = 32

    let reports: Reports
    let rounds: Int
    let population: Population
    let folder: URL

    /// The median rate of the engine alone.
    private(set) var limit = 0.0

    init(_ reports: Reports, rounds: Int, _ population: Population, folder: URL) {
        self.reports = reports
        self.rounds = rounds
        self.population = population
        self.folder = folder
    }

    /// How fast something went, round by round.
    private struct Speed {
        var rates: [Double] = []
        var processor: [Double] = []

        /// Measures a round of so many.
        mutating func add(_ count: Int, _ body: () async throws -> Void) async throws {
            let before = Measure.processorSeconds
            let seconds = try await Measure.seconds(body)
            rates.append(Double(count) / seconds)
            processor.append((Measure.processorSeconds - before) / Double(count) * 1_000_000)
        }

        var rate: Quantity { Quantity(Measure.median(rates), "/s") }
        var time: Quantity { Quantity(Measure.median(processor), "µs") }

        /// How its rates stand to another's, each round by itself.
        func ratio(to other: Speed) -> Double {
            Measure.median(zip(rates, other.rates).map { $0 / $1 })
        }
    }

    mutating func measure(filled: Casework) async throws -> [Row] {
        let recorded = try await record()
        let alone = try await Ground(folder: folder, name: "alone", population)
        let fresh = try await Ground(folder: folder, name: "fresh", population)
        let commits = try await commitRate(alone)
        var (engine, empty, full) = (Speed(), Speed(), Speed())
        let size = reports.all.count / rounds
        for round in 0..<rounds {
            let part = round * size..<(round + 1) * size
            // Each round does all three, so that whatever else the machine does meets them alike.
            try await engine.add(size) {
                try await alone.engine.replay(recorded[part], together: Self.together)
            }
            try await empty.add(size) { try await notify(part, fresh.casework) }
            try await full.add(size) { try await notify(part, filled) }
        }
        limit = engine.rate.value
        try alone.engine.close()
        try fresh.engine.close()
        let count = Double(recorded.count)
        let rows = Double(recorded.reduce(0) { $0 + $1.count })
        let bytes = Double(recorded.joined().reduce(0) { $0 + $1.size })
        return [
            Row("engine alone: one row in a commit", Quantity(commits, "/s")),
            Row("a notification writes", Quantity(rows / count, "rows")),
            Row("a notification writes", Quantity(bytes / count, "bytes")),
            Row("engine alone: the rows of a notification, 32 notifications in a commit", engine.rate),
            row("notification, 64 callers, empty database", empty, engine),
            row("notification, 64 callers, filled database", full, engine),
            Row("notification: processor time", full.time, limit: engine.time, limitIs: "engine alone"),
        ]
    }

    private func row(_ what: String, _ speed: Speed, _ limit: Speed) -> Row {
        Row(
            what,
            speed.rate,
            limit: limit.rate,
            limitIs: "engine alone",
            ratio: speed.ratio(to: limit),
            goal: "ratio ≥ 0.5, ≥ 1,000/s"
        )
    }

    /// Files all reports once on a database of their own and keeps what was written.
    private func record() async throws -> [[Statement]] {
        let ground = try await Ground(folder: folder, name: "recorded", population)
        let engine = RecordingEngine(base: ground.engine)
        let casework = Casework(engine: engine, keys: ground.keys, clock: Ground.now)
        try await notify(0..<reports.all.count, casework)
        try ground.engine.close()
        return engine.recorder.transactions
    }

    /// Files reports, each of them checked, sealed, found, disclosed and durable.
    private func notify(_ part: Range<Int>, _ casework: Casework) async throws {
        let some = Array(reports.all[part])
        try await Measure.concurrently(callers: Self.callers, calls: some.count) { call in
            _ = try await casework.notify(some[call].report, by: some[call].caller)
        }
    }

    private func commitRate(_ ground: Ground) async throws -> Double {
        try await ground.engine.write { try $0.script("CREATE TABLE one_row (n BIGINT PRIMARY KEY)") }
        let seconds = try await Measure.seconds {
            for number in 0..<Int64(500) {
                _ = try await ground.engine.write { connection in
                    try connection.execute("INSERT INTO one_row (n) VALUES ($1)", [.integer(number)])
                }
            }
        }
        return 500 / seconds
    }
}

extension Statement {
    /// Bytes of its parameters.
    fileprivate var size: Int {
        parameters.reduce(0) { sum, value in
            switch value {
            case .null: sum
            case .integer: sum + 8
            case .text(let text): sum + text.utf8.count
            case .blob(let bytes): sum + bytes.count
            }
        }
    }
}
