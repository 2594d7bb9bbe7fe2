public import Catalogue

/// Accounts that are issued together from a file.
public struct AccountBatch: Sendable, Hashable {
    /// How far it has come.
    public enum State: Int64, Sendable {
        /// Checked; nothing is issued yet.
        case checked = 0
        /// Being issued.
        case issuing = 1
        /// Issued.
        case done = 2
    }

    /// Its name, which follows from the file and who brought it.
    public var id: String
    /// Who issues.
    public var account: Int64
    /// When the file came, or was checked again.
    public var at: Timestamp
    /// How far it has come.
    public var state: State

    /// A batch.
    public init(id: String, account: Int64, at: Timestamp, state: State) {
        self.id = id
        self.account = account
        self.at = at
        self.state = state
    }
}

/// A row of the file.
public struct AccountBatchRow: Sendable, Hashable {
    /// What became of it.
    public enum State: Int64, Sendable {
        /// To be issued.
        case waiting = 0
        /// Issued.
        case issued = 1
        /// Refused.
        case refused = 2
    }

    /// Why a row was refused.
    public struct Reason: Sendable, Hashable {
        /// The column's name on the screen.
        public var column: String
        /// Why, in Japanese.
        public var text: String

        /// A reason.
        public init(column: String, text: String) {
            self.column = column
            self.text = text
        }
    }

    /// Its line in the file, from 1.
    public var line: Int
    /// What became of it.
    public var state: State
    /// The account's number once it is issued, 0 before.
    public var account: Int64
    /// The cells in the order of the file's known columns: user ID, name, organisation, telephone, duties.
    public var cells: [String]
    /// Why it was refused.
    public var reasons: [Reason]

    /// A row.
    public init(line: Int, state: State, account: Int64 = 0, cells: [String], reasons: [Reason] = []) {
        self.line = line
        self.state = state
        self.account = account
        self.cells = cells
        self.reasons = reasons
    }
}

/// Accounts that are issued together, sealed row by row.
public struct AccountBatchStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// What a row's seal is bound to: its place in its batch.
    func place(_ batch: String, _ line: Int) -> Int64 {
        vault.digest("account-row", "\(batch)/\(line)".utf8).withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
    }

    /// Stores a batch with all its rows.
    ///
    /// - Throws: `StorageFailure.duplicate` where the same account has brought the same file already.
    public func insert(
        _ batch: AccountBatch,
        rows: [AccountBatchRow],
        _ connection: any SQLConnection
    ) throws {
        let added = try connection.execute(
            """
            INSERT INTO account_batches (id, account, at, state) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING
            """,
            [
                .text(batch.id), .integer(batch.account), .integer(batch.at.seconds), .integer(batch.state.rawValue),
            ]
        )
        guard added == 1 else { throw StorageFailure.duplicate }
        for row in rows {
            try connection.send(
                "INSERT INTO account_batch_rows (batch, line, state, account, sealed) VALUES ($1, $2, $3, $4, $5)",
                [
                    .text(batch.id), .integer(Int64(row.line)), .integer(row.state.rawValue), .integer(row.account),
                    .blob(try sealed(row, batch.id)),
                ]
            )
        }
    }

    private func sealed(_ row: AccountBatchRow, _ batch: String) throws -> [UInt8] {
        var writer = ByteWriter(capacity: 192)
        writer.number(row.cells.count)
        for cell in row.cells { writer.text(cell) }
        writer.number(row.reasons.count)
        for reason in row.reasons {
            writer.text(reason.column)
            writer.text(reason.text)
        }
        return try vault.seal(writer.bytes, "account-row", place(batch, row.line))
    }

    private func batch(_ row: any SQLRow) throws -> AccountBatch {
        guard let state = AccountBatch.State(rawValue: row.integer(3)) else {
            throw StorageFailure.unreadable("account_batches")
        }
        return AccountBatch(
            id: row.text(0),
            account: row.integer(1),
            at: Timestamp(seconds: row.integer(2)),
            state: state
        )
    }

    /// A batch of an account.
    public func find(_ id: String, account: Int64, _ connection: any SQLConnection) throws -> AccountBatch? {
        try connection.first(
            "SELECT id, account, at, state FROM account_batches WHERE id = $1 AND account = $2",
            [.text(id), .integer(account)],
            batch
        )
    }

    /// The latest batches of an account.
    public func latest(of account: Int64, _ connection: any SQLConnection) throws -> [AccountBatch] {
        try connection.rows(
            """
            SELECT id, account, at, state FROM account_batches WHERE account = $1 ORDER BY at DESC, id LIMIT 10
            """,
            [.integer(account)],
            batch
        )
    }

    /// Notes how far a batch has come.
    public func set(_ state: AccountBatch.State, of id: String, _ connection: any SQLConnection) throws {
        try connection.execute(
            "UPDATE account_batches SET state = $2 WHERE id = $1",
            [.text(id), .integer(state.rawValue)]
        )
    }

    /// Throws a batch away with its rows.
    public func remove(_ id: String, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM account_batch_rows WHERE batch = $1", [.text(id)])
        try connection.execute("DELETE FROM account_batches WHERE id = $1", [.text(id)])
    }

    /// How many rows of a batch stand in each state.
    public func counts(_ id: String, _ connection: any SQLConnection) throws -> [AccountBatchRow.State: Int] {
        var result: [AccountBatchRow.State: Int] = [:]
        try connection.query(
            "SELECT state, count(*) FROM account_batch_rows WHERE batch = $1 GROUP BY state",
            [.text(id)]
        ) { row in
            if let state = AccountBatchRow.State(rawValue: row.integer(0)) { result[state] = Int(row.integer(1)) }
        }
        return result
    }

    /// Rows of a batch in one state, in the order of the file, beyond a line.
    public func rows(
        _ id: String,
        _ state: AccountBatchRow.State,
        after line: Int = 0,
        most: Int,
        _ connection: any SQLConnection
    ) throws -> [AccountBatchRow] {
        try connection.rows(
            """
            SELECT line, account, sealed FROM account_batch_rows
            WHERE batch = $1 AND state = $2 AND line > $3 ORDER BY line LIMIT $4
            """,
            [.text(id), .integer(state.rawValue), .integer(Int64(line)), .integer(Int64(most))]
        ) { row in
            let line = Int(row.integer(0))
            var reader = ByteReader(try vault.open(row.blob(2), "account-row", place(id, line)))
            var cells: [String] = []
            for _ in 0..<(try reader.count()) { cells.append(try reader.text()) }
            var reasons: [AccountBatchRow.Reason] = []
            for _ in 0..<(try reader.count()) {
                reasons.append(.init(column: try reader.text(), text: try reader.text()))
            }
            return AccountBatchRow(line: line, state: state, account: row.integer(1), cells: cells, reasons: reasons)
        }
    }

    /// Notes what became of a row that waited; false where another worker was faster.
    public func settle(_ row: AccountBatchRow, of batch: String, _ connection: any SQLConnection) throws -> Bool {
        try connection.execute(
            """
            UPDATE account_batch_rows SET state = $3, account = $4, sealed = $5
            WHERE batch = $1 AND line = $2 AND state = 0
            """,
            [
                .text(batch), .integer(Int64(row.line)), .integer(row.state.rawValue), .integer(row.account),
                .blob(try sealed(row, batch)),
            ]
        ) == 1
    }
}
