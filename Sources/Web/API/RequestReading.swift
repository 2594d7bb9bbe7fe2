import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The body as bytes.
    func bytes(upTo most: Int) async throws -> [UInt8] {
        do {
            return Array(try await body.collect(upTo: most).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge
        }
    }

    /// The media type of the body without its parameters, in lower case.
    var mediaType: String {
        let header = headers[.contentType] ?? ""
        return header.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    }

    /// The body as JSON with the bytes it came from.
    func json(_ context: WebContext) async throws -> (json: JSON, bytes: [UInt8]) {
        guard mediaType == "application/json" else {
            throw Problem(
                status: .unsupportedMediaType,
                code: "media_type",
                title: "The body has to be application/json"
            )
        }
        let bytes = try await bytes(upTo: context.maxUploadSize)
        do {
            return (try JSONParser.parse(bytes), bytes)
        } catch {
            var problem = Problem.malformed("malformed_json", "The body isn't JSON")
            problem.detail = "\(error.reason.rawValue) at byte \(error.place)"
            throw problem
        }
    }

    /// The reason in a body that holds nothing else; what is wrong with none is said where the deed is done.
    func reason(_ context: WebContext, _ site: Site, _ caller: Caller) async throws -> String {
        let (body, _) = try await json(context)
        var reader = EntryReader(caller, today: site.casework.today)
        reader.members(body, known: ["reason"])
        let reason = reader.text("reason", in: body)
        try reader.finish()
        return reason ?? ""
    }

    /// The fields behind `?`.
    func query() throws -> FormData {
        try FormData.parse(Array((uri.query ?? "").utf8))
    }

    /// `Idempotency-Key`, at most 255 printable characters.
    func repeatKey() throws -> String? {
        guard let name = HTTPField.Name("Idempotency-Key"), let key = headers[name] else { return nil }
        guard headers[values: name].count == 1, (1...255).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw Problem.malformed("idempotency_key", "Idempotency-Key takes 1 to 255 printable ASCII characters")
        }
        return key
    }

    /// The version named by `If-Match`, which a change has to carry.
    func seenVersion() throws -> Int {
        let values = headers[values: .ifMatch]
        guard let tag = values.first else {
            throw Problem(
                status: .preconditionRequired,
                code: "if_match_required",
                title: "If-Match has to carry the ETag of the case as it was read"
            )
        }
        guard values.count == 1, let version = ETag.version(tag) else {
            throw Problem.malformed("if_match", "If-Match takes one ETag as the case was read with")
        }
        return version
    }

    /// Whether the caller has what a tag names already (`If-None-Match`).
    func has(_ present: String) -> Bool {
        headers[values: .ifNoneMatch].contains { header in
            header.split(separator: ",").contains { part in
                var tag = part.drop { $0 == " " }
                while tag.last == " " { tag = tag.dropLast() }
                if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
                return tag == "*" || tag == present
            }
        }
    }
}

/// A case's version as an entity tag.
enum ETag {
    /// The tag of a version; `reports` tells apart what the person has reported since, which is no version.
    static func of(_ version: Int, reports: Int = 0) -> String {
        reports == 0 ? "\"\(version)\"" : "\"\(version).\(reports)\""
    }

    /// The tag of a case as it is shown; one more report, wherever it stands in time, makes another tag.
    static func of(_ file: CaseFile) -> String {
        let reports = file.entries[.observation] ?? []
        return of(file.version, reports: reports.reduce(0) { ($0 &* 1_000_003 &+ $1.id) & 0x1f_ffff_ffff_ffff })
    }

    /// The version of a strong tag as ``of(_:)`` writes it.
    static func version(_ tag: String) -> Int? {
        guard tag.utf8.count <= 32, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        let parts = tag.dropFirst().dropLast().split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, parts.count <= 2, (1...9_999_999_999).contains(numbers[0]),
            of(numbers[0], reports: numbers.count > 1 ? numbers[1] : 0) == tag
        else { return nil }
        return numbers[0]
    }
}

extension WebContext {
    /// The case that the address names; anything but twelve right digits names none.
    func caseNumber() throws -> CaseNumber {
        guard let text = parameters.get("id"), text.utf8.count == 12,
            text.utf8.allSatisfy({ (48...57).contains($0) }), case .success(let number) = CaseNumber.read(text)
        else { throw Refusal.notFound }
        return number
    }
}
