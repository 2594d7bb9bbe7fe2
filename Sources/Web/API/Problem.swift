import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Storage

/// Why a call was refused, as `application/problem+json` (RFC 9457); it never holds a person's value but those of a
/// conflict, which the caller may see.
struct Problem: Error, Sendable {
    /// One thing to mend in what was sent.
    struct FieldError: Sendable, Hashable {
        /// Where: `onset_on`, `tests.0.specimen_on`, `limit`.
        let item: String
        /// Position of the record in a list, from 0.
        var index: Int?
        /// What, for programs.
        let code: String
        /// Unlikely values may be sent again with `keep_warnings`.
        var isWarning = false
        /// What, in Japanese.
        let message: String
    }

    /// More isn't told: a body of a megabyte could earn tens of megabytes of answer.
    static let mostErrors = 200

    let status: HTTPResponse.Status
    /// The reason for programs, and the end of `type`.
    let code: String
    let title: String
    var detail: String?
    var errors: [FieldError] = []
    var conflicts: [Conflict] = []
    var headers: HTTPFields = [:]

    private static let log = Logger(label: "hersys.api")

    /// Runs a call; whatever it throws becomes a problem.
    static func answering(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let problem as Problem {
            return problem.response
        } catch let refusal as Refusal {
            return Problem(refusal).response
        } catch let failure as PageFailure {
            return Problem(failure).response
        } catch let failure as StorageFailure {
            return Problem(failure).response
        } catch {
            // Only the kind of error: an error's own text may hold anything.
            log.error("call failed", metadata: ["error": "\(type(of: error))"])
            return Problem.unexpected.response
        }
    }

    /// The answer.
    var response: Response {
        var response = Response.api(content, status: status, type: "application/problem+json")
        for field in headers { response.headers[field.name] = field.value }
        return response
    }

    /// The answer's body.
    var content: [UInt8] { JSONWriter.object { write(&$0) } }

    private func write(_ object: inout JSONWriter) {
        object.member("type", "urn:hersys:problem:\(code)")
        object.member("title", title)
        object.member("status", status.code)
        object.member("code", code)
        if let detail { object.member("detail", detail) }
        if !errors.isEmpty {
            object.name("errors")
            object.list { list in
                for error in errors.prefix(Self.mostErrors) { list.object { Self.write(error, &$0) } }
            }
        }
        if !conflicts.isEmpty {
            object.name("conflicts")
            object.list { list in
                for conflict in conflicts { list.object { Self.write(conflict, &$0) } }
            }
        }
    }

    private static func write(_ error: FieldError, _ object: inout JSONWriter) {
        object.member("item", error.item)
        if let index = error.index { object.member("index", index) }
        object.member("code", error.code)
        if error.isWarning { object.member("severity", "warning") }
        object.member("message", error.message)
    }

    private static func write(_ conflict: Conflict, _ object: inout JSONWriter) {
        object.member("item", conflict.item)
        if let entry = conflict.entry { object.member("id", entry) }
        object.name("base")
        object.value(conflict.base)
        object.name("theirs")
        object.value(conflict.theirs)
        object.name("mine")
        object.value(conflict.mine)
    }
}

extension Problem {
    /// No bearer token, or one that doesn't work (any more).
    static let unauthorized = Problem(
        status: .unauthorized,
        code: "unauthorized",
        title: "A valid bearer token is needed",
        headers: [.wwwAuthenticate: #"Bearer realm="hersys""#]
    )

    /// A token for reading only, where something would be changed (RFC 6750, 3.1).
    static let insufficientScope = Problem(
        status: .forbidden,
        code: "insufficient_scope",
        title: "The token lets read only",
        headers: [.wwwAuthenticate: #"Bearer realm="hersys", error="insufficient_scope", scope="write""#]
    )

    /// The same for what doesn't exist and for what the caller may not see.
    static let notFound = Problem(status: .notFound, code: "not_found", title: "Not found")

    static let tooLarge = Problem(
        status: .contentTooLarge,
        code: "too_large",
        title: "The body is larger than 1 MiB"
    )

    static let unexpected = Problem(
        status: .internalServerError,
        code: "internal",
        title: "The server failed; nothing was changed by half"
    )

    static func malformed(_ code: String, _ title: String) -> Problem {
        Problem(status: .badRequest, code: code, title: title)
    }

    static func invalid(_ errors: [FieldError]) -> Problem {
        Problem(
            status: .unprocessableContent,
            code: "invalid",
            title: "What was sent can't be accepted as it is",
            errors: errors
        )
    }

    /// The method isn't one of the address.
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        Problem(
            status: .methodNotAllowed,
            code: "method_not_allowed",
            title: "The address doesn't take this method",
            headers: [.allow: allowed.map(\.rawValue).joined(separator: ", ")]
        )
    }

    init(_ refusal: Refusal) {
        switch refusal {
        case .notFound: self = .notFound
        case .forbidden(let reason):
            self.init(
                status: .forbidden,
                code: "forbidden",
                title: "The caller may not do this",
                detail: reason
            )
        case .findings(let findings): self = .invalid(findings.map(FieldError.init))
        case .conflict(let conflicts):
            self.init(
                status: .conflict,
                code: "conflict",
                title: "Somebody else changed the same items meanwhile",
                conflicts: conflicts
            )
        case .repeatedDifferently:
            self.init(
                status: .unprocessableContent,
                code: "idempotency_mismatch",
                title: "The Idempotency-Key was used with another body"
            )
        case .tooMany(let seconds):
            self.init(
                status: .tooManyRequests,
                code: "too_many",
                title: "Too many requests",
                headers: [.retryAfter: String(max(seconds, 1))]
            )
        }
    }

    init(_ failure: PageFailure) {
        switch failure {
        case .tooLarge: self = .tooLarge
        case .badEncoding: self = .malformed("encoding", "What was sent isn't UTF-8")
        case .foreignForm: self = .unexpected
        }
    }

    init(_ failure: StorageFailure) {
        switch failure {
        // Two requests with one key at the same moment: the second finds the first one's work next time.
        case .duplicate:
            self.init(
                status: .serviceUnavailable,
                code: "unavailable",
                title: "The server can't do it now; nothing was changed",
                headers: [.retryAfter: "1"]
            )
        case .unavailable: self = .busy(.unreachable, seconds: 5)
        case .full: self = .busy(.full, seconds: 60)
        case .unstorable:
            self.init(
                status: .unprocessableContent,
                code: "unstorable",
                title: "A text holds U+0000, which can't be kept"
            )
        case .unreadable, .schema, .engine:
            Self.log.error("storage failed", metadata: ["failure": "\(failure)"])
            self = .unexpected
        }
    }
}

extension Problem.FieldError {
    /// A finding of the checks, with the place as the body names it.
    init(_ finding: Finding) {
        let place = finding.place
        self.init(
            item: Components.fieldName(place),
            index: place.index,
            code: finding.code,
            isWarning: finding.severity == .warning,
            message: finding.message
        )
    }

    /// A name that was sent, as far as it can be a name: anything else isn't repeated.
    static func shown(_ name: String) -> String {
        let isName =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (97...122).contains($0) || (48...57).contains($0) }
        return isName ? name : "?"
    }
}

extension Response {
    /// JSON that is bytes already.
    static func api(
        _ bytes: [UInt8],
        status: HTTPResponse.Status = .ok,
        type: String = "application/json",
        headers: HTTPFields = [:]
    ) -> Response {
        var fields = headers
        fields[.contentType] = type
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
