import Casework
import HTTPTypes
import Hummingbird
import Outreach

/// One address with who may ask it; there is no other way to add one.
struct Route: Sendable {
    /// Who may ask.
    enum Policy: String, Sendable {
        /// Anybody.
        case open
        /// Signed-in staff; a form also has to carry the session's CSRF token.
        case staff
        /// An API client's bearer token.
        case client
        /// Anybody, on a demonstration server only.
        case demonstration
        /// The telephone provider, whose signature stands on the form.
        case provider
    }

    let method: HTTPRequest.Method
    /// The address with `{name}` for parts that vary; it is what the log shows.
    let path: String
    let policy: Policy
    /// Whose places it takes while it works; nil for what is always let in.
    private(set) var share: Share?
    /// Whether it asks again who somebody is, see ``Confirmation``.
    private(set) var confirms = false
    let handle: @Sendable (Request, WebContext, Site) async throws -> Response

    private init(
        method: HTTPRequest.Method,
        path: String,
        policy: Policy,
        handle: @escaping @Sendable (Request, WebContext, Site) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.policy = policy
        share = .usual(method, path, policy)
        self.handle = handle
    }

    /// The same route in another share than the usual one of its address.
    func within(_ share: Share?) -> Route {
        var route = self
        route.share = share
        return route
    }

    static func open(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ handle: @escaping @Sendable (Request, WebContext, Site) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, policy: .open, handle: handle)
    }

    static func demonstration(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ handle: @escaping @Sendable (Request, WebContext, Site) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, policy: .demonstration) { request, context, site in
            guard site.isDemonstration else { throw Refusal.notFound }
            return try await handle(request, context, site)
        }
    }

    /// What the telephone provider asks or tells; it arrives here only with the provider's signature.
    ///
    /// To anybody else the address doesn't exist.
    static func provider(
        _ path: String,
        _ handle: @escaping @Sendable (FormData, Request, WebContext, Site, ProviderAccount) async throws -> Response
    ) -> Route {
        Route(method: .post, path: path, policy: .provider) { request, context, site in
            guard let account = site.provider, let name = HTTPField.Name(ProviderSignature.header),
                let signature = request.headers[name]
            else { throw Refusal.notFound }
            let form = try await FormData.read(request, context)
            // The address as the provider knows it: what stands before the path is our own setting, for a proxy may
            // stand between.
            let address = account.callback + request.uri.description
            guard ProviderSignature.isRight(signature, of: address, form.fields, token: account.token) else {
                throw Refusal.notFound
            }
            return try await handle(form, request, context, site, account)
        }
    }

    /// A page for signed-in staff that only shows something.
    ///
    /// Whoever owes something first (a new password, the terms) is sent there from everywhere, but from pages that say
    /// so by `duringFirstUse`. One that `confirms` asks first who is there.
    static func page(
        _ path: String,
        duringFirstUse: Bool = false,
        confirms: Bool = false,
        _ handle: @escaping @Sendable (Request, WebContext, Site, Staff) async throws -> Response
    ) -> Route {
        var route = Route(method: .get, path: path, policy: .staff) { request, context, site in
            guard let staff = try await site.staff(request, context) else {
                return Redirect.toSignIn(returningTo: request)
            }
            if !duringFirstUse, let owed = FirstUsePages.way(of: staff) { return owed }
            if confirms, !staff.isConfirmed { return Confirmation.way(to: request) }
            return try await handle(request, context, site, staff)
        }
        route.confirms = confirms
        return route
    }

    /// What a page of signed-in staff listens to.
    ///
    /// Nobody signed in: 204, after which a browser stops asking (WHATWG HTML, server-sent events); sending it to
    /// the sign-in page would only be an error that nobody reads.
    static func stream(
        _ path: String,
        _ handle: @escaping @Sendable (Request, WebContext, Site, Staff) async throws -> Response
    ) -> Route {
        Route(method: .get, path: path, policy: .staff) { request, context, site in
            guard let staff = try await site.staff(request, context), staff.owes == nil else {
                return Response(status: .noContent)
            }
            return try await handle(request, context, site, staff)
        }
    }

    /// A form that signed-in staff send; it arrives here only with the session's CSRF token.
    ///
    /// One that `confirms` arrives only from somebody who has shown lately who they are.
    static func form(
        _ path: String,
        duringFirstUse: Bool = false,
        confirms: Bool = false,
        _ handle: @escaping @Sendable (FormData, WebContext, Site, Staff) async throws -> Response
    ) -> Route {
        var route = Route(method: .post, path: path, policy: .staff) { request, context, site in
            let form = try await FormData.read(request, context)
            guard let staff = try await site.staff(request, context) else {
                return try await site.lostSession(form, request, context)
            }
            guard site.isFromUs(request) else { throw PageFailure.foreignForm }
            if !duringFirstUse, let owed = FirstUsePages.way(of: staff) { return owed }
            guard site.casework.isFormToken(form["csrf"] ?? "", session: staff.session) else {
                return try site.restore(form, request, staff)
            }
            if confirms, !staff.isConfirmed,
                let asked = try await Confirmation.answered(form, request.uri.description, site, staff)
            {
                return asked
            }
            return try await handle(form, context, site, staff)
        }
        // It may have to compare a password.
        if confirms { route.share = .password }
        route.confirms = confirms
        return route
    }

    /// A form with a file that signed-in staff send; as ``form(_:_:)``, with more bytes.
    static func upload(
        _ path: String,
        most: Int,
        _ handle: @escaping @Sendable (Multipart, WebContext, Site, Staff) async throws -> Response
    ) -> Route {
        Route(method: .post, path: path, policy: .staff) { request, context, site in
            // Before ten megabytes are taken in, not after.
            guard let staff = try await site.staff(request, context) else {
                return Redirect.toSignIn(returningTo: request)
            }
            guard site.isFromUs(request) else { throw PageFailure.foreignForm }
            if let owed = FirstUsePages.way(of: staff) { return owed }
            let sent = try await Multipart.read(request, most: most)
            guard site.casework.isFormToken(sent.text("csrf") ?? "", session: staff.session) else {
                throw PageFailure.foreignForm
            }
            return try await handle(sent, context, site, staff)
        }
    }

    /// A call of the JSON API.
    static func client(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ handle: @escaping @Sendable (Request, WebContext, Site, Caller) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, policy: .client) { request, context, site in
            try await Problem.answering {
                let writes = method != .get && method != .head
                guard let caller = try await site.client(request, context, writes: writes) else {
                    throw Problem.unauthorized
                }
                return try await handle(request, context, site, caller)
            }
        }
    }
}
