public import Access
public import Catalogue

/// Somebody else who has a case open, as one viewer may know of them.
public struct Presence: Sendable, Hashable {
    /// Who it is.
    public enum Who: Sendable, Hashable {
        /// 「山田 花子さん」 of an organisation that sees the whole case, to somebody who does so, too.
        case person(name: String, organisation: OrganisationKey)
        /// Somebody of an institution, a contractor or a facility, to those who see the whole case.
        case organisation(OrganisationKey)
        /// 「保健所の職員」: all that others are told.
        case office
        /// Somebody of the viewer's own organisation, where people aren't named.
        case colleague
    }

    /// Who it is.
    public let who: Who
    /// The section that they are editing, where the viewer may read it; nil for a page that is only read.
    public let section: Section?
}

/// How an organisation stands to a case when its people have it open: decides who is told of whom.
enum Standing: String, Sendable, CaseIterable {
    /// The health centre in charge.
    case inCharge = "c"
    /// A related health centre or a headquarters: sees the whole case.
    case whole = "w"
    /// An institution, a contractor, a facility.
    case party = "p"

    /// The standing that follows from a permission; nil for those who are told of nobody, and nobody of them.
    init?(_ permission: Permission) {
        if permission.roles.contains(.inCharge) {
            self = .inCharge
        } else if permission.roles.contains(where: Gate.seesWhole) {
            self = .whole
        } else if permission.roles.isSubset(of: [.ministry, .analysis, .person]) {
            return nil
        } else {
            self = .party
        }
    }

    /// How much one is told of another.
    enum Told: Sendable {
        /// Nothing: for the one, the other isn't there.
        case nothing
        /// The person's name.
        case name
        /// The organisation.
        case organisation
        /// That somebody of the health centre is there.
        case office
        /// That a colleague is there.
        case colleague
    }

    /// How much somebody of this standing is told of another.
    func told(of other: Standing, isColleague: Bool) -> Told {
        switch (self, other) {
        case (.inCharge, .party), (.whole, .party): .organisation
        case (.inCharge, _), (.whole, _): .name
        case (.party, .inCharge): .office
        // Who else takes part in a case, an institution isn't told; see Gate.disclose.
        case (.party, .whole): .nothing
        case (.party, .party): isColleague ? .colleague : .nothing
        }
    }
}
