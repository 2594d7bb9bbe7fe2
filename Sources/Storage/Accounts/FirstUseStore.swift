public import Catalogue

/// What an account still owes before it is used: a password of its holder's own, the present システム利用規約.
public enum FirstUseStore {
    /// Notes that an account has an initial password, which its holder has to replace.
    public static func owePassword(_ account: Int64, at: Timestamp, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO initial_passwords (account, at) VALUES ($1, $2)
            ON CONFLICT (account) DO UPDATE SET at = excluded.at
            """,
            [.integer(account), .integer(at.seconds)]
        )
    }

    /// Notes that the holder has set a password of their own; its slip goes with it.
    public static func setPassword(_ account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM initial_passwords WHERE account = $1", [.integer(account)])
        try connection.execute("DELETE FROM account_slips WHERE account = $1", [.integer(account)])
    }

    /// Whether an account still has its initial password, and whether a version of the terms is still to be accepted.
    ///
    /// One statement: every request of a page asks it.
    public static func owed(
        by account: Int64,
        terms version: Int,
        _ connection: any SQLConnection
    ) throws -> (password: Bool, terms: Bool) {
        let owed = try connection.first(
            """
            SELECT (SELECT COUNT(*) FROM initial_passwords WHERE account = $1),
                (SELECT COUNT(*) FROM terms_accepted WHERE account = $1 AND version = $2)
            """,
            [.integer(account), .integer(Int64(version))]
        ) { ($0.integer(0) != 0, $0.integer(1) == 0) }
        return owed ?? (false, true)
    }

    /// Notes that a version of the terms was accepted; an earlier note stays.
    public static func accept(
        terms version: Int,
        _ account: Int64,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO terms_accepted (account, version, at) VALUES ($1, $2, $3)
            ON CONFLICT (account, version) DO NOTHING
            """,
            [.integer(account), .integer(Int64(version)), .integer(at.seconds)]
        )
    }

    /// When a version of the terms was accepted, nil where it wasn't.
    public static func accepted(
        terms version: Int,
        _ account: Int64,
        _ connection: any SQLConnection
    ) throws -> Timestamp? {
        try connection.number(
            "SELECT at FROM terms_accepted WHERE account = $1 AND version = $2",
            [.integer(account), .integer(Int64(version))]
        ).map(Timestamp.init(seconds:))
    }
}
