extension Migration {
    /// Drafts, messages that go out, readings, repeated requests, places.
    static let work = Migration(
        number: 3,
        name: "work",
        sql: """
            CREATE TABLE drafts (
                id TEXT PRIMARY KEY,
                account BIGINT NOT NULL,
                organisation BIGINT NOT NULL,
                sealed {bytes} NOT NULL,
                updated_at BIGINT NOT NULL,
                submitted BIGINT
            );
            CREATE INDEX drafts_of_account ON drafts (account, updated_at);
            CREATE TABLE defaults (
                organisation {key},
                sealed {bytes} NOT NULL
            );
            CREATE TABLE repeats (
                client BIGINT NOT NULL,
                key TEXT NOT NULL,
                digest {bytes} NOT NULL,
                seq BIGINT NOT NULL,
                at BIGINT NOT NULL,
                PRIMARY KEY (client, key)
            ){clustered};
            CREATE TABLE outbox (
                id {identity},
                at BIGINT NOT NULL,
                kind TEXT NOT NULL,
                sealed {bytes} NOT NULL,
                state SMALLINT NOT NULL,
                attempts INTEGER NOT NULL,
                locked_until BIGINT NOT NULL
            );
            CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 0;
            CREATE TABLE readings (
                id {identity},
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                organisation BIGINT NOT NULL,
                address TEXT NOT NULL,
                what TEXT NOT NULL,
                sections TEXT NOT NULL,
                cases {bytes} NOT NULL
            );
            CREATE TABLE municipalities (
                code TEXT PRIMARY KEY,
                prefecture TEXT NOT NULL,
                name TEXT NOT NULL,
                kana TEXT NOT NULL
            ){clustered};
            CREATE TABLE postal_places (
                postal TEXT NOT NULL,
                place INTEGER NOT NULL,
                municipality TEXT NOT NULL,
                town TEXT NOT NULL,
                PRIMARY KEY (postal, place)
            ){clustered};
            CREATE TABLE imports (
                source TEXT NOT NULL,
                row_key TEXT NOT NULL,
                seq BIGINT NOT NULL,
                digest {bytes} NOT NULL,
                PRIMARY KEY (source, row_key)
            ){clustered};
            """
    )
}
