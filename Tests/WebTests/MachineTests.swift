import Access
import Casework
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Storage
import TestSupport
import Testing

@testable import Web

@Suite struct MachineTests {
    private static func token(_ site: TestSite, _ id: String, _ secret: String, scope: String?) async throws -> Answer {
        var body = "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)"
        if let scope { body += "&scope=\(Redirect.percentEncoded(scope))" }
        let type = ["Content-Type": "application/x-www-form-urlencoded"]
        return try await site.send(.post, "/oauth/token", type, body: Array(body.utf8))
    }

    @Test func `a token for reading reads, and changes nothing by any call`() async throws {
        try await TestSite.run { site in
            let program = try await site.program(of: "med-a")
            let answer = try await Self.token(site, program.id, program.secret, scope: "read")
            #expect(answer.json["scope"] == "read")
            let reader = Program(
                site: site,
                id: program.id,
                secret: program.secret,
                token: answer.json["access_token"]?.text ?? ""
            )
            #expect(try await reader.get("/api/v1/cases").status == 200)
            for operation in API.operations where operation.route.policy == .client && operation.route.method != .get {
                let path = operation.route.path.replacing("{id}", with: "000000000000")
                let refused = try await reader.send(operation.route.method, path, [:])
                #expect(refused.status == 403, "\(operation.id)")
                #expect(refused.json["code"] == "insufficient_scope")
                #expect(refused.header("WWW-Authenticate")?.contains("insufficient_scope") == true)
            }
            for scope in ["admin", "read admin", " "] {
                let answer = try await Self.token(site, program.id, program.secret, scope: scope)
                #expect(answer.status == 400 && answer.json["error"] == "invalid_scope", "\(scope)")
            }
            let both = try await Self.token(site, program.id, program.secret, scope: "write read")
            #expect(both.json["scope"] == "read write")
        }
    }

    @Test func `every call that changes something says so in the description`() {
        for (path, calls) in (OpenAPI.document["paths"]?.members ?? []).map({ ($0.name, $0.value.members ?? []) }) {
            for call in calls where path.hasPrefix("/api/v1/") && call.name != "get" {
                #expect(call.value["responses"]?["403"] != nil, "\(call.name) \(path)")
                #expect(call.value["security"]?.list?.first?["token"] == ["write"])
            }
        }
    }

    @Test func `a bucket of calls empties, fills again, and is each client's own`() {
        let limits = ClientLimits(perSecond: 10, burst: 5)
        for _ in 0..<5 { #expect(limits.take(-1, at: .zero) == nil) }
        #expect(limits.take(-1, at: .zero) == 1)
        #expect(limits.take(-2, at: .zero) == nil)
        #expect(limits.take(-1, at: .milliseconds(90)) == 1)
        #expect(limits.take(-1, at: .milliseconds(110)) == nil)
        for _ in 0..<5 { #expect(limits.take(-1, at: .seconds(60)) == nil) }
        #expect(limits.take(-1, at: .seconds(60)) == 1, "a pause fills it to the brim and no further")
    }

    /// A site with other settings than the usual ones.
    private func run(
        _ access: MetricsAccess,
        _ limits: ClientLimits = ClientLimits(),
        _ body: @Sendable (TestSite) async throws -> Void
    ) async throws {
        let database = try await TemporaryDatabase()
        let engine = CountedEngine(database.engine)
        try await engine.write { connection in
            for organisation in TestSite.organisations { try DirectoryStore.save(organisation, connection) }
        }
        let keys = KeyRing.generate()
        let casework = Casework(engine: engine, keys: keys, passwordCost: 10) { TestSite.now }
        let site = Site(casework: casework, isDemonstration: false, metricsAccess: access, limits: limits)
        let application = Hummingbird.Application(router: WebApplication.router(site))
        try await application.test(.router) { client in
            try await body(TestSite(casework: casework, site: site, engine: engine, keys: keys, client: client))
        }
        withExtendedLifetime(database) {}
    }

    @Test func `a program that asks too much is told when to come again`() async throws {
        try await run(.nobody, ClientLimits(perSecond: 1, burst: 3) { .zero }) { site in
            let program = try await site.program(of: "med-a")
            let other = try await site.program(of: "med-b")
            for _ in 0..<3 { #expect(try await program.get("/api/v1/cases").status == 200) }
            let refused = try await program.get("/api/v1/cases")
            #expect(refused.status == 429)
            #expect(refused.json["code"] == "too_many")
            #expect(refused.header("Retry-After") == "1")
            #expect(try await other.get("/api/v1/cases").status == 200)
        }
    }

    @Test func `guessing a secret is stopped with 429`() async throws {
        try await TestSite.run { site in
            let program = try await site.program(of: "med-a")
            for _ in 0..<11 { #expect(try await Self.token(site, program.id, "x", scope: nil).status == 401) }
            let refused = try await Self.token(site, program.id, program.secret, scope: nil)
            #expect(refused.status == 429)
            #expect(refused.header("Retry-After") != nil)
        }
    }

    @Test func `the numbers are there for whoever may read them, and hold nobody's data`() async throws {
        try await run(.token("a-token-of-some-length")) { site in
            let program = try await site.program(of: "med-a")
            let made = try await program.notify()
            #expect(made.status == 201)
            let number = try #require(made.json["id"]?.text)
            #expect(try await program.get("/api/v1/cases/\(number)").status == 200)
            #expect(try await site.send(.get, "/no/such/page").status == 404)
            for header in [nil, "Bearer wrong", "Basic a-token-of-some-length", "Bearer "] {
                let refused = try await site.send(.get, "/metrics", header.map { ["Authorization": $0] } ?? [:])
                #expect(refused.status == 404)
            }
            let answer = try await site.send(.get, "/metrics", ["Authorization": "Bearer a-token-of-some-length"])
            #expect(answer.status == 200)
            #expect(answer.text.contains("hersys_requests_total{route=\"/api/v1/cases/{id}\",status=\"2xx\"} 1\n"))
            #expect(answer.text.contains("hersys_database_writes_total"))
            #expect(answer.text.contains("hersys_request_seconds_bucket{le=\"+Inf\"}"))
            // The numbers themselves may hold any digits.
            let words = answer.text.split(separator: "\n").map { $0.split(separator: " ").dropLast().joined() }
                .joined(separator: "\n")
            for word in [number, "山田", "太郎", "1980", "med-a", program.id, "192.", "03-1234"] {
                #expect(!words.contains(word), "\(word)")
            }
        }
    }

    @Test func `without a token only this machine reads the numbers`() async throws {
        // The test's requests come from no address at all.
        for access in [MetricsAccess.loopback, .nobody] {
            try await run(access) { site in
                let answer = try await site.send(.get, "/metrics")
                #expect(answer.status == 404)
            }
        }
    }
}
