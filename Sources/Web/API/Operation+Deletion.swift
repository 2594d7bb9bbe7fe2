import Casework
import Catalogue
import HTTPTypes

// Deleting a case and bringing it back.

extension Operation {
    static let deleteCase = Operation(
        route: .client(.post, "/api/v1/cases/{id}/delete", DeletionCalls.delete),
        id: "deleteCase",
        summary: Wording("対象者の削除", "Delete a case (削除)"),
        description: "By the health centre in charge, with the reason. The case answers to everybody like one that "
            + "doesn't exist; its number is never given again.",
        parameters: [.caseID],
        body: ("Deletion", "application/json"),
        example: "deletion",
        answers: [Answer(status: 204, description: "It is gone."), .forbidden] + Answer.withBody + Answer.aboutCase
    )

    static let restoreCase = Operation(
        route: .client(.post, "/api/v1/cases/{id}/restore", DeletionCalls.restore),
        id: "restoreCase",
        summary: Wording("削除した対象者の復元", "Bring a deleted case back (復元)"),
        description: "By the health centre that was in charge, within 30 days of the deletion.",
        parameters: [.caseID],
        answers: [.theCase(200, "The case as it was.")] + Answer.aboutCase
    )

    static let deletedCases = Operation(
        route: .client(.get, "/api/v1/deleted-cases", DeletionCalls.list),
        id: "deletedCases",
        summary: Wording("削除した記録の一覧", "List the deleted cases (削除した記録)"),
        description: "Those that the client's health centre may still bring back, the latest first, 500 at the most.",
        answers: [
            Answer(status: 200, description: "The list.", schema: "DeletedList"),
            .problem(404, "The client is no health centre's."),
        ] + Answer.authorized
    )
}

extension OpenAPI {
    /// Bodies of the calls about deletion, by name.
    static let deletionSchemas: [(String, JSON)] = [
        (
            "Deletion",
            [
                "type": "object",
                "properties": [
                    "reason": ["type": "string", "minLength": 1, "maxLength": 1000, "pattern": "\\S"]
                ],
                "required": ["reason"],
                "additionalProperties": false,
            ]
        ),
        (
            "DeletedList",
            [
                "type": "object",
                "properties": ["deleted": ["type": "array", "items": deletedRecord]],
                "required": ["deleted"],
            ]
        ),
    ]

    private static let deletedRecord: JSON = [
        "type": "object",
        "properties": [
            "id": ["type": "string", "pattern": "^[0-9]{12}$"],
            "display_id": ["type": "string"],
            "deleted_at": ["type": "string", "format": "date-time"],
            "restorable_until": ["type": "string", "format": "date-time"],
            "actor": ["type": "string", "description": "Who deleted it"],
            "reason": ["type": "string"],
        ],
        "required": ["id", "display_id", "deleted_at", "restorable_until", "actor", "reason"],
    ]
}
