/// An institution as a form names it: its name, and its code or key where that is known.
public struct InstitutionName: Sendable, Hashable {
    /// Name as written on the form (医療機関名).
    public let name: String
    /// 10-digit code 都道府県 2 + 点数表 1 + 医療機関 7 with check digit, the organisation's key in the system where it has no
    /// such code, or nil where only the name is known.
    public let code: String?

    /// An institution by name and, where known, code.
    public init(name: String, code: String? = nil) {
        self.name = name
        self.code = code
    }
}
