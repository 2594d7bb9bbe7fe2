import Access
import Catalogue
import Crypto
import Storage

/// Registering and removing one's passkeys, and challenges.
extension Casework {
    /// Passkeys of one account at the most.
    private static let mostPasskeys = 10
    /// Longest name, in characters.
    private static let longestName = 40
    /// Seconds in which a browser has to answer.
    private static let challengeLife: Int64 = 300

    /// Begins to register a passkey for the caller.
    ///
    /// The browser's answer is bound to the session by its secret.
    public func beginPasskey(
        at party: RelyingParty,
        session: String,
        by caller: Caller
    ) async throws -> PasskeyRequest {
        let challenge = Self.freshChallenge()
        let (account, known) = try await engine.write { connection in
            let account = try self.account(of: caller, connection)
            try self.keep(challenge, session, account.id, .registration, connection)
            return (account, try self.passkeys.all(account: account.id, connection))
        }
        return PasskeyRequest(
            party: party,
            challenge: challenge,
            credentials: known.map(\.credential),
            handle: handle(account.id),
            login: account.login,
            needsVerification: false
        )
    }

    /// Registers the passkey that the caller's browser has made.
    ///
    /// - Throws: ``Refusal/findings(_:)``, alike for everything that is wrong with the browser's answer.
    public func addPasskey(
        _ made: PasskeyMade?,
        name: String,
        at party: RelyingParty,
        session: String,
        by caller: Caller
    ) async throws {
        let now = clock()
        let name = (try? TextCleaning.clean(name, multiline: false).get()) ?? ""
        guard !name.isEmpty else {
            throw Refusal.findings([Finding("name", "required", "パスキーの名前を入力してください（例：職場のパソコン）。")])
        }
        guard (1...Self.longestName).contains(name.count) else {
            throw Refusal.findings([
                Finding("name", "length", "パスキーの名前を\(Self.longestName)文字以内で入力してください（例：職場のパソコン）。")
            ])
        }
        let refused = Refusal.findings([Finding("passkey", "refused", "パスキーを登録できませんでした。もう一度お試しください。")])
        guard let made, let challenge = try? ClientData(made.client).challenge,
            try await take(challenge, session, .registration) == caller.viewer.account
        else { throw refused }
        let check = PasskeyCheck(party: party, challenge: challenge, needsVerification: false)
        guard let fresh = try? check.registration(client: made.client, attestation: made.attestation) else {
            throw refused
        }
        try await engine.write { connection in
            let account = try self.account(of: caller, connection)
            guard try self.passkeys.count(account: account.id, connection) < Self.mostPasskeys else {
                throw Refusal.findings([
                    Finding("passkey", "most", "パスキーは\(Self.mostPasskeys)個まで登録できます。使わないものを削除してください。")
                ])
            }
            let passkey = Passkey(
                account: account.id,
                credential: fresh.credential,
                key: fresh.key,
                name: name,
                counter: fresh.counter,
                createdAt: now
            )
            guard try self.passkeys.insert(passkey, connection) else { throw refused }
            try self.noteFactor(.passkeyAdded, of: account, by: account, text: name, at: now, connection)
        }
    }

    /// Removes a passkey of the caller.
    public func removePasskey(_ id: Int64, by caller: Caller) async throws {
        let now = clock()
        try await engine.write { connection in
            let account = try self.account(of: caller, connection)
            let name = try self.passkeys.all(account: account.id, connection).first { $0.id == id }?.name
            guard let name, try self.passkeys.remove(id: id, account: account.id, connection) else {
                throw Refusal.notFound
            }
            try self.noteFactor(.passkeyRemoved, of: account, by: account, text: name, at: now, connection)
        }
    }

    // MARK: Challenges

    static func freshChallenge() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    /// Keeps a challenge as a digest, bound to the browser that it is given to.
    func keep(
        _ challenge: [UInt8],
        _ binding: String,
        _ account: Int64,
        _ purpose: ChallengeStore.Purpose,
        _ connection: any SQLConnection
    ) throws {
        try ChallengeStore.put(
            id: challengeID(challenge, binding),
            account: account,
            purpose: purpose,
            expiresAt: clock().adding(seconds: Self.challengeLife),
            connection
        )
    }

    /// Takes a challenge for good, whatever comes of it: it is answered once.
    func take(
        _ challenge: [UInt8],
        _ binding: String,
        _ purpose: ChallengeStore.Purpose
    ) async throws -> Int64? {
        let now = clock()
        let id = challengeID(challenge, binding)
        return try await engine.write { try ChallengeStore.take(id: id, purpose: purpose, now: now, $0) }
    }

    private func challengeID(_ challenge: [UInt8], _ binding: String) -> [UInt8] {
        vault.digest("passkey-challenge", Array("\(binding) ".utf8) + challenge)
    }

    /// By what a device knows an account: always the same, and nothing leads back.
    func handle(_ account: Int64) -> [UInt8] {
        vault.digest("passkey-handle", String(account).utf8)
    }
}
