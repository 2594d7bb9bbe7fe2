extension Migration {
    /// Cases, what lists and figures read of them, who takes part, how they are found, their history.
    static let cases = Migration(
        number: 1,
        name: "cases",
        sql: """
            CREATE TABLE organisations (
                number {identity},
                key TEXT NOT NULL UNIQUE,
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                parent TEXT,
                health_centre TEXT,
                prefecture TEXT NOT NULL,
                municipality TEXT NOT NULL,
                address TEXT NOT NULL,
                phone TEXT NOT NULL,
                institution_code TEXT,
                stopped_at BIGINT
            );
            CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
            INSERT INTO counters (name, value) VALUES ('case', 0);
            CREATE TABLE cases (
                seq {key},
                version BIGINT NOT NULL,
                sealed {bytes} NOT NULL
            );
            CREATE TABLE facts (
                seq {key},
                jurisdiction BIGINT,
                reporter BIGINT,
                intake SMALLINT NOT NULL,
                published SMALLINT NOT NULL,
                status TEXT,
                case_class TEXT,
                sex TEXT,
                age_band TEXT,
                occupation_class TEXT,
                severity TEXT,
                outcome TEXT,
                municipality TEXT,
                entry_route TEXT,
                submitted_at BIGINT,
                confirmed_at BIGINT,
                onset_day INTEGER,
                diagnosed_day INTEGER,
                published_day INTEGER,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL
            );
            CREATE INDEX facts_waiting ON facts (jurisdiction, submitted_at, seq) WHERE intake = 1;
            CREATE INDEX facts_returned ON facts (reporter, seq) WHERE intake = 2;
            CREATE INDEX facts_updated ON facts (updated_at, seq);
            CREATE TABLE parties (
                organisation BIGINT NOT NULL,
                seq BIGINT NOT NULL,
                role SMALLINT NOT NULL,
                from_day INTEGER,
                until_day INTEGER,
                PRIMARY KEY (organisation, seq, role)
            ){clustered};
            CREATE TABLE tokens (
                token BIGINT NOT NULL,
                seq BIGINT NOT NULL,
                PRIMARY KEY (token, seq)
            ){clustered};
            CREATE TABLE history (
                place {key},
                seq BIGINT NOT NULL,
                version BIGINT NOT NULL,
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                organisation BIGINT NOT NULL,
                sealed {bytes} NOT NULL,
                hash {bytes} NOT NULL
            );
            CREATE UNIQUE INDEX history_of_case ON history (seq, version);
            """
    )
}
