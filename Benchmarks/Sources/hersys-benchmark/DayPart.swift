import Casework
import Demonstration
import Foundation
import Storage

/// The rows of the worst day: replayed, served, counted and verified.
struct DayPart {
    let options: Options
    let folder: URL
    let ground: Ground
    let population: Population
    /// Blocks of people at home, and of what is filed.
    let people: Range<Int>
    let filed: Range<Int>

    /// So much of each kind goes through a server of its own.
    private static let served = 0.05

    /// How many blocks a share of the day needs: a person for each health report, and reports with some to spare.
    static func blocks(_ share: Double) -> (people: Int, filed: Int) {
        let shape = DayShape(share)
        return (shape.healthReports / Population.blockSize + 1, shape.notifications * 5 / 4 / Population.blockSize + 4)
    }

    func measure() async throws -> [Row] {
        let shape = DayShape(options.day)
        Measure.say("People at home …")
        let before = Processor.seconds
        let filling = ContinuousClock.now
        let phones = try await Phones(population, people, into: ground, folder: folder)
        try ground.place.settle()
        Measure.say(
            "\(phones.count) people in \(Int(Measure.seconds(since: filling))) s, "
                + "\(Int(Processor.seconds - before)) s of processor time"
        )
        let maker = ReportMaker(population, ground.casework, alsoCentres: true)
        let day = Day(shape: shape, ground: ground, phones: phones, maker: maker, blocks: filed)
        let earlier = try await Count(ground.engine)
        let size = try await ground.size
        let left = options.server == nil ? 0 : Int(Double(shape.notifications) * Self.served)
        Processor.forgetPeak()
        Measure.say("The day …")
        let outcome = try await day.replay(leaving: left)
        var memory = Processor.peakMemory()
        var seconds = outcome.seconds
        var refused = 0
        let rest = try await day.rest(left)
        let visitors = try await Visitors(tokensFor: rest, ground.casework)
        try ground.engine.close()
        if let program = options.server, left > 0 {
            let server = try await Server(program: program, ground)
            defer { server.stop() }
            let requests = try requests(rest, visitors, phones, from: shape.healthReports - left, count: left)
            let answers = try await Load.run(port: server.port, requests)
            seconds += Double(requests.count) / answers.rate
            refused = answers.refused
            memory = max(memory, server.peakMemory)
        }
        var again = ground
        try again.reopen()
        let lost = try await Count(again.engine).missing(since: earlier, shape)
        let grown = try await again.size - size
        let verified = try await verify(again)
        try again.engine.close()
        return rows(outcome, seconds, memory, refused, lost, grown, verified)
    }

    private func requests(
        _ rest: [OneReport],
        _ visitors: Visitors,
        _ phones: Phones,
        from first: Int,
        count: Int
    ) throws -> [Request] {
        try (0..<count).flatMap { index in
            [
                try visitors.post(rest[index]),
                HealthReports.request(first + index, phones.phone(first + index)),
            ]
        }
    }

    /// Seconds of the walk along all chains, nil where something is wrong.
    private func verify(_ ground: Ground) async throws -> Double? {
        let start = ContinuousClock.now
        let found = try await CaseStore(Vault(ground.keys)).verify(ground.engine)
        Measure.say("\(found)")
        guard case .whole = found else { return nil }
        return Measure.seconds(since: start)
    }

    private func rows(
        _ outcome: Day.Outcome,
        _ seconds: Double,
        _ memory: Double,
        _ refused: Int,
        _ lost: Int,
        _ grown: Double,
        _ verified: Double?
    ) -> [Row] {
        let shape = DayShape(options.day)
        let all = Double(shape.notifications + shape.healthReports)
        let name = options.day == 1 ? "worst day" : "\(Quantity(options.day * 100, "%").text) of the worst day"
        let morning = 90 * 60 * options.day / max(outcome.morning, 0.001)
        var rows = [
            Row("\(name): notifications", Quantity(Double(shape.notifications), "")),
            Row("\(name): health reports", Quantity(Double(shape.healthReports), "")),
            Row("\(name), replayed", Quantity(seconds / 60, "minutes"), goal: options.day == 1 ? "≤ 20 minutes" : nil),
            Row("\(name): all together", Quantity(all / seconds, "/s")),
            Row("\(name): 07:00 to 08:30, how many times as fast", Quantity(morning, "×")),
            Row("\(name): a notification", outcome.filing),
            Row("\(name): a health report", outcome.reporting),
            Row("\(name): processor time for each", Quantity(outcome.processor / all * 1e6, "µs")),
            Row("\(name): peak memory", Quantity(memory, "MiB"), goal: "≤ 600 MiB"),
            Row("\(name): asked to come again, and came", Quantity(Double(refused), "")),
            Row("\(name): the database grew, for each", Quantity(grown / all, "bytes")),
            Row("\(name): missing or twice afterwards", Quantity(Double(lost), ""), goal: "0"),
        ]
        if let memory = Processor.serverMemory {
            rows.append(Row("\(name): memory of the server's processes", Quantity(memory, "MiB")))
        }
        let chain = "\(name): the chains verified"
        rows.append(Row(chain, verified.map { Quantity($0, "s") } ?? Quantity(0, "s: broken")))
        return rows
    }
}

/// What stands in a database.
private struct Count {
    let cases: Int64
    let history: Int64
    let observations: Int64

    init(_ engine: any Engine) async throws {
        (cases, history, observations) = try await engine.read { connection in
            func count(_ table: String) throws -> Int64 { try connection.number("SELECT count(*) FROM \(table)") ?? 0 }
            return (try count("cases"), try count("history"), try count("observations"))
        }
    }

    /// How many rows are too few or too many after the day.
    func missing(since earlier: Count, _ shape: DayShape) -> Int {
        let filed = Int64(shape.notifications)
        return Int(
            abs(cases - earlier.cases - filed) + abs(history - earlier.history - filed)
                + abs(observations - earlier.observations - Int64(shape.healthReports))
        )
    }
}
