import Access
import Catalogue
import Interchange
public import Storage

/// How a file of accounts stands.
public struct AccountFileReport: Sendable {
    /// The file.
    public let batch: AccountBatch
    /// Rows to be issued.
    public let waiting: Int
    /// Rows issued.
    public let issued: Int
    /// Rows refused.
    public let refused: Int
    /// ID通知票 that wait to be taken.
    public let slips: Int

    /// All rows.
    public var rows: Int { waiting + issued + refused }
}

extension Casework {
    /// Bytes of a file of accounts at the most.
    public static let mostAccountBytes = AccountFile.mostBytes

    /// Reads and checks a file of accounts (CSV); issues nothing.
    ///
    /// The same file again is the same batch: what of it is issued stays so, and isn't issued twice.
    ///
    /// - Parameters:
    ///   - bytes: the file, UTF-8 or CP932.
    ///   - caller: who is to issue.
    /// - Returns: the batch's name.
    /// - Throws: ``Refusal/findings(_:)`` at `file` for what is no such file, ``Refusal/notFound`` for whoever
    ///   issues nothing.
    public func checkAccountFile(_ bytes: [UInt8], by caller: Caller) async throws -> String {
        try await requireIssuer(caller, of: caller.organisation.key)
        let account = caller.viewer.account
        let id = Hex.text(vault.digest("account-file", Array("\(account) ".utf8) + bytes).prefix(12))
        if let known = try await engine.read({ try self.accountBatches.find(id, account: account, $0) }) {
            guard known.state == .checked else { return id }
            // What was refused then may be right by now, and the other way round.
            try await engine.write { try self.accountBatches.remove(id, $0) }
        }
        let rows = try await checked(AccountFile(bytes).rows, by: caller)
        let batch = AccountBatch(id: id, account: account, at: clock(), state: .checked)
        do {
            try await engine.write { try self.accountBatches.insert(batch, rows: rows, $0) }
        } catch StorageFailure.duplicate {
            // Sent twice at the same time: the other one is the same.
        }
        return id
    }

    /// Rows with what is wrong about each.
    private func checked(_ rows: [AccountBatchRow], by caller: Caller) async throws -> [AccountBatchRow] {
        let directory = try await directory()
        let actor = try await engine.read { try self.holder(caller, $0) }
        var rows = rows
        for index in rows.indices where rows[index].state == .waiting {
            Self.check(&rows[index], by: actor, directory)
        }
        let logins = rows.filter { $0.state == .waiting }.map { $0.cells[0] }
        let taken = try await engine.read { try self.accounts.taken(logins, $0) }
        var lines: [String: Int] = [:]
        for index in rows.indices where rows[index].state == .waiting {
            let login = rows[index].cells[0]
            if let line = lines[login] {
                rows[index].refuse("\(line)行目と同じユーザーIDです。")
            } else if taken.contains(login) {
                rows[index].refuse("このユーザーIDはすでに発行されています。別のIDを加えるときは、別のユーザーIDを記入してください。")
            } else {
                lines[login] = rows[index].line
            }
        }
        return rows
    }

    /// Checks a row alone and brings its cells into the form in which they are stored.
    private static func check(_ row: inout AccountBatchRow, by actor: Issuing.Holder, _ directory: Directory) {
        let typed = row.cells
        var draft = AccountFile.draft(typed)
        let code = draft.organisation.nfkc
        let known =
            directory[code]
            ?? directory.organisation(
                InstitutionName(name: "", code: code),
                of: Set(OrganisationKind.allCases)
            )
        draft.organisation = known?.key ?? code
        // The one ID of an institution bears its key.
        if draft.login.isEmpty, let known, !known.kind.isAdministration { draft.login = known.key.lowercased() }
        let (account, findings) = AccountRules.check(draft, by: actor, directory)
        row.reasons = findings.map { .init(column: AccountFile.Column.of($0).label, text: $0.message) }
        if AccountFile.duties(typed[AccountFile.Column.duties.rawValue]) == nil {
            let names = Duty.allCases.map(\.label).joined(separator: "、")
            row.reasons.append(
                .init(column: AccountFile.Column.duties.label, text: "役割が読み取れません。\(names)のどれかを記入してください。")
            )
        }
        guard row.reasons.isEmpty else {
            row.state = .refused
            return
        }
        let duties = draft.duties.sorted().map(\.label).joined(separator: "、")
        row.cells = [account.login, account.name, account.organisation, account.phone, duties]
    }

    /// How a file of the caller's stands.
    ///
    /// - Throws: ``Refusal/notFound`` for another's.
    public func accountFile(_ id: String, by caller: Caller) async throws -> AccountFileReport {
        let (account, now) = (caller.viewer.account, clock())
        return try await engine.read { connection in
            guard let batch = try self.accountBatches.find(id, account: account, connection) else {
                throw Refusal.notFound
            }
            let counts = try self.accountBatches.counts(id, connection)
            return AccountFileReport(
                batch: batch,
                waiting: counts[.waiting] ?? 0,
                issued: counts[.issued] ?? 0,
                refused: counts[.refused] ?? 0,
                slips: try SlipStore.waiting(batch: id, holder: account, now: now, connection)
            )
        }
    }

    /// The caller's latest files.
    public func accountFiles(by caller: Caller) async throws -> [AccountBatch] {
        try await engine.read { try self.accountBatches.latest(of: caller.viewer.account, $0) }
    }

    /// Rows of a file of the caller's in one state, beyond a line.
    public func accountRows(
        _ id: String,
        _ state: AccountBatchRow.State,
        after line: Int = 0,
        most: Int,
        by caller: Caller
    ) async throws -> [AccountBatchRow] {
        let account = caller.viewer.account
        return try await engine.read { connection in
            guard try self.accountBatches.find(id, account: account, connection) != nil else {
                throw Refusal.notFound
            }
            return try self.accountBatches.rows(id, state, after: line, most: most, connection)
        }
    }

    /// The refused rows of a file as a file to mend and load again.
    public func accountRejects(_ id: String, by caller: Caller) async throws -> [UInt8] {
        let rows = try await accountRows(id, .refused, most: AccountFile.mostRows, by: caller)
        return CSVWriter().write(header: AccountFile.rejectsHeader, rows: rows.map(AccountFile.reject))
    }

    /// A file of accounts to begin with (CSV): the header and a made-up row.
    public static var accountTemplate: [UInt8] { AccountFile.template }

    /// Throws a file away of which nothing was issued.
    public func dropAccountFile(_ id: String, by caller: Caller) async throws {
        let account = caller.viewer.account
        try await engine.write { connection in
            guard let batch = try self.accountBatches.find(id, account: account, connection) else {
                throw Refusal.notFound
            }
            guard batch.state == .checked else { return }
            try self.accountBatches.remove(id, connection)
        }
    }
}

extension AccountBatchRow {
    /// Refuses a row for its user ID.
    fileprivate mutating func refuse(_ text: String) {
        state = .refused
        reasons.append(.init(column: AccountFile.Column.login.label, text: text))
    }
}
