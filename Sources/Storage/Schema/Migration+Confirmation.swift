extension Migration {
    /// When somebody said last in a session, after its sign-in, who they are; goes with the session.
    static let confirmation = Migration(
        number: 17,
        name: "confirmation",
        serves: 4,
        sql: """
            ALTER TABLE sessions ADD COLUMN confirmed_at BIGINT;
            """
    )
}
