public import Catalogue

/// Recovery codes (回復コード) as keyed digests: each stands in for the authenticator app once.
public enum RecoveryCodeStore {
    /// Puts new codes in the place of all that an account had.
    public static func replace(
        account: Int64,
        codes: [[UInt8]],
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try removeAll(account: account, connection)
        for code in codes {
            try connection.execute(
                "INSERT INTO recovery_codes (account, code, made_at) VALUES ($1, $2, $3)",
                [.integer(account), .blob(code), .integer(at.seconds)]
            )
        }
    }

    /// Uses a code up; false where the account has no such code left.
    public static func use(
        account: Int64,
        code: [UInt8],
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Bool {
        try connection.execute(
            "UPDATE recovery_codes SET used_at = $3 WHERE account = $1 AND code = $2 AND used_at IS NULL",
            [.integer(account), .blob(code), .integer(at.seconds)]
        ) == 1
    }

    /// Whether an account has a code that wasn't used yet.
    public static func has(account: Int64, code: [UInt8], _ connection: any SQLConnection) throws -> Bool {
        try connection.number(
            "SELECT count(*) FROM recovery_codes WHERE account = $1 AND code = $2 AND used_at IS NULL",
            [.integer(account), .blob(code)]
        ) == 1
    }

    /// How many codes are left, and when they were made; nil for an account that never had any.
    public static func left(
        account: Int64,
        _ connection: any SQLConnection
    ) throws -> (count: Int, madeAt: Timestamp)? {
        let found = try connection.first(
            "SELECT count(*), count(used_at), max(made_at) FROM recovery_codes WHERE account = $1",
            [.integer(account)]
        ) { (all: $0.integer(0), used: $0.integer(1), madeAt: Timestamp(seconds: $0.integer(2))) }
        guard let found, found.all > 0 else { return nil }
        return (Int(found.all - found.used), found.madeAt)
    }

    /// Removes all codes of an account.
    public static func removeAll(account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM recovery_codes WHERE account = $1", [.integer(account)])
    }
}
