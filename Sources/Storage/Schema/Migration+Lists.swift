extension Migration {
    /// What people keep of their lists, sealed, and the orders in which a million cases are read.
    ///
    /// The orders hold an empty day as a number below all days, which is how the statements of lists ask for it.
    static let lists = Migration(
        number: 6,
        name: "lists",
        serves: 4,
        sql: """
            CREATE TABLE kept (
                account BIGINT NOT NULL,
                kind SMALLINT NOT NULL,
                id TEXT NOT NULL,
                sealed {bytes} NOT NULL,
                at BIGINT NOT NULL,
                PRIMARY KEY (account, kind, id)
            );
            CREATE INDEX kept_at ON kept (at);
            CREATE INDEX facts_submitted ON facts ((COALESCE(submitted_at, -1000000000)), seq);
            CREATE INDEX facts_onset ON facts ((COALESCE(onset_day, -1000000000)), seq);
            CREATE INDEX facts_diagnosed ON facts ((COALESCE(diagnosed_day, -1000000000)), seq);
            """
    )
}
