import Access
import Catalogue

// Schemas of items: types, codes, ranges and lengths as the catalogue has them.

extension OpenAPI {
    /// RFC 3339 with an offset, in the years that a calendar date has.
    static let momentPattern = #"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$"#

    /// Which way a value goes.
    enum Direction {
        /// To the server: shorter spellings are accepted.
        case sent
        /// To the server, where `null` empties the item.
        case changed
        /// From the server.
        case received
    }

    /// The schema of an item's value.
    static func schema(of item: ItemDefinition, _ direction: Direction) -> JSON {
        var members: [(String, JSON)] = [("title", .text(item.ja)), ("description", .text(description(of: item)))]
        let kind = kind(of: item, direction)
        if direction == .received {
            members += (kind.members ?? []).map { ($0.name, $0.value) }
        } else {
            // An item sent as null is one that wasn't filled in.
            members.append(("anyOf", [kind, ["type": "null"]]))
        }
        return JSON.object([]).with(members)
    }

    private static func description(of item: ItemDefinition) -> String {
        var text = item.en
        if let unit = item.unit { text += " (\(unit))" }
        if let number = item.formNumber { text += ". Item \(number) of 別記様式6-1" }
        return item.note.isEmpty ? text : "\(text). \(item.note)"
    }

    private static func kind(of item: ItemDefinition, _ direction: Direction) -> JSON {
        switch item.type {
        case .name, .kana, .text, .longText, .email:
            var schema: JSON = ["type": "string"]
            if let most = item.type.maxLength, direction != .received {
                schema = schema.with([("maxLength", .number(String(most)))])
            }
            return schema
        case .phone, .postalCode, .municipality: return ["type": "string"]
        case .caseReference: return ["type": "string"]
        case .integer: return number("integer", item)
        case .decimal: return number("number", item)
        case .date: return ["type": "string", "format": "date"]
        case .time: return ["type": "string", "format": "date-time", "pattern": .text(momentPattern)]
        case .code(let list): return reference(name(of: list))
        case .codes(let list):
            return [
                "type": "array", "items": reference(name(of: list)),
                "maxItems": .number(String(list.entries.count)),
            ]
        case .office: return ["type": "string", "maxLength": 64]
        case .offices: return ["type": "array", "items": ["type": "string", "maxLength": 64]]
        case .caseReferences: return ["type": "array", "items": ["type": "string"]]
        case .institution:
            return direction == .received
                ? reference("Institution")
                : ["anyOf": [["type": "string", "maxLength": 200], reference("InstitutionSent")]]
        }
    }

    private static func number(_ type: String, _ item: ItemDefinition) -> JSON {
        let schema: JSON = ["type": .text(type)]
        guard let range = item.range else { return schema }
        return schema.with([
            ("minimum", .number(String(range.lowerBound))), ("maximum", .number(String(range.upperBound))),
        ])
    }

    static func name(of list: CodeList) -> String { "Code_\(list.key)" }

    /// A code list with its names.
    static func schema(of list: CodeList) -> JSON {
        [
            "title": .text(list.key),
            "type": "string",
            "enum": .list(list.entries.map { .text($0.code.rawValue) }),
            "description": .text(
                list.entries.map { "`\($0.code.rawValue)` \($0.ja) / \($0.en)" }.joined(separator: "; ")
            ),
        ]
    }

    /// An object of items.
    static func schema(
        of items: [ItemDefinition],
        _ direction: Direction,
        more: [(String, JSON)] = [],
        required: [String] = []
    ) -> JSON {
        let properties = JSON.object([]).with(more + items.map { ($0.key, schema(of: $0, direction)) })
        var members: [(String, JSON)] = [("type", "object"), ("properties", properties)]
        if !required.isEmpty { members.append(("required", .list(required.map { .text($0) }))) }
        // What a newer version of the system wrote is shown although this description doesn't know it.
        if direction != .received { members.append(("additionalProperties", false)) }
        if items.contains(where: { $0.section == .notification }) {
            members.append(("patternProperties", [localItemPattern: localValue(direction)]))
        }
        return JSON.object([]).with(members)
    }

    /// Items that a notification can hold: those that an institution or a health centre writes into one.
    static let notificationItems: [ItemDefinition] = CaseJSON.singleItems.filter { $0.section != .management }

    /// Items that a revision can hold: 管理 items are changed by the calls that do it, the status by hand.
    static let revisableItems: [ItemDefinition] = CaseJSON.singleItems.filter {
        $0.section != .management || $0.key == Item.status.key
    }

    /// A version of the form: what it asks and what it requires.
    static func form(_ version: FormVersion) -> JSON {
        [
            "id": .text(version.id),
            "from": .text(version.from.iso),
            "items": .list(version.items.map { .text($0) }),
            "test_items": .list(version.testItems.map { .text($0) }),
            "required": .list(version.requirements.map(requirement)),
        ]
    }

    private static func requirement(_ requirement: Requirement) -> JSON {
        var members: [(String, JSON)] = [("item", .text(requirement.item))]
        switch requirement.condition {
        case .always: break
        case .patient: members.append(("when", "patient"))
        case .body: members.append(("when", "body"))
        case .minor: members.append(("when", "minor"))
        case .answered(let item, let codes):
            members.append(
                ("when", ["item": .text(item), "codes": .list(codes.map { .text($0.rawValue) })])
            )
        }
        if !requirement.alternatives.isEmpty {
            members.append(("or", .list(requirement.alternatives.map { .text($0) })))
        }
        return JSON.object([]).with(members)
    }
}
