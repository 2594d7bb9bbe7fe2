import HTTPTypes
import Hummingbird

/// The JSON API: all its addresses, each with its policy.
enum API {
    /// Every address of the API, those that only refuse included.
    static let routes: [Route] = operations.map(\.route) + otherMethods + unknown

    /// The calls that do something.
    static let operations: [Operation] =
        [
            .token, .createCase, .listCases, .readCase, .reviseCase, .confirmCase, .returnCase, .resubmitCase,
            .relateCase, .deleteCase, .restoreCase, .deletedCases, .caseHistory,
            .localItems, .readTotals, .readTotal, .reportTotal, .description,
        ] + Operation.sharing

    /// QUERY (draft-ietf-httpbis-safe-method-w-body) has no name of its own in swift-http-types yet.
    private static let methods: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace] + [HTTPRequest.Method("QUERY")].compactMap(\.self)

    /// The methods that a known address doesn't take.
    private static let otherMethods: [Route] = {
        let taken = Dictionary(grouping: operations.map(\.route), by: \.path).mapValues { $0.map(\.method) }
        return taken.sorted { $0.key < $1.key }.flatMap { path, methodsTaken in
            // The router makes HEAD of GET.
            let taken = methodsTaken.contains(.get) ? methodsTaken + [.head] : methodsTaken
            let allowed = methods.filter(taken.contains)
            let problem = Problem.methodNotAllowed(allowed)
            return methods.filter { !taken.contains($0) }.map { method in
                Route.open(method, path) { _, _, _ in problem.response }
            }
        }
    }()

    /// Everything else below `/api` has a problem for an answer, not a page.
    private static let unknown: [Route] = ["/api", "/api/v1", "/api/**"].flatMap { path in
        // To be read at /api is the page that explains all this.
        methods.filter { path != "/api" || ($0 != .get && $0 != .head) }.map { method in
            Route.open(method, path) { _, _, _ in Problem.notFound.response }
        }
    }
}
