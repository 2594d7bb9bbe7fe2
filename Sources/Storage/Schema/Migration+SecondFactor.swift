extension Migration {
    /// How often codes went to a telephone, which way somebody wants them, recovery codes, passkeys, what happened to
    /// an account's second factor.
    static let secondFactor = Migration(
        number: 15,
        name: "secondFactor",
        serves: 4,
        sql: """
            CREATE TABLE code_sends (
                number {bytes} PRIMARY KEY,
                at1 BIGINT NOT NULL,
                at2 BIGINT NOT NULL,
                at3 BIGINT NOT NULL,
                at4 BIGINT NOT NULL,
                at5 BIGINT NOT NULL
            ){clustered};
            ALTER TABLE sign_ins ADD COLUMN channel SMALLINT NOT NULL DEFAULT 0;
            CREATE TABLE factor_choices (
                account {key},
                channel SMALLINT NOT NULL,
                seen_event BIGINT NOT NULL
            );
            CREATE TABLE recovery_codes (
                account BIGINT NOT NULL,
                code {bytes} NOT NULL,
                made_at BIGINT NOT NULL,
                used_at BIGINT,
                PRIMARY KEY (account, code)
            ){clustered};
            CREATE TABLE passkeys (
                id {identity},
                account BIGINT NOT NULL,
                credential {bytes} NOT NULL UNIQUE,
                sealed {bytes} NOT NULL,
                counter BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                used_at BIGINT
            );
            CREATE INDEX passkeys_of_account ON passkeys (account, id);
            CREATE TABLE passkey_challenges (
                id {bytes} PRIMARY KEY,
                account BIGINT NOT NULL,
                purpose SMALLINT NOT NULL,
                expires_at BIGINT NOT NULL
            ){clustered};
            CREATE TABLE factor_events (
                id {identity},
                account BIGINT NOT NULL,
                at BIGINT NOT NULL,
                kind TEXT NOT NULL,
                author BIGINT NOT NULL,
                sealed {bytes} NOT NULL
            );
            CREATE INDEX factor_events_of_account ON factor_events (account, id);
            """
    )
}
