public import Access
public import Catalogue
import Storage

/// One state of an institution's numbers of a day.
public struct TotalChange: Sendable, Hashable {
    /// The state it made.
    public let version: Int
    /// When.
    public let at: Timestamp
    /// Whose organisation.
    public let organisation: OrganisationKey
    /// Who; empty where the reader isn't of that organisation and no authority.
    public let actor: String
    /// Through what: `page`, `api`.
    public let through: String
    /// Why, where a reason was given.
    public let reason: String?
    /// The numbers from then on.
    public let counts: AgeCounts
}

/// An institution's day: the numbers, how they came about, and what the reader may do with them.
public struct TotalDay: Sendable {
    /// The institution.
    public let institution: Organisation
    /// The day.
    public let day: CalendarDate
    /// The numbers, nil while nothing has been reported.
    public let total: InstitutionTotal?
    /// All states, the first one first.
    public let changes: [TotalChange]
    /// What the reader may enter.
    public let entry: TotalsRights.Entry
}

/// The sums of a health centre's institutions on a day.
public struct TotalSum: Sendable, Hashable {
    /// The day.
    public let day: CalendarDate
    /// The health centre.
    public let office: OrganisationKey
    /// How many institutions report to it.
    public let institutions: Int
    /// How many of them have reported, those with nobody to report included.
    public let reported: Int
    /// The sums.
    public let counts: AgeCounts
}

/// The institutions of a health centre on a day.
public struct OfficeTotals: Sendable {
    /// The health centre.
    public let office: Organisation
    /// Numbers that have come.
    public let reported: [InstitutionTotal]
    /// Who hasn't reported.
    public let missing: [Organisation]
}

extension Casework {
    /// Days that can be asked for at once.
    public static let mostTotalDays = 31

    /// An institution's numbers of a day with their history.
    /// - Throws: ``Refusal/notFound`` for an institution of which the caller may know nothing.
    public func totalDay(
        _ institution: OrganisationKey?,
        _ day: CalendarDate,
        by caller: Caller
    ) async throws -> TotalDay {
        let directory = try await directory()
        let place = try totalPlace(institution ?? caller.organisation.key, caller, directory)
        let (stored, changes) = try await engine.read { connection in
            (
                try self.totals.find(day, place.number, connection),
                try self.totals.changes(day, place.number, connection)
            )
        }
        let own = directory.number(caller.organisation.key)
        return TotalDay(
            institution: place.institution,
            day: day,
            total: stored.map { total($0, directory) },
            changes: changes.map { change in
                TotalChange(
                    version: change.version,
                    at: change.at,
                    organisation: directory.key(change.organisation) ?? "",
                    actor: change.organisation == own || caller.organisation.kind.isAdministration ? change.actor : "",
                    through: change.through,
                    reason: change.reason,
                    counts: change.counts
                )
            },
            entry: place.entry
        )
    }

    /// An institution's numbers of some days, the latest first.
    public func totals(
        of institution: OrganisationKey?,
        _ days: ClosedRange<CalendarDate>,
        by caller: Caller
    ) async throws -> [InstitutionTotal] {
        try Self.checkDays(days)
        let directory = try await directory()
        let place = try totalPlace(institution ?? caller.organisation.key, caller, directory)
        return try await engine.read { try self.totals.of(place.number, days, $0) }.map { total($0, directory) }
    }

    /// The sums of every health centre that the caller may read, by day and health centre; days without a report
    /// stand with nobody reported.
    /// - Throws: ``Refusal/notFound`` for who reads no sums, ``Refusal/findings(_:)`` for too many days.
    public func totalSums(
        _ days: ClosedRange<CalendarDate>,
        by caller: Caller
    ) async throws -> [TotalSum] {
        try Self.checkDays(days)
        let directory = try await directory()
        let offices = totalOffices(caller, directory)
        guard !offices.isEmpty else { throw Refusal.notFound }
        var expected: [OrganisationKey: Int] = [:]
        for institution in directory.organisations.values where institution.kind == .medical {
            if let office = institution.healthCentre { expected[office, default: 0] += 1 }
        }
        let stored = try await engine.read { try self.totals.sums(days, $0) }
        var byPlace: [OrganisationKey: [CalendarDate: StoredSum]] = [:]
        for sum in stored {
            guard let office = directory.key(sum.office) else { continue }
            byPlace[office, default: [:]][sum.day] = sum
        }
        return (0...days.upperBound.days(since: days.lowerBound)).flatMap { offset -> [TotalSum] in
            let day = days.lowerBound.adding(days: offset)
            return offices.map { office in
                let sum = byPlace[office.key]?[day]
                return TotalSum(
                    day: day,
                    office: office.key,
                    institutions: max(expected[office.key] ?? 0, sum?.institutions ?? 0),
                    reported: sum?.institutions ?? 0,
                    counts: sum?.counts ?? AgeCounts()
                )
            }
        }
    }

    /// Who has reported a day and who hasn't, by health centre: for the health centre and the headquarters.
    /// - Throws: ``Refusal/notFound`` for everybody else.
    public func officeTotals(_ day: CalendarDate, by caller: Caller) async throws -> [OfficeTotals] {
        let directory = try await directory()
        guard caller.organisation.kind != .ministry else { throw Refusal.notFound }
        let offices = totalOffices(caller, directory)
        guard !offices.isEmpty else { throw Refusal.notFound }
        let institutions = Dictionary(
            grouping: directory.organisations.values.filter { $0.kind == .medical && $0.healthCentre != nil },
            by: { $0.healthCentre ?? "" }
        )
        let numbers = offices.map { directory.number($0.key) ?? 0 }
        let stored = try await engine.read { connection in
            try numbers.map { try self.totals.reported(day, to: $0, connection) }
        }
        return zip(offices, stored).map { office, stored in
            let reported = stored.map { total($0, directory) }
            let known = Set(reported.map(\.institution))
            let missing = (institutions[office.key] ?? []).filter { !known.contains($0.key) }
            return OfficeTotals(office: office, reported: reported, missing: missing.sorted { $0.key < $1.key })
        }
    }

    /// The health centres whose sums the caller reads.
    private func totalOffices(_ caller: Caller, _ directory: Directory) -> [Organisation] {
        directory.all(.healthCentre).filter { office in
            let above = directory.headquarters(above: office.key).map(\.key)
            return TotalsRights.readsSums(caller.organisation, of: office.key, below: above)
        }
    }

    private static func checkDays(_ days: ClosedRange<CalendarDate>) throws {
        guard days.upperBound.days(since: days.lowerBound) < mostTotalDays else {
            throw Refusal.findings([Finding("from", "range", "期間は\(mostTotalDays)日以内にしてください。")])
        }
    }
}
