extension Migration {
    /// 導入準備: the days on which local governments begin, their answers, reminders, tests of connections.
    static let opening = Migration(
        number: 14,
        name: "opening",
        serves: 4,
        sql: """
            CREATE TABLE opening_days (
                version {key},
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                common_on INTEGER,
                answer_by INTEGER,
                sealed {bytes} NOT NULL
            );
            CREATE TABLE readiness (
                government BIGINT NOT NULL,
                version INTEGER NOT NULL,
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                answered_by BIGINT NOT NULL,
                by_mail SMALLINT NOT NULL,
                starts_on INTEGER,
                sealed {bytes} NOT NULL,
                PRIMARY KEY (government, version)
            );
            CREATE TABLE readiness_reminders (
                government BIGINT NOT NULL,
                day INTEGER NOT NULL,
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                PRIMARY KEY (government, day)
            ){clustered};
            CREATE TABLE connection_tests (
                organisation BIGINT NOT NULL,
                machine {bytes} NOT NULL,
                at BIGINT NOT NULL,
                results TEXT NOT NULL,
                sealed {bytes} NOT NULL,
                PRIMARY KEY (organisation, machine)
            );
            CREATE TABLE connection_senders (
                sender {bytes} PRIMARY KEY,
                hour BIGINT NOT NULL,
                times INTEGER NOT NULL
            ){clustered};
            CREATE INDEX connection_senders_hour ON connection_senders (hour);
            """
    )
}
