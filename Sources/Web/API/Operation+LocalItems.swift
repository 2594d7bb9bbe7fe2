import Catalogue
import HTTPTypes

// 独自項目 with their documentation.

extension Operation {
    static let localItems = Operation(
        route: .client(.get, "/api/v1/local-items", LocalItemCalls.list),
        id: "localItems",
        summary: Wording("独自項目の一覧", "Read the local items (独自項目)"),
        description:
            "What the headquarters of the client's area ask besides the items of this description, in sections "
            + "that the client may read, those that have ended included. They are sent and answered among `items` by "
            + "their keys, always as strings. An item is asked about cases of `health_centres` (none: of all below the "
            + "headquarters that has defined it) from `from` to `until`.",
        answers: [Answer(status: 200, description: "The definitions.", schema: "LocalItems")] + Answer.authorized
    )
}

extension OpenAPI {
    /// Keys of local items: section, who has defined it, name.
    static let localItemPattern = #"^local\.[a-z_]+\.[^.]+\.[a-z0-9_]+$"#

    /// The value of a local item: a text of the form that its definition says.
    static func localValue(_ direction: Direction) -> JSON {
        [
            "type": direction == .received ? "string" : ["string", "null"], "maxLength": 10_000,
            "description": "独自項目: see `localItems`",
        ]
    }

    /// The definitions of local items.
    static var localItems: JSON {
        let text: JSON = ["type": "string"]
        let code: JSON = [
            "type": "object", "properties": ["code": text, "label": text], "required": ["code", "label"],
        ]
        let kinds: JSON = [
            "type": "string", "enum": ["text", "longtext", "date", "number", "choice", "yes_no_unknown"],
        ]
        let properties: JSON = [
            "key": ["type": "string", "pattern": .text(localItemPattern)],
            "label": text,
            "section": ["type": "string", "enum": .list(LocalItem.sections.map { .text($0.rawValue) })],
            "type": kinds,
            "codes": ["type": "array", "items": code],
            "minimum": ["type": "integer"],
            "maximum": ["type": "integer"],
            "required": ["type": "boolean"],
            "health_centres": ["type": "array", "items": text],
            "from": ["type": "string", "format": "date"],
            "until": ["type": "string", "format": "date"],
        ]
        let item: JSON = [
            "type": "object", "properties": properties,
            "required": ["key", "label", "section", "type", "required", "health_centres", "from"],
        ]
        return [
            "type": "object", "properties": ["local_items": ["type": "array", "items": item]],
            "required": ["local_items"],
        ]
    }
}
