import Catalogue
import HTTPTypes

// 日次総数報告 with its documentation.

extension Operation {
    static let reportTotal = Operation(
        route: .client(.put, "/api/v1/totals/{day}", TotalsCalls.report),
        id: "reportTotal",
        summary: Wording("日次総数報告の提出・訂正", "Report the number of newly diagnosed people of a day (日次総数報告)"),
        description: "An institution reports its own and corrects it on the day of the first report; afterwards the "
            + "headquarters corrects with a reason. Nobody at all is a report, too. The same numbers again change "
            + "nothing.",
        parameters: [.totalDay],
        body: ("TotalReport", "application/json"),
        example: "total",
        answers: [
            Answer(status: 200, description: "The numbers from now on.", schema: "Total"),
            .problem(403, "The client may not enter numbers of this institution."),
            .problem(404, "There is no such day, or no such institution for this client."),
        ] + Answer.withBody + Answer.authorized
    )

    static let readTotal = Operation(
        route: .client(.get, "/api/v1/totals/{day}", TotalsCalls.readDay),
        id: "readTotal",
        summary: Wording("1日の総数と変更履歴の閲覧", "Read an institution's numbers of a day with their history"),
        description: "An institution reads its own; its health centre, headquarters and the ministry name it.",
        parameters: [.totalDay, .totalInstitution],
        answers: [
            Answer(status: 200, description: "The numbers and all their states.", schema: "TotalWithChanges"),
            .problem(400, "The query isn't UTF-8."),
            .problem(404, "Nothing has been reported, or there is no such institution for this client."),
            .problem(413, "The query is too long."),
        ] + Answer.authorized
    )

    static let readTotals = Operation(
        route: .client(.get, "/api/v1/totals", TotalsCalls.list),
        id: "readTotals",
        summary: Wording("期間の日次総数の閲覧", "Read the daily totals of some days"),
        description: "An institution, or whoever names one with `institution`, gets that institution's days in "
            + "`totals`; a health centre, a headquarters and the ministry get the sums by day and health centre in "
            + "`sums`.",
        parameters: [
            Parameter(name: "from", place: "query", schema: day, description: "First day.", isRequired: true),
            Parameter(
                name: "until",
                place: "query",
                schema: day,
                description: "Last day; 31 days at the most.",
                isRequired: true
            ),
            .totalInstitution,
        ],
        answers: [
            Answer(status: 200, description: "The numbers.", schema: "TotalList"),
            .problem(400, "The query isn't UTF-8."),
            .problem(404, "The client reads no totals, or there is no such institution for it."),
            .problem(413, "The query is too long."),
            .problem(422, "A parameter is wrong: `errors` names it."),
        ] + Answer.authorized
    )

    private static let day: JSON = ["type": "string", "format": "date"]
}

extension Operation.Parameter {
    fileprivate static let totalDay = Self(
        name: "day",
        place: "path",
        schema: ["type": "string", "format": "date"],
        description: "The day on which they were diagnosed.",
        isRequired: true
    )

    fileprivate static let totalInstitution = Self(
        name: "institution",
        place: "query",
        schema: ["type": "string", "maxLength": 64],
        description: "Key of an institution; by default the client's own."
    )
}

extension OpenAPI {
    static let totalExample: JSON = ["counts": ["u10": 2, "30s": 3, "unknown": 0]]

    private static let number: JSON = ["type": "integer", "minimum": 0, "maximum": .number("\(AgeCounts.most)")]
    private static let sum: JSON = ["type": "integer", "minimum": 0]

    private static func counts(_ number: JSON) -> JSON {
        [
            "type": "object",
            "properties": JSON.object([]).with(AgeCounts.bands.map { ($0.code.rawValue, number) }),
            "additionalProperties": false,
        ]
    }

    private static let key: JSON = ["type": "string", "maxLength": 64]
    private static let date: JSON = ["type": "string", "format": "date"]
    private static let moment: JSON = ["type": "string", "format": "date-time"]

    private static let totalMembers: [(String, JSON)] = [
        ("day", date), ("institution", key), ("health_centre", key), ("version", ["type": "integer", "minimum": 1]),
        ("first_at", moment), ("at", moment), ("total", sum), ("counts", counts(sum)),
    ]

    private static let change: JSON = object([
        ("version", ["type": "integer", "minimum": 1]), ("at", moment), ("organisation", key),
        ("actor", ["type": "string"]), ("through", ["type": "string"]), ("reason", ["type": "string"]),
        ("total", sum), ("counts", counts(sum)),
    ])

    private static func object(_ members: [(String, JSON)], required: [String] = []) -> JSON {
        [
            "type": "object", "properties": JSON.object([]).with(members),
            "required": .list(required.map { .text($0) }), "additionalProperties": false,
        ]
    }

    /// Schemas of 日次総数報告.
    static let totalSchemas: [(String, JSON)] = [
        (
            "TotalReport",
            object(
                [
                    ("counts", counts(number)), ("institution", key),
                    (
                        "version",
                        ["type": "integer", "minimum": 0, "description": "The state that was seen; 0 for none"]
                    ),
                    ("reason", ["type": "string", "maxLength": 1000, "description": "訂正の理由"]),
                ],
                required: ["counts"]
            )
        ),
        ("Total", object(totalMembers, required: totalMembers.map(\.0))),
        ("TotalWithChanges", object(totalMembers + [("changes", ["type": "array", "items": change])])),
        (
            "TotalList",
            object([
                ("totals", ["type": "array", "items": ["$ref": "#/components/schemas/Total"]]),
                (
                    "sums",
                    [
                        "type": "array",
                        "items": object([
                            ("day", date), ("health_centre", key), ("institutions", sum), ("reported", sum),
                            ("total", sum), ("counts", counts(sum)),
                        ]),
                    ]
                ),
            ])
        ),
    ]
}
