import Storage

/// A session behind the port, for the length of one transaction.
final class PostgresConnection: SQLConnection {
    let session: PostgresSession
    let lane: Int64
    var chainHeads: [ChainBook: ChainHead] = [:]

    /// What went wrong with the session, whatever a closure made of it.
    private(set) var failure: SessionFailure?
    /// Statements that may have changed something.
    private(set) var changes = 0

    init(_ session: PostgresSession, lane: Int64) {
        self.session = session
        self.lane = lane
    }

    /// Begins anew.
    func begin(_ sql: String) throws {
        chainHeads.removeAll(keepingCapacity: true)
        failure = nil
        changes = 0
        try session.begin(sql)
    }

    private func noting<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as SessionFailure {
            failure = failure ?? error
            throw error.storage
        }
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        try noting {
            changes += 1
            try session.send(sql, parameters)
            return try session.finish().changed
        }
    }

    func send(_ sql: String, _ parameters: [SQLValue]) throws {
        try noting {
            changes += 1
            try session.send(sql, parameters)
        }
    }

    func query(_ sql: String, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Void) throws {
        let result = try noting {
            if !sql.hasPrefix("SELECT") { changes += 1 }
            try session.send(sql, parameters)
            return try session.finish()
        }
        try result.rows(row)
    }

    func script(_ sql: String) throws {
        try noting {
            changes += 1
            try session.script(sql)
        }
    }
}
