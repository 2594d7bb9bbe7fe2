public import Catalogue

/// Something cut down to what one viewer may see.
///
/// Only ``Gate`` makes one: whoever holds it can show all of it.
public struct Disclosed<Subject: Sendable>: Sendable {
    /// What may be seen.
    public let subject: Subject
    /// What the viewer may do with the case it came from.
    public let permission: Permission

    init(_ subject: Subject, _ permission: Permission) {
        self.subject = subject
        self.permission = permission
    }
}

/// One line of a case's history before the gate.
public struct HistoryEntry: Sendable, Hashable {
    /// One item's change, and where it stands.
    public struct ItemChange: Sendable, Hashable {
        /// The repeating section of the record, nil for single-valued items.
        public var section: Section?
        /// The record's number within the case.
        public var entry: Int?
        /// Who entered that record.
        public var owner: OrganisationKey?
        /// What changed.
        public var change: Change

        /// A change at a place.
        public init(_ change: Change, section: Section? = nil, entry: Int? = nil, owner: OrganisationKey? = nil) {
            self.change = change
            self.section = section
            self.entry = entry
            self.owner = owner
        }
    }

    /// The version of the case that it made.
    public var version: Int
    /// When.
    public var at: Timestamp
    /// The account or client.
    public var account: Int64
    /// Its name at that time.
    public var actor: String
    /// Its organisation.
    public var organisation: OrganisationKey
    /// Through what: `page`, `api`, `import`, `demo`.
    public var through: String
    /// What was done: `notify`, `revise`, `confirm`, `return`, `related`.
    public var action: String
    /// Why, where a reason was given.
    public var reason: String?
    /// The items that changed.
    public var changes: [ItemChange]

    /// A line of history.
    public init(
        version: Int,
        at: Timestamp,
        account: Int64,
        actor: String,
        organisation: OrganisationKey,
        through: String,
        action: String,
        reason: String? = nil,
        changes: [ItemChange]
    ) {
        self.version = version
        self.at = at
        self.account = account
        self.actor = actor
        self.organisation = organisation
        self.through = through
        self.action = action
        self.reason = reason
        self.changes = changes
    }
}

/// The one gate through which a case leaves `Casework`.
public enum Gate {
    /// What a viewer may do with a case, or nil where the case doesn't exist for them.
    public static func permission(_ file: CaseFile, _ viewer: Viewer, on day: CalendarDate) -> Permission? {
        Permission(file, viewer, on: day)
    }

    /// The case as a viewer may see it, or nil where it doesn't exist for them.
    public static func disclose(_ file: CaseFile, to viewer: Viewer, on day: CalendarDate) -> Disclosed<CaseFile>? {
        guard let permission = Permission(file, viewer, on: day) else { return nil }
        var cut = file
        let readable = permission.readable
        if readable.isWhole { return Disclosed(file, permission) }
        cut.items = file.items.filter(readable.reads)
        cut.entries = file.entries.compactMapValues { entries in
            let kept = entries.compactMap { entry -> Entry? in
                let keys = entry.owner == viewer.organisation.key ? readable.own : readable.others
                let items = entry.items.filter(keys.contains)
                guard !items.isEmpty else { return nil }
                return Entry(id: entry.id, owner: entry.owner, items: items)
            }
            return kept.isEmpty ? nil : kept
        }
        let administration = permission.roles.contains(where: seesWhole)
        if !administration {
            // Who else takes part tells of stays and follow-up: others see only themselves and who is in charge.
            cut.parties = file.parties.filter {
                $0.organisation == viewer.organisation.key || $0.role == .inCharge
            }
            cut.grants = file.grants.filter { $0.organisation == viewer.organisation.key }
            if !permission.roles.contains(.reporting) { cut.returnReason = nil }
            if !permission.readsIntake {
                cut.intake = .none
                cut.form = nil
            }
        }
        return Disclosed(cut, permission)
    }

    /// The history as a viewer may see it: changes of hidden items are left out, and lines that have none left.
    public static func disclose(
        _ history: [HistoryEntry],
        of file: CaseFile,
        to viewer: Viewer,
        on day: CalendarDate
    ) -> Disclosed<[HistoryEntry]>? {
        guard let permission = Permission(file, viewer, on: day) else { return nil }
        let administration = permission.roles.contains(where: seesWhole)
        let lines = history.compactMap { line -> HistoryEntry? in
            var cut = line
            cut.changes = line.changes.filter { isReadable($0.change.item, permission, owner: $0.owner) }
            if !administration {
                // A colleague's name is the organisation's own; others appear as their organisation.
                if line.organisation != viewer.organisation.key { cut.actor = "" }
                // A reason is written for whoever sees the whole change: it may name a stay, a contact, another
                // institution. Why a report comes back is written for who reported.
                let isInternal = isAdministrative(line.action)
                let isTold = line.action == "return" && permission.roles.contains(.reporting)
                if !isTold, line.organisation != viewer.organisation.key { cut.reason = nil }
                if isInternal, cut.changes.isEmpty { return nil }
                if !permission.readsIntake, line.changes.isEmpty { return nil }
            }
            return cut.changes.isEmpty && !line.changes.isEmpty ? nil : cut
        }
        return Disclosed(lines, permission)
    }

    /// Whether a role sees all of a case: the health centres and the headquarters.
    public static func seesWhole(_ role: CaseRole) -> Bool {
        role == .inCharge || role == .related || role == .headquarters || role == .opened
    }

    /// Whether something that was done is the health administration's own affair: who shares a case and why.
    ///
    /// Others see at most what it changed of the items that they read, and are told of nothing else.
    public static func isAdministrative(_ action: String) -> Bool {
        ["related", "grant", "grant-end", "open"].contains(action) || action.hasPrefix("transfer-")
    }

    /// The first place among changes that the viewer may not write, or nil where all may be written.
    public static func refusedChange(_ changes: [HistoryEntry.ItemChange], _ permission: Permission) -> String? {
        changes.first { change in
            if let section = LocalItem.section(of: change.change.item) {
                return change.section != nil || !permission.writesLocal(section)
            }
            guard let item = Catalogue.item(change.change.item) else { return true }
            return !permission.writes(item, owner: change.owner)
        }?.change.item
    }

    /// An item the catalogue doesn't know may hold anything: only whoever reads everything sees it.
    ///
    /// A local item is known by its key.
    private static func isReadable(_ key: String, _ permission: Permission, owner: OrganisationKey?) -> Bool {
        if LocalItem.section(of: key) != nil { return permission.readable.reads(key) }
        guard let item = Catalogue.item(key) else { return permission.readable.unknown }
        return permission.reads(item, owner: owner)
    }
}
