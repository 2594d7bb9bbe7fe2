extension Migration {
    /// From where and with what a session was opened, for its owner's list; goes with the session.
    static let sessionOrigins = Migration(
        number: 13,
        name: "sessionOrigins",
        serves: 4,
        sql: """
            ALTER TABLE sessions ADD COLUMN origin {bytes};
            """
    )
}
