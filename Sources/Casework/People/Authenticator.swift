import Access
import Catalogue
import Crypto
import Storage

/// What an authenticator app is given to begin with.
public struct AuthenticatorOffer: Sendable {
    /// Base 32, typed into the app.
    public let secret: String
    /// `otpauth://` address that an app opens.
    public let address: String
}

extension Casework {
    /// A fresh secret for the caller's authenticator app; it counts once a code of it was given.
    public func prepareAuthenticator(by caller: Caller) async throws -> AuthenticatorOffer {
        let account = try await engine.read { try self.account(of: caller, $0) }
        let secret = OneTimeCode.base32(SymmetricKey(size: .init(bitCount: 160)).withUnsafeBytes { Array($0) })
        return AuthenticatorOffer(
            secret: secret,
            address: "otpauth://totp/HER-SYS:\(account.login)?secret=\(secret)&issuer=HER-SYS"
        )
    }

    /// Sets the caller's authenticator app after a code of it was given.
    ///
    /// - Returns: ten recovery codes, which are shown now and never again.
    @discardableResult
    public func setAuthenticator(secret: String, code: String, by caller: Caller) async throws -> [String] {
        let now = clock()
        let digits = code.nfkc.filter { $0.isASCII && $0.isNumber }
        guard let bytes = OneTimeCode.bytes(base32: secret), bytes.count == 20,
            let step = OneTimeCode.step(of: digits, secret: bytes, now: now.seconds)
        else {
            throw Refusal.findings([
                Finding("code", "wrong", "ワンタイムパスワードが正しくありません。認証アプリに表示されている6桁の数字を入力してください。")
            ])
        }
        let codes = Self.freshRecoveryCodes()
        try await engine.write { connection in
            var account = try self.account(of: caller, connection)
            account.authenticator = bytes
            account.authenticatorStep = step
            try self.accounts.update(account, connection)
            try self.noteFactor(.authenticatorSet, of: account, by: account, at: now, connection)
            try self.store(codes, of: account, at: now, connection)
        }
        return codes
    }

    /// Whether the caller signs in with an authenticator app.
    public func hasAuthenticator(by caller: Caller) async throws -> Bool {
        try await engine.read { try self.account(of: caller, $0).authenticator != nil }
    }

    /// Goes back to codes by telephone; recovery codes go with the app.
    public func removeAuthenticator(by caller: Caller) async throws {
        let now = clock()
        try await engine.write { connection in
            var account = try self.account(of: caller, connection)
            guard account.authenticator != nil else { return }
            account.authenticator = nil
            try self.accounts.update(account, connection)
            try RecoveryCodeStore.removeAll(account: account.id, connection)
            try self.noteFactor(.authenticatorRemoved, of: account, by: account, at: now, connection)
        }
    }
}
