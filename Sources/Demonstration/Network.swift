import Access
import Catalogue

/// The organisations of the demonstration with their accounts, and the ways between them that cases take.
struct Network: Sendable {
    /// A health centre and what reports to it.
    struct Centre: Sendable {
        let organisation: Organisation
        /// Headquarters above it, the nearest first.
        let headquarters: [OrganisationKey]
        /// The prefecture's 感染症情報センター.
        let analysis: OrganisationKey
        let accounts: [DemonstrationAccount]
        /// Login at the nearest headquarters.
        let placer: DemonstrationAccount
        let institutions: [Institution]
        let hospitals: [Institution]
        let clusters: [String]
    }

    /// A medical institution with what every notification of it repeats.
    struct Institution: Sendable {
        let organisation: Organisation
        let name: InstitutionName
        let account: DemonstrationAccount
        let physicians: [String]
        let isHospital: Bool
    }

    /// A contractor or a facility with its account.
    struct Facility: Sendable {
        let organisation: Organisation
        let name: InstitutionName
    }

    let organisations: [Organisation]
    let accounts: [DemonstrationAccount]
    let centres: [Centre]
    let laboratories: [String: InstitutionName]
    let followUps: [String: Facility]
    let lodgings: [String: [Facility]]

    /// Logins printed where the demonstration starts, one of each kind at least.
    static let featuredLogins = [
        "mhlw", "tokyo-hq", "shinjuku-hq", "shinjuku-hc", "shinjuku-hc2", "shibuya-hc", "yokohama-hc",
        "shinjuku-clinic", "shinjuku-hospital", "tokyo-followup", "tokyo-hotel", "tokyo-analysis",
    ]
}
