import Catalogue
import Storage

/// What one kind of job does.
///
/// It may run again after it was done, since a worker can die between the work and its note: running twice has to be
/// the same as running once. What takes long asks `Task.checkCancellation()` now and then.
public struct JobKind: Sendable {
    /// The name that its jobs carry.
    public let name: String
    /// How long one may take before it counts as failed.
    let limit: Duration
    let run: @Sendable (JobRun) async throws -> Void

    /// A kind of job.
    public init(
        _ name: String,
        limit: Duration = .seconds(1800),
        run: @escaping @Sendable (JobRun) async throws -> Void
    ) {
        self.name = name
        self.limit = limit
        self.run = run
    }
}

/// What a job has at hand while it runs.
public struct JobRun: Sendable {
    /// Casework on the database.
    public let casework: Casework
    /// What was put in with the job.
    public let payload: [UInt8]
    /// Says something for the log.
    let tell: @Sendable (WorkNote) -> Void
}

extension JobKind {
    /// Everything that is done in the background.
    public static let all: [JobKind] = [
        .sweep, .retention, .parts, .heads, .readingReview, .issueAccounts, .reseal,
    ]

    /// Removes ended sessions and sign-ins, spent tokens, old messages: once an hour.
    public static let sweep = JobKind("sweep") { run in
        let now = run.casework.clock()
        let rules = SweepRule.hourly(idleSince: now.adding(seconds: -Casework.idleSeconds), now: now)
        for rule in rules { try await rule.sweep(run.casework.engine) }
    }

    /// 保存期間: removes what is kept for a time by rule, once a day.
    public static let retention = JobKind("retention") { run in
        for rule in SweepRule.daily(now: run.casework.clock()) { try await rule.sweep(run.casework.engine) }
    }

    /// Makes the parts of growing tables for a year ahead, once a day.
    public static let parts = JobKind("parts") { run in
        try await Growth.prepare(run.casework.engine, at: run.casework.clock().seconds)
    }

    /// Writes the ends of all chains into the log, once a day: it stands apart from the database.
    public static let heads = JobKind("heads") { run in
        let cases = run.casework.cases
        for end in try await run.casework.engine.read({ try cases.chainEnds($0) }) { run.tell(.chainEnd(end)) }
    }
}
