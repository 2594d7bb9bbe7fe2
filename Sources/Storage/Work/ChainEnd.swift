/// The end of one lane of a chain, for a log that stands apart from the database.
///
/// Whoever cuts off the newest cases together with their lines and their lane's end leaves a whole chain behind; an
/// end written down elsewhere tells.
public struct ChainEnd: Sendable, Hashable {
    /// Which chain.
    public let book: ChainBook
    /// Which lane of it.
    public let lane: Int64
    /// Rows in it.
    public let position: Int64
    /// The beginning of the last row's hash.
    public let hash: String
}

extension CaseStore {
    /// The ends of all lanes of all chains.
    public func chainEnds(_ connection: any SQLConnection) throws -> [ChainEnd] {
        try ChainBook.allCases.flatMap { book in
            try Chain(book: book, vault: vault).heads(connection).map { lane, head in
                ChainEnd(book: book, lane: lane, position: head.position, hash: Hex.text(head.hash.prefix(8)))
            }
        }
    }
}
