import Access
import Casework
import Catalogue
import Foundation
import Storage

/// What a server is asked with: prepared while the database is still open here.
struct Visitors {
    /// A bearer token for each organisation that files a report.
    private let tokens: [String: String]
    /// A health centre's session.
    private(set) var session = ""
    /// Cases it may see.
    private(set) var numbers: [CaseNumber] = []

    init(tokensFor reports: [OneReport], _ casework: Casework) async throws {
        var tokens: [String: String] = [:]
        for one in reports where tokens[one.caller.organisation.key] == nil {
            let key = one.caller.organisation.key
            let client = try await casework.issueClient(organisation: key, name: "benchmark")
            tokens[key] = try await casework.token(client: client.id, secret: client.secret)?.token
        }
        self.tokens = tokens
    }

    init(_ casework: Casework, _ reports: Reports, staff: Caller, login: String) async throws {
        try await self.init(tokensFor: reports.all, casework)
        let pending = try await casework.signIn(
            login: login,
            password: Ground.password,
            address: "127.0.0.1",
            returnTo: "/"
        )
        // The demonstration telephone: the first six digits of the latest call are the code.
        let call = try await casework.messages().first?.text ?? ""
        let code = String(call.filter(\.isNumber).prefix(6))
        session = try await casework.completeSignIn(pending.secret, code: code, address: "127.0.0.1").session
        numbers = try await Walk(casework, staff).people.map(\.number)
    }

    /// A report as an API client files it.
    func post(_ one: OneReport) throws -> Request {
        Request(
            "POST",
            "/api/v1/cases",
            [
                "Authorization": "Bearer \(tokens[one.caller.organisation.key] ?? "")",
                "Content-Type": "application/json",
            ],
            body: try ReportJSON.bytes(one.report),
            expecting: 201
        )
    }

    /// So many pages of the health centre.
    func pages(_ count: Int, _ path: (CaseNumber) -> String) -> [Request] {
        (0..<count).map { call in
            Request(
                "GET",
                path(numbers[call % numbers.count]),
                ["Cookie": "__Host-session=\(session)"],
                expecting: 200
            )
        }
    }
}

/// Pages and the API over HTTP.
struct Serving {
    let server: Server
    let posts: [Request]
    let visitors: Visitors
    let phones: Phones
    let calls: Int
    let overload: Double

    func measure(limit: Double?) async throws -> [Row] {
        let port = server.port
        let alive = [Request](repeating: empty, count: calls * 20)
        _ = try await Load.run(port: port, Array(alive.prefix(2000)))
        let none = Quantity(try await Load.run(port: port, alive).rate, "/s")
        var rows = [
            Row("server: start to first answer", Quantity(server.startedIn, "s"), goal: "≤ 0.3 s"),
            Row("HTTP: empty handler, 32 connections", none),
        ]
        func add(
            _ what: String,
            _ requests: [Request],
            limit: Quantity? = none,
            limitIs: String = "empty handler",
            goal: String? = nil
        ) async throws -> Answers {
            let answers = try await Load.run(port: port, requests)
            Measure.say("HTTP: \(what): \(Int(answers.rate))/s")
            rows.append(
                Row(
                    "HTTP: \(what)",
                    Quantity(answers.rate, "/s"),
                    limit: limit,
                    limitIs: limit == nil ? nil : limitIs,
                    goal: goal
                )
            )
            rows.append(Row("HTTP: \(what): latency", answers.latencies))
            if answers.refused > 0 {
                rows.append(Row("HTTP: \(what): told to come again", Quantity(Double(answers.refused), "times")))
            }
            return answers
        }
        _ = try await add(
            "notification through the API",
            posts,
            limit: limit.map { Quantity($0, "/s") },
            limitIs: "engine alone",
            goal: "ratio ≥ 0.5, ≥ 1,000/s"
        )
        _ = try await add(
            "case page, all sections",
            visitors.pages(calls * 4) { "/cases/\($0.digits)" },
            goal: "≥ 1,000/s"
        )
        _ = try await add("case list, first page", visitors.pages(calls * 4) { _ in "/cases" })
        _ = try await add("first page of a health centre", visitors.pages(calls * 4) { _ in "/" })
        // Last of all: a case with many reports is a longer page.
        let people = (0..<calls * 20).map { HealthReports.request($0, phones.phone($0)) }
        _ = try await add("health report from a phone", people, goal: "ratio ≥ 0.6, ≥ 4,000/s")
        rows.append(Row("server: peak memory", Quantity(server.peakMemory, "MiB"), goal: "≤ 600 MiB"))
        rows += try await Overload.measure(server, posts, seconds: overload)
        return rows
    }

    /// An address that answers at once, asked by POST where it takes one.
    private var empty: Request {
        let post = Request("POST", "/healthz", expecting: 200)
        let isTaken = Server.answers(server.port, post)
        return isTaken ? post : Request("GET", "/healthz", expecting: 200)
    }
}
