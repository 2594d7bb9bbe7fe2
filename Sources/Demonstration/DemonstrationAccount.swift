public import Access
public import Catalogue

/// Somebody who can sign in to the demonstration.
public struct DemonstrationAccount: Sendable, Hashable {
    /// User ID.
    public let login: String
    /// Name as it stands in the history.
    public let name: String
    /// The organisation they work for.
    public let organisation: OrganisationKey
    /// Where one-time codes would be sent: a number that is assigned to nobody.
    public let phone: String
    /// What they answer for besides their work.
    public var duties: Set<Duty> = []
}

/// One thing that happened to a case, in order of time.
public struct Step: Sendable, Hashable {
    /// When.
    public let at: Timestamp
    /// The organisation that did it.
    public let organisation: OrganisationKey
    /// The login of the account that did it.
    public let account: String
    /// What: `notify`, `return`, `revise`, `confirm`, `related`, `place`, `outcome`.
    public let action: String
    /// Why, where a reason was given.
    public let reason: String?
}

/// A made-up case with what led to it.
public struct DemonstrationCase: Sendable {
    /// The case as it stands today.
    public var file: CaseFile
    /// What happened, oldest first; at least one.
    public var steps: [Step]
}
