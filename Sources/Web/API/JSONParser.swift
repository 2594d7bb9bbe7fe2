/// Reads JSON (RFC 8259) as strictly as it is written: UTF-8 without a byte order mark, no member twice, no lone
/// surrogate, no more than 32 levels.
struct JSONParser {
    /// Why bytes aren't JSON; says where, never what.
    struct Failure: Error, Hashable {
        /// What is wrong.
        enum Reason: String, Hashable {
            /// Not the grammar.
            case malformed
            /// A string isn't UTF-8, or holds half a surrogate pair.
            case encoding
            /// A member comes twice in an object.
            case duplicate
            /// More than ``JSONParser/deepest`` levels.
            case depth
        }

        let reason: Reason
        /// The byte, from 0.
        let place: Int
    }

    /// Levels of objects and arrays.
    static let deepest = 32

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value that the bytes are, with nothing behind it.
    static func parse(_ bytes: [UInt8]) throws(Failure) -> JSON {
        var parser = JSONParser(bytes)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.place == bytes.count else { throw parser.failure(.malformed) }
        return value
    }

    private func failure(_ reason: Failure.Reason) -> Failure {
        Failure(reason: reason, place: place)
    }

    /// The byte that comes next; 0, which no JSON holds outside strings, at the end.
    private var next: UInt8 { place < bytes.count ? bytes[place] : 0 }

    private mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(Failure) -> JSON {
        switch next {
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try list(depth: depth + 1)
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(Failure) -> JSON {
        let length = word.utf8CodeUnitCount
        let matches =
            place + length <= bytes.count
            && word.withUTF8Buffer { $0.elementsEqual(bytes[place..<place + length]) }
        guard matches else { throw failure(.malformed) }
        place += length
        return value
    }

    private mutating func object(depth: Int) throws(Failure) -> JSON {
        guard depth <= Self.deepest else { throw failure(.depth) }
        place += 1
        skipSpace()
        var members: [JSON.Member] = []
        var names: Set<String> = []
        if take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure(.malformed) }
            let name = try string()
            guard names.insert(name).inserted else { throw failure(.duplicate) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure(.malformed) }
            skipSpace()
            members.append(JSON.Member(name: name, value: try value(depth: depth)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure(.malformed) }
        return .object(members)
    }

    private mutating func list(depth: Int) throws(Failure) -> JSON {
        guard depth <= Self.deepest else { throw failure(.depth) }
        place += 1
        skipSpace()
        var values: [JSON] = []
        if take(UInt8(ascii: "]")) { return .list([]) }
        repeat {
            skipSpace()
            values.append(try value(depth: depth))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure(.malformed) }
        return .list(values)
    }

    private mutating func number() throws(Failure) -> String {
        let start = place
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() throws(Failure) {
        let start = place
        while (48...57).contains(next) { place += 1 }
        guard place > start else { throw failure(.malformed) }
    }

    private mutating func string() throws(Failure) -> String {
        place += 1
        let start = place
        while true {
            guard place < bytes.count else { throw failure(.malformed) }
            switch bytes[place] {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes[start..<place], as: UTF8.self) else {
                    throw failure(.encoding)
                }
                place += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case ..<0x20: throw failure(.malformed)
            default: place += 1
            }
        }
    }

    /// The string from its first character, now that an escape has been met at ``place``.
    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        var result = Array(bytes[start..<place])
        while true {
            guard place < bytes.count else { throw failure(.malformed) }
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: result, as: UTF8.self) else { throw failure(.encoding) }
                place += 1
                return text
            case UInt8(ascii: "\\"):
                place += 1
                try escape(into: &result)
            case ..<0x20: throw failure(.malformed)
            default:
                result.append(byte)
                place += 1
            }
        }
    }

    private mutating func escape(into result: inout [UInt8]) throws(Failure) {
        let kind = next
        guard place < bytes.count else { throw failure(.malformed) }
        place += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(kind)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            var code = try fourHexDigits()
            if (0xD800...0xDBFF).contains(code), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let low = try fourHexDigits()
                guard (0xDC00...0xDFFF).contains(low) else { throw failure(.encoding) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure(.encoding) }
            result.append(contentsOf: UTF8.encode(scalar) ?? .init())
        default: throw failure(.malformed)
        }
    }

    private mutating func fourHexDigits() throws(Failure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch next {
            case 48...57: digit = next - 48
            case 65...70: digit = next - 55
            case 97...102: digit = next - 87
            default: throw failure(.malformed)
            }
            code = code << 4 | UInt32(digit)
            place += 1
        }
        return code
    }
}
