import HTTPTypes
import Hummingbird
import Logging

/// Writes one line for each request: the address's pattern, the status, how long it took; never the address itself,
/// which may name a case or hold a search.
struct RequestLog: RouterMiddleware {
    typealias Context = WebContext

    let metrics: Metrics

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        let took = duration.components
        metrics.answered(
            route: context.endpointPath ?? "none",
            status: Int(response.status.code),
            in: duration
        )
        context.logger.info(
            "request",
            metadata: [
                "method": .string(Self.methods.contains(request.method) ? request.method.rawValue : "other"),
                "route": .string(context.endpointPath ?? "none"),
                "status": .stringConvertible(response.status.code),
                "ms": .stringConvertible(took.seconds * 1000 + took.attoseconds / 1_000_000_000_000_000),
            ]
        )
        return response
    }

    /// A method is what the client likes to write: only known words go into the log.
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
}

/// The headers that every answer carries.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        Self.add(to: &response.headers, isPermanent: Self.isPermanent(request.uri.path))
        return response
    }

    private static func isPermanent(_ path: String) -> Bool {
        Assets.isPermanent(path) || ManualPictures.isPermanent(path)
    }

    static func add(to headers: inout HTTPFields, isPermanent: Bool = false) {
        for (name, value) in always { headers[name] = value }
        headers[.cacheControl] = isPermanent ? "public, max-age=31536000, immutable" : "no-store"
    }

    private static let always: [(HTTPField.Name, String)] = [
        (
            "Content-Security-Policy",
            """
            default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
            form-action 'self'; base-uri 'none'; frame-ancestors 'none'
            """
        ),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        (
            "Permissions-Policy",
            """
            accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
            microphone=(), payment=(), usb=()
            """
        ),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}

/// Makes a page of whatever a route throws.
struct ErrorAnswers: RouterMiddleware {
    typealias Context = WebContext

    let site: Site

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return await ErrorPages.answer(error, request, context, site)
        }
    }
}
