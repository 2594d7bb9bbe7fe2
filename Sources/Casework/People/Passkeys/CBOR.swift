/// A CBOR value (RFC 8949), as far as authenticators write them.
enum CBOR: Sendable, Hashable {
    /// A whole number.
    case integer(Int64)
    /// Bytes.
    case bytes([UInt8])
    /// A text.
    case text(String)
    /// A list.
    case list([CBOR])
    /// A map.
    case map([CBOR: CBOR])
    /// True or false.
    case bool(Bool)
    /// Null.
    case null

    /// The value of a map's key.
    subscript(key: CBOR) -> CBOR? {
        guard case .map(let map) = self else { return nil }
        return map[key]
    }

    /// The bytes, nil for anything else.
    var bytes: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }
}

/// Reads CBOR as strictly as CTAP2 wants it written: lengths in front and as short as can be, no key twice, no tags,
/// no fractions; nothing that a sender claims reserves memory or goes deeper than ``deepest``.
struct CBORReader {
    /// Levels of lists and maps.
    static let deepest = 8

    private let bytes: [UInt8]
    /// The next byte.
    private(set) var place: Int

    init(_ bytes: [UInt8], from place: Int = 0) {
        self.bytes = bytes
        self.place = min(max(0, place), bytes.count)
    }

    /// The one value that bytes are, with nothing behind it.
    static func value(_ bytes: [UInt8]) throws(PasskeyFailure) -> CBOR {
        var reader = CBORReader(bytes)
        let value = try reader.next()
        guard reader.place == bytes.count else { throw .malformed }
        return value
    }

    /// The value that begins at ``place``.
    mutating func next() throws(PasskeyFailure) -> CBOR {
        try next(depth: 0)
    }

    private mutating func next(depth: Int) throws(PasskeyFailure) -> CBOR {
        guard place < bytes.count, depth <= Self.deepest else { throw .malformed }
        let first = bytes[place]
        place += 1
        if first >> 5 == 7 {
            switch first & 31 {
            case 20: return .bool(false)
            case 21: return .bool(true)
            case 22: return .null
            default: throw .malformed
            }
        }
        let length = try argument(first & 31)
        switch first >> 5 {
        case 0:
            guard let number = Int64(exactly: length) else { throw .malformed }
            return .integer(number)
        case 1:
            guard let number = Int64(exactly: length) else { throw .malformed }
            return .integer(-1 - number)
        case 2: return .bytes(Array(try take(length)))
        case 3:
            guard let text = String(validating: try take(length), as: UTF8.self) else { throw .malformed }
            return .text(text)
        case 4: return .list(try list(length, depth))
        case 5: return .map(try map(length, depth))
        default: throw .malformed
        }
    }

    /// The number after a head, in no more bytes than it needs.
    private mutating func argument(_ info: UInt8) throws(PasskeyFailure) -> UInt64 {
        let (width, least): (Int, UInt64)
        switch info {
        case 0..<24: return UInt64(info)
        case 24: (width, least) = (1, 24)
        case 25: (width, least) = (2, 1 << 8)
        case 26: (width, least) = (4, 1 << 16)
        case 27: (width, least) = (8, 1 << 32)
        default: throw .malformed
        }
        let value = try take(UInt64(width)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value >= least else { throw .malformed }
        return value
    }

    private mutating func take(_ length: UInt64) throws(PasskeyFailure) -> ArraySlice<UInt8> {
        guard length <= UInt64(bytes.count - place) else { throw .malformed }
        defer { place += Int(length) }
        return bytes[place..<place + Int(length)]
    }

    private mutating func list(_ length: UInt64, _ depth: Int) throws(PasskeyFailure) -> [CBOR] {
        // Each element is a byte at least.
        guard length <= UInt64(bytes.count - place) else { throw .malformed }
        var list: [CBOR] = []
        for _ in 0..<length { list.append(try next(depth: depth + 1)) }
        return list
    }

    private mutating func map(_ length: UInt64, _ depth: Int) throws(PasskeyFailure) -> [CBOR: CBOR] {
        guard length <= UInt64(bytes.count - place) / 2 else { throw .malformed }
        var map: [CBOR: CBOR] = [:]
        for _ in 0..<length {
            let key = try next(depth: depth + 1)
            let value = try next(depth: depth + 1)
            guard map.updateValue(value, forKey: key) == nil else { throw .malformed }
        }
        return map
    }
}
