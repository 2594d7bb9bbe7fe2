extension Migration {
    /// 独自項目: what headquarters ask besides the items of everybody, a row for each version of a definition.
    static let localItems = Migration(
        number: 10,
        name: "localItems",
        serves: 4,
        sql: """
            CREATE TABLE local_items (
                key TEXT NOT NULL,
                version INTEGER NOT NULL,
                owner BIGINT NOT NULL,
                at BIGINT NOT NULL,
                account BIGINT NOT NULL,
                definition {bytes} NOT NULL,
                PRIMARY KEY (key, version)
            );
            """
    )
}
