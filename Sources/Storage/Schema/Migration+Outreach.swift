extension Migration {
    /// The ledger of calls and short messages: every attempt to reach somebody, without number or code.
    static let outreach = Migration(
        number: 16,
        name: "outreach",
        serves: 4,
        sql: """
            CREATE TABLE outreach_attempts (
                message BIGINT NOT NULL,
                attempt INTEGER NOT NULL,
                key TEXT NOT NULL,
                account BIGINT,
                purpose TEXT NOT NULL,
                kind TEXT NOT NULL,
                driver TEXT NOT NULL,
                recipient {bytes} NOT NULL,
                at BIGINT NOT NULL,
                ended_at BIGINT,
                reference TEXT NOT NULL,
                outcome TEXT NOT NULL,
                rank SMALLINT NOT NULL,
                cause TEXT NOT NULL,
                PRIMARY KEY (message, attempt)
            );
            CREATE INDEX outreach_attempts_key ON outreach_attempts (key, attempt);
            CREATE INDEX outreach_attempts_at ON outreach_attempts (at);
            CREATE INDEX outbox_held ON outbox (locked_until) WHERE state = 1;
            """
    )
}
