public import Access
public import Catalogue

/// Who holds which duty (利用者認証実施者, システム利用統括責任者, システム利用管理者).
public enum DutyStore {
    /// An account's duties.
    public static func duties(of account: Int64, _ connection: any SQLConnection) throws -> Set<Duty> {
        Set(
            try connection.rows("SELECT duty FROM account_duties WHERE account = $1", [.integer(account)]) {
                Duty(rawValue: $0.text(0))
            }.compactMap(\.self)
        )
    }

    /// The duties of some accounts; whoever has none isn't among them.
    public static func duties(of accounts: [Int64], _ connection: any SQLConnection) throws -> [Int64: Set<Duty>] {
        guard !accounts.isEmpty else { return [:] }
        let places = accounts.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        var result: [Int64: Set<Duty>] = [:]
        try connection.query(
            "SELECT account, duty FROM account_duties WHERE account IN (\(places))",
            accounts.map { .integer($0) }
        ) { row in
            if let duty = Duty(rawValue: row.text(1)) { result[row.integer(0), default: []].insert(duty) }
        }
        return result
    }

    /// Gives an account exactly these duties; a command is giver 0.
    ///
    /// What it held already keeps its day.
    public static func set(
        _ duties: Set<Duty>,
        of account: Int64,
        by giver: Int64,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        for duty in Duty.allCases {
            if duties.contains(duty) {
                try connection.execute(
                    """
                    INSERT INTO account_duties (account, duty, given_at, given_by) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (account, duty) DO NOTHING
                    """,
                    [.integer(account), .text(duty.rawValue), .integer(at.seconds), .integer(giver)]
                )
            } else {
                try connection.execute(
                    "DELETE FROM account_duties WHERE account = $1 AND duty = $2",
                    [.integer(account), .text(duty.rawValue)]
                )
            }
        }
    }
}
