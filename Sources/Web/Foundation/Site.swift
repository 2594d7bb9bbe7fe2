import Access
public import Casework
import Crypto
import HTTPTypes
import Hummingbird
import Interchange
public import NIOCore
public import Outreach

/// What every address needs: casework, and whether this is a demonstration.
public struct Site: Sendable {
    /// What staff do.
    let casework: Casework
    /// Whether `/outbox` shows messages and the sign-in page says that all people are made up.
    let isDemonstration: Bool
    /// The address that passkeys are made for; nil offers none.
    public var relyingParty: RelyingParty?
    /// The telephone provider whose questions are answered; nil where none is.
    let provider: ProviderAccount?
    /// Looks for codes on scanned papers.
    let scanDesk = ScanDesk()
    /// What the server counts of itself.
    let metrics = Metrics()
    /// Who may read that.
    let metricsAccess: MetricsAccess
    /// How much each API client may ask.
    let limits: ClientLimits
    /// How a connection is encrypted; nil where a proxy stands between that does it.
    let transport: @Sendable (any Channel) async -> Transport?
    /// Places of the open tests of connections.
    let testPlaces = TestPlaces()

    /// A site over casework.
    ///
    /// - Parameters:
    ///   - casework: what staff do.
    ///   - isDemonstration: whether everybody in it is made up, and messages are shown.
    ///   - provider: the telephone provider whose questions are answered; nil where none is.
    ///   - metricsAccess: who may read `/metrics`.
    ///   - limits: how much each API client may ask.
    ///   - transport: tells how a connection is encrypted; nil where it isn't, or not by this server.
    public init(
        casework: Casework,
        isDemonstration: Bool,
        provider: ProviderAccount? = nil,
        metricsAccess: MetricsAccess = .loopback,
        limits: ClientLimits = ClientLimits(),
        transport: @escaping @Sendable (any Channel) async -> Transport? = { _ in nil }
    ) {
        self.casework = casework
        self.provider = provider
        self.isDemonstration = isDemonstration
        self.metricsAccess = metricsAccess
        self.limits = limits
        self.transport = transport
    }

    /// The name of the session's cookie: `__Host-` binds it to this host, this path and TLS.
    static let cookie = "__Host-session"

    /// What a page says when it fetches itself anew because something has changed.
    private static let live = HTTPField.Name("X-Live") ?? .accept

    /// What a page asks while its user may have gone: events, and keeping the form that they left.
    private static let unasked: Set<String> = ["/events", "/account/forms"]

    /// The cookie's value in a request.
    static func sessionCookie(_ request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].drop(while: { $0 == " " }) == cookie { return String(parts[1]) }
            }
        }
        return nil
    }

    /// The member of staff whose session a request carries, nil where there is none or it has ended.
    func staff(_ request: Request, _ context: WebContext) async throws -> Staff? {
        // What a page fetches by itself doesn't keep a session whose user has gone.
        let isUse = !Self.unasked.contains(request.uri.path) && request.headers[Self.live] == nil
        guard let session = Self.sessionCookie(request),
            let sitting = try await casework.sitting(
                session,
                isUse: isUse,
                countsNotices: request.uri.path != "/events"
            )
        else { return nil }
        let viewer = sitting.viewer
        var staff = Staff(
            caller: Caller(viewer, through: .page, address: context.address),
            session: session,
            csrf: casework.formToken(session: session),
            secondsLeft: sitting.secondsLeft,
            isConfirmed: sitting.isConfirmed
        )
        guard try await letsIn(&staff, to: request.uri.path) else { return nil }
        (staff.duties, staff.owes, staff.unread) = (sitting.standing.duties, sitting.standing.owes, sitting.unread)
        return staff
    }

    /// The API client whose bearer token a request carries.
    ///
    /// - Throws: a ``Problem`` where it has asked too much, or would change something with a token for reading.
    func client(_ request: Request, _ context: WebContext, writes: Bool) async throws -> Caller? {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer "),
            let program = try await casework.client(
                bearer: String(header.dropFirst(7)),
                certificate: await context.certificate?.thumbprint()
            )
        else { return nil }
        if let seconds = limits.take(program.viewer.account) {
            metrics.limited()
            throw Problem(Refusal.tooMany(seconds: seconds))
        }
        guard program.writes || !writes else { throw Problem.insufficientScope }
        if let refusal = try await early(program.viewer.organisation.key) {
            throw Refusal.forbidden(NotYetOpenPage.sentence(refusal))
        }
        return Caller(program.viewer, through: .api, address: context.address)
    }

    /// Whether a browser says that a form comes from a page of ours; old browsers say nothing.
    func isFromUs(_ request: Request) -> Bool {
        guard let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name] else { return true }
        return site == "same-origin" || site == "none"
    }
}
