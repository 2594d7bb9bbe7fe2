import Access
import Catalogue
import Storage

/// 本人の確認: whoever changes how somebody signs in shows again who they are, for a session that was left open is
/// anybody's.
extension Casework {
    /// Seconds for which a sign-in, or having shown it again, is enough.
    public static let confirmationSeconds: Int64 = 300

    /// Whether a session's owner has shown lately who they are.
    ///
    /// A time later than now was written by a clock that was set back since: it doesn't count.
    static func isConfirmed(createdAt: Timestamp, confirmedAt: Timestamp?, _ now: Timestamp) -> Bool {
        [createdAt, confirmedAt].compactMap(\.self).contains { at in
            (-5..<confirmationSeconds).contains(now.seconds - at.seconds)
        }
    }

    /// Shows by the password who the owner of a session is.
    ///
    /// - Throws: ``Refusal/findings(_:)`` about `confirm-password` for a wrong one, which counts as one at the sign-in;
    ///   ``Refusal/tooMany(seconds:)`` while that is locked.
    public func confirm(password: String, session: String, by caller: Caller) async throws {
        let account = try await engine.read { try self.account(of: caller, $0) }
        try await require(password, of: account, place: "confirm-password", "パスワードが正しくありません。もう一度入力してください。", by: caller)
        try await note(session, of: account)
    }

    /// What a browser is asked for a confirmation by passkey; nil where the caller has none.
    ///
    /// As at a sign-in by passkey alone the device has to make sure whose finger it is.
    public func confirmationRequest(
        at party: RelyingParty,
        session: String,
        by caller: Caller
    ) async throws -> PasskeyRequest? {
        let challenge = Self.freshChallenge()
        return try await engine.write { connection in
            let known = try self.passkeys.all(account: caller.viewer.account, connection)
            guard !known.isEmpty else { return nil }
            try self.keep(challenge, session, caller.viewer.account, .confirmation, connection)
            return PasskeyRequest(
                party: party,
                challenge: challenge,
                credentials: known.map(\.credential),
                handle: [],
                login: "",
                needsVerification: true
            )
        }
    }

    /// Shows by a passkey who the owner of a session is.
    ///
    /// - Throws: ``Refusal/findings(_:)`` about `passkey`, alike for everything that is wrong with it.
    public func confirm(
        passkey signed: PasskeySigned?,
        at party: RelyingParty,
        session: String,
        by caller: Caller
    ) async throws {
        let now = clock()
        let account = try await engine.read { try self.account(of: caller, $0) }
        let proof = try await prove(signed, at: party, session, .confirmation)
        let isRight = try await engine.write { connection in
            guard let proof, proof.account == account.id, proof.challenged == account.id else { return false }
            return try self.accept(proof, at: now, connection)
        }
        guard isRight else {
            throw Refusal.findings([Finding("passkey", "wrong", "パスキーを確認できませんでした。パスワードを入力してください。")])
        }
        try await note(session, of: account)
    }

    /// Compares a password with an account's; a wrong one counts with those at the sign-in, and is as often locked.
    ///
    /// - Throws: ``Refusal/findings(_:)``, ``Refusal/tooMany(seconds:)``.
    func require(
        _ password: String,
        of account: Account,
        place: String,
        _ wrong: String,
        by caller: Caller
    ) async throws {
        let isRight: Void? = try await guess(
            password,
            of: account,
            login: account.login,
            address: caller.address
        ) { _, _, _ in }
        guard isRight != nil else { throw Refusal.findings([Finding(place, "wrong", wrong)]) }
    }

    /// Writes down that it was shown; a session that has ended meanwhile, or is another's, is none.
    private func note(_ session: String, of account: Account) async throws {
        let (id, now) = (vault.digest("session", session.utf8), clock())
        try await engine.write { connection in
            guard let found = try SessionStore.session(id: id, connection), found.account == account.id else {
                throw Refusal.notFound
            }
            try SessionStore.confirm(id: id, at: now, connection)
        }
    }
}
