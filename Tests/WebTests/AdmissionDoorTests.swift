import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Web

/// Who is sent away before a request is even read.
@Suite struct AdmissionDoorTests {
    /// A connection to a server on which each share has one place and one turn, both taken.
    private func crowded(_ body: @escaping @Sendable (Door) throws -> Void) async throws {
        try await TestSite.run { site in
            let capacity = Capacity(common: 0, mostWaiting: 1) { _ in Capacity.Terms(reserved: 1) }
            let admission = Admission(capacity) { _ in try? await Task.sleep(for: .seconds(60)) }
            try await withThrowingTaskGroup { group in
                for share in Share.allCases {
                    for _ in 0..<2 {
                        group.addTask { _ = await admission.during(share) { try? await Task.sleep(for: .seconds(60)) } }
                    }
                }
                for share in Share.allCases {
                    while admission.standing(share).waiting == 0 { await Task.yield() }
                }
                defer { group.cancelAll() }
                let rules = AdmissionDoor.Rules(admission, site: site.site, logger: Logger(label: "test")) { 7 }
                try body(Door(rules))
            }
        }
    }

    /// The connection, as the parts behind and before the door see it.
    private struct Door {
        let channel: EmbeddedChannel

        init(_ rules: AdmissionDoor.Rules) throws {
            channel = EmbeddedChannel(handler: AdmissionDoor(rules))
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func send(_ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:]) throws {
            let head = HTTPRequest(
                method: method,
                scheme: "https",
                authority: "localhost",
                path: path,
                headerFields: fields
            )
            try channel.writeInbound(HTTPRequestPart.head(head))
        }

        func send(_ bytes: Int) throws {
            try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: 65, count: bytes)))
        }

        func end() throws { try channel.writeInbound(HTTPRequestPart.end(nil)) }

        /// Whether something went on to the routes.
        func wentOn() throws -> Bool {
            var any = false
            while try channel.readInbound(as: HTTPRequestPart.self) != nil { any = true }
            return any
        }

        /// The answer that the door has given: status, fields, text.
        func answer() throws -> (status: Int, fields: HTTPFields, text: String)? {
            guard case .head(let head)? = try channel.readOutbound(as: HTTPResponsePart.self) else { return nil }
            var text = ""
            while let part = try channel.readOutbound(as: HTTPResponsePart.self) {
                if case .body(let bytes) = part { text += String(buffer: bytes) }
                if case .end = part { break }
            }
            return (head.status.code, head.headerFields, text)
        }

        /// The answer of the routes.
        func routesAnswer() throws {
            try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
            try channel.writeOutbound(HTTPResponsePart.end(nil))
        }
    }

    @Test func `a program is answered before its body has come, and nothing of it goes on`() async throws {
        try await crowded { door in
            try door.send(.post, "/api/v1/cases", [.contentLength: "100"])
            let answer = try #require(try door.answer())
            #expect(answer.status == 503)
            #expect(answer.fields[.contentType] == "application/problem+json")
            #expect(answer.fields[.retryAfter] == "7")
            #expect(answer.fields[.cacheControl] == "no-store")
            #expect(answer.fields[.contentLength] == String(answer.text.utf8.count))
            #expect(answer.text.contains(#""code":"overloaded""#))
            try door.send(100)
            try door.end()
            #expect(try !door.wentOn())
            #expect(door.channel.isActive)
            // The connection is good for the next request.
            try door.send(.get, "/healthz")
            try door.end()
            #expect(try door.wentOn())
        }
    }

    @Test func `a page says so, and where it was asked for`() async throws {
        try await crowded { door in
            try door.send(.get, "/cases?page=2&x=%22")
            let answer = try #require(try door.answer())
            #expect(answer.status == 503)
            #expect(answer.fields[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.contains("<h1>ただいま大変混み合っています</h1>"))
            #expect(answer.text.contains(#"href="/cases?page=2&amp;x=%22">もう一度開く</a>"#))
            try door.end()
            try door.send(.head, "/cases")
            #expect(try door.answer()?.text == "")
            #expect(try !door.wentOn())
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.post, "/cases/new"), (.post, "/r/abc"), (.get, "/healthz"), (.get, "/readyz"),
        (.get, "/events"), (.get, "/assets/hersys.css"),
    ])
    func `a form whose words have to be kept goes on, and so does what is always let in`(
        method: HTTPRequest.Method,
        path: String
    ) async throws {
        try await crowded { door in
            try door.send(method, path)
            try door.end()
            #expect(try door.answer() == nil)
            #expect(try door.wentOn())
        }
    }

    @Test func `answers of one connection stay in order`() async throws {
        try await crowded { door in
            try door.send(.get, "/healthz")
            try door.end()
            // The next comes before the answer to the first: a refusal now would be taken for that.
            try door.send(.get, "/api/v1/cases")
            try door.end()
            #expect(try door.answer() == nil)
            #expect(try door.wentOn())
            for _ in 0..<2 {
                try door.routesAnswer()
                #expect(try door.answer()?.status == 200)
            }
            try door.send(.get, "/api/v1/cases")
            #expect(try door.answer()?.status == 503)
        }
    }

    @Test func `a refused body without an end is cut off`() async throws {
        try await crowded { door in
            try door.send(.post, "/api/v1/cases")
            #expect(try door.answer()?.status == 503)
            for _ in 0..<20 where door.channel.isActive { try door.send(100_000) }
            #expect(!door.channel.isActive)
        }
    }

    @Test func `who wants the connection closed has it closed`() async throws {
        try await crowded { door in
            try door.send(.get, "/api/v1/cases", [.connection: "close"])
            #expect(try door.answer()?.status == 503)
            try door.end()
            #expect(!door.channel.isActive)
        }
    }

    @Test func `with places free everybody goes on`() async throws {
        try await TestSite.run { site in
            let rules = AdmissionDoor.Rules(Admission(), site: site.site, logger: Logger(label: "test")) { 7 }
            let door = try Door(rules)
            try door.send(.post, "/api/v1/cases")
            #expect(try door.answer() == nil)
            #expect(try door.wentOn())
        }
    }
}
