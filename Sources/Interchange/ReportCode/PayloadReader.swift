import Catalogue

/// Reads what ``PayloadWriter`` wrote; whatever else it is given, it throws and takes no more memory than that.
struct PayloadReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func number() throws -> Int64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard shift < 64 else { throw ReportCodeFailure.damaged }
            let byte = try byte()
            result |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { break }
            shift += 7
        }
        return Int64(bitPattern: result >> 1) ^ -Int64(bitPattern: result & 1)
    }

    /// How many things follow, each at least a byte long.
    mutating func count() throws -> Int {
        let count = try number()
        guard count >= 0, count <= Int64(bytes.count - place) else { throw ReportCodeFailure.damaged }
        return Int(count)
    }

    mutating func text() throws -> String {
        let length = try count()
        defer { place += length }
        return try PackedText.text(bytes[place..<place + length])
    }

    private mutating func byte() throws -> UInt8 {
        guard place < bytes.count else { throw ReportCodeFailure.damaged }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func name() throws -> UInt16 {
        let high = try byte()
        return UInt16(high) << 8 | UInt16(try byte())
    }

    mutating func record(_ names: ItemNames) throws -> Record {
        var record = Record()
        for _ in 0..<(try count()) {
            guard let item = names[try name()], record[item.key] == nil else { throw ReportCodeFailure.damaged }
            record[item.key] = try value(item.type)
        }
        return record
    }

    private mutating func value(_ type: ValueType) throws -> Value {
        guard let tag = PayloadTag(rawValue: try byte()) else { throw ReportCodeFailure.damaged }
        let value: Value
        switch tag {
        case .text: value = .text(try text())
        case .integer:
            guard let integer = Int(exactly: try number()) else { throw ReportCodeFailure.damaged }
            value = .integer(integer)
        case .decimal:
            guard let decimal = DecimalNumber(try text()) else { throw ReportCodeFailure.damaged }
            value = .decimal(decimal)
        case .date:
            let day = try number()
            guard (-100_000...100_000).contains(day) else { throw ReportCodeFailure.damaged }
            value = .date(CalendarDate(dayNumber: PayloadEpoch.day + Int32(day)))
        case .time:
            let seconds = try number()
            guard (-10_000_000_000...10_000_000_000).contains(seconds) else { throw ReportCodeFailure.damaged }
            value = .time(Timestamp(seconds: seconds + PayloadEpoch.second))
        case .code: value = .code(try code(of: type))
        case .codes:
            var codes: [Code] = []
            for _ in 0..<(try count()) { codes.append(try code(of: type)) }
            value = .codes(codes)
        case .spelledCode: value = .code(Code(try text()))
        case .spelledCodes:
            var codes: [Code] = []
            for _ in 0..<(try count()) { codes.append(Code(try text())) }
            value = .codes(codes)
        case .institution:
            let name = try text()
            let code = try text()
            value = .institution(InstitutionName(name: name, code: code.isEmpty ? nil : code))
        }
        // A value of another kind than the item's would be one that no form can hold.
        guard Value(stored: value.stored, type: type) == value else { throw ReportCodeFailure.damaged }
        return value
    }

    private mutating func code(of type: ValueType) throws -> Code {
        let name = try name()
        guard let code = type.codeList?.entries.first(where: { ShortName.of($0.code.rawValue) == name })?.code else {
            throw ReportCodeFailure.damaged
        }
        return code
    }
}
