import Casework
import Demonstration
import Foundation
import Storage

/// Notifications against the engine alone.
struct Writing {
    /// As many callers wait at a time.
    static let callers = 64

    let reports: Reports
    let rounds: Int
    /// Connections that replay alone.
    let writers: Int
    /// Makes an empty database.
    let ground: (_ name: String) async throws -> Ground

    /// The median rate of the engine alone.
    private(set) var limit = 0.0

    init(_ reports: Reports, rounds: Int, writers: Int, ground: @escaping (String) async throws -> Ground) {
        self.reports = reports
        self.rounds = rounds
        self.writers = writers
        self.ground = ground
    }

    /// How fast something went, round by round.
    private struct Speed {
        var rates: [Double] = []
        var processor: [Double] = []
        let latencies = SharedLatencies()

        /// Measures a round of so many.
        mutating func add(_ count: Int, _ body: (SharedLatencies) async throws -> Void) async throws {
            let before = Processor.seconds
            let seconds = try await Measure.seconds { try await body(latencies) }
            rates.append(Double(count) / seconds)
            processor.append((Processor.seconds - before) / Double(count) * 1_000_000)
        }

        var rate: Quantity { Quantity(Measure.median(rates), "/s") }
        var time: Quantity { Quantity(Measure.median(processor), "µs") }

        /// How its rates stand to another's, each round by itself.
        func ratio(to other: Speed) -> Double {
            Measure.median(zip(rates, other.rates).map { $0 / $1 })
        }
    }

    mutating func measure(filled: Ground) async throws -> [Row] {
        let recorder = try await record()
        // Numbers are taken 32 at a time, by several connections at once: the waiting for each other that this costs is
        // the program's, not the engine's.
        let recorded = recorder.transactions.filter { !$0.contains { $0.sql.hasPrefix("UPDATE counters") } }
        // As many closures as are written in one commit when callers file them.
        let together = max(1, Int(recorder.together.rounded()))
        let alone = try await ground("alone")
        let fresh = try await ground("fresh")
        let commits = try await commitRate(alone)
        var (engine, empty, full) = (Speed(), Speed(), Speed())
        let size = reports.all.count / rounds
        var again = 0
        for round in 0..<rounds {
            let part = round * size..<(round + 1) * size
            let share = round * recorded.count / rounds..<(round + 1) * recorded.count / rounds
            // Each round does all three, so that whatever else the machine does meets them alike.
            try await engine.add(size) { _ in
                again += try await alone.engine.replay(recorded[share], together: together, writers: writers)
            }
            try await empty.add(size) { try await notify(part, fresh.casework, $0) }
            try await full.add(size) { try await notify(part, filled.casework, $0) }
        }
        limit = engine.rate.value
        try alone.remove()
        try fresh.remove()
        let count = Double(reports.all.count)
        let rows = Double(recorded.reduce(0) { $0 + $1.count })
        let bytes = Double(recorded.joined().reduce(0) { $0 + $1.size })
        return [
            Row("engine alone: one row in a commit", Quantity(commits, "/s")),
            Row("a notification runs", Quantity(rows / count, "statements that write")),
            Row("a notification writes", Quantity(bytes / count, "bytes")),
            Row("notifications in one commit, 64 callers", Quantity(recorder.together, "on average")),
            Row("engine alone: what notifications write, as many in a commit", engine.rate),
            Row("engine alone: commits tried again", Quantity(Double(again) * Double(together) / count * 100, "%")),
            Row("notification: closures run again", Quantity(recorder.again * 100, "%")),
            row("notification, 64 callers, empty database", empty, engine),
            row("notification, 64 callers, filled database", full, engine),
            Row("notification, 64 callers, filled database: latency", full.latencies.value),
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
    private func record() async throws -> Recorder {
        let ground = try await ground("recorded")
        let engine = RecordingEngine(base: ground.engine)
        try await notify(0..<reports.all.count, Casework(engine: engine, keys: ground.keys, clock: Ground.now), nil)
        try ground.remove()
        return engine.recorder
    }

    /// Files reports, each of them checked, sealed, found, disclosed and durable.
    private func notify(_ part: Range<Int>, _ casework: Casework, _ latencies: SharedLatencies?) async throws {
        let some = Array(reports.all[part])
        try await Measure.concurrently(callers: Self.callers, calls: some.count, noting: latencies) { call in
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
