import Casework
import Catalogue
import Hummingbird
import Storage
import Testing

@testable import Web

@Suite struct APIProblemTests {
    private struct Secret: Error, CustomStringConvertible {
        var description: String { "山田太郎" }
    }

    private static func answer(_ error: any Error) async throws -> Response {
        try await Problem.answering { throw error }
    }

    @Test(
        arguments: [
            (Refusal.tooMany(seconds: 17), 429, "17"), (Refusal.tooMany(seconds: 0), 429, "1"),
            (StorageFailure.unavailable, 503, "5"), (StorageFailure.full, 503, "60"),
            (StorageFailure.duplicate, 503, "1"),
            (StorageFailure.engine(code: 11), 500, nil), (StorageFailure.schema(found: 1, expected: 2), 500, nil),
            (Refusal.notFound, 404, nil), (Refusal.forbidden("理由"), 403, nil), (Refusal.findings([]), 422, nil),
            (Refusal.conflict([]), 409, nil), (Refusal.repeatedDifferently, 422, nil), (PageFailure.tooLarge, 413, nil),
            (PageFailure.badEncoding, 400, nil), (Problem.unauthorized, 401, nil),
        ] as [(any Error, Int, String?)]
    )
    func `every refusal has its status`(error: any Error, status: Int, retryAfter: String?) async throws {
        let response = try await Self.answer(error)
        #expect(Int(response.status.code) == status)
        #expect(response.headers[.retryAfter] == retryAfter)
        #expect(response.headers[.contentType] == "application/problem+json")
    }

    @Test func `an unknown error tells nothing of itself`() async throws {
        let response = try await Self.answer(Secret())
        #expect(response.status == .internalServerError)
        #expect(!"\(Problem.unexpected)".contains("山田"))
        #expect(response.body.contentLength == Problem.unexpected.response.body.contentLength)
    }

    @Test func `the number of errors in an answer is bounded`() async throws {
        try await TestSite.run { site in
            let items = (0..<5000).map { JSON.Member(name: "unknown_\($0)", value: 1) }
            let answer = try await site.program(of: "med-a").post("/api/v1/cases", ["items": .object(items)])
            #expect(answer.status == 422)
            #expect(answer.errors.count == Problem.mostErrors)
        }
    }

    @Test func `a refusal never repeats what was sent`() async throws {
        try await TestSite.run { site in
            let secret = "ひみつ太郎"
            let items = CaseJSON.singleItems.map { JSON.Member(name: $0.key, value: .text(secret + "\u{1}")) }
            let answer = try await site.program(of: "med-a").post("/api/v1/cases", ["items": .object(items)])
            #expect(answer.status == 422)
            #expect(!answer.text.contains("ひみつ"))
        }
    }
}
