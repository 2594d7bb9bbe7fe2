public import Catalogue

/// The ledger of calls and short messages (発信記録), and the outbox as those who send see it.
///
/// A message is sent at most once. Taking it is committed before anything is sent; whoever took it and never said what
/// became of it may have sent it, so that it isn't sent again: the ledger says `unknown`. docs/states.md
public struct AttemptStore: Sendable {
    /// What the outbox's column `state` says.
    private enum State {
        static let waiting: Int64 = 0
        static let held: Int64 = 1
        static let over: Int64 = 2
    }

    private let outbox: OutboxStore
    private var vault: Vault { outbox.vault }

    /// A store over an outbox.
    public init(_ outbox: OutboxStore) {
        self.outbox = outbox
    }

    /// What a message is called outside: nobody who hasn't the keys can make one up.
    private func key(_ id: Int64, at: Int64) -> String {
        Hex.text(vault.digest("outreach", "\(id) \(at)".utf8).prefix(16))
    }

    /// Tells one number from another, for who has the keys, and says nothing else of it.
    private func recipient(_ number: String) -> [UInt8] {
        let dialled = (try? PhoneNumber.read(number).get())?.e164 ?? number
        return vault.digest("outreach-number", dialled.utf8)
    }

    // MARK: Taking

    /// Whether anything waits to be sent, or to be given up.
    public func isWaiting(at now: Timestamp, _ connection: any SQLConnection) throws -> Bool {
        try connection.number(
            """
            SELECT 1 FROM outbox WHERE state = \(State.waiting) AND locked_until <= $1
            UNION ALL SELECT 1 FROM outbox WHERE state = \(State.held) AND locked_until <= $1 LIMIT 1
            """,
            [.integer(now.seconds)]
        ) != nil
    }

    /// Takes messages that wait, oldest first, and writes down that an attempt begins.
    ///
    /// - Parameters:
    ///   - kinds: which.
    ///   - driver: what is to send them.
    ///   - most: how many.
    ///   - now: the time.
    ///   - lease: seconds after which they count as sent and lost.
    ///   - dialect: the engine's.
    ///   - connection: a writing one.
    /// - Returns: what was taken.
    /// - Throws: where the database fails.
    public func take(
        kinds: [String],
        driver: String,
        most: Int,
        now: Timestamp,
        lease: Int64,
        _ dialect: Dialect,
        _ connection: any SQLConnection
    ) throws -> [HeldMessage] {
        let places = kinds.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
        let waiting = try connection.rows(
            """
            SELECT id, at, kind, sealed, attempts FROM outbox
            WHERE state = \(State.waiting) AND locked_until <= $1 AND kind IN (\(places))
            ORDER BY id LIMIT $2\(dialect.skipLocked)
            """,
            [.integer(now.seconds), .integer(Int64(most))] + kinds.map { .text($0) }
        ) { (id: $0.integer(0), at: $0.integer(1), kind: $0.text(2), sealed: $0.blob(3), attempts: $0.integer(4)) }
        var held: [HeldMessage] = []
        for row in waiting {
            guard let message = try? outbox.message(row.id, at: row.at, kind: row.kind, sealed: row.sealed) else {
                // Nobody can open it, and it must not be tried again for ever.
                try connection.send("UPDATE outbox SET state = \(State.over) WHERE id = $1", [.integer(row.id)])
                continue
            }
            let one = HeldMessage(message: message, attempt: Int(row.attempts) + 1, key: key(row.id, at: row.at))
            try connection.send(
                "UPDATE outbox SET state = \(State.held), attempts = $2, locked_until = $3 WHERE id = $1",
                [.integer(row.id), .integer(Int64(one.attempt)), .integer(now.seconds + lease)]
            )
            try begin(one, driver: driver, now, connection)
            held.append(one)
        }
        return held
    }

    private func begin(
        _ held: HeldMessage,
        driver: String,
        _ now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.send(
            """
            INSERT INTO outreach_attempts (message, attempt, key, account, purpose, kind, driver, recipient, at,
                ended_at, reference, outcome, rank, cause)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, '', 'begun', 0, '')
            """,
            [
                .integer(held.message.id), .integer(Int64(held.attempt)), .text(held.key),
                held.message.account.map { .integer($0) } ?? .null, .text(held.message.purpose),
                .text(held.message.kind), .text(driver),
                .blob(recipient(held.message.to)), .integer(now.seconds),
            ]
        )
    }

    /// Writes down that an attempt goes another way than was meant: by voice where no SMS can be had.
    public func reroute(
        _ held: HeldMessage,
        kind: String,
        driver: String,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            "UPDATE outreach_attempts SET kind = $3, driver = $4 WHERE message = $1 AND attempt = $2 AND rank = 0",
            [.integer(held.message.id), .integer(Int64(held.attempt)), .text(kind), .text(driver)]
        )
    }

    // MARK: What became of it

    /// What happens to a message in the outbox once an attempt has said something.
    public enum Next: Sendable, Hashable {
        /// It goes out of the outbox: its text and number are gone.
        case remove
        /// It stays to be looked at, on the practice telephone.
        case keep
        /// It is sent again, not before this moment.
        case again(Timestamp)
        /// It waits for the provider's questions and reports, at most until this moment.
        case wait(Timestamp)
    }

    /// Notes what became of an attempt.
    public func note(
        _ held: HeldMessage,
        _ news: AttemptNews,
        _ next: Next,
        at now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try write(news, message: held.message.id, attempt: held.attempt, now, connection)
        let mine = "WHERE id = $1 AND attempts = $2 AND state = \(State.held)"
        let own: [SQLValue] = [.integer(held.message.id), .integer(Int64(held.attempt))]
        switch next {
        case .remove: try connection.execute("DELETE FROM outbox \(mine)", own)
        case .keep: try connection.execute("UPDATE outbox SET state = \(State.over) \(mine)", own)
        case .again(let moment):
            try connection.execute(
                "UPDATE outbox SET state = \(State.waiting), locked_until = $3 \(mine)",
                own + [.integer(moment.seconds)]
            )
        case .wait(let moment):
            try connection.execute("UPDATE outbox SET locked_until = $3 \(mine)", own + [.integer(moment.seconds)])
        }
    }

    private func write(
        _ news: AttemptNews,
        message: Int64,
        attempt: Int,
        _ now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            UPDATE outreach_attempts SET outcome = $3, rank = $4, cause = $5,
                reference = CASE WHEN $6 = '' THEN reference ELSE $6 END, ended_at = $7
            WHERE message = $1 AND attempt = $2 AND rank < $4
            """,
            [
                .integer(message), .integer(Int64(attempt)), .text(news.outcome), .integer(Int64(news.rank)),
                .text(news.cause), .text(news.reference), news.isFinal ? .integer(now.seconds) : .null,
            ]
        )
    }

    /// Gives up messages whose worker never said what became of them; returns how many.
    ///
    /// They may have been sent: that is what the ledger says, and they are not sent again.
    public func giveUp(at now: Timestamp, _ dialect: Dialect, _ connection: any SQLConnection) throws -> Int {
        let lost = try connection.rows(
            """
            SELECT id, attempts FROM outbox WHERE state = \(State.held) AND locked_until <= $1
            ORDER BY locked_until LIMIT 100\(dialect.skipLocked)
            """,
            [.integer(now.seconds)]
        ) { (id: $0.integer(0), attempt: $0.integer(1)) }
        for row in lost {
            // What a provider has accepted stays accepted: its reports may still come.
            try connection.send(
                """
                UPDATE outreach_attempts SET outcome = 'unknown', rank = 1, cause = 'worker-lost', ended_at = $3
                WHERE message = $1 AND attempt = $2 AND rank = 0
                """,
                [.integer(row.id), .integer(row.attempt), .integer(now.seconds)]
            )
            try connection.send("DELETE FROM outbox WHERE id = $1", [.integer(row.id)])
        }
        return lost.count
    }

    // MARK: Looking at it

    private static let columns = """
        message, attempt, key, account, purpose, kind, driver, at, ended_at, reference, outcome, rank, cause
        """

    private static func attempt(_ row: any SQLRow) -> Attempt {
        Attempt(
            message: row.integer(0),
            attempt: Int(row.integer(1)),
            key: row.text(2),
            account: row.optionalInteger(3),
            purpose: row.text(4),
            kind: row.text(5),
            driver: row.text(6),
            at: Timestamp(seconds: row.integer(7)),
            endedAt: row.optionalInteger(8).map { Timestamp(seconds: $0) },
            reference: row.text(9),
            outcome: row.text(10),
            rank: Int(row.integer(11)),
            cause: row.text(12)
        )
    }

    /// The last attempt of a message by what it is called outside.
    public func find(key: String, _ connection: any SQLConnection) throws -> Attempt? {
        try connection.first(
            "SELECT \(Self.columns) FROM outreach_attempts WHERE key = $1 ORDER BY attempt DESC LIMIT 1",
            [.text(key)],
            Self.attempt
        )
    }

    /// The latest attempts, newest first.
    public func latest(_ count: Int, _ connection: any SQLConnection) throws -> [Attempt] {
        try connection.rows(
            "SELECT \(Self.columns) FROM outreach_attempts ORDER BY at DESC, message DESC, attempt DESC LIMIT $1",
            [.integer(Int64(count))],
            Self.attempt
        )
    }

    /// The message of an attempt while it is under way; nil once it has gone.
    public func message(of attempt: Attempt, _ connection: any SQLConnection) throws -> Message? {
        let row = try connection.first(
            "SELECT at, kind, sealed FROM outbox WHERE id = $1 AND state = \(State.held)",
            [.integer(attempt.message)]
        ) { (at: $0.integer(0), kind: $0.text(1), sealed: $0.blob(2)) }
        guard let row else { return nil }
        return try outbox.message(attempt.message, at: row.at, kind: row.kind, sealed: row.sealed)
    }

    /// News of an attempt from outside; the message leaves the outbox with the last.
    public func report(
        _ attempt: Attempt,
        _ news: AttemptNews,
        at now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try write(news, message: attempt.message, attempt: attempt.attempt, now, connection)
        if news.isFinal {
            try connection.execute(
                "DELETE FROM outbox WHERE id = $1 AND attempts = $2 AND state = \(State.held)",
                [.integer(attempt.message), .integer(Int64(attempt.attempt))]
            )
        }
    }
}
