extension Migration {
    /// What tells sealing keys of the same number from each other; whether a server can't take its key file.
    static let fingerprints = Migration(
        number: 18,
        name: "fingerprints",
        serves: 4,
        sql: """
            ALTER TABLE sealing ADD COLUMN fingerprint TEXT;
            ALTER TABLE key_holders ADD COLUMN fingerprints TEXT;
            ALTER TABLE key_holders ADD COLUMN refuses_file SMALLINT NOT NULL DEFAULT 0;
            """
    )
}
