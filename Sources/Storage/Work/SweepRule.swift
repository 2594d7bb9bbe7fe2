public import Catalogue

/// Rows of one table that have had their time.
///
/// They are looked for on a reader's connection and removed by their keys, some hundred at a time: the writer's time
/// is everybody's. The condition is asked again when a row is removed, for it may have been used meanwhile.
public struct SweepRule: Sendable {
    /// A column of the key.
    private struct Column {
        enum Kind {
            case number
            case text
            case bytes
        }

        let name: String
        let kind: Kind

        func value(_ row: any SQLRow, _ place: Int) -> SQLValue {
            switch kind {
            case .number: .integer(row.integer(place))
            case .text: .text(row.text(place))
            case .bytes: .blob(row.blob(place))
            }
        }
    }

    private let table: String
    private let key: [Column]
    private let condition: String
    private let limit: Int64

    /// A rule; `condition` compares with the moment `$1`.
    private init(_ table: String, _ key: [Column], _ condition: String, before limit: Timestamp) {
        self.table = table
        self.key = key
        self.condition = condition
        self.limit = limit.seconds
    }

    private static let bytesKey = [Column(name: "id", kind: .bytes)]
    private static let numberKey = [Column(name: "id", kind: .number)]
    private static let day: Int64 = 86_400

    /// What people leave behind by working, removed every hour; sessions not used since `idleSince` have ended.
    public static func hourly(idleSince: Timestamp, now: Timestamp) -> [SweepRule] {
        let yesterday = now.adding(seconds: -day)
        return [
            SweepRule("sessions", bytesKey, "seen_at < $1", before: idleSince),
            SweepRule("sign_ins", bytesKey, "expires_at < $1", before: now),
            SweepRule("bearers", bytesKey, "expires_at < $1", before: now),
            // A lock is forgotten a day after it ended: until then it makes the next one longer.
            SweepRule("throttles", [Column(name: "key", kind: .bytes)], "locked_until < $1", before: yesterday),
            SweepRule("outbox", numberKey, "at < $1", before: yesterday),
            SweepRule("account_slips", [Column(name: "account", kind: .number)], "expires_at < $1", before: now),
            SweepRule("code_sends", [Column(name: "number", kind: .bytes)], "at1 < $1", before: yesterday),
            SweepRule("passkey_challenges", bytesKey, "expires_at < $1", before: now),
        ]
    }

    /// What is kept for a time by rule: removed once a day.
    public static func daily(now: Timestamp) -> [SweepRule] {
        let month = now.adding(seconds: -30 * day)
        let kept = [
            Column(name: "account", kind: .number), Column(name: "kind", kind: .number),
            Column(name: "id", kind: .text),
        ]
        let batches = [Column(name: "batch", kind: .text), Column(name: "line", kind: .number)]
        let attempts = [Column(name: "message", kind: .number), Column(name: "attempt", kind: .number)]
        let repeats = [Column(name: "client", kind: .number), Column(name: "key", kind: .text)]
        return [
            SweepRule("drafts", [Column(name: "id", kind: .text)], "updated_at < $1", before: month),
            SweepRule("repeats", repeats, "at < $1", before: month),
            // Columns and saved filters stay; selections and what was done with them have had their time.
            SweepRule("kept", kept, "kind >= 3 AND at < $1", before: now.adding(seconds: -7 * day)),
            // Rows go before their batch does: what is left of one is that its file was here.
            SweepRule(
                "account_batch_rows",
                batches,
                "batch IN (SELECT id FROM account_batches WHERE at < $1 AND state <> 1)",
                before: now.adding(seconds: -7 * day)
            ),
            SweepRule("account_batches", [Column(name: "id", kind: .text)], "at < $1 AND state <> 1", before: month),
            SweepRule("outreach_attempts", attempts, "at < $1", before: now.adding(seconds: -400 * day)),
            SweepRule("notices", numberKey, "at < $1", before: now.adding(seconds: -180 * day)),
            SweepRule("jobs", numberKey, "state = 1 AND locked_until < $1", before: now.adding(seconds: -7 * day)),
        ]
    }

    /// Rows removed in one transaction.
    private static let together = 500

    /// Removes the rows; returns how many there were.
    ///
    /// Ends between two transactions when its task is cancelled.
    @discardableResult
    public func sweep(_ engine: any Engine) async throws -> Int {
        var removed = 0
        while true {
            try Task.checkCancellation()
            let found = try await engine.read { connection in
                try connection.rows(
                    """
                    SELECT \(key.map(\.name).joined(separator: ", ")) FROM \(table)
                    WHERE \(condition) LIMIT \(Self.together)
                    """,
                    [.integer(limit)]
                ) { row in key.indices.map { key[$0].value(row, $0) } }
            }
            guard !found.isEmpty else { return removed }
            let keys = key.enumerated().map { "\($1.name) = $\($0 + 2)" }.joined(separator: " AND ")
            try await engine.write { connection in
                for values in found {
                    try connection.send(
                        "DELETE FROM \(table) WHERE \(keys) AND \(condition)",
                        [.integer(limit)] + values
                    )
                }
            }
            removed += found.count
            if found.count < Self.together { return removed }
        }
    }
}
