public import Catalogue

/// Health reports in the database: rows of their own, sealed one by one, chained like the history.
///
/// They come by the million, so that one costs two statements beside the look at its link, and the costly part is done
/// before the writer's turn.
public struct ObservationStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    // MARK: Writing

    /// A report ready to be stored.
    public struct Prepared: Sendable {
        /// What stands in clear, in the order of the chain's book.
        let numbers: [Int64]
        let sealed: [UInt8]
        let digest: [UInt8]
    }

    /// Makes a report ready for ``append(_:_:)``: the costly part, on any thread.
    ///
    /// - Parameters:
    ///   - observation: the report.
    ///   - sequence: the case's place in the order of arrival.
    ///   - organisation: the number of the organisation that entered it, 0 for the person.
    /// - Returns: the sealed row.
    /// - Throws: `StorageFailure.unreadable` where the keys lack the current one.
    public func prepare(
        _ observation: Observation,
        sequence: Int64,
        organisation: Int64 = 0
    ) throws -> Prepared {
        let at = observation.at.seconds
        let sealed = try vault.seal(Self.encode(observation), "observation", Self.context(sequence, at))
        let numbers = [
            sequence, at, Int64(observation.at.japanDate.dayNumber), observation.source.rawValue,
            observation.account, organisation, Int64(observation.alarm),
        ]
        return Prepared(numbers: numbers, sealed: sealed, digest: Chain.digest(numbers, sealed))
    }

    /// Puts reports at the end of the connection's lane.
    public func append(_ prepared: [Prepared], _ connection: any SQLConnection) throws {
        try Chain(book: .observations, vault: vault).append(prepared.map(\.digest), connection) { index, place, hash in
            let one = prepared[index]
            var values: [SQLValue] = [.integer(place)]
            for number in one.numbers { values.append(.integer(number)) }
            values.append(.blob(one.sealed))
            values.append(.blob(hash))
            try connection.send(
                """
                INSERT INTO observations (place, seq, at, day, source, account, organisation, alarm, sealed, hash)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """,
                values
            )
        }
    }

    // MARK: Reading

    /// A case's newest reports, newest last.
    ///
    /// A day beyond `now` is the end, and a day before the case's creation the beginning: servers' clocks differ, and a
    /// change's time may be ahead of a clock that was set back. Between the two an engine that divides the table by
    /// time looks into few parts.
    public func observations(
        of number: CaseNumber,
        newest most: Int,
        now: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [Observation] {
        let sequence = vault.sequence(number)
        return try connection.rows(
            """
            SELECT place, at, source, account, organisation, alarm, sealed FROM observations
            WHERE seq = $1 AND at >= (SELECT created_at - 86400 FROM facts WHERE seq = $1) AND at <= $2
            ORDER BY at DESC, place DESC LIMIT $3
            """,
            [.integer(sequence), .integer(now.seconds + 86_400), .integer(Int64(most))]
        ) { row in
            let at = row.integer(1)
            let (form, items) = try open(row.blob(6), sequence: sequence, at: at)
            var one = Observation(
                at: Timestamp(seconds: at),
                source: Observation.Source(rawValue: row.integer(2)) ?? .staff,
                account: row.integer(3),
                organisation: directory.key(row.integer(4)),
                alarm: Int(row.integer(5)),
                form: form,
                items: items
            )
            one.id = Self.id(place: row.integer(0))
            return one
        }.reversed()
    }

    /// A sealed report's form and items.
    func open(_ sealed: [UInt8], sequence: Int64, at: Int64) throws -> (form: String, items: Record) {
        var reader = ByteReader(try vault.open(sealed, "observation", Self.context(sequence, at)))
        guard try reader.number() == Self.format else { throw StorageFailure.unreadable("format") }
        return (try reader.text(), try reader.record())
    }

    // MARK: Bytes

    private static let format = 1

    private static func encode(_ observation: Observation) -> [UInt8] {
        var writer = ByteWriter(capacity: 512)
        writer.number(format)
        writer.text(observation.form)
        writer.record(observation.items)
        return writer.bytes
    }

    /// Case and time are part of what is authenticated: a report can't be put under another case or another time.
    private static func context(_ sequence: Int64, _ at: Int64) -> Int64 {
        sequence << 24 | (at & 0xff_ffff)
    }

    /// Lane and position closer together than in a place: programs that read JSON know whole numbers up to 2⁵³.
    private static func id(place: Int64) -> Int {
        Int((place / Chain.lane) << 38 | (place % Chain.lane))
    }
}
