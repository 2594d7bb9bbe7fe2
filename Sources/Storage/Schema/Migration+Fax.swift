extension Migration {
    /// FAX受信簿: papers that health centres received, until each is entered or set aside.
    static let fax = Migration(
        number: 9,
        name: "fax",
        serves: 4,
        sql: """
            CREATE TABLE faxes (
                id TEXT PRIMARY KEY,
                organisation BIGINT NOT NULL,
                received_at BIGINT NOT NULL,
                state SMALLINT NOT NULL,
                seq BIGINT,
                closed_at BIGINT,
                sealed {bytes} NOT NULL
            );
            CREATE INDEX faxes_waiting ON faxes (organisation, received_at) WHERE state = 0;
            CREATE INDEX faxes_closed ON faxes (organisation, closed_at) WHERE state <> 0;
            """
    )
}
