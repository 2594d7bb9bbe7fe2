import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// Calls of sharing: transfers of the charge and grants.
enum SharingCalls {
    @Sendable
    static func offer(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws
        -> Response
    {
        let number = try context.caseNumber()
        let seen = try request.seenVersion()
        let (body, _) = try await request.json(context)
        var reader = EntryReader(caller, today: site.casework.today)
        reader.members(body, known: ["to", "reason"])
        let to = reader.text("to", in: body)
        let reason = reader.text("reason", in: body)
        try reader.finish()
        let done = try await naming(["transfer_to": "to"]) {
            try await site.casework.offerTransfer(number, to: to ?? "", reason: reason ?? "", seen: seen, by: caller)
        }
        return try await answer(done, site)
    }

    @Sendable
    static func accept(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws
        -> Response
    {
        let (number, seen) = (try context.caseNumber(), try request.seenVersion())
        return try await answer(site.casework.acceptTransfer(number, seen: seen, by: caller), site)
    }

    @Sendable
    static func refuse(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws
        -> Response
    {
        let (number, seen) = (try context.caseNumber(), try request.seenVersion())
        let reason = try await request.reason(context, site, caller)
        try await site.casework.refuseTransfer(number, reason: reason, seen: seen, by: caller)
        return Response(status: .noContent)
    }

    @Sendable
    static func withdraw(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws
        -> Response
    {
        let (number, seen) = (try context.caseNumber(), try request.seenVersion())
        let reason = try await request.reason(context, site, caller)
        return try await answer(
            site.casework.withdrawTransfer(number, reason: reason, seen: seen, by: caller),
            site
        )
    }

    @Sendable
    static func grants(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws
        -> Response
    {
        .grants(try await site.casework.read(try context.caseNumber(), by: caller))
    }

    @Sendable
    static func grant(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws
        -> Response
    {
        var sent = try await grantBody(request, context, site, caller, also: ["write", "until"])
        let write = sent.reader.flag("write", in: sent.body)
        let until = sent.reader.text("until", in: sent.body).flatMap { CalendarDate(iso: $0) }
        if until == nil { sent.reader.refuse("until", "format", "untilは「2020-06-30」の形で送ってください。") }
        try sent.reader.finish()
        guard let section = sent.section, let until else { throw Refusal.notFound }
        let grant = Grant(organisation: sent.organisation, section: section, write: write, until: until)
        return .grants(try await site.casework.grant(sent.number, grant, seen: sent.seen, by: caller))
    }

    @Sendable
    static func endGrant(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws
        -> Response
    {
        let sent = try await grantBody(request, context, site, caller)
        try sent.reader.finish()
        guard let section = sent.section else { throw Refusal.notFound }
        let done = try await site.casework.endGrant(
            sent.number,
            to: sent.organisation,
            section: section,
            seen: sent.seen,
            by: caller
        )
        return .grants(done)
    }

    /// What a call about one grant says, with whatever else it says.
    private struct GrantBody {
        let number: CaseNumber
        let seen: Int
        let body: JSON
        var reader: EntryReader
        let organisation: OrganisationKey
        let section: Section?
    }

    private static func grantBody(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller,
        also others: Set<String> = []
    ) async throws -> GrantBody {
        let (number, seen) = (try context.caseNumber(), try request.seenVersion())
        let (body, _) = try await request.json(context)
        var reader = EntryReader(caller, today: site.casework.today)
        reader.members(body, known: others.union(["organisation", "section"]))
        let organisation = reader.text("organisation", in: body)
        let section = reader.text("section", in: body).flatMap(Section.init)
        if section == nil { reader.refuse("section", "unknown", "sectionは情報の区分の名前で送ってください。") }
        return GrantBody(
            number: number,
            seen: seen,
            body: body,
            reader: reader,
            organisation: organisation ?? "",
            section: section
        )
    }

    private static func answer(_ disclosed: Disclosed<CaseFile>, _ site: Site) async throws -> Response {
        CaseJSON(directory: try await site.casework.directory()).response(disclosed)
    }

    /// Names the places of findings as the body does.
    private static func naming<Result>(
        _ names: [String: String],
        _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch Refusal.findings(let findings) {
            throw Refusal.findings(
                findings.map {
                    Finding(names[$0.place.item] ?? $0.place.item, $0.code, $0.message, severity: $0.severity)
                }
            )
        }
    }
}

extension Response {
    /// The grants of a case that the caller sees.
    fileprivate static func grants(_ disclosed: Disclosed<CaseFile>) -> Response {
        let bytes = JSONWriter.object { object in
            object.member("id", disclosed.subject.number.digits)
            object.member("version", disclosed.subject.version)
            object.name("grants")
            object.list { list in
                for grant in disclosed.subject.grants {
                    list.object { object in
                        object.member("organisation", grant.organisation)
                        object.member("section", grant.section.rawValue)
                        object.name("write")
                        object.bool(grant.write)
                        object.member("until", grant.until.iso)
                    }
                }
            }
        }
        return .api(bytes, headers: [.eTag: ETag.of(disclosed.subject)])
    }
}

extension Operation {
    /// Every call of sharing.
    static let sharing: [Operation] = [
        offerTransfer, acceptTransfer, refuseTransfer, withdrawTransfer, listGrants, giveGrant, endGrant,
    ]

    private static let changed: [Answer] =
        [.forbidden, .problem(428, "If-Match is missing.")] + Answer.withBody + Answer.aboutCase

    static let offerTransfer = Operation(
        route: .client(.post, "/api/v1/cases/{id}/transfer", SharingCalls.offer),
        id: "offerTransfer",
        summary: Wording("移管の申入れ", "Offer the charge to another health centre (移管の申入れ)"),
        description: "By the health centre in charge. The other sees the case from then on; the charge moves when it "
            + "accepts.",
        parameters: [.caseID, .ifMatch],
        body: ("TransferOffer", "application/json"),
        answers: [.theCase(200, "The case.")] + changed
    )

    static let acceptTransfer = Operation(
        route: .client(.post, "/api/v1/cases/{id}/transfer/accept", SharingCalls.accept),
        id: "acceptTransfer",
        summary: Wording("移管の承諾", "Take the charge over (移管の承諾)"),
        description: "By the health centre that was asked; the other becomes a related one.",
        parameters: [.caseID, .ifMatch],
        answers: [
            .theCase(200, "The case, in charge."), .forbidden, .problem(400, "A malformed header."),
            .problem(428, "If-Match is missing."),
        ] + Answer.aboutCase
    )

    static let refuseTransfer = Operation(
        route: .client(.post, "/api/v1/cases/{id}/transfer/refuse", SharingCalls.refuse),
        id: "refuseTransfer",
        summary: Wording("移管の辞退", "Refuse to take the charge over (移管の辞退)"),
        description: "By the health centre that was asked, which sees the case afterwards only if it did before.",
        parameters: [.caseID, .ifMatch],
        body: ("Return", "application/json"),
        example: "return",
        answers: [Answer(status: 204, description: "Refused.")] + changed
    )

    static let withdrawTransfer = Operation(
        route: .client(.post, "/api/v1/cases/{id}/transfer/withdraw", SharingCalls.withdraw),
        id: "withdrawTransfer",
        summary: Wording("移管の申入れの取下げ", "Withdraw an offer (移管の申入れの取下げ)"),
        description: "By the health centre that offered it.",
        parameters: [.caseID, .ifMatch],
        body: ("Return", "application/json"),
        example: "return",
        answers: [.theCase(200, "The case.")] + changed
    )

    static let listGrants = Operation(
        route: .client(.get, "/api/v1/cases/{id}/grants", SharingCalls.grants),
        id: "listGrants",
        summary: Wording("閲覧・入力の許可の一覧", "List a case's grants (閲覧・入力の許可)"),
        description: "Health centres and headquarters see all of them, others their own.",
        parameters: [.caseID],
        answers: [Answer(status: 200, description: "The grants.", schema: "Grants", headers: [etag])]
            + Answer.aboutCase
    )

    static let giveGrant = Operation(
        route: .client(.post, "/api/v1/cases/{id}/grants", SharingCalls.grant),
        id: "giveGrant",
        summary: Wording("閲覧・入力の許可", "Open a section to a party (許可)"),
        description: "By the health centre in charge, in place of an earlier grant of the same section.",
        parameters: [.caseID, .ifMatch],
        body: ("Grant", "application/json"),
        answers: [Answer(status: 200, description: "The grants.", schema: "Grants", headers: [etag])] + changed
    )

    static let endGrant = Operation(
        route: .client(.post, "/api/v1/cases/{id}/grants/end", SharingCalls.endGrant),
        id: "endGrant",
        summary: Wording("許可の終了", "Close a granted section again (許可の終了)"),
        description: "By the health centre in charge.",
        parameters: [.caseID, .ifMatch],
        body: ("GrantEnd", "application/json"),
        answers: [Answer(status: 200, description: "The grants.", schema: "Grants", headers: [etag])] + changed
    )

    private static let etag = (name: "ETag", description: "The version of the case, for If-Match.")
}

extension OpenAPI {
    /// Schemas of sharing.
    static var sharingSchemas: [(String, JSON)] {
        let key: JSON = ["type": "string", "maxLength": 64, "description": "Key of the organisation"]
        let section: JSON = [
            "type": "string", "enum": .list(Section.allCases.map { .text($0.rawValue) }),
        ]
        let day: JSON = ["type": "string", "format": "date", "description": "Last day"]
        let grant: [(String, JSON)] = [
            ("organisation", key), ("section", section), ("write", ["type": "boolean"]), ("until", day),
        ]
        func object(_ members: [(String, JSON)], _ required: [String], isSent: Bool) -> JSON {
            let schema: JSON = [
                "type": "object", "properties": JSON.object([]).with(members),
                "required": .list(required.map { .text($0) }),
            ]
            return isSent ? schema.with([("additionalProperties", .bool(false))]) : schema
        }
        let reason: JSON = ["type": "string", "minLength": 1, "maxLength": 1000, "pattern": #"\S"#]
        let list: JSON = [
            "type": "array", "items": object(grant, ["organisation", "section", "write", "until"], isSent: false),
        ]
        return [
            ("TransferOffer", object([("to", key), ("reason", reason)], ["to", "reason"], isSent: true)),
            ("Grant", object(grant, ["organisation", "section", "until"], isSent: true)),
            (
                "GrantEnd",
                object([("organisation", key), ("section", section)], ["organisation", "section"], isSent: true)
            ),
            (
                "Grants",
                object(
                    [("id", ["type": "string"]), ("version", ["type": "integer"]), ("grants", list)],
                    ["id", "version", "grants"],
                    isSent: false
                )
            ),
        ]
    }
}
