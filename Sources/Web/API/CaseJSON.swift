import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// Writes cases as the API shows them: what the gate let through and nothing else.
struct CaseJSON {
    /// Names the organisations.
    let directory: Directory

    /// Repeating sections by the name of their records.
    static let records: [(name: String, section: Section)] = Section.allCases.compactMap { section in
        section.records.map { ($0, section) }
    }

    /// Those that a patch changes.
    static let revisable = records.filter { Casework.revisable.contains($0.section) }

    /// Single-valued items in the order of the dictionary.
    static let singleItems = Catalogue.items.filter { !$0.section.repeats }

    private static let singleKeys = singleItems.map(\.key)
    private static let recordKeys = Dictionary(
        uniqueKeysWithValues: records.map { ($0.section, Catalogue.items(in: $0.section).map(\.key)) }
    )

    /// The answer that is one case.
    func response(_ disclosed: Disclosed<CaseFile>, status: HTTPResponse.Status = .ok) -> Response {
        var writer = JSONWriter()
        write(disclosed, updatedAt: nil, to: &writer)
        return .api(writer.bytes, status: status, headers: [.eTag: ETag.of(disclosed.subject)])
    }

    /// One case as an object.
    func write(_ disclosed: Disclosed<CaseFile>, updatedAt: Timestamp?, to writer: inout JSONWriter) {
        let file = disclosed.subject
        writer.object { object in
            object.member("id", file.number.digits)
            object.member("display_id", file.number.display)
            object.member("version", file.version)
            object.member("intake", file.intake.rawValue)
            if let form = file.form { object.member("form", form) }
            object.name("published_data")
            object.bool(file.isPublishedData)
            if let updatedAt { object.member("updated_at", updatedAt.rfc3339) }
            if let reason = file.returnReason { object.member("return_reason", reason) }
            object.name("items")
            object.object { Self.write(file.items, Self.singleKeys, to: &$0) }
            for (name, section) in Self.records where disclosed.permission.reads(section) {
                object.name(name)
                object.list { list in
                    for entry in file.entries[section] ?? [] {
                        list.object { object in
                            object.member("id", entry.id)
                            Self.write(entry.items, Self.recordKeys[section] ?? [], to: &object)
                        }
                    }
                }
            }
            object.name("parties")
            object.list { list in
                for party in file.parties { list.object { write(party, to: &$0) } }
            }
        }
    }

    private func write(_ party: Party, to object: inout JSONWriter) {
        object.member("organisation", party.organisation)
        object.member("name", directory[party.organisation]?.name ?? party.organisation)
        object.member("role", party.role.rawValue)
    }

    /// A record's values in the order of the dictionary, then those that a newer version of the system wrote.
    private static func write(_ record: Record, _ keys: [String], to object: inout JSONWriter) {
        var written = 0
        for key in keys {
            guard let value = record[key] else { continue }
            object.name(key)
            object.value(value)
            written += 1
        }
        guard written < record.count else { return }
        let known = Set(keys)
        for key in record.keys.sorted() where !known.contains(key) {
            object.name(key)
            object.value(record[key])
        }
    }

    /// The answer that is a case's history.
    func response(_ number: CaseNumber, _ history: Disclosed<[HistoryEntry]>) -> Response {
        .api(
            JSONWriter.object { object in
                object.member("id", number.digits)
                object.name("history")
                object.list { list in
                    for line in history.subject { list.object { write(line, to: &$0) } }
                }
            }
        )
    }

    private func write(_ line: HistoryEntry, to object: inout JSONWriter) {
        object.member("version", line.version)
        object.member("at", line.at.rfc3339)
        object.member("action", line.action)
        object.member("through", line.through)
        object.member("organisation", line.organisation)
        object.member("organisation_name", directory[line.organisation]?.name ?? line.organisation)
        object.member("actor", line.actor)
        if let reason = line.reason { object.member("reason", reason) }
        object.name("changes")
        object.list { list in
            for change in line.changes {
                list.object { object in
                    object.member("item", change.change.item)
                    if let section = change.section {
                        object.member("records", Self.records.first { $0.section == section }?.name ?? section.rawValue)
                    }
                    if let entry = change.entry { object.member("record", entry) }
                    object.name("old")
                    object.value(change.change.old)
                    object.name("new")
                    object.value(change.change.new)
                }
            }
        }
    }
}
