import Catalogue

/// What a walk along the chains found.
public enum Verification: Sendable, Equatable {
    /// Every row is in its place; this many lines of history and health reports were read.
    case whole(lines: Int, reports: Int)
    /// The row at that place was changed, or is missing.
    case broken(ChainBook, lane: Int, position: Int)
    /// A case has a version that no line of history tells of.
    case missing(number: String)
}

extension CaseStore {
    /// Walks every lane of every chain from its beginning, then counts each case's lines.
    ///
    /// Reads in stretches, each in a transaction of its own, so that it can go on for hours beside the work.
    public func verify(
        _ engine: any Engine,
        progress: @Sendable (_ rows: Int) -> Void = { _ in }
    ) async throws -> Verification {
        var counts: [ChainBook: Int] = [:]
        for book in ChainBook.allCases {
            let chain = Chain(book: book, vault: vault)
            for (lane, end) in try await engine.read({ try chain.heads($0) }) {
                var walk = Chain.Walk(lane: lane, head: ChainHead(position: 0, hash: []))
                while !walk.isOver {
                    let before = walk
                    walk = try await engine.read { connection in
                        var walk = before
                        try chain.goOn(&walk, to: end, connection)
                        return walk
                    }
                    counts[book, default: 0] += Int(walk.head.position - before.head.position)
                    progress(counts.values.reduce(0, +))
                }
                if let position = walk.broken { return .broken(book, lane: Int(lane), position: Int(position)) }
            }
            if let (lane, position) = try await beside(book, engine) {
                return .broken(book, lane: lane, position: position)
            }
        }
        if let ahead = try await ahead(engine) { return .missing(number: vault.caseNumber(ahead)?.display ?? "") }
        return .whole(lines: counts[.history] ?? 0, reports: counts[.observations] ?? 0)
    }

    /// A row that stands in no known lane.
    private func beside(_ book: ChainBook, _ engine: any Engine) async throws -> (lane: Int, position: Int)? {
        let place = try await engine.read { connection in
            let lanes = try Chain(book: book, vault: vault).heads(connection).map(\.lane)
            var from: Int64 = 0
            for lane in lanes + [Int64(1) << 15] {
                let until = lane == 1 << 15 ? Int64.max : lane * Chain.lane
                let found = try connection.number(
                    "SELECT min(place) FROM \(book.table) WHERE place > $1 AND place < $2",
                    [.integer(from), .integer(until)]
                )
                if let found { return Int64?(found) }
                from = lane == 1 << 15 ? 0 : (lane + 1) * Chain.lane
            }
            return nil
        }
        return place.map { (Int($0 / Chain.lane), Int($0 % Chain.lane)) }
    }

    /// The first case whose version isn't the number of its lines, the deleted ones after the others.
    private func ahead(_ engine: any Engine) async throws -> Int64? {
        if let sequence = try await ahead("cases", engine) { return sequence }
        return try await ahead("deleted_cases", engine)
    }

    /// Walks a table in stretches.
    private func ahead(_ table: String, _ engine: any Engine) async throws -> Int64? {
        var from: Int64 = -1
        while true {
            let begin = from
            let (wrong, last) = try await engine.read { connection -> (Int64?, Int64?) in
                let last = try connection.number(
                    "SELECT max(seq) FROM (SELECT seq FROM \(table) WHERE seq > $1 ORDER BY seq LIMIT 5000) AS stretch",
                    [.integer(begin)]
                )
                guard let last else { return (nil, nil) }
                let wrong = try connection.number(
                    """
                    SELECT min(c.seq) FROM \(table) c
                    WHERE c.seq > $1 AND c.seq <= $2
                        AND c.version <> (SELECT count(*) FROM history h WHERE h.seq = c.seq)
                    """,
                    [.integer(begin), .integer(last)]
                )
                return (wrong, last)
            }
            if let wrong { return wrong }
            guard let last else { return nil }
            from = last
        }
    }
}
