public import Catalogue

/// What a machine's test of its connection found; organisations by their numbers.
public struct StoredConnectionTest: Sendable, Hashable {
    /// The organisation where the machine stands.
    public var organisation: Int64
    /// A keyed digest of the address and the name given to the machine: the same again is the same machine.
    public var machine: [UInt8]
    /// When.
    public var at: Timestamp
    /// What was found: `tls=ok cookie=ok …`.
    public var results: String
    /// The place or machine as somebody has called it.
    public var name: String
    /// The address as the server saw it.
    public var address: String

    /// A test.
    public init(
        organisation: Int64,
        machine: [UInt8],
        at: Timestamp,
        results: String,
        name: String,
        address: String
    ) {
        self.organisation = organisation
        self.machine = machine
        self.at = at
        self.results = results
        self.name = name
        self.address = address
    }
}

/// Tests of connections (接続環境の確認) in the database: what was found is clear, the machine's name sealed.
public struct ConnectionTestStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// What sealed bytes belong to: those of another machine don't open.
    static func place(_ machine: [UInt8]) -> Int64 {
        machine.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    }

    /// Stores a test in place of an earlier one of the same machine.
    public func put(_ test: StoredConnectionTest, _ connection: any SQLConnection) throws {
        var writer = ByteWriter(capacity: 96)
        writer.text(test.name)
        writer.text(test.address)
        try connection.execute(
            """
            INSERT INTO connection_tests (organisation, machine, at, results, sealed) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (organisation, machine) DO UPDATE SET at = excluded.at, results = excluded.results,
                sealed = excluded.sealed
            """,
            [
                .integer(test.organisation), .blob(test.machine), .integer(test.at.seconds), .text(test.results),
                .blob(try vault.seal(writer.bytes, "connection-test", Self.place(test.machine))),
            ]
        )
    }

    /// Whether a machine of an organisation has been tested before.
    public func isKnown(_ organisation: Int64, _ machine: [UInt8], _ connection: any SQLConnection) throws -> Bool {
        try connection.number(
            "SELECT 1 FROM connection_tests WHERE organisation = $1 AND machine = $2",
            [.integer(organisation), .blob(machine)]
        ) != nil
    }

    /// Keeps the so many machines of an organisation that were tested last.
    public func keep(_ most: Int, of organisation: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            DELETE FROM connection_tests WHERE organisation = $1 AND machine IN (
                SELECT machine FROM connection_tests WHERE organisation = $1
                ORDER BY at DESC, machine LIMIT 1000000 OFFSET $2
            )
            """,
            [.integer(organisation), .integer(Int64(most))]
        )
    }

    /// What was found on each machine, by organisation and without names, the latest first.
    public func results(
        _ connection: any SQLConnection
    ) throws -> [(organisation: Int64, at: Timestamp, results: String)] {
        try connection.rows("SELECT organisation, at, results FROM connection_tests ORDER BY at DESC") {
            (organisation: $0.integer(0), at: Timestamp(seconds: $0.integer(1)), results: $0.text(2))
        }
    }

    /// The machines of an organisation, the latest first.
    public func tests(of organisation: Int64, _ connection: any SQLConnection) throws -> [StoredConnectionTest] {
        try connection.rows(
            """
            SELECT machine, at, results, sealed FROM connection_tests WHERE organisation = $1
            ORDER BY at DESC, machine
            """,
            [.integer(organisation)]
        ) { row in
            var reader = ByteReader(try vault.open(row.blob(3), "connection-test", Self.place(row.blob(0))))
            return StoredConnectionTest(
                organisation: organisation,
                machine: row.blob(0),
                at: Timestamp(seconds: row.integer(1)),
                results: row.text(2),
                name: try reader.text(),
                address: try reader.text()
            )
        }
    }

    /// Counts one more sending of a sender in an hour; returns how many it makes.
    public func countSending(_ sender: [UInt8], hour: Int64, _ connection: any SQLConnection) throws -> Int {
        try connection.execute("DELETE FROM connection_senders WHERE hour < $1", [.integer(hour - 1)])
        return Int(
            try connection.number(
                """
                INSERT INTO connection_senders (sender, hour, times) VALUES ($1, $2, 1)
                ON CONFLICT (sender) DO UPDATE SET hour = excluded.hour,
                    times = CASE WHEN connection_senders.hour = excluded.hour
                        THEN connection_senders.times + 1 ELSE 1 END
                RETURNING times
                """,
                [.blob(sender), .integer(hour)]
            ) ?? 1
        )
    }
}
