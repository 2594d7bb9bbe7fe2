extension Migration {
    /// Duties, who issued and changed which account, first use, accounts issued in bulk and their ID slips.
    static let issuing = Migration(
        number: 11,
        name: "issuing",
        serves: 4,
        sql: """
            CREATE TABLE account_duties (
                account BIGINT NOT NULL,
                duty TEXT NOT NULL,
                given_at BIGINT NOT NULL,
                given_by BIGINT NOT NULL,
                PRIMARY KEY (account, duty)
            ){clustered};
            CREATE INDEX account_duties_of ON account_duties (duty, account);
            CREATE TABLE account_events (
                id {identity},
                account BIGINT NOT NULL,
                at BIGINT NOT NULL,
                action TEXT NOT NULL,
                actor BIGINT NOT NULL,
                actor_organisation BIGINT NOT NULL,
                through TEXT NOT NULL,
                sealed {bytes} NOT NULL
            );
            CREATE INDEX account_events_of ON account_events (account, id);
            CREATE TABLE initial_passwords (
                account {key},
                at BIGINT NOT NULL
            );
            CREATE TABLE terms_accepted (
                account BIGINT NOT NULL,
                version INTEGER NOT NULL,
                at BIGINT NOT NULL,
                PRIMARY KEY (account, version)
            ){clustered};
            CREATE TABLE account_batches (
                id TEXT PRIMARY KEY,
                account BIGINT NOT NULL,
                at BIGINT NOT NULL,
                state SMALLINT NOT NULL
            );
            CREATE INDEX account_batches_of ON account_batches (account, at);
            CREATE TABLE account_batch_rows (
                batch TEXT NOT NULL,
                line INTEGER NOT NULL,
                state SMALLINT NOT NULL,
                account BIGINT NOT NULL,
                sealed {bytes} NOT NULL,
                PRIMARY KEY (batch, line)
            );
            CREATE TABLE account_slips (
                account {key},
                holder BIGINT NOT NULL,
                batch TEXT NOT NULL,
                session {bytes},
                expires_at BIGINT NOT NULL,
                sealed {bytes} NOT NULL
            );
            CREATE INDEX account_slips_of ON account_slips (batch, account);
            CREATE INDEX accounts_of_organisation ON accounts (organisation, login);
            CREATE INDEX organisations_below ON organisations (parent);
            CREATE INDEX organisations_reporting ON organisations (health_centre);
            """
    )
}
