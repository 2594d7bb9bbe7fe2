/// Writes numbers and texts one after the other, lengths in front.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 1024) {
        bytes.reserveCapacity(capacity)
    }

    mutating func number(_ value: Int) {
        // Zig-zag, then 7 bits a byte: small numbers of either sign take one byte.
        var rest = UInt64(bitPattern: Int64(value &<< 1) ^ Int64(value >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            number(utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    mutating func optional(_ value: String?) {
        number(value == nil ? 0 : 1)
        if let value { text(value) }
    }

    mutating func optional(_ value: Int?) {
        number(value == nil ? 0 : 1)
        if let value { number(value) }
    }
}

/// Reads what ``ByteWriter`` wrote.
struct ByteReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func number() throws -> Int {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard place < bytes.count, shift < 64 else { throw StorageFailure.unreadable("number") }
            let byte = bytes[place]
            place += 1
            result |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { break }
            shift += 7
        }
        return Int(truncatingIfNeeded: Int64(bitPattern: result >> 1) ^ -Int64(bitPattern: result & 1))
    }

    mutating func text() throws -> String {
        let length = try number()
        guard length >= 0, length <= bytes.count - place else { throw StorageFailure.unreadable("text") }
        defer { place += length }
        return String(decoding: bytes[place..<place + length], as: UTF8.self)
    }

    mutating func optionalText() throws -> String? {
        try number() == 0 ? nil : text()
    }

    mutating func optionalNumber() throws -> Int? {
        try number() == 0 ? nil : number()
    }

    /// A count of things that follow, each at least one byte long: a damaged count can't reserve memory.
    mutating func count() throws -> Int {
        let count = try number()
        guard count >= 0, count <= bytes.count - place else { throw StorageFailure.unreadable("count") }
        return count
    }
}
