import CLibPQ
import Storage

/// Parameters in one buffer with the arrays of pointers that libpq takes.
///
/// Numbers and texts go as text, whose type the server finds by their place in the statement; bytes go as they are.
struct PostgresParameters {
    private var storage: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) throws {
        storage.reserveCapacity(values.count * 24)
        offsets.reserveCapacity(values.count)
        for value in values {
            switch value {
            case .null:
                offsets.append(-1)
                lengths.append(0)
                formats.append(0)
            case .integer(let number): add(String(number).utf8, format: 0)
            case .text(let text):
                // A text ends at its first zero in this format: it must not be cut unseen.
                guard !text.utf8.contains(0) else { throw StorageFailure.unstorable }
                add(text.utf8, format: 0)
            case .blob(let bytes): add(bytes, format: 1)
            }
        }
    }

    private mutating func add(_ bytes: some Collection<UInt8>, format: Int32) {
        offsets.append(storage.count)
        lengths.append(Int32(bytes.count))
        formats.append(format)
        storage.append(contentsOf: bytes)
        storage.append(0)
    }

    /// Calls with what libpq takes: count, values, lengths, formats; valid only inside.
    func withPointers<Result>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) throws -> Result
    ) rethrows -> Result {
        let count = offsets.count
        guard count > 0 else { return try body(0, nil, nil, nil) }
        return try storage.withUnsafeBytes { raw in
            let start = raw.bindMemory(to: CChar.self).baseAddress
            let values = offsets.map { offset -> UnsafePointer<CChar>? in
                offset < 0 ? nil : start.map { $0 + offset }
            }
            return try values.withUnsafeBufferPointer { values in
                try lengths.withUnsafeBufferPointer { lengths in
                    try formats.withUnsafeBufferPointer { formats in
                        try body(Int32(count), values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
