import CLibPQ
import Storage

/// Owns a result of libpq; freed exactly once.
struct PostgresResult: ~Copyable {
    let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { PQclear(raw) }

    /// The five-letter state of a refusal.
    var state: String {
        // PG_DIAG_SQLSTATE is a character macro that Swift doesn't import.
        PQresultErrorField(raw, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
    }

    /// Rows changed by a statement.
    var changed: Int {
        Int(String(cString: PQcmdTuples(raw))) ?? 0
    }

    /// Whether it says that a transaction was committed, and not taken back instead.
    var isCommit: Bool {
        String(cString: PQcmdStatus(raw)) == "COMMIT"
    }

    /// Calls with each row.
    func rows(_ row: (any SQLRow) throws -> Void) throws {
        for index in 0..<PQntuples(raw) { try row(PostgresRow(raw: raw, row: index)) }
    }
}

/// A row in the binary format, which each type has its own of.
private struct PostgresRow: SQLRow {
    let raw: OpaquePointer
    let row: Int32

    private func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: PQgetvalue(raw, row, Int32(column)),
            count: Int(PQgetlength(raw, row, Int32(column)))
        )
    }

    func isNull(_ column: Int) -> Bool {
        PQgetisnull(raw, row, Int32(column)) == 1
    }

    func integer(_ column: Int) -> Int64 {
        guard !isNull(column) else { return 0 }
        let bytes = bytes(column)
        // Every whole number of the schema's statements is a smallint, an integer or a bigint, most significant
        // byte first; a sum has to be cast to one.
        return switch bytes.count {
        case 8: Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        case 4: Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case 2: Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        case 1: Int64(bytes[0])
        default: 0
        }
    }

    func text(_ column: Int) -> String {
        isNull(column) ? "" : String(decoding: bytes(column), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8] {
        isNull(column) ? [] : Array(bytes(column))
    }
}
