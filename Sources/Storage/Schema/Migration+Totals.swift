extension Migration {
    /// Daily totals by age band (日次総数報告) with their history.
    static let totals = Migration(
        number: 8,
        name: "totals",
        serves: 4,
        sql: """
            CREATE TABLE totals (
                day INTEGER NOT NULL,
                organisation BIGINT NOT NULL,
                office BIGINT NOT NULL,
                version INTEGER NOT NULL,
                first_at BIGINT NOT NULL,
                at BIGINT NOT NULL,
                n_u10 INTEGER NOT NULL,
                n_10s INTEGER NOT NULL,
                n_20s INTEGER NOT NULL,
                n_30s INTEGER NOT NULL,
                n_40s INTEGER NOT NULL,
                n_50s INTEGER NOT NULL,
                n_60s INTEGER NOT NULL,
                n_70s INTEGER NOT NULL,
                n_80s INTEGER NOT NULL,
                n_90plus INTEGER NOT NULL,
                n_unknown INTEGER NOT NULL,
                PRIMARY KEY (day, organisation)
            ){clustered};
            CREATE INDEX totals_of_organisation ON totals (organisation, day);
            CREATE INDEX totals_of_office ON totals (office, day);
            CREATE TABLE total_changes (
                day INTEGER NOT NULL,
                organisation BIGINT NOT NULL,
                version INTEGER NOT NULL,
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                changed_by BIGINT NOT NULL,
                sealed {bytes} NOT NULL,
                PRIMARY KEY (day, organisation, version)
            );
            """
    )
}
