import Catalogue
import HTTPTypes

/// The API's description (OpenAPI 3.1), derived from its calls and from the catalogue.
enum OpenAPI {
    /// The description as it is sent.
    static let bytes: [UInt8] = {
        var writer = JSONWriter(capacity: 1 << 18)
        writer.json(document)
        return writer.bytes
    }()

    /// The description.
    static var document: JSON {
        [
            "openapi": "3.1.0",
            "info": info,
            "servers": [["url": "/"]],
            "tags": [["name": "cases", "description": "Cases and their notifications"]],
            "paths": paths,
            "components": ["securitySchemes": securitySchemes, "schemas": schemas],
            "x-hersys-forms": .list(FormVersion.all.map(form)),
        ]
    }

    private static let info: JSON = [
        "title": "HER-SYS",
        "version": "1",
        "description": """
        JSON API of the case system. Item names are those of the catalogue, codes those of its code lists, days \
        `YYYY-MM-DD`, moments RFC 3339. Refusals are RFC 9457 problems. What a client may not see doesn't exist \
        for it. How to begin stands at `/api`, in English and Japanese.
        """,
        "license": ["name": "See the repository", "url": "https://www.mhlw.go.jp/"],
    ]

    private static let securitySchemes: JSON = [
        "token": [
            "type": "oauth2",
            "flows": [
                "clientCredentials": [
                    "tokenUrl": "/oauth/token",
                    "scopes": ["read": "Read what the organisation sees", "write": "Change it as well"],
                ]
            ],
        ]
    ]

    private static var paths: JSON {
        var order: [String] = []
        var byPath: [String: [(String, JSON)]] = [:]
        for operation in API.operations {
            let path = operation.route.path
            if byPath[path] == nil { order.append(path) }
            byPath[path, default: []].append((operation.route.method.rawValue.lowercased(), describe(operation)))
        }
        return JSON.object([]).with(order.map { ($0, JSON.object([]).with(byPath[$0] ?? [])) })
    }

    private static func describe(_ operation: Operation) -> JSON {
        var members: [(String, JSON)] = [
            ("operationId", .text(operation.id)),
            ("tags", ["cases"]),
            ("summary", .text(operation.summary.en)),
            ("x-summary-ja", .text(operation.summary.ja)),
            ("description", .text(operation.description)),
            ("security", operation.route.policy == .client ? [["token": scopes(operation)]] : []),
        ]
        if !operation.parameters.isEmpty {
            members.append(("parameters", .list(operation.parameters.map(describe))))
        }
        if let body = operation.body {
            var media: JSON = ["schema": reference(body.schema)]
            if let example = operation.example { media = media.with([("example", examples[example] ?? .null)]) }
            members.append(("requestBody", ["required": true, "content": content(body.type, media)]))
        }
        var answers = operation.answers
        let changes = operation.route.policy == .client && operation.route.method != .get
        if changes, !answers.contains(where: { $0.status == 403 }) {
            answers.append(.problem(403, "The token lets read only.", headers: [("WWW-Authenticate", "Bearer.")]))
        }
        answers.sort { $0.status < $1.status }
        members.append(
            ("responses", JSON.object([]).with(answers.map { (String($0.status), describe($0)) }))
        )
        return JSON.object([]).with(members)
    }

    private static func scopes(_ operation: Operation) -> JSON {
        operation.route.method == .get ? ["read"] : ["write"]
    }

    private static func describe(_ parameter: Operation.Parameter) -> JSON {
        [
            "name": .text(parameter.name),
            "in": .text(parameter.place),
            "required": .bool(parameter.isRequired),
            "description": .text(parameter.description),
            "schema": parameter.schema,
        ]
    }

    private static func describe(_ answer: Operation.Answer) -> JSON {
        var members: [(String, JSON)] = [("description", .text(answer.description))]
        if !answer.headers.isEmpty {
            members.append(
                (
                    "headers",
                    JSON.object([]).with(
                        answer.headers.map { header in
                            let schema: JSON = ["type": "string"]
                            return (header.name, ["description": .text(header.description), "schema": schema])
                        }
                    )
                )
            )
        }
        if let schema = answer.schema {
            members.append(("content", content(answer.type, ["schema": reference(schema)])))
        }
        return JSON.object([]).with(members)
    }

    private static func content(_ type: String, _ media: JSON) -> JSON {
        JSON.object([JSON.Member(name: type, value: media)])
    }

    /// A schema of the components by its name.
    static func reference(_ name: String) -> JSON {
        ["$ref": "#/components/schemas/\(name)"]
    }
}
