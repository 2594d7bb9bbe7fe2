import Foundation
import Storage

/// Runs reading closures one after the other on its thread's connection.
///
/// Reading again changes nothing: whatever happens to a connection, the closure runs again on the next.
struct PostgresReader {
    let address: PostgresAddress
    let queue: PostgresQueue
    let patience: Int?
    private var connection: PostgresConnection?

    init(address: PostgresAddress, queue: PostgresQueue, patience: Int?) {
        self.address = address
        self.queue = queue
        self.patience = patience
    }

    /// Works until the queue is closed.
    mutating func work() {
        while let jobs = queue.take(most: 1) {
            for job in jobs { run(job) }
        }
    }

    private mutating func run(_ job: PostgresJob) {
        var tries = 0
        while true {
            if job.isOver { return job.finish(StorageFailure.unavailable) }
            if tries > 0 { PostgresPause.wait(tries) }
            tries += 1
            switch attempt(job) {
            case .done(let error): return job.finish(error)
            case .again: continue
            case .gone: connection = nil
            }
        }
    }

    private enum Outcome {
        case done((any Error)?)
        case again
        case gone
    }

    private mutating func attempt(_ job: PostgresJob) -> Outcome {
        if connection?.session.isAlive() != true {
            connection = (try? PostgresSession(address, patience: patience)).map { PostgresConnection($0, lane: 0) }
        }
        guard let connection else { return .gone }
        do {
            try connection.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        } catch {
            return .gone
        }
        do {
            try job.run(connection)
            connection.session.end()
            return .done(nil)
        } catch {
            guard let failure = connection.failure else {
                connection.session.end()
                return .done(error)
            }
            connection.session.rollback()
            if failure.isServerGone { return .gone }
            return failure.isContention ? .again : .done(error)
        }
    }
}

/// Waits between tries: short at first, never long, and not all at the same moment.
enum PostgresPause {
    static func wait(_ tries: Int) {
        let most = min(0.002 * Double(1 << min(tries, 8)), 0.4)
        Thread.sleep(forTimeInterval: Double.random(in: most / 2...most))
    }
}
