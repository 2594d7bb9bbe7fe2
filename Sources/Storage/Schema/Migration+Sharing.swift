extension Migration {
    /// Transfers of the charge, notices, cases opened for some hours, default grants, who read which case.
    static let sharing = Migration(
        number: 7,
        name: "sharing",
        serves: 4,
        sql: """
            CREATE TABLE transfers (
                id {identity},
                seq BIGINT NOT NULL,
                sender BIGINT NOT NULL,
                receiver BIGINT NOT NULL,
                known SMALLINT NOT NULL,
                state SMALLINT NOT NULL,
                offered_at BIGINT NOT NULL,
                ended_at BIGINT,
                offer {bytes} NOT NULL,
                answer {bytes}
            );
            CREATE UNIQUE INDEX transfers_open ON transfers (seq) WHERE state = 0;
            CREATE INDEX transfers_of_case ON transfers (seq, id);
            CREATE INDEX transfers_sent ON transfers (sender, id);
            CREATE INDEX transfers_received ON transfers (receiver, id);
            CREATE TABLE notices (
                id {identity},
                organisation BIGINT NOT NULL,
                at BIGINT NOT NULL,
                kind TEXT NOT NULL,
                seq BIGINT NOT NULL,
                sender BIGINT NOT NULL,
                read_at BIGINT
            );
            CREATE INDEX notices_of_organisation ON notices (organisation, id);
            CREATE INDEX notices_unread ON notices (organisation, id) WHERE read_at IS NULL;
            CREATE INDEX notices_at ON notices (at);
            CREATE TABLE openings (
                id {identity},
                seq BIGINT NOT NULL,
                organisation BIGINT NOT NULL,
                account BIGINT NOT NULL,
                at BIGINT NOT NULL,
                until_at BIGINT NOT NULL
            );
            CREATE INDEX openings_of_account ON openings (account, at);
            CREATE TABLE grant_defaults (
                health_centre BIGINT NOT NULL,
                organisation BIGINT NOT NULL,
                section TEXT NOT NULL,
                writes SMALLINT NOT NULL,
                days INTEGER NOT NULL,
                PRIMARY KEY (health_centre, organisation, section)
            ){clustered};
            CREATE TABLE case_readings (
                seq BIGINT NOT NULL,
                day INTEGER NOT NULL,
                account BIGINT NOT NULL,
                through TEXT NOT NULL,
                what TEXT NOT NULL,
                address TEXT NOT NULL,
                organisation BIGINT NOT NULL,
                first_at BIGINT NOT NULL,
                last_at BIGINT NOT NULL,
                times BIGINT NOT NULL,
                night BIGINT NOT NULL,
                PRIMARY KEY (seq, day, account, through, what, address)
            ){clustered};
            CREATE INDEX case_readings_of_day ON case_readings (day, account);
            CREATE TABLE reading_days (
                day INTEGER NOT NULL,
                account BIGINT NOT NULL,
                organisation BIGINT NOT NULL,
                cases BIGINT NOT NULL,
                night BIGINT NOT NULL,
                namesakes BIGINT NOT NULL,
                opened BIGINT NOT NULL,
                usual BIGINT NOT NULL,
                reasons BIGINT NOT NULL,
                PRIMARY KEY (day, account)
            ){clustered};
            CREATE INDEX reading_days_unusual ON reading_days (organisation, day) WHERE reasons > 0;
            CREATE INDEX reading_days_of_account ON reading_days (account, day);
            """
    )
}
