import CLibPQ
import Glibc
import Storage

/// A connection of libpq, always in pipeline mode: statements are sent together and waited for together.
///
/// Not Sendable: it is made, used and closed on one thread. The first thing that goes wrong with a statement makes
/// the server pass over what was sent behind it, up to the next point that is waited for.
final class PostgresSession {
    /// What was sent and not yet answered.
    private enum Sent {
        case statement
        case preparation(String)
    }

    private let connection: OpaquePointer
    private var names: [String: String] = [:]
    private var nextName = 0
    private var sent: [Sent] = []
    private(set) var isBroken = false
    /// Whether a point was sent whose answers haven't been taken in.
    private var isOwed = false
    /// Seconds that an answer may take; nil where work is known to be long.
    private let patience: Int?

    /// More texts than these are made of what somebody typed.
    private static let mostNames = 256

    /// Connects to the first of the address's hosts that is what the address asks for.
    init(_ address: PostgresAddress, patience: Int?) throws {
        guard let connection = address.connect() else { throw SessionFailure.lost }
        self.connection = connection
        self.patience = patience
        // From here on everything is set: what is thrown goes through deinit.
        guard PQstatus(connection) == CONNECTION_OK else { throw SessionFailure.lost }
        // Notices go nowhere: they may quote a statement's values.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
            throw SessionFailure.lost
        }
    }

    deinit { PQfinish(connection) }

    /// The number of the server's process for this connection.
    var process: Int32 { PQbackendPID(connection) }

    /// The connection's socket, to wait on.
    var socket: Int32 { PQsocket(connection) }

    // MARK: Sending

    private func name(_ sql: String) throws -> String {
        if let name = names[sql] { return name }
        if names.count >= Self.mostNames {
            names.removeAll(keepingCapacity: true)
            guard PQsendQueryParams(connection, "DEALLOCATE ALL", 0, nil, nil, nil, nil, 1) == 1 else { throw lost() }
            sent.append(.statement)
        }
        nextName += 1
        let name = "s\(nextName)"
        guard PQsendPrepare(connection, name, sql, 0, nil) == 1 else { throw lost() }
        sent.append(.preparation(sql))
        names[sql] = name
        return name
    }

    /// Sends a statement without waiting.
    func send(_ sql: String, _ parameters: [SQLValue]) throws {
        guard !isBroken else { throw SessionFailure.lost }
        if isOwed { _ = try collect() }
        let bound = try PostgresParameters(parameters)
        let name = try name(sql)
        let isSent = bound.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw lost() }
        sent.append(.statement)
        // Many statements at once would all stand in memory: what has been said so far goes out.
        if sent.count % 64 == 0 { guard PQflush(connection) >= 0 else { throw lost() } }
    }

    /// Waits for everything sent; the last statement's result, unless one of them was refused.
    func finish() throws -> PostgresResult {
        try push()
        return try collect()
    }

    private func push() throws {
        guard !isBroken, PQpipelineSync(connection) == 1, PQflush(connection) >= 0 else { throw lost() }
        isOwed = true
    }

    private func collect() throws -> PostgresResult {
        isOwed = false
        let deadline = patience.map { ContinuousClock.now + .seconds($0) }
        var refusal: String?
        var last: PostgresResult?
        let answers = sent
        sent.removeAll(keepingCapacity: true)
        for answer in answers {
            var isRight = false
            while let raw = try next(deadline) {
                let result = PostgresResult(raw)
                let status = PQresultStatus(raw)
                if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK {
                    isRight = true
                    last = consume result
                } else if refusal == nil {
                    let state = result.state
                    // An aborted statement of a pipeline has no state of its own.
                    if !state.isEmpty { refusal = state }
                }
            }
            if case .preparation(let sql) = answer, !isRight { names[sql] = nil }
        }
        // The point that was waited for.
        guard let raw = try next(deadline) else { throw lost() }
        _ = PostgresResult(raw)
        if let refusal {
            if refusal == "0A000" || refusal == "26000" { names.removeAll() }
            throw SessionFailure.refused(state: refusal)
        }
        guard let last else { throw lost() }
        return last
    }

    /// The next result, nil at the end of a statement's.
    private func next(_ deadline: ContinuousClock.Instant?) throws -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            let unsent = PQflush(connection)
            guard unsent >= 0, wait(POLLIN | (unsent == 1 ? POLLOUT : 0), deadline), PQconsumeInput(connection) == 1
            else { throw lost() }
        }
        let raw = PQgetResult(connection)
        if PQstatus(connection) != CONNECTION_OK {
            if let raw { PQclear(raw) }
            throw lost()
        }
        return raw
    }

    private func wait(_ events: Int32, _ deadline: ContinuousClock.Instant?) -> Bool {
        while true {
            var one = pollfd(fd: socket, events: Int16(events), revents: 0)
            var left: Int32 = -1
            if let deadline {
                let remaining = (deadline - ContinuousClock.now).components
                left = Int32(max(0, remaining.seconds * 1000 + remaining.attoseconds / 1_000_000_000_000_000))
            }
            let count = poll(&one, 1, left)
            if count > 0 { return true }
            if count == 0 || errno != EINTR { return false }
        }
    }

    private func lost() -> SessionFailure {
        isBroken = true
        return .lost
    }

    // MARK: Transactions

    /// Begins a transaction.
    func begin(_ sql: String) throws {
        try send(sql, [])
    }

    /// Ends a transaction that has changed nothing; the answer is taken in when the session is used again.
    func end() {
        do {
            try send("COMMIT", [])
            try push()
        } catch {
            isBroken = true
        }
    }

    /// Takes everything back; a session that can't is broken.
    func rollback() {
        guard !isBroken else { return }
        do {
            // What was sent and not waited for is answered first, well or badly.
            if isOwed { _ = try? collect() }
            if !sent.isEmpty { _ = try? finish() }
            try send("ROLLBACK", [])
            _ = try finish()
        } catch {
            isBroken = true
        }
    }

    /// Runs several statements at once, which the pipeline can't.
    func script(_ sql: String) throws {
        if isOwed { _ = try collect() }
        if !sent.isEmpty { _ = try finish() }
        guard PQexitPipelineMode(connection) == 1, PQsetnonblocking(connection, 0) == 0 else { throw lost() }
        guard let raw = PQexec(connection, sql) else { throw lost() }
        let result = PostgresResult(raw)
        let status = PQresultStatus(raw)
        let state = result.state
        guard PQstatus(connection) == CONNECTION_OK, PQsetnonblocking(connection, 1) == 0,
            PQenterPipelineMode(connection) == 1
        else { throw lost() }
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
            throw SessionFailure.refused(state: state)
        }
    }

    // MARK: Health

    /// Whether the other side is still there, without asking it.
    func isAlive() -> Bool {
        guard !isBroken else { return false }
        var one = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&one, 1, 0) > 0 else { return true }
        // Something has come unasked: a farewell, or a notice.
        guard PQconsumeInput(connection) == 1, PQstatus(connection) == CONNECTION_OK else {
            isBroken = true
            return false
        }
        return true
    }

    /// Takes one notification that has come: its text and whether this connection sent it.
    func notification() -> (text: String, isOwn: Bool)? {
        guard let raw = PQnotifies(connection) else { return nil }
        defer { PQfreemem(raw) }
        return (String(cString: raw.pointee.extra), raw.pointee.be_pid == process)
    }
}
