public import Catalogue

extension Rights {
    /// Whether a role reads a section's local items (独自項目): as it reads the section, and of the de-identified none,
    /// for nobody has looked at what they may tell.
    public static func readsLocal(_ section: Section, as role: CaseRole) -> Bool {
        switch right(of: role, on: section) {
        case .read, .write, .readOwn, .writeOwn: true
        case .none, .writeOnly, .readDeidentified: false
        }
    }

    /// Whether a role writes a section's local items; an institution until the notification is confirmed.
    public static func writesLocal(_ section: Section, as role: CaseRole, isConfirmed: Bool = false) -> Bool {
        switch right(of: role, on: section) {
        case .write: true
        case .writeOwn: !isConfirmed
        case .none, .read, .readOwn, .readDeidentified, .writeOnly: false
        }
    }
}
