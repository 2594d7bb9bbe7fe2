import Access
import Catalogue

/// A case and its history lines as bytes.
///
/// Keys are written out, not numbered: what is stored today must be readable by any later catalogue.
enum CaseCodec {
    private static let format = 1

    static func encode(_ file: CaseFile) -> [UInt8] {
        var writer = ByteWriter(capacity: 1536)
        writer.number(format)
        writer.optional(file.form)
        writer.text(file.intake.rawValue)
        writer.optional(file.returnReason)
        writer.number(file.isPublishedData ? 1 : 0)
        writer.record(file.items)
        writer.number(file.entries.count)
        for (section, entries) in file.entries.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.text(section.rawValue)
            writer.number(entries.count)
            for entry in entries {
                writer.number(entry.id)
                writer.optional(entry.owner)
                writer.record(entry.items)
            }
        }
        writer.number(file.parties.count)
        for party in file.parties {
            writer.text(party.organisation)
            writer.text(party.role.rawValue)
            writer.optional(party.from.map { Int($0.dayNumber) })
            writer.optional(party.until.map { Int($0.dayNumber) })
        }
        writer.number(file.grants.count)
        for grant in file.grants {
            writer.text(grant.organisation)
            writer.text(grant.section.rawValue)
            writer.number(grant.write ? 1 : 0)
            writer.number(Int(grant.until.dayNumber))
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8], number: CaseNumber, version: Int) throws -> CaseFile {
        var reader = ByteReader(bytes)
        guard try reader.number() == format else { throw StorageFailure.unreadable("format") }
        var file = CaseFile(number: number, version: version)
        file.form = try reader.optionalText()
        file.intake = Intake(rawValue: try reader.text()) ?? .none
        file.returnReason = try reader.optionalText()
        file.isPublishedData = try reader.number() == 1
        file.items = try reader.record()
        for _ in 0..<(try reader.count()) {
            let section = Section(rawValue: try reader.text())
            var entries: [Entry] = []
            for _ in 0..<(try reader.count()) {
                entries.append(
                    Entry(id: try reader.number(), owner: try reader.optionalText(), items: try reader.record())
                )
            }
            guard let section else { throw StorageFailure.unreadable("section") }
            file.entries[section] = entries
        }
        for _ in 0..<(try reader.count()) {
            let organisation = try reader.text()
            guard let role = CaseRole(rawValue: try reader.text()) else { throw StorageFailure.unreadable("role") }
            file.parties.append(
                Party(
                    organisation,
                    role,
                    from: try reader.optionalNumber().map { CalendarDate(dayNumber: Int32($0)) },
                    until: try reader.optionalNumber().map { CalendarDate(dayNumber: Int32($0)) }
                )
            )
        }
        for _ in 0..<(try reader.count()) {
            let organisation = try reader.text()
            guard let section = Section(rawValue: try reader.text()) else { throw StorageFailure.unreadable("grant") }
            file.grants.append(
                Grant(
                    organisation: organisation,
                    section: section,
                    write: try reader.number() == 1,
                    until: CalendarDate(dayNumber: Int32(truncatingIfNeeded: try reader.number()))
                )
            )
        }
        return file
    }

    static func encode(_ deed: CaseStore.Deed, _ told: CaseStore.Told) -> [UInt8] {
        var writer = ByteWriter(capacity: 1536)
        writer.number(format)
        writer.text(deed.actor)
        writer.text(deed.through)
        writer.text(deed.action)
        writer.optional(deed.reason)
        switch told {
        case .changes(let changes):
            writer.number(changes.count)
            for change in changes {
                writer.optional(change.section?.rawValue)
                writer.optional(change.entry)
                writer.optional(change.owner)
                writer.text(change.change.item)
                writer.optional(change.change.old)
                writer.optional(change.change.new)
            }
        case .beginning(let file, let items, let sections):
            beginning(file, items, sections, &writer)
        }
        return writer.bytes
    }

    /// The same bytes as a list of changes from nothing, written straight from the case.
    private static func beginning(
        _ file: CaseFile,
        _ items: Set<String>,
        _ sections: Set<Section>,
        _ writer: inout ByteWriter
    ) {
        let entries = file.entries.filter { !sections.contains($0.key) }
        let left = items.count { file.items[$0] != nil }
        writer.number(entries.values.joined().reduce(file.items.count - left) { $0 + $1.items.count })
        for (key, value) in file.items.all where !items.contains(key) {
            for _ in 0..<3 { writer.optional(nil as String?) }
            writer.text(key)
            writer.optional(nil as String?)
            writer.optional(value)
        }
        for (section, entries) in entries {
            for entry in entries {
                for (key, value) in entry.items.all {
                    writer.optional(section.rawValue)
                    writer.optional(entry.id)
                    writer.optional(entry.owner)
                    writer.text(key)
                    writer.optional(nil as String?)
                    writer.optional(value)
                }
            }
        }
    }

    static func decodeHistory(
        _ bytes: [UInt8],
        version: Int,
        at: Timestamp,
        account: Int64,
        organisation: OrganisationKey
    ) throws -> HistoryEntry {
        var reader = ByteReader(bytes)
        guard try reader.number() == format else { throw StorageFailure.unreadable("format") }
        var line = HistoryEntry(
            version: version,
            at: at,
            account: account,
            actor: try reader.text(),
            organisation: organisation,
            through: try reader.text(),
            action: try reader.text(),
            reason: try reader.optionalText(),
            changes: []
        )
        for _ in 0..<(try reader.count()) {
            let section = try reader.optionalText().flatMap(Section.init(rawValue:))
            let entry = try reader.optionalNumber()
            let owner = try reader.optionalText()
            let item = try reader.text()
            let change = Change(
                item: item,
                old: try reader.optionalValue(of: item),
                new: try reader.optionalValue(of: item)
            )
            line.changes.append(.init(change, section: section, entry: entry, owner: owner))
        }
        return line
    }
}
