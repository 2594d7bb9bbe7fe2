import Catalogue

/// Writes JSON straight into bytes, commas included.
struct JSONWriter {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 4096) {
        bytes.reserveCapacity(capacity)
    }

    /// The bytes of one object.
    static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(body)
        return writer.bytes
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// An object as the next value.
    mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// An array as the next value.
    mutating func list(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// The name of the member whose value comes next.
    mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func text(_ text: String) {
        separate()
        quote(text)
    }

    mutating func bool(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    mutating func number(_ value: Int) {
        raw(String(value))
    }

    mutating func null() {
        raw("null")
    }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        self.text(text)
    }

    mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        self.number(number)
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { units in
            // Most texts have nothing to escape: they are copied as a whole.
            if units.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
                for unit in units { escape(unit) }
            } else {
                bytes.append(contentsOf: units)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ unit: UInt8) {
        switch unit {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(unit)
        case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        case ..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: #"\u00"#.utf8)
            bytes.append(digits[Int(unit >> 4)])
            bytes.append(digits[Int(unit & 15)])
        default: bytes.append(unit)
        }
    }
}

extension JSONWriter {
    /// An item's value: codes as strings, several as arrays, days `YYYY-MM-DD`, moments with Japan's offset.
    mutating func value(_ value: Value) {
        switch value {
        case .text(let text): self.text(text)
        case .integer(let number): self.number(number)
        case .decimal(let number): raw(number.text)
        case .date(let date): text(date.iso)
        case .time(let time): text(time.rfc3339)
        case .code(let code): text(code.rawValue)
        case .codes(let codes): list { list in for code in codes { list.text(code.rawValue) } }
        case .institution(let institution):
            object { object in
                object.member("name", institution.name)
                if let code = institution.code { object.member("code", code) }
            }
        }
    }

    /// A value, or `null` where there is none.
    mutating func value(_ value: Value?) {
        if let value { self.value(value) } else { null() }
    }

    /// A whole tree.
    mutating func json(_ json: JSON) {
        switch json {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let number): raw(number)
        case .text(let text): self.text(text)
        case .list(let values): list { list in for value in values { list.json(value) } }
        case .object(let members):
            object { object in
                for member in members {
                    object.name(member.name)
                    object.json(member.value)
                }
            }
        }
    }
}
