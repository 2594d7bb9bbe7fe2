import Access
import Casework
import Catalogue
import Storage

/// Reads the items and records of a body, collecting everything that has to be mended.
struct EntryReader {
    /// The day that checks call today.
    let today: CalendarDate
    /// What the caller may do with the case, where there is one already.
    var permission: Permission?
    /// Who asks: it owns the records it adds.
    let organisation: OrganisationKey
    /// What has to be mended.
    private(set) var errors: [Problem.FieldError] = []
    /// Items of the case's prefecture; those of another one aren't told from ones that don't exist.
    var localItems = LocalItems()

    /// Records of a section in one body; a person has had a few dozen tests.
    private static let mostRecords = 200

    init(_ caller: Caller, today: CalendarDate, permission: Permission? = nil) {
        self.today = today
        self.permission = permission
        organisation = caller.organisation.key
    }

    /// Adds something to mend.
    mutating func refuse(_ item: String, _ code: String, _ message: String, index: Int? = nil) {
        guard errors.count < Problem.mostErrors else { return }
        errors.append(Problem.FieldError(item: item, index: index, code: code, message: message))
    }

    /// Ends the reading: nothing may be left to mend.
    func finish() throws {
        if !errors.isEmpty { throw Problem.invalid(errors) }
    }

    /// The members of a body, of which only some are known.
    mutating func members(_ body: JSON, known: Set<String>) {
        guard let members = body.members else {
            refuse("", "type", "本文はオブジェクトで送ってください。")
            return
        }
        for member in members where !known.contains(member.name) {
            refuse(Problem.FieldError.shown(member.name), "unknown_member", "このメンバーはありません。")
        }
    }

    /// A member that is `true` or `false`.
    mutating func flag(_ name: String, in body: JSON) -> Bool {
        switch body[name] {
        case nil: return false
        case .bool(let value): return value
        default:
            refuse(name, "type", "\(name)はtrueかfalseで送ってください。")
            return false
        }
    }

    /// A member that is a string.
    mutating func text(_ name: String, in body: JSON) -> String? {
        switch body[name] {
        case nil: return nil
        case .text(let text): return text
        default:
            refuse(name, "type", "\(name)は文字列で送ってください。")
            return nil
        }
    }

    /// The single-valued items of the member `items`.
    mutating func items(_ json: JSON?) -> [String: Value?] {
        guard let json else { return [:] }
        guard let members = json.members else {
            refuse("items", "type", "itemsはオブジェクトで送ってください。")
            return [:]
        }
        var result: [String: Value?] = [:]
        result.reserveCapacity(members.count)
        for member in members {
            guard let item = item(member.name, in: nil) else {
                refuse(Problem.FieldError.shown(member.name), "unknown_item", "この項目はありません。")
                continue
            }
            read(member, item, into: &result, index: nil)
        }
        return result
    }

    /// The records of a repeating section, with their numbers where there is a case already.
    mutating func records(
        _ name: String,
        _ section: Section,
        in body: JSON,
        of present: Disclosed<CaseFile>? = nil
    ) -> [EntryRevision] {
        guard let json = body[name] else { return [] }
        guard let list = json.list, list.count <= Self.mostRecords else {
            let code = json.list == nil ? "type" : "length"
            refuse(name, code, "\(name)は\(Self.mostRecords)件までの配列で送ってください。")
            return []
        }
        let visible = Set((present?.subject.entries[section] ?? []).map(\.id))
        var result: [EntryRevision] = []
        for (index, json) in list.enumerated() {
            guard let members = json.members else {
                refuse("\(name).\(index)", "type", "\(section.recordLabel)はオブジェクトで送ってください。", index: index)
                continue
            }
            var record = EntryRevision(section, id: nil, items: [:])
            for member in members {
                if member.name == "id", present != nil {
                    record.id = number(member.value, name, section, index)
                } else if member.name == "remove", present != nil {
                    record.isRemoved = json["remove"] == .bool(true)
                } else if let item = item(member.name, in: section) {
                    read(member, item, into: &record.items, index: index)
                } else {
                    let place = "\(name).\(index).\(Problem.FieldError.shown(member.name))"
                    refuse(place, "unknown_item", "この項目はありません。", index: index)
                }
            }
            if let id = record.id, !visible.contains(id) {
                refuse("\(name).\(index).id", "unknown_record", "この\(section.recordLabel)の記録はありません。", index: index)
            }
            result.append(record)
        }
        return result
    }

    private mutating func number(_ json: JSON, _ name: String, _ section: Section, _ index: Int) -> Int? {
        if case .number(let text) = json, let number = Int(text), number > 0 { return number }
        refuse("\(name).\(index).id", "type", "idは\(section.recordLabel)の記録の番号で送ってください。", index: index)
        return nil
    }

    private mutating func read(
        _ member: JSON.Member,
        _ item: ItemDefinition,
        into items: inout [String: Value?],
        index: Int?
    ) {
        switch ValueJSON.read(member.value, for: item, today: today) {
        case .success(let value): items.updateValue(value, forKey: item.key)
        case .failure(let failure):
            let name = Components.fieldName(Finding.Place(item: item.key, index: index))
            refuse(name, failure.code, failure.message, index: index)
        }
    }

    /// The item of that name at that place, nil where there is none or the caller may not see it.
    ///
    /// A hidden item answers like one that doesn't exist, whether it has a value or not: a patch that met a hidden
    /// value by chance would otherwise be told from one that didn't.
    private func item(_ key: String, in section: Section?) -> ItemDefinition? {
        guard let item = Catalogue.item(key) ?? localItems[key]?.definition,
            section.map({ $0 == item.section }) ?? !item.section.repeats
        else {
            return nil
        }
        guard let permission else { return item }
        return permission.reads(item, owner: section == nil ? nil : organisation) ? item : nil
    }
}
