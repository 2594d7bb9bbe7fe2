import Access
import Catalogue
import Storage

/// Signing in by passkey: after the password, or alone.
extension Casework {
    /// What a browser is asked where a passkey stands in for the code; nil where the sign-in has run out or its
    /// account has no passkey.
    ///
    /// The password is one factor and the device the other: it needn't make sure who touches it.
    public func passkeyRequest(signIn secret: String, at party: RelyingParty) async throws -> PasskeyRequest? {
        let now = clock()
        let id = vault.digest("sign-in", secret.utf8)
        let challenge = Self.freshChallenge()
        return try await engine.write { connection in
            guard let signIn = try SessionStore.signIn(id: id, connection), Self.works(signIn, now) else { return nil }
            let known = try self.passkeys.all(account: signIn.account, connection)
            guard !known.isEmpty else { return nil }
            try self.keep(challenge, secret, signIn.account, .secondStep, connection)
            return PasskeyRequest(
                party: party,
                challenge: challenge,
                credentials: known.map(\.credential),
                handle: [],
                login: "",
                needsVerification: false
            )
        }
    }

    /// Second step by a passkey of the account whose password was right.
    ///
    /// - Throws: ``Refusal/findings(_:)``, alike for everything that is wrong with it; ``Refusal/notFound`` where the
    ///   sign-in has run out.
    public func completeSignIn(
        _ secret: String,
        passkey signed: PasskeySigned?,
        at party: RelyingParty,
        address: String
    ) async throws -> OpenedSession {
        let proof = try await prove(signed, at: party, secret, .secondStep)
        let session = try await complete(secret, "passkey", "パスキーを確認できませんでした。", address) {
            _,
            account,
            now,
            connection in
            guard let proof, proof.account == account.id, proof.challenged == account.id else { return false }
            return try self.accept(proof, at: now, connection)
        }
        return session
    }

    /// What a browser is asked for a sign-in by passkey alone.
    ///
    /// The answer is bound to the browser by the secret of a cookie.
    public func passkeyRequest(browser: String, at party: RelyingParty) async throws -> PasskeyRequest {
        let challenge = Self.freshChallenge()
        try await engine.write { try self.keep(challenge, browser, 0, .signIn, $0) }
        return PasskeyRequest(
            party: party,
            challenge: challenge,
            credentials: [],
            handle: [],
            login: "",
            needsVerification: true
        )
    }

    /// A secret for a cookie that binds a challenge to its browser.
    public func freshBinding() -> String { Secret.random(bytes: 32) }

    /// Signs in by passkey alone: the device is one factor, the finger, face or PIN that it made sure of the other.
    ///
    /// - Throws: ``Refusal/findings(_:)``, alike for an unknown passkey, a stopped account and all else.
    public func signIn(
        passkey signed: PasskeySigned?,
        at party: RelyingParty,
        browser: String,
        address: String,
        returnTo: String
    ) async throws -> OpenedSession {
        let now = clock()
        let session = Secret.random(bytes: 32)
        let proof = try await prove(signed, at: party, browser, .signIn)
        let directory = try await directory()
        let entrance = try await engine.write { connection -> Entrance? in
            guard let proof, proof.challenged == 0, sameBytes(proof.handle, self.handle(proof.account)),
                let account = try self.accounts.find(id: proof.account, connection), account.stoppedAt == nil,
                // Whoever got a new initial password shows that they have it: a passkey that somebody else left in the
                // account would set the next one without.
                try Self.firstUse(of: account.id, connection) != .password,
                try self.accept(proof, at: now, connection)
            else { return nil }
            return try self.enter(account, session, from: address, returnTo: returnTo, now, directory, connection)
        }
        guard let entrance else {
            throw Refusal.findings([
                Finding("passkey", "wrong", "パスキーを確認できませんでした。ユーザーIDとパスワードでログインしてください。")
            ])
        }
        return try entrance.opened()
    }

    // MARK: Proof

    /// A passkey's signature that is right.
    struct PasskeyProof: Sendable {
        let passkey: Int64
        let account: Int64
        let counter: Int64
        /// For whom the challenge was given, 0 for nobody known.
        let challenged: Int64
        let handle: [UInt8]
    }

    /// Checks what a browser sent; nil for anything that is no proof.
    ///
    /// Its challenge is used up either way.
    func prove(
        _ signed: PasskeySigned?,
        at party: RelyingParty,
        _ binding: String,
        _ purpose: ChallengeStore.Purpose
    ) async throws -> PasskeyProof? {
        guard let signed, let challenge = try? ClientData(signed.client).challenge,
            let challenged = try await take(challenge, binding, purpose),
            let passkey = try await engine.read({ try self.passkeys.find(credential: signed.credential, $0) })
        else { return nil }
        let check = PasskeyCheck(party: party, challenge: challenge, needsVerification: purpose != .secondStep)
        do {
            let counter = try check.assertion(
                client: signed.client,
                data: signed.data,
                signature: signed.signature,
                key: passkey.key,
                counter: passkey.counter
            )
            return PasskeyProof(
                passkey: passkey.id,
                account: passkey.account,
                counter: counter,
                challenged: challenged,
                handle: signed.handle
            )
        } catch PasskeyFailure.counter {
            try await engine.write { try self.warnOfCopy(passkey, $0) }
            return nil
        } catch {
            return nil
        }
    }

    /// Counts the use; false where the counter hasn't gone up meanwhile, or the passkey was removed.
    func accept(_ proof: PasskeyProof, at now: Timestamp, _ connection: any SQLConnection) throws -> Bool {
        try passkeys.use(id: proof.passkey, counter: proof.counter, at: now, connection)
    }

    private func warnOfCopy(_ passkey: Passkey, _ connection: any SQLConnection) throws {
        guard let account = try accounts.find(id: passkey.account, connection) else { return }
        try noteFactor(.passkeyRefused, of: account, by: account, text: passkey.name, at: clock(), connection)
    }
}
