/// Somebody who looks at cases: an account or an API client, for an organisation.
public struct Viewer: Sendable, Hashable {
    /// The organisation whose rights apply.
    public let organisation: Organisation
    /// Who it is, for the history: the account's or client's number.
    public let account: Int64
    /// Their name as the history shows it.
    public let name: String

    /// A viewer.
    public init(organisation: Organisation, account: Int64, name: String) {
        self.organisation = organisation
        self.account = account
        self.name = name
    }
}
