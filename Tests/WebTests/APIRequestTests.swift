import HTTPTypes
import Testing

@testable import Web

@Suite struct APIRequestTests {
    @Test func `a body that isn't JSON is refused before anything is read`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            func post(_ type: String?, _ body: [UInt8]) async throws -> Answer {
                var headers = ["Authorization": "Bearer \(clinic.token)"]
                headers["Content-Type"] = type
                return try await site.send(.post, "/api/v1/cases", headers, body: body)
            }
            let json = "application/json"
            for text in ["", "{", "{\"items\":{},\"items\":{}}", "nul", "{\"items\":{\"sex\":\"\\ud800\"}}"] {
                #expect(try await post(json, Array(text.utf8)).status == 400, "\(text)")
            }
            #expect(try await post(json, Array("{\"items\":\"".utf8) + [0xFF] + Array("\"}".utf8)).status == 400)
            for type in [nil, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
                #expect(try await post(type, Array("{}".utf8)).status == 415)
            }
            #expect(try await post("Application/JSON; charset=utf-8", Array("{}".utf8)).status == 422)
            let large = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20 + 1)
            #expect(try await post(json, large).status == 413)
        }
    }

    @Test func `other methods are told which are taken, other addresses aren't there`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let expected = [
                "/api/v1/cases": "GET, HEAD, POST", "/api/v1/cases/123456789012": "GET, HEAD, PATCH",
                "/api/v1/cases/123456789012/confirm": "POST", "/oauth/token": "POST",
                "/api/v1/openapi.json": "GET, HEAD",
            ]
            for (path, allowed) in expected {
                for method in [.put, .delete, .options, .trace, try #require(.init("QUERY"))] as [HTTPRequest.Method] {
                    let answer = try await clinic.send(method, path, nil)
                    #expect(answer.status == 405, "\(method) \(path)")
                    #expect(answer.header("Allow") == allowed)
                }
            }
            for path in ["/api", "/api/", "/api/v1", "/api/v2/cases", "/api/v1/cases/1/2/3", "/api/v1/nothing"] {
                // To be read at /api is the guide.
                for method in [.get, .post, .delete] as [HTTPRequest.Method]
                where method != .get || !["/api", "/api/"].contains(path) {
                    let answer = try await clinic.send(method, path, nil)
                    #expect(answer.status == 404, "\(method) \(path)")
                    #expect(answer.header("Content-Type") == "application/problem+json")
                }
            }
        }
    }

    @Test func `a list is searched, filtered, ordered and turned over page by page`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let centre = try await site.program(of: "hc-a")
            var ids: [String] = []
            for name in ["ヤマダ", "スズキ", "サトウ"] {
                ids.append(try #require(try await clinic.notify([("family_kana", .text(name))]).json["id"]?.text))
            }
            #expect(try await centre.post("/api/v1/cases/\(ids[0])/confirm").status == 200)
            func found(_ query: String) async throws -> [String] {
                let answer = try await centre.get("/api/v1/cases?\(query)")
                #expect(answer.status == 200, "\(query)")
                return (answer.json["cases"]?.list ?? []).compactMap { $0["id"]?.text }
            }
            #expect(try await found("") == [ids[2], ids[1], ids[0]])
            #expect(try await found("q=%EF%BD%BD%EF%BD%BD%EF%BE%9E%EF%BD%B7") == [ids[1]])
            #expect(try await found("confirmed=true") == [ids[0]])
            #expect(try await found("confirmed=false") == [ids[2], ids[1]])
            #expect(try await found("intake=returned") == [])
            #expect(try await found("office=hc-a&limit=500").count == 3)
            #expect(try await found("office=hc-b") == [])
            #expect(try await found("status=arranging&sort=updated").count == 3)
            #expect(try await found("updated_since=2020-06-05T15:00:00+09:00").count == 3)
            #expect(try await found("updated_since=2020-06-05T06:00:01Z") == [])
            var cursor = ""
            var pages: [String] = []
            for _ in 0..<5 {
                let answer = try await centre.get("/api/v1/cases?limit=1\(cursor)")
                pages += (answer.json["cases"]?.list ?? []).compactMap { $0["id"]?.text }
                guard let next = answer.json["next"]?.text else { break }
                cursor = "&cursor=\(next)"
            }
            #expect(pages == [ids[2], ids[1], ids[0]])
        }
    }

    @Test(arguments: [
        ("colour=red", ["colour unknown_parameter"]), ("q=a&q=b", ["q repeated"]), ("status=x", ["status code"]),
        ("office=med-a", ["office code"]), ("confirmed=1", ["confirmed format"]), ("intake=x", ["intake code"]),
        ("confirmed=true&intake=submitted", ["confirmed exclusive"]),
        ("updated_since=2020-05-22", ["updated_since format"]), ("sort=size", ["sort code"]),
        ("limit=0", ["limit range"]),
        ("limit=501", ["limit range"]), ("limit=%2B5", ["limit range"]), ("limit=", ["limit range"]),
        ("cursor=1", ["cursor format"]), ("cursor=123456789012&limit=x", ["cursor format", "limit range"]),
        ("%E5%B1%B1=1", ["? unknown_parameter"]),
    ])
    func `a parameter that is wrong is named`(query: String, errors: [String]) async throws {
        try await TestSite.run { site in
            let answer = try await site.program(of: "hc-a").get("/api/v1/cases?\(query)")
            #expect(answer.status == 422)
            #expect(answer.errors == errors)
        }
    }

    @Test func `a query that isn't UTF-8 is refused`() async throws {
        try await TestSite.run { site in
            let answer = try await site.program(of: "hc-a").get("/api/v1/cases?q=%FF")
            #expect(answer.status == 400)
        }
    }
}
