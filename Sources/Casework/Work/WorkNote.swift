public import Storage

/// What a worker has to say: kinds, numbers and codes, never a value of a case.
public enum WorkNote: Sendable, Hashable {
    /// The database can't be reached; said once until it is back.
    case away(code: String)
    /// The database is back.
    case back
    /// A job is done.
    case done(kind: String, id: Int64)
    /// A job failed and is tried again later.
    case failed(kind: String, id: Int64, attempt: Int, code: String)
    /// A job was given up: somebody has to look at it.
    case givenUp(kind: String, id: Int64, code: String)
    /// A job was begun and given back, because the worker stops.
    case givenBack(kind: String, id: Int64)
    /// The worker no longer holds the job that it ran: another may run it.
    case lost(kind: String, id: Int64)
    /// The end of one lane of a chain.
    case chainEnd(ChainEnd)
}

/// The name of a failure for the log: a failure's own text may hold a name.
func failureCode(_ error: any Error) -> String {
    guard let failure = error as? StorageFailure else { return String(describing: type(of: error)) }
    return switch failure {
    case .duplicate: "duplicate"
    case .full: "full"
    case .unavailable: "unavailable"
    case .unreadable: "unreadable"
    case .unstorable: "unstorable"
    case .schema: "schema"
    case .engine(let code): "engine-\(code)"
    }
}

extension Casework {
    /// Jobs that were given up.
    public func failedJobs() async throws -> [FailedJob] {
        let jobs = self.jobs
        return try await engine.read { try jobs.failures($0) }
    }

    /// Puts a job that was given up back, to be tried anew.
    ///
    /// - Throws: ``Refusal/notFound`` where no job of this number was given up.
    public func retryJob(_ id: Int64) async throws {
        let (jobs, now) = (jobs, clock())
        guard try await engine.write({ try jobs.retry(id, at: now, $0) }) else { throw Refusal.notFound }
    }
}
