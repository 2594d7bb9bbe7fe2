extension SessionStore {
    /// Ends all sessions of an account but one.
    public static func closeOthers(
        than id: [UInt8],
        account: Int64,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            "DELETE FROM sessions WHERE account = $1 AND id <> $2",
            [.integer(account), .blob(id)]
        )
    }

    /// Ends the sign-ins of an account that are half done.
    public static func removeSignIns(account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM sign_ins WHERE account = $1", [.integer(account)])
    }
}
