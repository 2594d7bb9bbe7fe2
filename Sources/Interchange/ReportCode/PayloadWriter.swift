import Catalogue

/// Kinds of values; what stands in front of each.
enum PayloadTag: UInt8 {
    case text = 0
    case integer
    case decimal
    case date
    case time
    case code
    case codes
    case institution
    /// A code that isn't in its list or is short itself, spelt out.
    case spelledCode
    /// Codes of which one is such, and keys and numbers of others.
    case spelledCodes
}

/// Days and seconds are counted from 2020-01-01: those of a report are small numbers then.
enum PayloadEpoch {
    static let day: Int32 = 18_262
    static let second = Int64(day) * 86_400
}

/// Writes a report's parts one after the other.
struct PayloadWriter {
    private(set) var bytes: [UInt8] = []

    /// Zig-zag, then 7 bits a byte.
    mutating func number(_ value: Int64) {
        var rest = UInt64(bitPattern: (value &<< 1) ^ (value >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func text(_ text: String) {
        let packed = PackedText.bytes(text)
        number(Int64(packed.count))
        bytes += packed
    }

    private mutating func name(_ text: String) {
        let name = ShortName.of(text)
        bytes += [UInt8(name >> 8), UInt8(name & 0xFF)]
    }

    /// In the order of the dictionary, so that equal reports are equal bytes.
    mutating func record(_ record: Record) {
        let known = record.keys.filter { Catalogue.item($0) != nil }.sorted {
            Catalogue.place(of: $0) < Catalogue.place(of: $1)
        }
        number(Int64(known.count))
        for key in known {
            guard let value = record[key] else { continue }
            name(key)
            self.value(value, Catalogue.item(key)?.type.codeList)
        }
    }

    private mutating func tag(_ tag: PayloadTag) { bytes.append(tag.rawValue) }

    /// Whether a code goes by its short name: one of a list that isn't as short itself, as those of countries are.
    private func isNamed(_ code: Code, _ list: CodeList?) -> Bool {
        code.rawValue.utf8.count > ShortName.spelledBytes && list?[code] != nil
    }

    private mutating func value(_ value: Value, _ list: CodeList?) {
        switch value {
        case .text(let text):
            tag(.text)
            self.text(text)
        case .integer(let integer):
            tag(.integer)
            number(Int64(integer))
        case .decimal(let decimal):
            tag(.decimal)
            text(decimal.text)
        case .date(let date):
            tag(.date)
            number(Int64(date.dayNumber) - Int64(PayloadEpoch.day))
        case .time(let time):
            tag(.time)
            number(time.seconds - PayloadEpoch.second)
        case .code(let code):
            guard isNamed(code, list) else {
                tag(.spelledCode)
                return text(code.rawValue)
            }
            tag(.code)
            name(code.rawValue)
        case .codes(let codes):
            let areNamed = codes.allSatisfy { isNamed($0, list) }
            tag(areNamed ? .codes : .spelledCodes)
            number(Int64(codes.count))
            for code in codes { if areNamed { name(code.rawValue) } else { text(code.rawValue) } }
        case .institution(let institution):
            tag(.institution)
            text(institution.name)
            text(institution.code ?? "")
        }
    }
}

/// Text with Japanese letters in two bytes instead of three.
///
/// 00–7F: that letter. 80–EF and a byte: U+3000–U+9FFF. F0 and a byte: U+FF00–U+FFFF. FF and three bytes: any other.
enum PackedText {
    static func bytes(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        for scalar in text.unicodeScalars {
            let value = scalar.value
            switch value {
            case 0..<0x80: result.append(UInt8(value))
            case 0x3000...0x9FFF: result += [0x80 + UInt8((value - 0x3000) >> 8), UInt8(value & 0xFF)]
            case 0xFF00...0xFFFF: result += [0xF0, UInt8(value & 0xFF)]
            default: result += [0xFF, UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
            }
        }
        return result
    }

    static func text(_ bytes: ArraySlice<UInt8>) throws -> String {
        var result = String.UnicodeScalarView()
        var rest = bytes
        func next() throws -> UInt32 {
            guard let byte = rest.popFirst() else { throw ReportCodeFailure.damaged }
            return UInt32(byte)
        }
        while !rest.isEmpty {
            let first = try next()
            let value: UInt32
            switch first {
            case 0..<0x80: value = first
            case 0x80...0xEF: value = 0x3000 + (first - 0x80) << 8 + (try next())
            case 0xF0: value = 0xFF00 + (try next())
            case 0xFF: value = (try next()) << 16 | (try next()) << 8 | (try next())
            default: throw ReportCodeFailure.damaged
            }
            guard let scalar = Unicode.Scalar(value) else { throw ReportCodeFailure.damaged }
            result.append(scalar)
        }
        return String(result)
    }
}
