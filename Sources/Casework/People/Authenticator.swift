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
        let account = try await account(of: caller)
        let secret = OneTimeCode.base32(SymmetricKey(size: .init(bitCount: 160)).withUnsafeBytes { Array($0) })
        return AuthenticatorOffer(
            secret: secret,
            address: "otpauth://totp/HER-SYS:\(account.login)?secret=\(secret)&issuer=HER-SYS"
        )
    }

    /// Sets the caller's authenticator app after a code of it was given.
    public func setAuthenticator(secret: String, code: String, by caller: Caller) async throws {
        let now = clock()
        let digits = code.nfkc.filter { $0.isASCII && $0.isNumber }
        guard let bytes = OneTimeCode.bytes(base32: secret), bytes.count == 20,
            let step = OneTimeCode.step(of: digits, secret: bytes, now: now.seconds)
        else {
            throw Refusal.findings([
                Finding("code", "wrong", "確認コードが正しくありません。認証アプリに表示されている6桁の数字を入力してください。")
            ])
        }
        var account = try await account(of: caller)
        account.authenticator = bytes
        account.authenticatorStep = step
        let changed = account
        try await engine.write { try self.accounts.update(changed, $0) }
    }

    /// Whether the caller signs in with an authenticator app.
    public func hasAuthenticator(by caller: Caller) async throws -> Bool {
        try await account(of: caller).authenticator != nil
    }

    /// Goes back to codes by telephone.
    public func removeAuthenticator(by caller: Caller) async throws {
        var account = try await account(of: caller)
        account.authenticator = nil
        let changed = account
        try await engine.write { try self.accounts.update(changed, $0) }
    }

    private func account(of caller: Caller) async throws -> Account {
        guard let account = try await engine.read({ try self.accounts.find(id: caller.viewer.account, $0) }) else {
            throw Refusal.notFound
        }
        return account
    }
}
