public import Catalogue

/// What waits in the database, as numbers.
public struct Backlog: Sendable, Hashable {
    /// Jobs that are due and not done.
    public let jobsWaiting: Int
    /// Jobs that were given up.
    public let jobsFailed: Int
    /// Messages that wait to go out.
    public let messages: Int
    /// Seconds that the oldest of them has waited.
    public let oldestMessage: Int
    /// Failed sign-ins and guesses that count now.
    public let failures: Int
    /// User IDs, clients and addresses that are locked now.
    public let locked: Int
}

/// Counts what waits.
public enum BacklogStore {
    /// What waits now.
    public static func read(now: Timestamp, _ connection: any SQLConnection) throws -> Backlog {
        func count(_ sql: String, _ parameters: [SQLValue] = []) throws -> Int {
            Int(try connection.number(sql, parameters) ?? 0)
        }
        let at: [SQLValue] = [.integer(now.seconds)]
        let oldest = try connection.number("SELECT min(at) FROM outbox WHERE state = 0")
        return Backlog(
            jobsWaiting: try count("SELECT count(*) FROM jobs WHERE state = 0 AND due_at <= $1", at),
            jobsFailed: try count("SELECT count(*) FROM jobs WHERE state = 3"),
            messages: try count("SELECT count(*) FROM outbox WHERE state = 0"),
            oldestMessage: oldest.map { max(0, Int(now.seconds - $0)) } ?? 0,
            failures: try count("SELECT CAST(COALESCE(sum(failures), 0) AS BIGINT) FROM throttles"),
            locked: try count("SELECT count(*) FROM throttles WHERE locked_until > $1", at)
        )
    }
}
