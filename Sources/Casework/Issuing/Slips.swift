public import Access
public import Catalogue
import Storage

/// ID通知票: what a sheet says.
public struct IDSlip: Sendable, Hashable {
    /// ユーザーID.
    public let login: String
    /// Name.
    public let name: String
    /// Its organisation.
    public let organisation: Organisation
    /// Last digits of the telephone of the second step.
    public let phoneEnding: String
    /// 初期パスワード.
    public let password: String
    /// Until when this session can show it.
    public let expiresAt: Timestamp
}

extension Casework {
    /// Sheets that are shown together at the most.
    public static let slipsTogether = 100

    /// The sheets of a batch that a session holds, in the order in which their accounts were issued.
    ///
    /// - Throws: ``Refusal/notFound`` where there are none, for others, and when their time is over.
    public func idSlips(_ batch: String, session: String, by caller: Caller) async throws -> [IDSlip] {
        let (now, holder, directory) = (clock(), slipHolder(session), try await directory())
        let found = try await engine.read { connection in
            try self.requireSlips(caller, directory, connection)
            return try self.slips.slips(batch: batch, session: holder, now: now, connection).compactMap {
                slip -> IDSlip? in
                guard let account = try self.accounts.find(id: slip.account, connection), account.stoppedAt == nil,
                    let organisation = directory[account.organisation]
                else { return nil }
                return IDSlip(
                    login: account.login,
                    name: account.name,
                    organisation: organisation,
                    phoneEnding: account.phoneEnding,
                    password: slip.password,
                    expiresAt: slip.expiresAt
                )
            }
        }
        guard !found.isEmpty else { throw Refusal.notFound }
        return found
    }

    /// Takes the next sheets of a file for a session; those that it held before are gone.
    ///
    /// - Returns: how many there are to show.
    public func takeSlips(_ batch: String, session: String, by caller: Caller) async throws -> Int {
        let (now, holder, directory) = (clock(), slipHolder(session), try await directory())
        return try await engine.write { connection in
            try self.requireSlips(caller, directory, connection)
            guard try self.accountBatches.find(batch, account: caller.viewer.account, connection) != nil else {
                throw Refusal.notFound
            }
            try SlipStore.remove(batch: batch, session: holder, connection)
            return try SlipStore.take(
                batch: batch,
                holder: caller.viewer.account,
                session: holder,
                most: Self.slipsTogether,
                now: now,
                until: now.adding(seconds: Self.slipLife),
                connection
            )
        }
    }

    /// Whoever issues no more sees no initial password any more, though their session has the sheets still.
    private func requireSlips(_ caller: Caller, _ directory: Directory, _ connection: any SQLConnection) throws {
        let holder = try holder(caller, connection)
        let powers = Issuing.powers(holder, over: caller.organisation, parentOf: { directory[$0] })
        guard powers.contains(.issue) || powers.contains(.reset) else { throw Refusal.notFound }
    }

    /// Throws sheets away that have been printed.
    public func dropSlips(_ batch: String, session: String) async throws {
        let holder = slipHolder(session)
        try await engine.write { try SlipStore.remove(batch: batch, session: holder, $0) }
    }
}
