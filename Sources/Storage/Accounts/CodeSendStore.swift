public import Catalogue

/// How often one-time codes went to a telephone number, whoever's sign-in it was; the number is a keyed digest.
///
/// One row holds a number's last five sends, and one statement looks at them and adds the next: two servers can't both
/// find the same place free.
public enum CodeSendStore {
    /// Seconds between two sends.
    public static let pause: Int64 = 60
    /// Seconds in which at most five are sent.
    public static let span: Int64 = 3600
    /// A send later than now by more than this was written by a clock that was set back since: it doesn't count.
    private static let ahead: Int64 = 300

    /// Counts a send to a number.
    ///
    /// - Returns: 0 where it may go out and is counted, else the seconds to wait.
    public static func take(number: [UInt8], at now: Timestamp, _ connection: any SQLConnection) throws -> Int {
        let taken = try connection.number(
            """
            INSERT INTO code_sends (number, at1, at2, at3, at4, at5) VALUES ($1, $2, 0, 0, 0, 0)
            ON CONFLICT (number) DO UPDATE SET at1 = excluded.at1, at2 = code_sends.at1, at3 = code_sends.at2,
                at4 = code_sends.at3, at5 = code_sends.at4
            WHERE (code_sends.at1 <= $3 OR code_sends.at1 > $5) AND (code_sends.at5 <= $4 OR code_sends.at5 > $5)
            RETURNING at1
            """,
            [
                .blob(number), .integer(now.seconds), .integer(now.seconds - pause),
                .integer(now.seconds - span), .integer(now.seconds + ahead),
            ]
        )
        if taken != nil { return 0 }
        return max(1, try wait(number: number, at: now, connection))
    }

    /// Seconds until a code may go to a number, 0 where it may now.
    public static func wait(number: [UInt8], at now: Timestamp, _ connection: any SQLConnection) throws -> Int {
        let sends = try connection.first(
            "SELECT at1, at5 FROM code_sends WHERE number = $1",
            [.blob(number)]
        ) { (latest: $0.integer(0), fifth: $0.integer(1)) }
        guard let sends else { return 0 }
        func left(_ at: Int64, _ seconds: Int64) -> Int64 {
            at > now.seconds + ahead ? 0 : max(0, at + seconds - now.seconds)
        }
        return Int(max(left(sends.latest, pause), left(sends.fifth, span)))
    }
}
