public import Catalogue

/// Something to be done in the background, as the worker that has claimed it holds it.
public struct Job: Sendable, Hashable {
    /// Its number.
    public let id: Int64
    /// What is to be done.
    public let kind: String
    /// What makes it the only one: `sweep-2022-11-22T10`.
    public let name: String
    /// How often it has been claimed, this time included; whoever holds another number has lost it.
    public let attempt: Int
    /// What it needs, sealed: opened only by who runs it, so that bytes that don't open stop nobody else's job.
    let sealed: [UInt8]
}

/// A job that was given up, for whoever looks after the system.
public struct FailedJob: Sendable, Hashable {
    /// Its number.
    public let id: Int64
    /// What was to be done.
    public let kind: String
    /// When it was given up.
    public let since: Timestamp
    /// How often it was tried.
    public let attempts: Int
    /// The code of the last failure, `lost` where a worker died of it; never a value.
    public let code: String
}

/// Work in the background: each job is run by one worker at a time, again after a failure, and given up at last.
///
/// `attempts` are counted when a job is claimed, so that one that ends its process counts, too. `locked_until` is the
/// end of the lease of a job that runs, and the moment at which a job that has ended ended. docs/states.md
public struct JobStore: Sendable {
    /// After this many attempts a job is given up.
    public static let mostAttempts = 5

    /// What the column `state` says.
    private enum State {
        static let waiting: Int64 = 0
        static let done: Int64 = 1
        static let givenUp: Int64 = 3
    }

    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// What a payload is bound to: a row's number isn't known before the row is there.
    func place(_ name: String) -> Int64 {
        vault.digest("job", name.utf8).withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
    }

    /// Puts a job in, unless there is one of this name already; it is run only if the transaction stands.
    ///
    /// - Returns: whether it is new.
    @discardableResult
    public func put(
        kind: String,
        name: String,
        payload: [UInt8] = [],
        due: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Bool {
        let sealed = try vault.seal(payload, "job", place(name))
        return try connection.execute(
            "INSERT INTO jobs (kind, name, payload, due_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
            [.text(kind), .text(name), .blob(sealed), .integer(due.seconds)]
        ) > 0
    }

    /// What a job needs.
    ///
    /// - Throws: `StorageFailure.unreadable` where somebody has changed it.
    public func payload(of job: Job) throws -> [UInt8] {
        try vault.open(job.sealed, "job", place(job.name))
    }

    // MARK: Claiming

    /// Which jobs are claimed.
    public enum Claimed: Sendable {
        /// Those that were never tried, or failed in order: several at a time.
        case sound
        /// Those that somebody claimed and never answered for: they may end whoever runs them, so one at a time.
        case suspect
    }

    /// Claims jobs that are due, oldest first; those that were tried often enough are given up instead.
    ///
    /// - Returns: the jobs to run before the lease ends, and the ones given up.
    public func claim(
        _ claimed: Claimed,
        kinds: [String],
        most: Int,
        now: Timestamp,
        lease: Int64,
        _ dialect: Dialect,
        _ connection: any SQLConnection
    ) throws -> (jobs: [Job], givenUp: [Job]) {
        let places = kinds.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
        let which = claimed == .suspect ? "attempts > 0 AND failure IS NULL" : "(attempts = 0 OR failure IS NOT NULL)"
        let due = try connection.rows(
            """
            SELECT id, kind, name, attempts, payload FROM jobs
            WHERE state = 0 AND due_at <= $1 AND locked_until <= $1 AND kind IN (\(places)) AND \(which)
            ORDER BY due_at, id LIMIT $2\(dialect.skipLocked)
            """,
            [.integer(now.seconds), .integer(Int64(most))] + kinds.map { .text($0) }
        ) { row in
            Job(
                id: row.integer(0),
                kind: row.text(1),
                name: row.text(2),
                attempt: Int(row.integer(3)) + 1,
                sealed: row.blob(4)
            )
        }
        var (jobs, givenUp): ([Job], [Job]) = ([], [])
        for job in due {
            guard job.attempt <= Self.mostAttempts else {
                try connection.send(
                    """
                    UPDATE jobs SET state = \(State.givenUp), locked_until = $2, failure = COALESCE(failure, 'lost')
                    WHERE id = $1
                    """,
                    [.integer(job.id), .integer(now.seconds)]
                )
                givenUp.append(job)
                continue
            }
            try connection.send(
                "UPDATE jobs SET attempts = $2, locked_until = $3, failure = NULL WHERE id = $1",
                [.integer(job.id), .integer(Int64(job.attempt)), .integer(now.seconds + lease)]
            )
            jobs.append(job)
        }
        return (jobs, givenUp)
    }

    // MARK: What became of it

    /// Changes a job that its worker still holds; false where it was lost.
    private func change(
        _ job: Job,
        _ columns: String,
        _ parameters: [SQLValue],
        _ connection: any SQLConnection
    ) throws -> Bool {
        try connection.execute(
            "UPDATE jobs SET \(columns) WHERE id = $1 AND attempts = $2 AND state = \(State.waiting)",
            [.integer(job.id), .integer(Int64(job.attempt))] + parameters
        ) > 0
    }

    /// Holds on to a job that takes long; false where another worker may have it.
    public func renew(_ job: Job, until: Timestamp, _ connection: any SQLConnection) throws -> Bool {
        try change(job, "locked_until = $3", [.integer(until.seconds)], connection)
    }

    /// Notes that a job is done; false where it was lost.
    @discardableResult
    public func done(_ job: Job, at now: Timestamp, _ connection: any SQLConnection) throws -> Bool {
        try change(
            job,
            "state = \(State.done), locked_until = $3, failure = NULL",
            [.integer(now.seconds)],
            connection
        )
    }

    /// Notes that a job failed: it is tried again later and later, and given up after the last attempt.
    ///
    /// The code is the failure's name, never a value. False where the job was lost.
    @discardableResult
    public func failed(
        _ job: Job,
        code: String,
        at now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Bool {
        guard job.attempt < Self.mostAttempts else {
            return try change(
                job,
                "state = \(State.givenUp), locked_until = $3, failure = $4",
                [.integer(now.seconds), .text(code)],
                connection
            )
        }
        return try change(
            job,
            "due_at = $3, locked_until = 0, failure = $4",
            [.integer(now.seconds + Self.delay(after: job.attempt)), .text(code)],
            connection
        )
    }

    /// Seconds until a job is tried again: 10, 20, 40 and so on, an hour at most.
    static func delay(after attempt: Int) -> Int64 {
        min(10 << Int64(min(max(attempt, 1) - 1, 20)), 3600)
    }

    /// Gives a job back that was begun and not ended, because its worker stops: this was no attempt.
    @discardableResult
    public func giveBack(_ job: Job, _ connection: any SQLConnection) throws -> Bool {
        try change(job, "attempts = attempts - 1, locked_until = 0, failure = 'stopped'", [], connection)
    }

    // MARK: Looking after it

    /// Jobs that were given up, oldest first.
    public func failures(_ connection: any SQLConnection) throws -> [FailedJob] {
        try connection.rows(
            """
            SELECT id, kind, locked_until, attempts, failure FROM jobs
            WHERE state = \(State.givenUp) ORDER BY id LIMIT 500
            """
        ) { row in
            FailedJob(
                id: row.integer(0),
                kind: row.text(1),
                since: Timestamp(seconds: row.integer(2)),
                attempts: Int(row.integer(3)),
                code: row.text(4)
            )
        }
    }

    /// Puts a job that was given up back, with all its attempts; false where there is none of this number.
    public func retry(_ id: Int64, at now: Timestamp, _ connection: any SQLConnection) throws -> Bool {
        try connection.execute(
            """
            UPDATE jobs SET state = \(State.waiting), attempts = 0, due_at = $2, locked_until = 0, failure = NULL
            WHERE id = $1 AND state = \(State.givenUp)
            """,
            [.integer(id), .integer(now.seconds)]
        ) > 0
    }
}
