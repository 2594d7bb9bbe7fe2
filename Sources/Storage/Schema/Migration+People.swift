extension Migration {
    /// Accounts, sessions, clients of the API.
    static let people = Migration(
        number: 2,
        name: "people",
        sql: """
            CREATE TABLE accounts (
                id {identity},
                login TEXT NOT NULL UNIQUE,
                organisation BIGINT NOT NULL,
                name TEXT NOT NULL,
                password TEXT NOT NULL,
                sealed {bytes} NOT NULL,
                failures INTEGER NOT NULL DEFAULT 0,
                locked_until BIGINT NOT NULL DEFAULT 0,
                created_at BIGINT NOT NULL,
                used_at BIGINT,
                stopped_at BIGINT
            );
            CREATE TABLE sign_ins (
                id {bytes} PRIMARY KEY,
                account BIGINT NOT NULL,
                code {bytes},
                tries INTEGER NOT NULL,
                sent_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                return_to TEXT NOT NULL
            ){clustered};
            CREATE TABLE sessions (
                id {bytes} PRIMARY KEY,
                account BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                seen_at BIGINT NOT NULL
            ){clustered};
            CREATE INDEX sessions_of_account ON sessions (account);
            CREATE TABLE throttles (
                key {bytes} PRIMARY KEY,
                failures INTEGER NOT NULL,
                locked_until BIGINT NOT NULL
            ){clustered};
            CREATE TABLE clients (
                number {identity},
                id TEXT NOT NULL UNIQUE,
                organisation BIGINT NOT NULL,
                name TEXT NOT NULL,
                secret {bytes} NOT NULL,
                created_at BIGINT NOT NULL,
                stopped_at BIGINT
            );
            CREATE TABLE bearers (
                id {bytes} PRIMARY KEY,
                client BIGINT NOT NULL,
                expires_at BIGINT NOT NULL
            ){clustered};
            """
    )
}
