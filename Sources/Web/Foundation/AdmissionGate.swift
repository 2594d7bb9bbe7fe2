import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Stands before the routes and lets in what there is a place for.
///
/// A body is read before a place is taken: a telephone with a bad connection, or somebody who sends a letter a minute,
/// holds a connection and no place.
struct AdmissionGate: RouterMiddleware {
    typealias Context = WebContext

    let admission: Admission
    let site: Site
    /// Seconds until a refused request may come again: they mustn't all come back at once.
    let secondsToWait: @Sendable () -> Int
    private let refusal: BusyPage.Frame
    /// By the pattern of the address and the method.
    private let shares: [String: [HTTPRequest.Method: Share?]]

    init(
        _ admission: Admission,
        site: Site,
        routes: [Route],
        secondsToWait: @escaping @Sendable () -> Int = { Int.random(in: 2...10) }
    ) {
        self.admission = admission
        self.site = site
        self.secondsToWait = secondsToWait
        refusal = BusyPage.Frame(.crowded, site)
        var shares: [String: [HTTPRequest.Method: Share?]] = [:]
        for route in routes {
            shares[RouterPath(route.path).description, default: [:]][route.method] = .some(route.share)
        }
        self.shares = shares
    }

    /// Bodies that are being read or worked on.
    private let bodies = BodyRoom(most: 256 << 20)

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var request = request
        var held = 0
        defer { bodies.give(held) }
        if request.comesWhole(context) {
            held = request.headers[.contentLength].flatMap { Int($0) } ?? context.maxUploadSize
            guard bodies.take(held) else {
                held = 0
                return await BusyPage.answer(refusal, request, context, seconds: secondsToWait())
            }
            do {
                _ = try await request.collectBody(upTo: context.maxUploadSize)
            } catch is NIOTooManyBytesError {
                return await ErrorPages.answer(PageFailure.tooLarge, request, context, site)
            }
        }
        let whole = request
        guard let share = share(whole, context) else { return try await next(whole, context) }
        let answer = try await admission.during(share) {
            try await withTaskExecutorPreference(AdmittedWork.threads) { try await next(whole, context) }
        }
        if let answer { return answer }
        return await BusyPage.answer(refusal, whole, context, seconds: secondsToWait())
    }

    private func share(_ request: Request, _ context: WebContext) -> Share? {
        // An unknown address costs a look at the session, for the page that says so.
        guard let path = context.endpointPath, let methods = shares[path] else { return .pages }
        // The router makes HEAD of GET.
        let known: Share?? = methods[request.method] ?? methods[.get]
        return known ?? .pages
    }
}

extension Request {
    /// Whether the gate has read the body and whoever comes after may read it again.
    func comesWhole(_ context: WebContext) -> Bool {
        guard method != .get, method != .head else { return false }
        guard let length = headers[.contentLength] else { return true }
        // A larger one is the route's to refuse, without reading it.
        return Int(length).map { $0 <= context.maxUploadSize } ?? false
    }
}

/// Memory for bodies that have come and wait: bounded for the whole process, since one connection may send many.
private final class BodyRoom: Sendable {
    private let most: Int
    private let held = Mutex(0)

    init(most: Int) { self.most = most }

    func take(_ bytes: Int) -> Bool {
        held.withLock { held in
            guard held + bytes <= most else { return false }
            held += bytes
            return true
        }
    }

    func give(_ bytes: Int) {
        guard bytes > 0 else { return }
        held.withLock { $0 -= bytes }
    }
}
