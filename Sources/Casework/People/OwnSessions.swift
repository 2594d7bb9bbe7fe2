import Access
public import Catalogue
import Storage

/// One of the caller's sessions, as its owner sees it.
public struct OwnSession: Sendable, Hashable {
    /// Its name in forms; opens nothing.
    public let handle: String
    /// When it was opened.
    public let startedAt: Timestamp
    /// When it was used last, to the minute.
    public let usedAt: Timestamp
    /// The shortened network address it was opened from, empty where that isn't known.
    public let place: String
    /// Browser and system, such as `Edge（Windows）`, empty where that isn't known.
    public let browser: String
    /// Whether it is the one that asks.
    public let isThis: Bool
}

extension Casework {
    /// Writes down from where and with what a session was opened, for its owner's list.
    ///
    /// - Parameters:
    ///   - session: the session's secret.
    ///   - address: the network address.
    ///   - userAgent: what the browser says of itself; only its family and its system are kept.
    /// - Throws: what the database throws.
    public func noteOrigin(of session: String, address: String, userAgent: String) async throws {
        let id = vault.digest("session", session.utf8)
        let origin = SessionStore.Origin(address: address, browser: BrowserName.of(userAgent))
        try await engine.write { try SessionStore.note(origin, id: id, self.vault, $0) }
    }

    /// The open sessions of a session's account, the one used last first.
    public func ownSessions(of session: String) async throws -> [OwnSession] {
        let now = clock()
        let id = vault.digest("session", session.utf8)
        return try await listed(of: id).filter {
            Self.isOpen(createdAt: $0.createdAt, seenAt: $0.seenAt, now)
        }.map { one in
            OwnSession(
                handle: handle(one.id),
                startedAt: one.createdAt,
                usedAt: one.seenAt,
                place: one.origin.map { Self.shortened($0.address) } ?? "",
                browser: one.origin?.browser ?? "",
                isThis: one.id == id
            )
        }
    }

    /// Ends another session of the same account; one that has ended meanwhile is no error.
    ///
    /// A handle of somebody else's session is as one that never was. The session that asks ends by signing out only.
    public func endSession(_ handle: String, by session: String) async throws {
        try await endSessions(by: session) { self.handle($0) == handle }
    }

    /// Ends every session of the account but the one that asks.
    public func endOtherSessions(by session: String) async throws {
        try await endSessions(by: session) { _ in true }
    }

    /// Ends one session, which is no longer needed because its browser has another.
    public func leaveSession(_ session: String) async throws {
        let id = vault.digest("session", session.utf8)
        guard try await engine.read({ try SessionStore.session(id: id, $0) }) != nil else { return }
        try await engine.write { try SessionStore.close(id: id, $0) }
    }

    private func endSessions(by session: String, where ends: @escaping @Sendable ([UInt8]) -> Bool) async throws {
        let id = vault.digest("session", session.utf8)
        try await engine.write { connection in
            guard let own = try SessionStore.session(id: id, connection) else { throw Refusal.notFound }
            for other in try SessionStore.all(account: own.account, self.vault, connection)
            where other.id != id && ends(other.id) {
                try SessionStore.close(id: other.id, connection)
            }
        }
    }

    private func listed(of id: [UInt8]) async throws -> [SessionStore.Listed] {
        try await engine.read { connection in
            guard let own = try SessionStore.session(id: id, connection) else { return [] }
            return try SessionStore.all(account: own.account, self.vault, connection)
        }
    }

    private func handle(_ id: [UInt8]) -> String {
        Hex.text(vault.digest("session-handle", id).prefix(12))
    }

    /// An address that its owner recognises and that tells a colleague behind them little: half of it.
    static func shortened(_ address: String) -> String {
        let numbers = address.split(separator: ".")
        if numbers.count == 4 { return "\(numbers[0]).\(numbers[1]).＊.＊" }
        let groups = address.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count > 2 else { return "" }
        let known = groups.prefix(2).filter { !$0.isEmpty }
        return known.isEmpty ? "::＊" : "\(known.joined(separator: ":")):＊"
    }
}
