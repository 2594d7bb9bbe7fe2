import Access
import Catalogue
import Crypto
import Storage

extension Casework {
    /// Recovery codes made at once.
    private static let recoveryCount = 10

    /// Makes ten recovery codes in the place of the caller's earlier ones; they are shown now and never again.
    ///
    /// - Throws: ``Refusal/forbidden(_:)`` where no authenticator app is set.
    public func renewRecoveryCodes(by caller: Caller) async throws -> [String] {
        let now = clock()
        let codes = Self.freshRecoveryCodes()
        try await engine.write { connection in
            let account = try self.account(of: caller, connection)
            guard account.authenticator != nil else {
                throw Refusal.forbidden("回復コードは、認証アプリを設定してから作ることができます。")
            }
            try self.store(codes, of: account, at: now, connection)
        }
        return codes
    }

    static func freshRecoveryCodes() -> [String] {
        (0..<recoveryCount).map { _ in
            // 50 bits each: no number of tries that the lockout allows comes near one.
            let letters = OneTimeCode.base32(SymmetricKey(size: .init(bitCount: 56)).withUnsafeBytes { Array($0) })
            return "\(letters.prefix(5))-\(letters.dropFirst(5).prefix(5))"
        }
    }

    func store(
        _ codes: [String],
        of account: Account,
        at now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        let digests = codes.map { self.recoveryDigest($0, of: account.id) }
        try RecoveryCodeStore.replace(account: account.id, codes: digests, at: now, connection)
        try noteFactor(.recoveryMade, of: account, by: account, at: now, connection)
    }

    /// Those of some texts that are unused recovery codes of the caller: what may be put into a file for them.
    public func recoveryCodes(among texts: [String], by caller: Caller) async throws -> [String] {
        try await engine.read { connection in
            let account = try self.account(of: caller, connection)
            return try texts.prefix(Self.recoveryCount).filter { text in
                guard text.wholeMatch(of: /[A-Z2-7]{5}-[A-Z2-7]{5}/) != nil else { return false }
                let digest = self.recoveryDigest(text, of: account.id)
                return try RecoveryCodeStore.has(account: account.id, code: digest, connection)
            }
        }
    }

    /// Second step by a recovery code: it works once, and its owner is told.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for a wrong code, ``Refusal/notFound`` where the sign-in has run out.
    public func completeSignIn(
        _ secret: String,
        recoveryCode: String,
        address: String
    ) async throws -> OpenedSession {
        try await complete(secret, "recovery", "回復コードが正しくないか、すでに使われています。", address) {
            _,
            account,
            now,
            connection in
            let digest = self.recoveryDigest(recoveryCode, of: account.id)
            guard account.authenticator != nil,
                try RecoveryCodeStore.use(account: account.id, code: digest, at: now, connection)
            else { return false }
            try self.noteFactor(.recoveryUsed, of: account, by: account, at: now, connection)
            return true
        }
    }

    /// The digest of a code however it was typed: any width and case, with or without the hyphen, O for 0.
    private func recoveryDigest(_ code: String, of account: Int64) -> [UInt8] {
        let alike: [Character: Character] = ["0": "O", "1": "I", "8": "B"]
        let letters = code.prefix(64).description.nfkc.uppercased().map { alike[$0] ?? $0 }.filter {
            $0.isASCII && ($0.isLetter || $0.isNumber)
        }
        return vault.digest("recovery", "\(account) \(String(letters))".utf8)
    }
}
