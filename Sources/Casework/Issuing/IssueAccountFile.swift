import Access
import Catalogue
import Storage

extension JobKind {
    /// まとめて発行: issues the accounts of a file one by one; what was issued stays so when it is run again.
    public static let issueAccounts = JobKind("issue-accounts", limit: .seconds(12 * 3600)) { run in
        let parts = String(decoding: run.payload, as: UTF8.self).split(separator: " ").map(String.init)
        guard parts.count == 2, let account = Int64(parts[1]) else { throw StorageFailure.unreadable("job") }
        try await run.casework.issueAccountFile(parts[0], of: account)
    }
}

extension Casework {
    /// Begins to issue the accounts of a file in the background, or goes on where that was broken off.
    ///
    /// - Throws: ``Refusal/notFound`` for another's file and for whoever no longer issues.
    public func startAccountFile(_ id: String, by caller: Caller) async throws {
        try await requireIssuer(caller, of: caller.organisation.key)
        let (account, now) = (caller.viewer.account, clock())
        try await engine.write { connection in
            guard let batch = try self.accountBatches.find(id, account: account, connection) else {
                throw Refusal.notFound
            }
            guard batch.state != .done else { return }
            try self.accountBatches.set(.issuing, of: id, connection)
            // Two at once do no harm, a row is issued once; a name for each minute leaves a double click one job.
            try self.jobs.put(
                kind: JobKind.issueAccounts.name,
                name: "\(JobKind.issueAccounts.name)-\(id)-\(now.seconds / 60)",
                payload: Array("\(id) \(account)".utf8),
                due: now,
                connection
            )
        }
    }

    /// Issues the accounts of a file; returns when all its rows are issued or refused.
    ///
    /// - Parameters:
    ///   - id: the file.
    ///   - issuer: the account that brought it and whose rights count, at every row anew.
    ///   - progress: is told how many rows are done.
    /// - Throws: what the database throws; then it is called again.
    public func issueAccountFile(
        _ id: String,
        of issuer: Int64,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws {
        let found = try await engine.read { connection in
            (
                try self.accountBatches.find(id, account: issuer, connection),
                try self.accounts.find(id: issuer, connection)
            )
        }
        let directory = try await directory()
        guard let batch = found.0, batch.state != .done else { return }
        guard let account = found.1, let organisation = directory[account.organisation] else { throw Refusal.notFound }
        let caller = Caller(
            Viewer(organisation: organisation, account: issuer, name: account.name),
            through: .file,
            address: "local"
        )
        if batch.state == .checked { try await engine.write { try self.accountBatches.set(.issuing, of: id, $0) } }
        let counts = try await engine.read { try self.accountBatches.counts(id, $0) }
        let total = counts.values.reduce(0, +)
        var done = total - (counts[.waiting] ?? 0)
        while true {
            let rows = try await engine.read { try self.accountBatches.rows(id, .waiting, most: 20, $0) }
            guard !rows.isEmpty else { break }
            for row in rows {
                try Task.checkCancellation()
                try await issue(row, of: id, by: caller)
                done += 1
                progress(done, total)
            }
        }
        try await engine.write { try self.accountBatches.set(.done, of: id, $0) }
    }

    /// Issues one row of a file, or notes why it can't be.
    private func issue(_ row: AccountBatchRow, of batch: String, by caller: Caller) async throws {
        let (password, now, directory) = (InitialPassword.make(), clock(), try await directory())
        let hash = try await passwords.hashAside(password)
        do {
            try await engine.write { connection in
                let draft = AccountFile.draft(row.cells)
                let isActive = try self.accounts.find(id: caller.viewer.account, connection)?.stoppedAt == nil
                var actor = try self.holder(caller, connection)
                if !isActive { actor.duties = [] }
                let checked = AccountRules.check(draft, by: actor, directory)
                var (account, row) = (checked.account, row)
                guard checked.findings.isEmpty else {
                    row.state = .refused
                    row.reasons = checked.findings.map {
                        .init(column: AccountFile.Column.of($0).label, text: $0.message)
                    }
                    _ = try self.accountBatches.settle(row, of: batch, connection)
                    return
                }
                account.password = hash
                let id = try self.add(account, draft.duties, at: now, by: caller, directory, connection)
                (row.state, row.account) = (.issued, id)
                // Another worker has issued it: this one's account must not stand.
                guard try self.accountBatches.settle(row, of: batch, connection) else { throw Settled() }
                try self.slips.put(
                    password,
                    account: id,
                    batch: batch,
                    holder: caller.viewer.account,
                    session: nil,
                    expiresAt: now.adding(seconds: Self.slipPatience),
                    connection
                )
            }
        } catch is Settled {
            return
        } catch StorageFailure.duplicate {
            var row = row
            row.state = .refused
            row.reasons = [
                .init(column: AccountFile.Column.login.label, text: "確認のあとに、同じユーザーIDが発行されました。別のIDを記入してください。")
            ]
            let refused = row
            _ = try await engine.write { try self.accountBatches.settle(refused, of: batch, $0) }
        }
    }
}

/// A row was settled by somebody else.
private struct Settled: Error {}
