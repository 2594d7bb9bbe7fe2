extension Migration {
    /// Deleted cases apart from all others; beds and rooms as hospitals and facilities count them.
    static let deletion = Migration(
        number: 5,
        name: "deletion",
        serves: 4,
        sql: """
            CREATE TABLE deleted_cases (
                seq {key},
                version BIGINT NOT NULL,
                jurisdiction BIGINT,
                deleted_at BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                sealed {bytes} NOT NULL
            );
            CREATE INDEX deleted_cases_of ON deleted_cases (jurisdiction, deleted_at, seq);
            CREATE TABLE capacities (
                organisation BIGINT NOT NULL,
                kind TEXT NOT NULL,
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                total INTEGER NOT NULL,
                used INTEGER NOT NULL,
                free INTEGER NOT NULL,
                promised INTEGER NOT NULL,
                PRIMARY KEY (organisation, kind)
            ){clustered};
            CREATE TABLE capacity_reports (
                id {identity},
                organisation BIGINT NOT NULL,
                kind TEXT NOT NULL,
                day INTEGER NOT NULL,
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                total INTEGER NOT NULL,
                used INTEGER NOT NULL,
                free INTEGER NOT NULL
            );
            CREATE INDEX capacity_reports_of ON capacity_reports (organisation, at, id);
            CREATE INDEX capacity_reports_day ON capacity_reports (day, organisation);
            CREATE INDEX facts_arranging ON facts (jurisdiction, seq) WHERE status = 'arranging';
            """
    )
}
