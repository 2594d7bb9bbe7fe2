public import Catalogue

/// Sign-ins half done, sessions, and lockout by address.
///
/// Secrets are stored as keyed digests only.
public enum SessionStore {
    /// A sign-in whose password was right and whose code is awaited.
    public struct SignIn: Sendable {
        /// The account.
        public var account: Int64
        /// Digest of the code sent, nil where the authenticator app is asked.
        public var code: [UInt8]?
        /// Tries so far.
        public var tries: Int
        /// When the code was sent.
        public var sentAt: Timestamp
        /// Until when it works.
        public var expiresAt: Timestamp
        /// Where to go afterwards.
        public var returnTo: String

        /// A sign-in half done.
        public init(
            account: Int64,
            code: [UInt8]?,
            tries: Int,
            sentAt: Timestamp,
            expiresAt: Timestamp,
            returnTo: String
        ) {
            self.account = account
            self.code = code
            self.tries = tries
            self.sentAt = sentAt
            self.expiresAt = expiresAt
            self.returnTo = returnTo
        }
    }

    /// Stores a sign-in half done under its digest.
    public static func save(_ signIn: SignIn, id: [UInt8], _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO sign_ins (id, account, code, tries, sent_at, expires_at, return_to)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET code = excluded.code, tries = excluded.tries,
                sent_at = excluded.sent_at, expires_at = excluded.expires_at
            """,
            [
                .blob(id), .integer(signIn.account), signIn.code.map { .blob($0) } ?? .null,
                .integer(Int64(signIn.tries)), .integer(signIn.sentAt.seconds), .integer(signIn.expiresAt.seconds),
                .text(signIn.returnTo),
            ]
        )
    }

    /// The sign-in half done with a digest.
    public static func signIn(id: [UInt8], _ connection: any SQLConnection) throws -> SignIn? {
        try connection.first(
            "SELECT account, code, tries, sent_at, expires_at, return_to FROM sign_ins WHERE id = $1",
            [.blob(id)]
        ) { row in
            SignIn(
                account: row.integer(0),
                code: row.isNull(1) ? nil : row.blob(1),
                tries: Int(row.integer(2)),
                sentAt: Timestamp(seconds: row.integer(3)),
                expiresAt: Timestamp(seconds: row.integer(4)),
                returnTo: row.text(5)
            )
        }
    }

    /// Forgets a sign-in.
    public static func removeSignIn(id: [UInt8], _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM sign_ins WHERE id = $1", [.blob(id)])
    }

    /// Opens a session.
    public static func open(id: [UInt8], account: Int64, at: Timestamp, _ connection: any SQLConnection) throws {
        try connection.execute(
            "INSERT INTO sessions (id, account, created_at, seen_at) VALUES ($1, $2, $3, $3)",
            [.blob(id), .integer(account), .integer(at.seconds)]
        )
    }

    /// Whose session it is, when it was opened, seen last, and when its owner showed last who they are.
    public static func session(
        id: [UInt8],
        _ connection: any SQLConnection
    ) throws -> (account: Int64, createdAt: Timestamp, seenAt: Timestamp, confirmedAt: Timestamp?)? {
        try connection.first(
            "SELECT account, created_at, seen_at, confirmed_at FROM sessions WHERE id = $1",
            [.blob(id)]
        ) {
            (
                account: $0.integer(0), createdAt: Timestamp(seconds: $0.integer(1)),
                seenAt: Timestamp(seconds: $0.integer(2)),
                confirmedAt: $0.optionalInteger(3).map(Timestamp.init(seconds:))
            )
        }
    }

    /// Notes that a session was used; one that began later than now, by a clock that was set back, begins now.
    public static func touch(id: [UInt8], at: Timestamp, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            UPDATE sessions SET seen_at = $2, created_at = CASE WHEN created_at > $2 THEN $2 ELSE created_at END
            WHERE id = $1
            """,
            [.blob(id), .integer(at.seconds)]
        )
    }

    /// Ends a session.
    public static func close(id: [UInt8], _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM sessions WHERE id = $1", [.blob(id)])
    }

    /// Ends all sessions of an account.
    public static func closeAll(account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM sessions WHERE account = $1", [.integer(account)])
    }

    /// Failures from an address and until when it is locked.
    public static func throttle(
        key: [UInt8],
        _ connection: any SQLConnection
    ) throws -> (failures: Int, lockedUntil: Timestamp) {
        try connection.first(
            "SELECT failures, locked_until FROM throttles WHERE key = $1",
            [.blob(key)]
        ) { (failures: Int($0.integer(0)), lockedUntil: Timestamp(seconds: $0.integer(1))) }
            ?? (0, Timestamp(seconds: 0))
    }

    /// Stores failures from an address.
    public static func setThrottle(
        key: [UInt8],
        failures: Int,
        lockedUntil: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO throttles (key, failures, locked_until) VALUES ($1, $2, $3)
            ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, locked_until = excluded.locked_until
            """,
            [.blob(key), .integer(Int64(failures)), .integer(lockedUntil.seconds)]
        )
    }
}
