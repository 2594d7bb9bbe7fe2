#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Why bytes could not be read as text.
public struct DecodingFailure: Error, Sendable, Hashable {
    /// The encoding that came nearest: `UTF-8`, `UTF-16LE`, `UTF-16BE`, `CP932`.
    public let encoding: String
    /// Where the first unreadable byte stands, counted from 0.
    public let offset: Int
    /// The line on which it stands, counted from 1.
    public let line: Int

    /// A failure at a byte of a line.
    public init(encoding: String, offset: Int, line: Int) {
        self.encoding = encoding
        self.offset = offset
        self.line = line
    }

    /// What is wrong and how to mend it, in Japanese.
    public var message: String {
        "\(line)行目（先頭から\(offset)バイト）に読めない文字があります。UTF-8 か Shift_JIS（CP932）で保存し直してください。"
    }
}

/// Reads the bytes of a file as text, whatever program saved it.
///
/// A byte order mark decides; without one the text is UTF-8 where all of it is valid UTF-8, and CP932 otherwise.
/// CP932 goes through the C library: Foundation's Shift_JIS hangs on some strings and knows fewer letters.
public enum TextDecoding {
    /// Reads bytes as text and names the encoding found.
    public static func decode(_ bytes: [UInt8]) -> Result<(text: String, encoding: String), DecodingFailure> {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return utf8(bytes[3...]).map { ($0, "UTF-8 BOM") }
        }
        if bytes.starts(with: [0xFF, 0xFE]) {
            return utf16(bytes[2...], bigEndian: false).map { ($0, "UTF-16LE") }
        }
        if bytes.starts(with: [0xFE, 0xFF]) {
            return utf16(bytes[2...], bigEndian: true).map { ($0, "UTF-16BE") }
        }
        switch utf8(bytes[...]) {
        case .success(let text):
            return .success((text, "UTF-8"))
        case .failure(let first):
            switch cp932(bytes) {
            case .success(let text): return .success((text, "CP932"))
            // Whichever encoding read further is the one that was meant.
            case .failure(let second): return .failure(second.offset >= first.offset ? second : first)
            }
        }
    }

    static func utf8(_ bytes: ArraySlice<UInt8>) -> Result<String, DecodingFailure> {
        if let text = String(validating: bytes, as: UTF8.self) { return .success(text) }
        let offset = firstInvalidUTF8(bytes)
        return .failure(failure("UTF-8", offset, bytes))
    }

    static func utf16(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> Result<String, DecodingFailure> {
        let name = bigEndian ? "UTF-16BE" : "UTF-16LE"
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let first = UInt16(bytes[index])
            let second = UInt16(bytes[index + 1])
            units.append(bigEndian ? first << 8 | second : second << 8 | first)
            index += 2
        }
        func lines(before unit: Int) -> Int { units[..<unit].count { $0 == 0x0A } + 1 }
        if let text = String(validating: units, as: UTF16.self) {
            guard index == bytes.endIndex else {
                return .failure(DecodingFailure(encoding: name, offset: index, line: lines(before: units.count)))
            }
            return .success(text)
        }
        let unit = firstLoneSurrogate(units)
        return .failure(
            DecodingFailure(encoding: name, offset: bytes.startIndex + unit * 2, line: lines(before: unit))
        )
    }

    /// Reads Microsoft's Shift_JIS (CP932, Windows-31J) through the C library's `iconv`.
    static func cp932(_ bytes: [UInt8]) -> Result<String, DecodingFailure> {
        let converter = iconv_open("UTF-8", "CP932")
        guard converter != iconv_t(bitPattern: -1) else {
            return .failure(failure("CP932", 0, bytes[...]))
        }
        defer { iconv_close(converter) }
        var input = bytes
        // A kana of one byte becomes three, so that this is always enough.
        let capacity = bytes.count * 3 + 4
        var consumed = 0
        var failed = false
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            input.withUnsafeMutableBytes { source in
                var from = source.baseAddress?.assumingMemoryBound(to: CChar.self)
                var fromLeft = source.count
                buffer.withMemoryRebound(to: CChar.self) { target in
                    var into = target.baseAddress
                    var intoLeft = target.count
                    failed = iconv(converter, &from, &fromLeft, &into, &intoLeft) == Int(bitPattern: UInt.max)
                    consumed = source.count - fromLeft
                    count = target.count - intoLeft
                }
            }
        }
        guard !failed, consumed == bytes.count else { return .failure(failure("CP932", consumed, bytes[...])) }
        return .success(String(decoding: output, as: UTF8.self))
    }

    private static func failure(_ encoding: String, _ offset: Int, _ bytes: ArraySlice<UInt8>) -> DecodingFailure {
        let end = min(max(offset, bytes.startIndex), bytes.endIndex)
        let line = bytes[bytes.startIndex..<end].count { $0 == 0x0A } + 1
        return DecodingFailure(encoding: encoding, offset: offset, line: line)
    }

    private static func firstInvalidUTF8(_ bytes: ArraySlice<UInt8>) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = bytes.startIndex
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput, .error: return offset
            }
        }
    }

    private static func firstLoneSurrogate(_ units: [UInt16]) -> Int {
        var index = 0
        while index < units.count {
            if UTF16.isLeadSurrogate(units[index]) {
                guard index + 1 < units.count, UTF16.isTrailSurrogate(units[index + 1]) else { return index }
                index += 2
            } else if UTF16.isTrailSurrogate(units[index]) {
                return index
            } else {
                index += 1
            }
        }
        return index
    }
}
