public import Access
import Storage

extension Casework {
    /// What the people of an organisation may do now, as far as its local government has begun (利用開始日).
    public func entry(of organisation: OrganisationKey) async throws -> OpeningDays.Entry {
        try await directory().entry(of: organisation, on: today)
    }
}
