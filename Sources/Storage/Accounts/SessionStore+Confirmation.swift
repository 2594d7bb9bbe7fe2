public import Catalogue

extension SessionStore {
    /// Notes that a session's owner has shown again who they are (本人の確認).
    public static func confirm(id: [UInt8], at: Timestamp, _ connection: any SQLConnection) throws {
        try connection.execute(
            "UPDATE sessions SET confirmed_at = $2 WHERE id = $1",
            [.blob(id), .integer(at.seconds)]
        )
    }
}
