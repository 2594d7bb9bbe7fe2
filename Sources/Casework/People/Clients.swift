public import Access
import Catalogue
public import Storage

extension Casework {
    /// Seconds a bearer token works.
    private static let bearerLife: Int64 = 3600

    /// A bearer token for an API client, nil for an unknown client or a wrong secret.
    public func token(client id: String, secret: String) async throws -> (token: String, seconds: Int)? {
        let now = clock()
        let client = try await engine.read { try ClientStore.find(id: id, $0) }
        let given = vault.digest("client", secret.utf8)
        guard sameBytes(client?.secret ?? [UInt8](repeating: 0, count: given.count), given), let client,
            client.stoppedAt == nil
        else { return nil }
        let token = Secret.random(bytes: 32)
        let digest = vault.digest("bearer", token.utf8)
        try await engine.write {
            try ClientStore.addBearer(
                id: digest,
                client: client.number,
                expiresAt: now.adding(seconds: Self.bearerLife),
                $0
            )
        }
        return (token, Int(Self.bearerLife))
    }

    /// Whose bearer token it is, nil where it has ended.
    public func client(bearer: String) async throws -> Viewer? {
        let now = clock()
        let digest = vault.digest("bearer", bearer.utf8)
        let directory = try await directory()
        guard
            let client = try await engine.read({
                try ClientStore.client(bearer: digest, now: now, $0)
            }),
            let organisation = directory[client.organisation]
        else { return nil }
        return Viewer(organisation: organisation, account: -client.number, name: client.name)
    }

    /// Issues an API client for an organisation; the secret is shown once and never again.
    public func issueClient(
        organisation: OrganisationKey,
        name: String
    ) async throws -> (id: String, secret: String) {
        let directory = try await directory()
        guard directory[organisation] != nil else {
            throw Refusal.findings([Finding("organisation", "unknown", "組織「\(organisation)」はありません。")])
        }
        let id = "client-" + Secret.random(bytes: 9)
        let secret = Secret.random(bytes: 32)
        let client = Client(
            id: id,
            organisation: organisation,
            name: name,
            secret: vault.digest("client", secret.utf8)
        )
        let now = clock()
        try await engine.write { try ClientStore.insert(client, at: now, directory: directory, $0) }
        return (id, secret)
    }

    /// All API clients.
    public func clients() async throws -> [Client] {
        try await engine.read { try ClientStore.all($0) }
    }

    /// Stops an API client; its tokens end at once.
    public func stopClient(_ id: String) async throws {
        let now = clock()
        guard try await engine.read({ try ClientStore.find(id: id, $0) }) != nil else { throw Refusal.notFound }
        try await engine.write { try ClientStore.stop(id: id, at: now, $0) }
    }
}
