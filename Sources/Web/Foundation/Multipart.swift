import HTTPTypes
import Hummingbird
import NIOCore

/// A sent form with files (`multipart/form-data`, RFC 7578): its parts by their names, the first of each.
struct Multipart: Sendable {
    private(set) var parts: [String: [UInt8]] = [:]
    /// More parts are no form of ours.
    private static let mostParts = 20

    /// The bytes of a file or field.
    func bytes(_ name: String) -> [UInt8]? { parts[name] }

    /// A field as text.
    func text(_ name: String) -> String? {
        parts[name].flatMap { $0.count <= 4096 ? String(validating: $0, as: UTF8.self) : nil }
    }

    /// Reads a request's body.
    ///
    /// - Throws: ``PageFailure/tooLarge`` beyond so many bytes, ``PageFailure/badEncoding`` for what is no such form.
    static func read(_ request: Request, most: Int) async throws -> Multipart {
        guard let boundary = boundary(request.headers[.contentType] ?? "") else {
            return Multipart(try await FormData.parse(Array(collect(request, most).readableBytesView)))
        }
        return try await Multipart(Array(collect(request, most).readableBytesView), boundary: boundary)
    }

    private static func collect(_ request: Request, _ most: Int) async throws -> ByteBuffer {
        do {
            return try await request.body.collect(upTo: most)
        } catch {
            throw PageFailure.tooLarge
        }
    }

    /// A form without files sent to the same address.
    private init(_ form: FormData) {
        for (name, value) in form.fields where parts[name] == nil { parts[name] = Array(value.utf8) }
    }

    init(_ body: [UInt8], boundary: String) throws {
        let mark = Array("--\(boundary)".utf8)
        var places = Self.places(of: mark, in: body)
        guard let first = places.first, first == 0 || body[first - 1] == 10, places.count <= Self.mostParts + 1 else {
            throw PageFailure.badEncoding
        }
        places.removeFirst()
        var start = first + mark.count
        for place in places {
            try add(body[start..<place])
            start = place + mark.count
        }
        guard body[start...].starts(with: Array("--".utf8)) else { throw PageFailure.badEncoding }
    }

    /// One part: CRLF, its head, an empty line, its contents, CRLF.
    private mutating func add(_ part: ArraySlice<UInt8>) throws {
        guard part.starts(with: [13, 10]), part.suffix(2) == [13, 10], part.count >= 4 else {
            throw PageFailure.badEncoding
        }
        let part = part.dropFirst(2).dropLast(2)
        let empty: [UInt8] = [13, 10, 13, 10]
        guard let end = Self.places(of: empty, in: Array(part.prefix(2048))).first,
            let head = String(validating: part.prefix(end), as: UTF8.self), let name = Self.parameter("name", of: head)
        else { throw PageFailure.badEncoding }
        if parts[name] == nil { parts[name] = Array(part.dropFirst(end + empty.count)) }
    }

    private static func places(of mark: [UInt8], in body: [UInt8]) -> [Int] {
        guard let first = mark.first, body.count >= mark.count else { return [] }
        var result: [Int] = []
        var place = 0
        body.withUnsafeBufferPointer { body in
            while place <= body.count - mark.count {
                guard body[place] == first, body[place..<place + mark.count].elementsEqual(mark) else {
                    place += 1
                    continue
                }
                result.append(place)
                place += mark.count
            }
        }
        return result
    }

    private static func boundary(_ type: String) -> String? {
        guard type.lowercased().hasPrefix("multipart/form-data") else { return nil }
        let found = parameter("boundary", of: type) ?? ""
        return (1...70).contains(found.utf8.count) ? found : nil
    }

    /// A parameter of a header, in quotes or without; `name` isn't found within `filename`.
    private static func parameter(_ name: String, of header: String) -> String? {
        for piece in header.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
            let parts = piece.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].drop(while: \.isWhitespace).lowercased() == name else { continue }
            let value = parts[1].drop(while: \.isWhitespace)
            return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value)
        }
        return nil
    }
}
