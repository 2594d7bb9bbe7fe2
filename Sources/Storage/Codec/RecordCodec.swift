import Catalogue

extension ByteWriter {
    mutating func record(_ record: Record) {
        number(record.count)
        for (key, value) in record.all {
            text(key)
            text(value.stored)
        }
    }

    mutating func optional(_ value: Value?) {
        optional(value?.stored)
    }
}

extension ByteReader {
    mutating func record() throws -> Record {
        let count = try count()
        var values: [String: Value] = [:]
        values.reserveCapacity(count)
        for _ in 0..<count {
            let key = try text()
            values[key] = Self.value(key, try text())
        }
        return Record(values)
    }

    mutating func optionalValue(of key: String) throws -> Value? {
        try optionalText().map { Self.value(key, $0) }
    }

    /// A value that the catalogue can't read (an item of another version) is kept as its text.
    private static func value(_ key: String, _ stored: String) -> Value {
        Catalogue.item(key).flatMap { Value(stored: stored, type: $0.type) } ?? .text(stored)
    }
}
