import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// Deleting and restoring by the API.
enum DeletionCalls {
    @Sendable
    static func delete(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let number = try context.caseNumber()
        let reason = try await request.reason(context, site, caller)
        try await site.casework.delete(number, reason: reason, by: caller)
        return Response(status: .noContent)
    }

    @Sendable
    static func restore(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let restored = try await site.casework.restore(try context.caseNumber(), by: caller)
        return try await CaseJSON(directory: site.casework.directory()).response(restored)
    }

    @Sendable
    static func list(_ request: Request, _ context: WebContext, _ site: Site, _ caller: Caller) async throws -> Response
    {
        let records = try await site.casework.deletedCases(by: caller)
        return .api(
            JSONWriter.object { object in
                object.name("deleted")
                object.list { list in
                    for record in records {
                        list.object { object in
                            object.member("id", record.file.subject.number.digits)
                            object.member("display_id", record.file.subject.number.display)
                            object.member("deleted_at", record.deletedAt.rfc3339)
                            object.member("restorable_until", record.until.rfc3339)
                            object.member("actor", record.actor)
                            object.member("reason", record.reason)
                        }
                    }
                }
            }
        )
    }
}
