import Access
import Casework
import Catalogue
import Storage

/// Reads the items and tests of a body, collecting everything that has to be mended.
struct EntryReader {
    /// The day that checks call today.
    let today: CalendarDate
    /// What the caller may do with the case, where there is one already.
    var permission: Permission?
    /// Who asks: it owns the tests it adds.
    let organisation: OrganisationKey
    /// What has to be mended.
    private(set) var errors: [Problem.FieldError] = []
    /// Items that prefectures have defined.
    var localItems = LocalItems()

    /// Tests in one body; a person has had a few dozen.
    private static let mostTests = 200

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
            guard let item = item(member.name, isTest: false) else {
                refuse(Problem.FieldError.shown(member.name), "unknown_item", "この項目はありません。")
                continue
            }
            read(member, item, into: &result, index: nil)
        }
        return result
    }

    /// The tests of the member `tests`: their numbers and items.
    mutating func tests(_ json: JSON?, takesNumbers: Bool) -> [(id: Int?, items: [String: Value?])] {
        guard let json else { return [] }
        guard let list = json.list, list.count <= Self.mostTests else {
            refuse("tests", json.list == nil ? "type" : "length", "testsは\(Self.mostTests)件までの配列で送ってください。")
            return []
        }
        var result: [(id: Int?, items: [String: Value?])] = []
        for (index, json) in list.enumerated() {
            guard let members = json.members else {
                refuse("tests.\(index)", "type", "検査はオブジェクトで送ってください。", index: index)
                continue
            }
            var id: Int?
            var items: [String: Value?] = [:]
            for member in members {
                if member.name == "id", takesNumbers {
                    id = number(member.value, index)
                } else if let item = item(member.name, isTest: true) {
                    read(member, item, into: &items, index: index)
                } else {
                    let name = "tests.\(index).\(Problem.FieldError.shown(member.name))"
                    refuse(name, "unknown_item", "この項目はありません。", index: index)
                }
            }
            result.append((id, items))
        }
        return result
    }

    private mutating func number(_ json: JSON, _ index: Int) -> Int? {
        if case .number(let text) = json, let number = Int(text), number > 0 { return number }
        refuse("tests.\(index).id", "type", "idは検査記録の番号で送ってください。", index: index)
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
            let name = index.map { "tests.\($0).\(item.key)" } ?? item.key
            refuse(name, failure.code, failure.message, index: index)
        }
    }

    /// The item of that name at that place, nil where there is none or the caller may not see it.
    ///
    /// A hidden item answers like one that doesn't exist, whether it has a value or not: a patch that met a hidden
    /// value by chance would otherwise be told from one that didn't.
    private func item(_ key: String, isTest: Bool) -> ItemDefinition? {
        guard let item = Catalogue.item(key) ?? localItems[key]?.definition, isTest ? item.section == .test : !item.section.repeats else {
            return nil
        }
        guard let permission else { return item }
        return permission.reads(item, owner: isTest ? organisation : nil) ? item : nil
    }
}
