public import Access
import Catalogue
public import Storage

/// A client's token as it was granted.
public struct GrantedToken: Sendable, Hashable {
    /// The bearer token.
    public let token: String
    /// Seconds that it works.
    public let seconds: Int
    /// Whether it may change something.
    public let writes: Bool
}

/// A program that has shown its token.
public struct ClientCaller: Sendable, Hashable {
    /// Organisation, number, name.
    public let viewer: Viewer
    /// Whether it may change something.
    public let writes: Bool

    /// Its organisation.
    public var organisation: Organisation { viewer.organisation }
}

extension Casework {
    /// Seconds a bearer token works.
    public static let bearerLife: Int64 = 3600
    /// Seconds the secret before goes on working after a change: every machine of the institution gets the new one.
    public static let earlierLife: Int64 = 86_400

    /// A bearer token for an API client, nil for an unknown client or a wrong secret.
    ///
    /// Guesses are counted by client and by address, in the database: several servers are one to whoever guesses.
    ///
    /// - Parameters:
    ///   - client: client_id.
    ///   - secret: client_secret.
    ///   - readsOnly: whether less is asked for than the client may do.
    ///   - certificate: SHA-256 of the certificate that the connection was made with.
    ///   - address: the network address, for counting; empty for none.
    /// - Returns: the token.
    /// - Throws: ``Refusal/tooMany(seconds:)`` after too many guesses.
    public func token(
        client: String,
        secret: String,
        readsOnly: Bool = false,
        certificate: [UInt8]? = nil,
        address: String = ""
    ) async throws -> GrantedToken? {
        let now = clock()
        // An id that is longer than any of ours would only make the row larger.
        let keys = [
            vault.digest("throttle-client", client.utf8.prefix(200)),
            vault.digest("throttle-client-address", SharedAddress.key(address).utf8),
        ]
        try await refuseThrottled(keys, now)
        let found = try await engine.read { try ClientStore.find(id: client, $0) }
        let given = vault.digest("client", secret.utf8)
        guard Self.admits(found, given, certificate, now), let found else {
            try await engine.write { connection in
                try Self.countFailure(keys[0], free: 10, forgiving: 60, now, connection)
                try Self.countFailure(keys[1], free: 50, forgiving: 60, now, connection)
            }
            return nil
        }
        let token = Secret.random(bytes: 32)
        let digest = vault.digest("bearer", token.utf8)
        let bearer = Bearer(client: found, writes: found.writes && !readsOnly, certificate: found.certificate)
        let end = now.adding(seconds: Self.bearerLife)
        let isGiven = try await engine.write { connection in
            // Secret or certificate may have been changed meanwhile, which has ended all tokens: not one comes after.
            let still = try ClientStore.find(id: client, connection)
            guard Self.admits(still, given, certificate, now), still?.certificate == bearer.certificate else {
                return false
            }
            try ClientStore.addBearer(id: digest, bearer, at: now, expiresAt: end, connection)
            return true
        }
        return isGiven ? GrantedToken(token: token, seconds: Int(Self.bearerLife), writes: bearer.writes) : nil
    }

    /// Whether a client gets a token with a secret on a connection with a certificate; the same time for any answer.
    private static func admits(_ client: Client?, _ given: [UInt8], _ certificate: [UInt8]?, _ now: Timestamp) -> Bool {
        let nothing = [UInt8](repeating: 0, count: given.count)
        let earlier = client?.earlier.map { $0.until > now ? $0.secret : nothing } ?? nothing
        let (isRight, isEarlier) = (sameBytes(client?.secret ?? nothing, given), sameBytes(earlier, given))
        guard isRight || isEarlier, let client, client.stoppedAt == nil else { return false }
        return client.certificate == nil || client.certificate == certificate
    }

    /// Whose bearer token it is, nil where it has ended, and on a connection with another certificate than its own.
    public func client(bearer: String, certificate: [UInt8]? = nil) async throws -> ClientCaller? {
        let now = clock()
        let digest = vault.digest("bearer", bearer.utf8)
        let directory = try await directory()
        guard let found = try await engine.read({ try ClientStore.bearer(digest, now: now, $0) }),
            found.certificate == nil || found.certificate == certificate,
            let organisation = directory[found.client.organisation]
        else { return nil }
        let viewer = Viewer(organisation: organisation, account: -found.client.number, name: found.client.name)
        return ClientCaller(viewer: viewer, writes: found.writes)
    }

    /// Issues an API client for an organisation; the secret is shown once and never again.
    ///
    /// - Parameters:
    ///   - organisation: for which it works.
    ///   - name: as the history shows it.
    ///   - writes: whether it may change something.
    ///   - certificate: SHA-256 of the certificate it is bound to; nil for none.
    /// - Returns: id and secret.
    /// - Throws: ``Refusal/findings(_:)`` for an unknown organisation, a name of another length than 1–100.
    public func issueClient(
        organisation: OrganisationKey,
        name: String,
        writes: Bool = true,
        certificate: [UInt8]? = nil
    ) async throws -> (id: String, secret: String) {
        try await issueClient(
            organisation: organisation,
            name: name,
            writes: writes,
            certificate: certificate,
            by: .command
        )
    }

    func issueClient(
        organisation: OrganisationKey,
        name: String,
        writes: Bool,
        certificate: [UInt8]?,
        by author: ClientAuthor
    ) async throws -> (id: String, secret: String) {
        let directory = try await directory()
        var findings: [Finding] = []
        if directory[organisation] == nil {
            findings.append(Finding("organisation", "unknown", "組織「\(organisation)」はありません。"))
        }
        var cleaned = ""
        switch TextCleaning.clean(name, multiline: false) {
        case .success(let text) where (1...100).contains(text.unicodeScalars.count): cleaned = text
        case .success(""): findings.append(Finding("name", "required", "名称を入力してください。"))
        case .success: findings.append(Finding("name", "length", "名称は100文字以内で入力してください。"))
        case .failure(let failure): findings.append(Finding("name", failure.code, "名称に\(failure.message)"))
        }
        guard findings.isEmpty else { throw Refusal.findings(findings) }
        let id = "client-" + Secret.random(bytes: 9)
        let secret = Secret.random(bytes: 32)
        var client = Client(
            id: id,
            organisation: organisation,
            name: cleaned,
            secret: vault.digest("client", secret.utf8)
        )
        (client.writes, client.certificate) = (writes, certificate)
        let (now, issued) = (clock(), client)
        try await engine.write { connection in
            guard try author.reach(connection)(organisation) else { throw Refusal.notFound }
            let number = try ClientStore.insert(issued, at: now, directory: directory, connection)
            try ClientStore.note(ClientDeed(.issue, at: now, account: author.account), of: number, connection)
        }
        return (id, secret)
    }

    /// All API clients.
    public func clients() async throws -> [Client] {
        try await engine.read { try ClientStore.all($0) }
    }

    /// Gives a client another secret; the one before works for a day, or ends at once with all tokens.
    ///
    /// - Throws: ``Refusal/notFound`` where there is no such client or it was stopped.
    public func rotateClient(_ id: String, endsEarlier: Bool) async throws -> String {
        try await rotateClient(id, endsEarlier: endsEarlier, by: .command)
    }

    func rotateClient(_ id: String, endsEarlier: Bool, by author: ClientAuthor) async throws -> String {
        let (now, secret) = (clock(), Secret.random(bytes: 32))
        let digest = vault.digest("client", secret.utf8)
        try await change(id, endsEarlier ? .replace : .rotate, at: now, by: author) {
            try ClientStore.rotate(
                $0,
                secret: digest,
                earlierUntil: endsEarlier ? nil : now.adding(seconds: Self.earlierLife),
                $1
            )
        }
        return secret
    }

    /// Binds a client to a certificate by its SHA-256 (RFC 8705), or unbinds it; its tokens end.
    ///
    /// - Throws: ``Refusal/notFound`` where there is no such client or it was stopped.
    public func bindClient(_ id: String, to certificate: [UInt8]?) async throws {
        try await bindClient(id, to: certificate, by: .command)
    }

    func bindClient(_ id: String, to certificate: [UInt8]?, by author: ClientAuthor) async throws {
        try await change(id, certificate == nil ? .unbind : .bind, at: clock(), by: author) {
            try ClientStore.bind($0, to: certificate, $1)
        }
    }

    /// Stops an API client; its tokens end at once.
    public func stopClient(_ id: String) async throws {
        try await stopClient(id, by: .command)
    }

    func stopClient(_ id: String, by author: ClientAuthor) async throws {
        let now = clock()
        try await change(id, .stop, at: now, by: author) { _, connection in
            try ClientStore.stop(id: id, at: now, connection)
        }
    }

    /// Checks the right, does something with a client that works and writes it down, in one transaction.
    private func change(
        _ id: String,
        _ deed: ClientDeed.Kind,
        at now: Timestamp,
        by author: ClientAuthor,
        _ body: @escaping @Sendable (_ number: Int64, _ connection: any SQLConnection) throws -> Void
    ) async throws {
        try await engine.write { connection in
            guard let client = try ClientStore.find(id: id, connection), client.stoppedAt == nil,
                try author.reach(connection)(client.organisation)
            else { throw Refusal.notFound }
            try body(client.number, connection)
            try ClientStore.note(ClientDeed(deed, at: now, account: author.account), of: client.number, connection)
        }
    }
}
