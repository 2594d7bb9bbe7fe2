public import Access
public import Catalogue
public import Storage

/// One page of who read a case.
public struct CaseReadings: Sendable {
    /// The readings, latest first, with the readers' organisations.
    public let rows: [(reading: CaseReading, organisation: OrganisationKey)]
    /// Where the next page begins, nil on the last one.
    public let next: ReadingPlace?
}

/// A place among the readings of a case: new ones don't move it.
public struct ReadingPlace: Sendable, Hashable {
    /// The second in which it is.
    public var at: Timestamp
    /// How many readings of that second stand before it.
    public var skip: Int

    /// A place.
    public init(at: Timestamp, skip: Int) {
        self.at = at
        self.skip = skip
    }
}

extension Casework {
    /// Lines on a page of 閲覧記録.
    public static let readingsOnPage = 50

    /// 閲覧記録: who has read a case; for the health centres and headquarters that take part in it.
    public func readings(
        of number: CaseNumber,
        from place: ReadingPlace? = nil,
        by caller: Caller
    ) async throws -> CaseReadings {
        let directory = try await directory()
        let now = clock()
        let (readings, cases) = (readings, cases)
        let found = try await engine.read { connection -> [CaseReading]? in
            guard let file = try cases.load(number, connection),
                let permission = Gate.permission(file, caller.viewer, on: now.japanDate),
                Self.mayReadReadings(permission)
            else { return nil }
            return try readings.readings(
                of: number,
                from: place?.at,
                skip: max(0, min(place?.skip ?? 0, 10_000)),
                limit: Self.readingsOnPage + 1,
                connection
            )
        }
        guard let found else { throw Refusal.notFound }
        let rows = found.prefix(Self.readingsOnPage).map {
            (reading: $0, organisation: directory.key($0.organisation) ?? "")
        }
        let next = found.count > rows.count ? rows.last.map { $0.reading.firstAt } : nil
        return CaseReadings(
            rows: rows,
            next: next.map { at in
                let shown = rows.filter { $0.reading.firstAt == at }.count
                return ReadingPlace(at: at, skip: shown + (place?.at == at ? place?.skip ?? 0 : 0))
            }
        )
    }

    /// Whether somebody sees who read a case: whoever sees all of it as a party.
    public static func mayReadReadings(_ permission: Permission) -> Bool {
        !permission.roles.isDisjoint(with: [.inCharge, .related, .headquarters])
    }
}
