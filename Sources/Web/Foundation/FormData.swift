import Hummingbird
import NIOCore

/// The fields of a sent form, in their order; a name may come more than once.
struct FormData: Sendable {
    private(set) var fields: [(name: String, value: String)] = []

    init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields
    }

    /// The first value of a field.
    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// All values of a field.
    func all(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    /// First values by name; several values of one name are joined by spaces, as codes are.
    var dictionary: [String: String] {
        Dictionary(fields.map { ($0.name, $0.value) }) { first, second in
            first.isEmpty ? second : second.isEmpty ? first : "\(first) \(second)"
        }
    }

    /// Reads a form's body.
    ///
    /// - Throws: ``PageFailure/tooLarge`` beyond the limit, ``PageFailure/badEncoding`` for bytes that aren't UTF-8.
    static func read(_ request: Request, _ context: WebContext) async throws -> FormData {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: context.maxUploadSize)
        } catch {
            throw PageFailure.tooLarge
        }
        return try parse(Array(body.readableBytesView))
    }

    /// Reads `application/x-www-form-urlencoded`, the part after `?` included.
    static func parse(_ bytes: [UInt8]) throws -> FormData {
        var form = FormData()
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard form.fields.count < 2000 else { throw PageFailure.tooLarge }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decode(parts[0])
            form.fields.append((name, parts.count > 1 ? try decode(parts[1]) : ""))
        }
        return form
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let byte = bytes[place]
            if byte == UInt8(ascii: "+") {
                result.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), place + 2 < bytes.endIndex, let high = hex(bytes[place + 1]),
                let low = hex(bytes[place + 2])
            {
                result.append(high << 4 | low)
                place += 2
            } else {
                result.append(byte)
            }
            place += 1
        }
        guard let text = String(validating: result, as: UTF8.self) else { throw PageFailure.badEncoding }
        return text
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
