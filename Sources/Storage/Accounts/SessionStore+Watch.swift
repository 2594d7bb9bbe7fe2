public import Access
public import Catalogue

extension SessionStore {
    /// For whom an open session stands now.
    public struct Standing: Sendable, Hashable {
        /// The account's organisation.
        public let organisation: OrganisationKey
        /// The account's duties.
        public let duties: Set<Duty>

        /// What a session stands for.
        public init(organisation: OrganisationKey, duties: Set<Duty>) {
            self.organisation = organisation
            self.duties = duties
        }
    }

    /// The most digests of one statement.
    private static let mostTogether = 4096

    /// Those of some sessions that are open, with what they stand for: one statement for 4,096 of them.
    ///
    /// - Parameters:
    ///   - ids: digests of the sessions.
    ///   - seen: a session that was used last at this time or before is over.
    ///   - opened: one that was opened at this time or before is over, too.
    ///   - connection: the database.
    /// - Returns: the open sessions; one that has ended, of a stopped account or of a stopped organisation isn't there.
    /// - Throws: what the database throws.
    public static func standings(
        of ids: [[UInt8]],
        seenAfter seen: Timestamp,
        openedAfter opened: Timestamp,
        _ connection: any SQLConnection
    ) throws -> [[UInt8]: Standing] {
        var result: [[UInt8]: Standing] = [:]
        var rest = ids[...]
        while let last = rest.last {
            var some = Array(rest.prefix(mostTogether))
            rest = rest.dropFirst(mostTogether)
            // Few lengths, so that few statements are prepared.
            var length = 16
            while length < some.count { length *= 4 }
            some += Array(repeating: last, count: length - some.count)
            let places = some.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
            try connection.query(
                """
                SELECT s.id, o.key, d.duty FROM sessions s
                    JOIN accounts a ON a.id = s.account
                    JOIN organisations o ON o.number = a.organisation
                    LEFT JOIN account_duties d ON d.account = a.id
                WHERE s.id IN (\(places)) AND s.seen_at > $1 AND s.created_at > $2
                    AND a.stopped_at IS NULL AND o.stopped_at IS NULL
                """,
                [.integer(seen.seconds), .integer(opened.seconds)] + some.map { .blob($0) }
            ) { row in
                let before = result[row.blob(0)]?.duties ?? []
                let duty = row.isNull(2) ? nil : Duty(rawValue: row.text(2))
                result[row.blob(0)] = Standing(
                    organisation: row.text(1),
                    duties: duty.map { before.union([$0]) } ?? before
                )
            }
        }
        return result
    }
}
