public import Access
public import Catalogue

/// What a health centre opens to an organisation on each case where it becomes a party (既定の許可).
public struct GrantDefault: Sendable, Hashable {
    /// To whom.
    public var organisation: OrganisationKey
    /// What.
    public var section: Section
    /// Whether it may write as well as read.
    public var write: Bool
    /// For how many days from the day it becomes a party, that day included.
    public var days: Int

    /// A default.
    public init(organisation: OrganisationKey, section: Section, write: Bool, days: Int) {
        self.organisation = organisation
        self.section = section
        self.write = write
        self.days = days
    }
}

/// Default grants in the database.
public enum GrantDefaultStore {
    /// A health centre's defaults, for one organisation or for all.
    public static func all(
        of healthCentre: Int64,
        organisation: Int64? = nil,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [GrantDefault] {
        try connection.rows(
            """
            SELECT organisation, section, writes, days FROM grant_defaults
            WHERE health_centre = $1\(organisation == nil ? "" : " AND organisation = $2")
            ORDER BY organisation, section
            """,
            [.integer(healthCentre)] + (organisation.map { [.integer($0)] } ?? [])
        ) { row -> GrantDefault? in
            guard let key = directory.key(row.integer(0)), let section = Section(rawValue: row.text(1)) else {
                return nil
            }
            return GrantDefault(
                organisation: key,
                section: section,
                write: row.integer(2) == 1,
                days: Int(row.integer(3))
            )
        }.compactMap(\.self)
    }

    /// Sets a default, in place of an earlier one for the same section.
    public static func put(
        _ grant: GrantDefault,
        healthCentre: Int64,
        organisation: Int64,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO grant_defaults (health_centre, organisation, section, writes, days)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (health_centre, organisation, section)
                DO UPDATE SET writes = excluded.writes, days = excluded.days
            """,
            [
                .integer(healthCentre), .integer(organisation), .text(grant.section.rawValue),
                .integer(grant.write ? 1 : 0), .integer(Int64(grant.days)),
            ]
        )
    }

    /// Ends a default; grants that it has given stay until they end.
    public static func remove(
        healthCentre: Int64,
        organisation: Int64,
        section: Section,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            "DELETE FROM grant_defaults WHERE health_centre = $1 AND organisation = $2 AND section = $3",
            [.integer(healthCentre), .integer(organisation), .text(section.rawValue)]
        )
    }
}
