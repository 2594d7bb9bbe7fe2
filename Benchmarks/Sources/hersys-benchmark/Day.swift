import Casework
import Catalogue
import Demonstration
import Foundation
import Storage
import Synchronization

/// The worst day replayed as fast as it goes, in its order: as many callers as always take the next thing each.
///
/// Making the reports that are filed is part of the time.
struct Day {
    let shape: DayShape
    let ground: Ground
    let phones: Phones
    let maker: ReportMaker
    /// The population's blocks whose reports are filed.
    let blocks: Range<Int>

    /// What the replay found.
    struct Outcome {
        let seconds: Double
        /// Seconds for what came in the morning.
        let morning: Double
        let processor: Double
        let filing: Latencies
        let reporting: Latencies
    }

    /// The day's own clock and what is next.
    private final class Hands: Sendable {
        let next = Atomic(0)
        let minute = Atomic(0)
        let morning: Mutex<(begin: ContinuousClock.Instant?, end: ContinuousClock.Instant?)> = Mutex((nil, nil))

        /// The clock when something is taken; it never goes back.
        func move(to minute: Int) {
            let before = self.minute.max(minute, ordering: .relaxed).oldValue
            guard before < minute else { return }
            if before < DayShape.morning.lowerBound, minute >= DayShape.morning.lowerBound {
                morning.withLock { $0.begin = .now }
            }
            if before < DayShape.morning.upperBound, minute >= DayShape.morning.upperBound {
                morning.withLock { $0.end = .now }
            }
            if before / 60 < minute / 60 { Measure.say("\(minute / 60):00") }
        }
    }

    /// Replays all but the last things of each kind, which are left for the server.
    func replay(leaving left: Int) async throws -> Outcome {
        let hands = Hands()
        let midnight = Timestamp(Ground.now().japanDate, hour: 0)
        let casework = Casework(engine: ground.engine, keys: ground.keys) {
            midnight.adding(seconds: Int64(hands.minute.load(ordering: .relaxed) * 60))
        }
        let supply = Supply(maker, blocks)
        let (filing, reporting) = (SharedLatencies(), SharedLatencies())
        let (shape, phones) = (shape, phones)
        let before = Processor.seconds
        let start = ContinuousClock.now
        try await Measure.concurrently(callers: Writing.callers, calls: Writing.callers) { _ in
            while true {
                let index = hands.next.add(1, ordering: .relaxed).oldValue
                if index >= shape.count { return }
                let event = shape[index]
                hands.move(to: event.minute)
                if event.isNotification {
                    if event.ordinal >= shape.notifications - left { continue }
                    let one = try await supply.next()
                    let start = ContinuousClock.now
                    _ = try await casework.notify(one.report, by: one.caller)
                    filing.record(Measure.seconds(since: start))
                } else {
                    if event.ordinal >= shape.healthReports - left { continue }
                    let phone = phones.phone(event.ordinal)
                    let report = HealthReport(
                        items: HealthReports.items(event.ordinal),
                        form: "benchmark\(event.ordinal)",
                        keepsWarnings: true
                    )
                    let start = ContinuousClock.now
                    _ = try await casework.reportHealth(phone.secret, device: phone.device, report)
                    reporting.record(Measure.seconds(since: start))
                }
            }
        }
        let (begin, end) = hands.morning.withLock { $0 }
        return Outcome(
            seconds: Measure.seconds(since: start),
            morning: Measure.seconds(since: begin ?? start) - Measure.seconds(since: end ?? .now),
            processor: Processor.seconds - before,
            filing: filing.value,
            reporting: reporting.value
        )
    }

    /// What is left of the day, over HTTP: everybody at once.
    func rest(_ count: Int) async throws -> [OneReport] {
        let supply = Supply(maker, blocks.upperBound - max(1, count / 200)..<blocks.upperBound)
        return try await supply.take(count)
    }
}

/// Reports made while others are filed: a block is ready when it is asked for.
actor Supply {  // An actor: one caller at a time takes, and waits while a block is being made.
    private let maker: ReportMaker
    private var blocks: Range<Int>
    private var ready: [OneReport] = []
    private var coming: Task<[OneReport], any Error>?

    /// Fewer reports than were asked for.
    struct Exhausted: Error {}

    init(_ maker: ReportMaker, _ blocks: Range<Int>) {
        self.maker = maker
        self.blocks = blocks
    }

    func take(_ count: Int) async throws -> [OneReport] {
        var taken: [OneReport] = []
        while taken.count < count { taken.append(try await next()) }
        return taken
    }

    func next() async throws -> OneReport {
        while true {
            if let one = ready.popLast() { return one }
            // Others may wait for the same block: whoever comes first takes it over.
            guard let block = coming ?? begin() else { throw Exhausted() }
            coming = block
            let made = try await block.value
            if coming == block {
                ready += made
                coming = begin()
            }
        }
    }

    private func begin() -> Task<[OneReport], any Error>? {
        guard let block = blocks.popFirst() else { return nil }
        let maker = maker
        return Task.detached { try await maker.make(block).reports }
    }
}
