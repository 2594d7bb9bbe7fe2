import Access
import Casework
import Catalogue
import Crypto
import HTTPTypes
import Hummingbird
import Storage

/// What the calls about cases do: read the request, let casework do it, write the answer.
enum CaseCalls {
    @Sendable
    static func create(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let key = try request.repeatKey()
        let (body, bytes) = try await request.json(context)
        var reader = EntryReader(caller, today: site.casework.today)
        let named = body["health_centre"]?.text
        reader.localItems = try await site.casework.directory().localItems(
            near: Casework.office(named, caller.organisation)
        )
        reader.members(body, known: ["form", "items", "tests", "health_centre", "keep_warnings"])
        if body.members != nil, body["items"] == nil { reader.refuse("items", "required", "itemsを送ってください。") }
        let items = reader.items(body["items"]).compactMapValues(\.self)
        let tests = reader.records("tests", .test, in: body)
        let form = reader.text("form", in: body)
        let office = reader.text("health_centre", in: body)
        let keepsWarnings = reader.flag("keep_warnings", in: body)
        try reader.finish()
        let report = Report(
            form: form,
            items: Record(items),
            tests: tests.map { Record($0.items.compactMapValues(\.self)) },
            healthCentre: office,
            keepsWarnings: keepsWarnings,
            repeatKey: key.map { ($0, Array(SHA256.hash(data: bytes))) }
        )
        let made = try await site.casework.notify(report, by: caller)
        var response = try await json(site).response(made, status: .created)
        response.headers[.location] = "/api/v1/cases/\(made.subject.number.digits)"
        return response
    }

    @Sendable
    static func list(_ request: Request, _ context: WebContext, _ site: Site, _ caller: Caller) async throws -> Response
    {
        let directory = try await site.casework.directory()
        let wanted = try ListParameters.read(try request.query(), directory: directory, caller)
        let listing = try await site.casework.list(wanted, showing: .everything, by: caller)
        try ListParameters.refuseUnsorted(listing)
        let json = CaseJSON(directory: directory)
        return .api(
            JSONWriter.object { object in
                object.name("cases")
                object.list { list in
                    for (row, at) in zip(listing.rows, listing.updatedAt) { json.write(row, updatedAt: at, to: &list) }
                }
                object.name("next")
                if let next = listing.next { object.text(next.digits) } else { object.null() }
            }
        )
    }

    @Sendable
    static func read(_ request: Request, _ context: WebContext, _ site: Site, _ caller: Caller) async throws -> Response
    {
        let disclosed = try await site.casework.read(try context.caseNumber(), by: caller)
        let tag = ETag.of(disclosed.subject)
        if request.has(tag) {
            return Response(status: .notModified, headers: [.eTag: tag])
        }
        return try await json(site).response(disclosed)
    }

    @Sendable
    static func revise(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let number = try context.caseNumber()
        let (body, _) = try await request.json(context)
        let seen = try request.seenVersion()
        // What the caller may see decides which names exist for them, before any value is looked at.
        let present = try await site.casework.read(number, by: caller)
        guard seen <= present.subject.version else {
            throw Problem(
                status: .preconditionFailed,
                code: "unknown_version",
                title: "The case never had this ETag"
            )
        }
        var reader = EntryReader(caller, today: site.casework.today, permission: present.permission)
        reader.localItems = try await site.casework.directory().localItems(
            near: present.subject.jurisdiction,
            holding: present.subject.items
        )
        reader.members(body, known: Self.revised)
        let items = reader.items(body["items"])
        let entries = CaseJSON.revisable.flatMap { name, section in
            reader.records(name, section, in: body, of: present)
        }
        let keepsWarnings = reader.flag("keep_warnings", in: body)
        let reason = reader.text("reason", in: body)
        try reader.finish()
        let revision = Revision(
            seen: seen,
            items: items,
            entries: entries,
            keepsWarnings: keepsWarnings,
            reason: reason
        )
        return try await json(site).response(try await site.casework.revise(number, revision, by: caller))
    }

    /// The members of a patch.
    private static let revised = Set(["items", "keep_warnings", "reason"] + CaseJSON.revisable.map(\.name))

    @Sendable
    static func confirm(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let done = try await site.casework.confirm(try context.caseNumber(), by: caller)
        return try await json(site).response(done)
    }

    @Sendable
    static func sendBack(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let number = try context.caseNumber()
        let reason = try await request.reason(context, site, caller)
        let done = try await site.casework.sendBack(number, reason: reason, by: caller)
        return try await json(site).response(done)
    }

    @Sendable
    static func resubmit(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let done = try await site.casework.resubmit(try context.caseNumber(), by: caller)
        return try await json(site).response(done)
    }

    @Sendable
    static func relate(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let number = try context.caseNumber()
        let (body, _) = try await request.json(context)
        var reader = EntryReader(caller, today: site.casework.today)
        reader.members(body, known: ["offices"])
        let list = body["offices"]?.list
        let offices = (list ?? []).compactMap(\.text)
        if body.members != nil, offices.count != list?.count || offices.count > 100 {
            reader.refuse("offices", "type", "officesは保健所のキーの配列（100件まで）で送ってください。")
        }
        try reader.finish()
        let done = try await site.casework.setRelated(number, offices: offices, by: caller)
        return try await json(site).response(done)
    }

    @Sendable
    static func history(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let number = try context.caseNumber()
        let history = try await site.casework.history(number, by: caller)
        return try await json(site).response(number, history)
    }

    private static func json(_ site: Site) async throws -> CaseJSON {
        CaseJSON(directory: try await site.casework.directory())
    }
}
