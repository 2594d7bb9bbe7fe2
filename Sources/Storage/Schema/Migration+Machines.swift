extension Migration {
    /// Rotation of sealing keys while servers work; what a client of the API may do, and who did what with it.
    static let machines = Migration(
        number: 12,
        name: "machines",
        serves: 4,
        sql: """
            CREATE TABLE sealing (
                id {key},
                writes_with BIGINT NOT NULL,
                since_at BIGINT NOT NULL
            );
            CREATE TABLE key_holders (
                id TEXT PRIMARY KEY,
                machine TEXT NOT NULL,
                seen_at BIGINT NOT NULL,
                known TEXT NOT NULL,
                writes_with BIGINT NOT NULL,
                works SMALLINT NOT NULL
            ){clustered};
            CREATE TABLE resealing (
                part TEXT PRIMARY KEY,
                target BIGINT NOT NULL,
                after {bytes} NOT NULL,
                done BIGINT NOT NULL,
                changed BIGINT NOT NULL,
                total BIGINT NOT NULL,
                finished_at BIGINT
            );
            ALTER TABLE clients ADD COLUMN writes SMALLINT NOT NULL DEFAULT 1;
            ALTER TABLE clients ADD COLUMN certificate {bytes};
            ALTER TABLE clients ADD COLUMN earlier {bytes};
            ALTER TABLE clients ADD COLUMN earlier_until BIGINT;
            ALTER TABLE clients ADD COLUMN used_at BIGINT;
            ALTER TABLE bearers ADD COLUMN writes SMALLINT NOT NULL DEFAULT 1;
            ALTER TABLE bearers ADD COLUMN certificate {bytes};
            CREATE INDEX bearers_of_client ON bearers (client);
            CREATE TABLE client_deeds (
                id {identity},
                client BIGINT NOT NULL,
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                deed TEXT NOT NULL
            );
            CREATE INDEX client_deeds_of ON client_deeds (client, id);
            """
    )
}
