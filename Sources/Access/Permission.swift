public import Catalogue

/// What one viewer may do with one case on one day: the roles held and the grants given, taken together.
public struct Permission: Sendable {
    /// Roles the viewer's organisation holds.
    public let roles: Set<CaseRole>
    /// The viewer's organisation.
    public let organisation: Organisation
    let readable: ReadableItems
    private let writeGrants: Set<Section>
    private let intake: Intake

    /// Works out the roles of a viewer's organisation in a case; nil where it isn't a party.
    init?(_ file: CaseFile, _ viewer: Viewer, on day: CalendarDate) {
        let organisation = viewer.organisation
        var roles: Set<CaseRole> = []
        for party in file.parties where party.organisation == organisation.key && party.holds(on: day) {
            roles.insert(party.role)
        }
        if organisation.kind == .ministry { roles.insert(.ministry) }
        let grants = file.grants.filter {
            $0.organisation == organisation.key && day <= $0.until
                && !Rights.isClosed($0.section, to: organisation.kind)
        }
        // A grant alone doesn't make a party: it opens a section to an organisation that already takes part.
        guard !roles.isEmpty else { return nil }
        self.roles = roles
        self.organisation = organisation
        guard let readable = ReadableItems.items(of: roles, grants: Set(grants.map(\.section))) else { return nil }
        self.readable = readable
        writeGrants = Set(grants.filter(\.write).map(\.section))
        intake = file.intake
    }

    /// Whether a value may be read.
    ///
    /// - Parameters:
    ///   - item: the item.
    ///   - owner: who entered the record it stands in, for a record of a repeating section.
    /// - Returns: whether one of the roles or a grant opens it.
    public func reads(_ item: ItemDefinition, owner: OrganisationKey? = nil) -> Bool {
        let keys = !item.section.repeats ? readable.single : owner == organisation.key ? readable.own : readable.others
        return keys.contains(item.key) || (item.isLocal && readable.reads(item.key))
    }

    /// Whether a value may be changed.
    public func writes(_ item: ItemDefinition, owner: OrganisationKey? = nil) -> Bool {
        // 管理 items are changed by operations (受理, 移管, …), the status by hand by whoever is in charge.
        if item.section == .management {
            return item.key == "status" && roles.contains(.inCharge)
        }
        if item.isLocal { return writesLocal(item.section) }
        return Rights.sections(of: item).allSatisfy { section in
            writeGrants.contains(section) || roles.contains { writes(item, section, as: $0, owner: owner) }
        }
    }

    private func writes(_ item: ItemDefinition, _ section: Section, as role: CaseRole, owner: OrganisationKey?) -> Bool
    {
        switch Rights.right(of: role, on: section) {
        case .write: true
        // 医師所見 is the staff's, never the person's own report.
        case .writeOnly: item.key != "physician_finding"
        case .writeOwn:
            section.repeats
                ? owner == organisation.key && (section != .test || intake != .confirmed || roles.contains(.testing))
                : intake != .confirmed
        case .none, .read, .readOwn, .readDeidentified: false
        }
    }

    /// Whether a local item may be read, for a key that says it is one.
    public func readsLocal(_ key: String) -> Bool { LocalItem.section(of: key) != nil && readable.reads(key) }

    /// Whether a local item may be changed: what its key says of its section decides.
    func writesLocal(_ section: Section) -> Bool {
        writeGrants.contains(section)
            || roles.contains { Rights.writesLocal(section, as: $0, isConfirmed: intake == .confirmed) }
    }

    /// Whether anything of a section may be read.
    public func reads(_ section: Section) -> Bool {
        Catalogue.items(in: section).contains { reads($0, owner: organisation.key) }
    }

    /// Whether anything of a section may be written.
    public func writes(_ section: Section) -> Bool {
        Catalogue.items(in: section).contains { writes($0, owner: organisation.key) }
    }

    /// Whether the viewer may know where the notification stands (提出・差し戻し・保健所確認).
    public var readsIntake: Bool { readable.single.contains("submitted_at") }

    /// Whether the viewer may decide on the notification: confirm it, send it back, name related health centres.
    public var decidesIntake: Bool { roles.contains(.inCharge) }
}
