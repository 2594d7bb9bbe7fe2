import Catalogue

/// A column of sealed bytes, as far as sealing it anew needs to know it.
///
/// Each is declared once, here: a test holds the list against the columns that the migrations make.
struct SealedColumn: Sendable {
    /// A column of the table's key, or one that the seal is bound to.
    enum Part: Sendable {
        case number(String)
        case text(String)
        case bytes(String)

        var name: String {
            switch self {
            case .number(let name), .text(let name), .bytes(let name): name
            }
        }
    }

    let table: String
    let column: String
    /// What finds the row; the order in which the rows are walked.
    let key: [Part]
    /// What the seal is bound to besides, read with the row.
    let also: [Part]
    let context: StaticString
    /// The row that the seal is bound to, from the values of key and `also`.
    let seat: @Sendable (_ values: [SQLValue], _ vault: Vault) -> Int64
    /// The chain that the rows stand in.
    let book: ChainBook?

    /// What progress is noted under.
    var name: String { "\(table).\(column)" }

    init(
        _ table: String,
        _ column: String = "sealed",
        key: [Part],
        also: [Part] = [],
        _ context: StaticString,
        book: ChainBook? = nil,
        seat: @escaping @Sendable (_ values: [SQLValue], _ vault: Vault) -> Int64
    ) {
        self.table = table
        self.column = column
        self.key = key
        self.also = also
        self.context = context
        self.book = book
        self.seat = seat
    }

    /// All of them, what is changed most often first.
    static let all: [SealedColumn] = [
        SealedColumn("cases", key: [.number("seq")], "case") { values, _ in values[0].whole },
        SealedColumn("deleted_cases", key: [.number("seq")], "deleted-case") { values, _ in values[0].whole },
        SealedColumn("accounts", key: [.number("id")], "account") { values, _ in values[0].whole },
        SealedColumn("kept", key: [.number("account"), .number("kind"), .text("id")], "kept") { values, _ in
            values[0].whole
        },
        SealedColumn("drafts", key: [.text("id")], also: [.number("account")], "draft") { values, _ in
            values[1].whole
        },
        SealedColumn("defaults", key: [.number("organisation")], "defaults") { values, _ in values[0].whole },
        SealedColumn("outbox", key: [.number("id")], also: [.number("at")], "outbox") { values, _ in values[1].whole },
        SealedColumn("jobs", "payload", key: [.number("id")], also: [.text("name")], "job") { values, vault in
            JobStore(vault).place(values[1].words)
        },
        SealedColumn("faxes", key: [.text("id")], "fax") { values, vault in FaxStore(vault).seat(values[0].words) },
        SealedColumn(
            "total_changes",
            key: [.number("day"), .number("organisation"), .number("version")],
            "total"
        ) { values, _ in
            let day = CalendarDate(dayNumber: Int32(truncatingIfNeeded: values[0].whole))
            return TotalsStore.place(day, values[1].whole)
        },
        transfer("offer"), transfer("answer"),
        SealedColumn("account_events", key: [.number("id")], also: [.number("account")], "account-event") {
            values,
            _ in
            values[1].whole
        },
        SealedColumn("account_batch_rows", key: [.text("batch"), .number("line")], "account-row") { values, vault in
            AccountBatchStore(vault).place(values[0].words, Int(values[1].whole))
        },
        SealedColumn("account_slips", key: [.number("account")], "slip") { values, _ in values[0].whole },
        SealedColumn("passkeys", key: [.number("id")], also: [.number("account")], "passkey") { values, _ in
            values[1].whole
        },
        SealedColumn("factor_events", key: [.number("id")], also: [.number("account")], "factor") { values, _ in
            values[1].whole
        },
        SealedColumn("sessions", "origin", key: [.bytes("id")], "session") { values, _ in
            SessionStore.row(values[0].octets)
        },
        SealedColumn("opening_days", key: [.number("version")], "opening-days") { values, _ in values[0].whole },
        SealedColumn("readiness", key: [.number("government"), .number("version")], "readiness") { values, _ in
            ReadinessStore.place(values[0].whole, values[1].whole)
        },
        SealedColumn("connection_tests", key: [.number("organisation"), .bytes("machine")], "connection-test") {
            values,
            _ in
            ConnectionTestStore.place(values[1].octets)
        },
        chained(.history), chained(.observations),
    ]

    private static func transfer(_ column: String) -> SealedColumn {
        SealedColumn("transfers", column, key: [.number("id")], also: [.number("seq")], "transfer") { values, _ in
            values[1].whole
        }
    }

    /// Where the engine divides a table by time, the time is part of its key.
    private static func chained(_ book: ChainBook) -> SealedColumn {
        SealedColumn(
            book.table,
            key: [.number("place"), .number("at")],
            also: book.numbers.map { .number($0) },
            book.context,
            book: book
        ) { values, _ in book.seat(values.dropFirst(2).map(\.whole)) }
    }
}

extension SQLValue {
    /// A number, 0 for anything else.
    fileprivate var whole: Int64 {
        if case .integer(let number) = self { number } else { 0 }
    }

    /// Bytes, none for anything else.
    fileprivate var octets: [UInt8] {
        if case .blob(let bytes) = self { bytes } else { [] }
    }

    /// A text, empty for anything else.
    fileprivate var words: String {
        if case .text(let text) = self { text } else { "" }
    }
}

extension SealedColumn {
    /// The row in a chain as the chain sees it.
    func chained(_ values: [SQLValue], _ sealed: [UInt8]) -> Vault.Carried? {
        guard book != nil else { return nil }
        let numbers = values.dropFirst(key.count).map(\.whole)
        return Vault.Carried(digest: Chain.digest(numbers, sealed), numbers: Chain.digest(numbers))
    }

    /// Where a walk has come to, as bytes.
    func bytes(of key: [SQLValue]) -> [UInt8] {
        var writer = ByteWriter(capacity: 32)
        for (part, value) in zip(self.key, key) {
            switch part {
            case .number: writer.number(Int(value.whole))
            case .text: writer.text(value.words)
            case .bytes: writer.text(Hex.text(value.octets))
            }
        }
        return writer.bytes
    }

    /// The key that bytes stand for; empty for the beginning.
    func key(of bytes: [UInt8]) throws -> [SQLValue] {
        guard !bytes.isEmpty else { return [] }
        var reader = ByteReader(bytes)
        return try key.map { part in
            switch part {
            case .number: .integer(Int64(try reader.number()))
            case .text: .text(try reader.text())
            case .bytes: .blob(Hex.bytes(try reader.text()) ?? [])
            }
        }
    }

    /// The values of the named columns in a row, from the first on.
    func values(_ row: any SQLRow) -> [SQLValue] {
        (key + also).enumerated().map { index, part in
            switch part {
            case .number: .integer(row.integer(index))
            case .text: .text(row.text(index))
            case .bytes: .blob(row.blob(index))
            }
        }
    }
}
