import Foundation
import Storage

/// Runs writing closures on its thread's connection, those that wait together in one transaction.
///
/// What is acknowledged was committed, and what was committed is acknowledged or runs again under its own key, never
/// twice: each transaction stores a token of its own, and where the answer to a commit is lost, the token tells on the
/// next connection whether the transaction took place. See docs/decisions/0008-postgresql.md.
struct PostgresWriter {
    let address: PostgresAddress
    let queue: PostgresQueue
    let patience: Int?
    private var connection: PostgresConnection?

    /// Closures in one transaction: more would make the first wait long for the last.
    private static let mostTogether = 32
    /// Times that a closure runs while others are in its way; its caller's patience mostly ends before.
    private static let mostTries = 100

    init(address: PostgresAddress, queue: PostgresQueue, patience: Int?) {
        self.address = address
        self.queue = queue
        self.patience = patience
    }

    /// Works until the queue is closed.
    mutating func work() {
        while let jobs = queue.take(most: Self.mostTogether) { run(jobs) }
    }

    private enum Outcome {
        /// Stored; the closures' own refusals by their index.
        case stored([(any Error)?])
        /// Nothing is stored; the only closure failed.
        case failed(any Error)
        /// Nothing is stored; one of several closures failed.
        case apart
        /// Nothing is stored; the same again may succeed.
        case again(SessionFailure)
        /// Nothing is stored; the server is gone.
        case gone
        /// The answer to the commit is lost.
        case unknown(token: [UInt8], [(any Error)?])
    }

    private mutating func run(_ all: [PostgresJob]) {
        var jobs = all
        var tries = 0
        while true {
            for job in jobs where job.isOver { job.finish(StorageFailure.unavailable) }
            jobs.removeAll { $0.isOver }
            if jobs.isEmpty { return }
            if tries > 0 { PostgresPause.wait(tries) }
            tries += 1
            switch attempt(jobs) {
            case .stored(let errors):
                for (job, error) in zip(jobs, errors) { job.finish(error) }
                return
            case .failed(let error):
                for job in jobs { job.finish(error) }
                return
            case .apart:
                for job in jobs { run([job]) }
                return
            case .again(let failure):
                // Together once more, unless one of them found its key taken: that one would stop the others again.
                if jobs.count > 1, failure.isTaken || tries >= 3 {
                    for job in jobs { run([job]) }
                    return
                }
                // A key that is still taken the third time is taken; contention ends, or is a mistake of ours.
                if tries >= (failure.isTaken ? 3 : Self.mostTries) {
                    for job in jobs { job.finish(failure.storage) }
                    return
                }
            case .gone: connection = nil
            case .unknown(let token, let errors):
                connection = nil
                switch isStored(token, until: jobs.compactMap(\.deadline).max()) {
                case true?:
                    for (job, error) in zip(jobs, errors) { job.finish(error) }
                    return
                case false?: continue
                case nil:
                    for job in jobs { job.finish(StorageFailure.unavailable) }
                    return
                }
            }
        }
    }

    private mutating func attempt(_ jobs: [PostgresJob]) -> Outcome {
        if connection?.session.isAlive() != true { connection = connect() }
        guard let connection else { return .gone }
        let session = connection.session
        let token = PostgresTokens.random()
        var errors = [(any Error)?](repeating: nil, count: jobs.count)
        func outcome(_ failure: SessionFailure) -> Outcome {
            session.rollback()
            if failure.isServerGone { return .gone }
            if failure.isContention { return .again(failure) }
            return jobs.count == 1 ? .failed(failure.storage) : .apart
        }
        do {
            try connection.begin("BEGIN ISOLATION LEVEL REPEATABLE READ")
            for (index, job) in jobs.enumerated() {
                let before = connection.changes
                do {
                    try job.run(connection)
                } catch {
                    if let failure = connection.failure { return outcome(failure) }
                    errors[index] = error
                    // A closure that has only read so far leaves nothing to take back.
                    guard connection.changes > before else { continue }
                    session.rollback()
                    return jobs.count == 1 ? .failed(error) : .apart
                }
                if let failure = connection.failure { return outcome(failure) }
            }
            // Whoever asks to write and finds it done, a repeated request, hears so only when the standby has it, too:
            // the token's own commit waits for that.
            guard connection.changes > 0 || errors.contains(where: { $0 == nil }) else {
                session.end()
                return .stored(errors)
            }
            try PostgresTokens.store(token, session)
            // A time-out that struck while a commit waits for the standby would acknowledge it without the standby.
            try session.send("SET LOCAL statement_timeout = 0", [])
            try session.send("COMMIT", [])
        } catch let failure as SessionFailure {
            return outcome(failure)
        } catch {
            session.rollback()
            return .failed(error)
        }
        do {
            let result = try session.finish()
            return result.isCommit ? .stored(errors) : .again(.lost)
        } catch SessionFailure.refused(let state) {
            return outcome(.refused(state: state))
        } catch {
            return .unknown(token: token, errors)
        }
    }

    // MARK: Connecting

    /// A connection with a lane of its own: as long as it lives nobody else takes the lane.
    private func connect() -> PostgresConnection? {
        do {
            let session = try PostgresSession(address, patience: patience)
            try session.send(
                "SELECT lane FROM generate_series(1, 32767) AS lane WHERE pg_try_advisory_lock($1, lane) LIMIT 1",
                [.integer(Self.laneLocks)]
            )
            var lane: Int64?
            try session.finish().rows { lane = $0.integer(0) }
            try PostgresTokens.prepare(session)
            return lane.map { PostgresConnection(session, lane: $0) }
        } catch {
            return nil
        }
    }

    /// The class of advisory locks that lanes are.
    private static let laneLocks: Int64 = 0x4845_5253

    /// Whether the transaction of a token took place, nil where that can't be found out in time.
    private func isStored(_ token: [UInt8], until deadline: ContinuousClock.Instant?) -> Bool? {
        let last = max(deadline ?? .now, .now) + .seconds(10)
        var tries = 5
        while ContinuousClock.now < last {
            PostgresPause.wait(tries)
            tries += 1
            guard let session = try? PostgresSession(address, patience: patience ?? 60),
                let answer = try? PostgresTokens.isStored(token, session)
            else { continue }
            return answer
        }
        return nil
    }
}
