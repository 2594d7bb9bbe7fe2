import Access
import Casework
import Catalogue
import Foundation
import Storage

/// The release server as a child, without TLS, on loopback.
struct Server {
    private let process = Process()
    let port = Connection.freePort()
    /// Seconds from its start to its first answer.
    private(set) var startedIn = 0.0

    struct NotStarted: Error {}

    init(program: String, database: String, keys: String) async throws {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [
            "serve", "--database", "sqlite:\(database)", "--keys", keys, "--listen", "127.0.0.1:\(port)",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let start = ContinuousClock.now
        try process.run()
        let alive = Load.request("GET", "/healthz")
        while Measure.seconds(since: start) < 30 {
            if Self.answers(port, alive) {
                startedIn = Measure.seconds(since: start)
                return
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        process.terminate()
        throw NotStarted()
    }

    private static func answers(_ port: UInt16, _ request: [UInt8]) -> Bool {
        guard var connection = try? Connection(port: port), let answer = try? connection.exchange(request) else {
            return false
        }
        return answer.status == 200
    }

    var peakMemory: Double { Measure.peakMemory(process: String(process.processIdentifier)) }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}

/// What a server is asked with: prepared while the database is still open here.
struct Visitors {
    /// A bearer token for each institution that files a report.
    let tokens: [String: String]
    /// A health centre's session.
    let session: String
    /// Cases it may see.
    let numbers: [CaseNumber]

    init(_ casework: Casework, _ reports: Reports, staff: Caller, login: String) async throws {
        var tokens: [String: String] = [:]
        for one in reports.all where tokens[one.caller.organisation.key] == nil {
            let key = one.caller.organisation.key
            let client = try await casework.issueClient(organisation: key, name: "benchmark")
            tokens[key] = try await casework.token(client: client.id, secret: client.secret)?.token
        }
        self.tokens = tokens
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
}

/// Pages and the API over HTTP.
struct Serving {
    let server: Server
    let reports: Reports
    let visitors: Visitors
    let calls: Int

    func measure(limit: Double) async throws -> [Row] {
        let port = server.port
        let alive = [[UInt8]](repeating: Load.request("GET", "/healthz"), count: calls * 20)
        _ = try await Load.run(port: port, requests: Array(alive.prefix(2000)), expecting: 200)
        let empty = try await Load.run(port: port, requests: alive, expecting: 200)
        let filed = try await Load.run(port: port, requests: try posts(), expecting: 201)
        let cases = try await Load.run(port: port, requests: pages { "/cases/\($0.digits)" }, expecting: 200)
        let lists = try await Load.run(port: port, requests: pages { _ in "/cases" }, expecting: 200)
        let first = try await Load.run(port: port, requests: pages { _ in "/" }, expecting: 200)
        let answers = Quantity(empty, "/s")
        return [
            Row("server: start to first answer", Quantity(server.startedIn, "s"), goal: "≤ 0.3 s"),
            Row("HTTP: empty handler, 64 connections", answers),
            Row(
                "HTTP: notification through the API",
                Quantity(filed, "/s"),
                limit: Quantity(limit, "/s"),
                limitIs: "engine alone",
                goal: "ratio ≥ 0.5, ≥ 1,000/s"
            ),
            Row(
                "HTTP: case page, all sections",
                Quantity(cases, "/s"),
                limit: answers,
                limitIs: "empty handler",
                goal: "≥ 1,000/s"
            ),
            Row("HTTP: case list, first page", Quantity(lists, "/s"), limit: answers, limitIs: "empty handler"),
            Row("HTTP: first page of a health centre", Quantity(first, "/s"), limit: answers, limitIs: "empty handler"),
            Row("server: peak memory", Quantity(server.peakMemory, "MiB"), goal: "≤ 600 MiB"),
        ]
    }

    private func posts() throws -> [[UInt8]] {
        try reports.all.map { one in
            Load.request(
                "POST",
                "/api/v1/cases",
                [
                    "Authorization": "Bearer \(visitors.tokens[one.caller.organisation.key] ?? "")",
                    "Content-Type": "application/json",
                ],
                body: try ReportJSON.bytes(one.report)
            )
        }
    }

    private func pages(_ path: (CaseNumber) -> String) -> [[UInt8]] {
        (0..<calls * 4).map { call in
            Load.request(
                "GET",
                path(visitors.numbers[call % visitors.numbers.count]),
                ["Cookie": "__Host-session=\(visitors.session)"]
            )
        }
    }
}

/// A report as an API client sends it.
enum ReportJSON {
    static func bytes(_ report: Report) throws -> [UInt8] {
        let tests = try report.tests.map(object).joined(separator: ",")
        return Array(
            #"{"form":\#(try quoted(report.form)),"keep_warnings":true,"items":\#(try object(report.items)),"#.utf8
        )
            + Array(#""tests":[\#(tests)]}"#.utf8)
    }

    private static func object(_ record: Record) throws -> String {
        let members = try record.all.sorted { $0.key < $1.key }.map { "\(try quoted($0.key)):\(try json($0.value))" }
        return "{\(members.joined(separator: ","))}"
    }

    private static func json(_ value: Value) throws -> String {
        switch value {
        case .text(let text): try quoted(text)
        case .integer(let number): String(number)
        case .decimal(let number): number.text
        case .date(let date): try quoted(date.iso)
        case .time(let time): try quoted(time.rfc3339)
        case .code(let code): try quoted(code.rawValue)
        case .codes(let codes): "[\(try codes.map { try quoted($0.rawValue) }.joined(separator: ","))]"
        case .institution(let institution):
            if let code = institution.code {
                #"{"name":\#(try quoted(institution.name)),"code":\#(try quoted(code))}"#
            } else {
                try quoted(institution.name)
            }
        }
    }

    private static func quoted(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
}
