public import Access
public import Catalogue
public import Storage

/// One page of who read a case.
public struct CaseReadings: Sendable {
    /// The readings, latest first, with the readers' organisations.
    public let rows: [(reading: CaseReading, organisation: OrganisationKey)]
    /// Where the next page begins, nil on the last one.
    public let next: Int?
}

extension Casework {
    /// Lines on a page of 閲覧記録.
    public static let readingsOnPage = 50

    /// 閲覧記録: who has read a case; for the health centres and headquarters that take part in it.
    public func readings(
        of number: CaseNumber,
        skip: Int = 0,
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
                skip: max(0, min(skip, 1_000_000)),
                limit: Self.readingsOnPage + 1,
                connection
            )
        }
        guard let found else { throw Refusal.notFound }
        let rows = found.prefix(Self.readingsOnPage).map { ($0, directory.key($0.organisation) ?? "") }
        return CaseReadings(
            rows: Array(rows),
            next: found.count > rows.count ? skip + rows.count : nil
        )
    }

    /// Whether somebody sees who read a case: whoever sees all of it as a party.
    public static func mayReadReadings(_ permission: Permission) -> Bool {
        !permission.roles.isDisjoint(with: [.inCharge, .related, .headquarters])
    }
}
