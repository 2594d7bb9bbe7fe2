public import Access
public import Catalogue
import Storage

/// What a holder owes before an account can be used.
public enum FirstUse: Sendable, Hashable {
    /// A password of their own in place of the initial one.
    case password
    /// システム利用規約 of the present version.
    case terms
}

/// What is known of a signed-in account at every request: its duties, and what it owes first.
public struct AccountStanding: Sendable, Hashable {
    /// 役割.
    public let duties: Set<Duty>
    /// What comes before everything else, nil for nothing.
    public let owes: FirstUse?
}

extension Casework {
    /// The version of システム利用規約 in force; a new text is a new number, and everybody is asked again.
    public static let termsVersion = 1

    /// What an account owes before it can be used, nil for nothing.
    public func firstUse(of account: Int64) async throws -> FirstUse? {
        try await engine.read { try Self.firstUse(of: account, $0) }
    }

    static func firstUse(of account: Int64, _ connection: any SQLConnection) throws -> FirstUse? {
        let owed = try FirstUseStore.owed(by: account, terms: termsVersion, connection)
        return owed.password ? .password : owed.terms ? .terms : nil
    }

    /// When an account accepted the terms in force, nil where it hasn't.
    public func termsAccepted(by caller: Caller) async throws -> Timestamp? {
        try await engine.read {
            try FirstUseStore.accepted(terms: Self.termsVersion, caller.viewer.account, $0)
        }
    }

    /// Notes that a caller has read and accepted a version of the terms.
    ///
    /// - Throws: ``Refusal/findings(_:)`` where another version is in force by now.
    public func acceptTerms(_ version: Int, by caller: Caller) async throws {
        guard version == Self.termsVersion else {
            throw Refusal.findings([
                Finding("accepted", "version", "利用規約が改定されました。新しい利用規約を読んで、もう一度同意してください。")
            ])
        }
        let (now, directory, account) = (clock(), try await directory(), caller.viewer.account)
        try await engine.write { connection in
            guard try FirstUseStore.accepted(terms: version, account, connection) == nil else { return }
            try FirstUseStore.accept(terms: version, account, at: now, connection)
            try self.note(
                .termsAccepted,
                of: account,
                changes: [.init("terms", new: String(version))],
                at: now,
                by: caller,
                directory,
                connection
            )
        }
    }

    /// Accepts the terms for accounts that are nobody's: the demonstration's, and those of tests.
    public func acceptTerms(logins: [String]) async throws {
        let now = clock()
        try await engine.write { connection in
            for login in logins {
                guard let account = try self.accounts.find(login: login, connection) else { continue }
                try FirstUseStore.accept(terms: Self.termsVersion, account.id, at: now, connection)
            }
        }
    }
}
