import Access
import Catalogue

// Schemas of what is sent and answered.

extension OpenAPI {
    /// All schemas by name.
    static var schemas: JSON {
        var members: [(String, JSON)] =
            [
                ("Notification", notification), ("Revision", revision), ("Return", returning), ("Related", related),
                ("Case", oneCase), ("CaseList", caseList), ("History", history),
                ("Institution", institution(.received)),
                ("InstitutionSent", institution(.sent)), ("Party", party), ("Problem", problem),
                ("FieldError", fieldError), ("Conflict", conflict), ("TokenRequest", tokenRequest), ("Token", token),
                ("TokenFailure", tokenFailure), ("Description", ["type": "object"]),
            ] + totalSchemas
        for (name, section) in CaseJSON.records {
            let number: JSON = ["type": "integer", "minimum": 1, "description": "Number within the case"]
            members.append(
                (
                    "Record_\(name)",
                    schema(of: Catalogue.items(in: section), .received, more: [("id", number)], required: ["id"])
                )
            )
        }
        members += deletionSchemas
        members.append(("LocalItems", localItems))
        members += sharingSchemas
        members += Catalogue.lists.map { (name(of: $0), schema(of: $0)) }
        return JSON.object([]).with(members)
    }

    private static let forms: JSON = .list(FormVersion.all.map { .text($0.id) })
    private static let testItems = Catalogue.items(in: .test)

    private static var notification: JSON {
        sent(
            [
                (
                    "form",
                    [
                        "type": "string", "enum": forms,
                        "description": "Version of the form; by default the one in force on `notified_on`",
                    ]
                ),
                ("items", schema(of: notificationItems, .sent)),
                ("tests", ["type": "array", "maxItems": 200, "items": schema(of: testItems, .sent)]),
                ("health_centre", text("Key of the health centre; by default the institution's own", most: 64)),
                ("keep_warnings", ["type": "boolean", "description": "Unlikely values were looked at and are kept"]),
            ],
            required: ["items"]
        )
    }

    private static var revision: JSON {
        let id: JSON = [
            "type": "integer", "minimum": 1, "description": "The record that is changed; none for a new one",
        ]
        let remove: JSON = ["type": "boolean", "description": "Whether the record is taken away"]
        var members = [("items", schema(of: revisableItems, .changed))]
        for (name, section) in CaseJSON.revisable {
            let record = schema(of: Catalogue.items(in: section), .changed, more: [("id", id), ("remove", remove)])
            members.append((name, ["type": "array", "maxItems": 200, "items": record]))
        }
        members += [
            ("keep_warnings", ["type": "boolean"]),
            ("reason", text("Why; required where the status is set by hand", most: 1000)),
        ]
        return sent(members)
    }

    private static var returning: JSON {
        sent(
            [("reason", text("差し戻しの理由", most: 1000).with([("minLength", 1), ("pattern", #"\S"#)]))],
            required: ["reason"]
        )
    }

    private static var related: JSON {
        let keys: JSON = ["type": "string", "maxLength": 64]
        return sent([("offices", ["type": "array", "maxItems": 100, "items": keys])], required: ["offices"])
    }

    private static var oneCase: JSON {
        var members: [(String, JSON)] = [
            ("id", ["type": "string", "pattern": "^[0-9]{12}$", "description": "HER-SYS ID"]),
            ("display_id", ["type": "string", "pattern": "^[0-9]{4}-[0-9]{4}-[0-9]{4}$"]),
            ("version", ["type": "integer", "minimum": 1]),
            ("intake", ["type": "string", "enum": .list(Intake.allCases.map { .text($0.rawValue) })]),
            ("form", ["type": "string"]),
            ("published_data", ["type": "boolean", "description": "Imported from published data, without identity"]),
            ("updated_at", ["type": "string", "format": "date-time", "description": "In lists"]),
            ("return_reason", ["type": "string", "description": "差し戻し理由"]),
            ("items", schema(of: CaseJSON.singleItems, .received)),
        ]
        for (name, section) in CaseJSON.records {
            members.append(
                (
                    name,
                    [
                        "type": "array", "description": .text(section.label), "items": reference("Record_\(name)"),
                    ]
                )
            )
        }
        members.append(("parties", ["type": "array", "items": reference("Party")]))
        return received(
            members,
            required: ["id", "display_id", "version", "intake", "published_data", "items", "parties"]
        )
    }

    private static var party: JSON {
        received(
            [
                ("organisation", ["type": "string"]), ("name", ["type": "string"]),
                ("role", ["type": "string", "enum": .list(CaseRole.allCases.map { .text($0.rawValue) })]),
            ],
            required: ["organisation", "name", "role"]
        )
    }

    private static var caseList: JSON {
        received(
            [
                ("cases", ["type": "array", "items": reference("Case")]),
                ("next", ["type": ["string", "null"], "description": "`cursor` of the next page"]),
            ],
            required: ["cases", "next"]
        )
    }

    private static var history: JSON {
        let change = received(
            [
                ("item", ["type": "string"]), ("records", ["type": "string"]), ("record", ["type": "integer"]),
                ("old", ["description": "The value before, or null"]),
                ("new", ["description": "The value after, or null"]),
            ],
            required: ["item", "old", "new"]
        )
        let line = received(
            [
                ("version", ["type": "integer"]), ("at", ["type": "string", "format": "date-time"]),
                ("action", ["type": "string"]), ("through", ["type": "string"]),
                ("organisation", ["type": "string"]), ("organisation_name", ["type": "string"]),
                ("actor", ["type": "string"]), ("reason", ["type": "string"]),
                ("changes", ["type": "array", "items": change]),
            ],
            required: ["version", "at", "action", "through", "organisation", "actor", "changes"]
        )
        return received(
            [("id", ["type": "string"]), ("history", ["type": "array", "items": line])],
            required: ["id", "history"]
        )
    }

    private static func institution(_ direction: Direction) -> JSON {
        // A facility that has no 医療機関コード is kept by its key.
        let code: JSON =
            direction == .received
            ? ["type": "string", "description": "医療機関コード, or the key of an organisation without one"]
            : ["type": "string", "pattern": "^[0-9]{10}$", "description": "医療機関コード"]
        let members: [(String, JSON)] = [("name", text("医療機関名", most: 200)), ("code", code)]
        return direction == .received
            ? received(members, required: ["name"]) : sent(members, required: ["name"])
    }

    private static var problem: JSON {
        received(
            [
                ("type", ["type": "string", "format": "uri"]), ("title", ["type": "string"]),
                ("status", ["type": "integer"]), ("code", ["type": "string"]), ("detail", ["type": "string"]),
                ("errors", ["type": "array", "items": reference("FieldError")]),
                ("conflicts", ["type": "array", "items": reference("Conflict")]),
            ],
            required: ["type", "title", "status", "code"]
        )
    }

    private static var fieldError: JSON {
        received(
            [
                ("item", text("`onset_on`, `tests.0.specimen_on`, `limit`")),
                ("index", ["type": "integer", "minimum": 0]), ("code", ["type": "string"]),
                ("severity", ["type": "string", "enum": ["warning"]]), ("message", text("How to mend it, in Japanese")),
            ],
            required: ["item", "code", "message"]
        )
    }

    private static var conflict: JSON {
        received(
            [
                ("item", ["type": "string"]),
                ("id", ["type": "integer", "description": "The record's number, where the item is one of a record"]),
                ("base", ["description": "What the client had seen"]),
                ("theirs", ["description": "What stands now"]), ("mine", ["description": "What the client sent"]),
            ],
            required: ["item", "base", "theirs", "mine"]
        )
    }

    private static var tokenRequest: JSON {
        received(
            [
                ("grant_type", ["type": "string", "enum": ["client_credentials"]]),
                ("client_id", ["type": "string"]), ("client_secret", ["type": "string", "format": "password"]),
                (
                    "scope",
                    [
                        "type": "string", "enum": ["read", "write", "read write"],
                        "description": "Less than the client may do; without it all of that.",
                    ]
                ),
            ],
            required: ["grant_type"]
        )
    }

    private static var token: JSON {
        received(
            [
                ("access_token", ["type": "string"]), ("token_type", ["type": "string", "enum": ["Bearer"]]),
                ("expires_in", ["type": "integer", "description": "Seconds"]),
                ("scope", ["type": "string", "enum": ["read", "read write"]]),
            ],
            required: ["access_token", "token_type", "expires_in"]
        )
    }

    private static var tokenFailure: JSON {
        received(
            [("error", ["type": "string"]), ("error_description", ["type": "string"])],
            required: ["error"]
        )
    }
}

extension OpenAPI {
    private static func text(_ description: String, most: Int? = nil) -> JSON {
        let schema: JSON = ["type": "string", "description": .text(description)]
        return most.map { schema.with([("maxLength", .number(String($0)))]) } ?? schema
    }

    private static func received(_ properties: [(String, JSON)], required: [String]) -> JSON {
        [
            "type": "object", "properties": JSON.object([]).with(properties),
            "required": .list(required.map { .text($0) }),
        ]
    }

    private static func sent(_ properties: [(String, JSON)], required: [String] = []) -> JSON {
        let schema: JSON = [
            "type": "object", "properties": JSON.object([]).with(properties), "additionalProperties": false,
        ]
        return required.isEmpty ? schema : schema.with([("required", .list(required.map { .text($0) }))])
    }
}
