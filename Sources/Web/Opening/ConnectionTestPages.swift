import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import NIOCore

/// 接続環境の確認: an open page on which a machine is tested before there are IDs.
enum ConnectionTestPages {
    static let routes: [Route] = [
        .open(.get, "/connection-test", show),
        .open(.post, "/connection-test", send),
        .open(.get, "/connection-test/print") { _, _, site in .page(ConnectionTestView.paper(site)) },
        .open(.get, "/connection-test/cookie") { request, _, _ in
            .json(#"{"cookie":\#(hasCookie(request))}"#)
        },
        .open(.get, "/connection-test/clock") { _, _, site in
            .json(#"{"now":\#(site.casework.clock().seconds)}"#)
        },
        .open(.get, "/connection-test/organisations") { request, _, site in
            let prefecture = try request.query()["prefecture"] ?? ""
            let found = try await site.casework.testedOrganisations(in: prefecture)
            return try .json(encoding: found.map { [$0.key, $0.name] })
        },
        // Both hold no place of work: the one waits, the other only receives. TestPlaces bounds them.
        .open(.get, "/connection-test/events", events).within(nil),
        .open(.post, "/connection-test/upload", upload).within(nil),
    ]

    // MARK: The page

    /// The cookie of the test: the same for everybody, for ten minutes.
    private static let cookie = "__Host-connection-test"

    private static func hasCookie(_ request: Request) -> Bool {
        request.headers[values: .cookie].contains { header in
            header.split(separator: ";").contains { $0.drop { $0 == " " } == "\(cookie)=1" }
        }
    }

    private static func seen(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        again: Bool
    ) async -> ConnectionSeen {
        ConnectionSeen(
            transport: await site.transport(context.channel),
            hasCookie: hasCookie(request),
            hasAskedAgain: again,
            address: context.address,
            host: host(request.head.authority ?? "")
        )
    }

    /// The name without the port; an IPv6 address stands in brackets.
    private static func host(_ authority: String) -> String {
        let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : nil
        return String(authority[..<(end ?? authority.firstIndex(of: ":") ?? authority.endIndex)].prefix(255))
    }

    private static func show(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        let again = try request.query()["again"] != nil
        let seen = await seen(request, context, site, again: again)
        let staff = try? await site.staff(request, context)
        var response = Response.page(ConnectionTestView(seen: seen, staff: staff ?? nil).html(site))
        response.headers.append(
            HTTPField(
                name: .setCookie,
                value: "\(cookie)=1; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax"
            )
        )
        return response
    }

    /// Results for the ministry's list.
    ///
    /// The organisation is chosen on the second page where no script has shown it on the first.
    private static func send(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        guard site.isFromUs(request) else { throw PageFailure.foreignForm }
        let sent = try await FormData.read(request, context)
        let seen = await seen(request, context, site, again: true)
        var view = ConnectionTestView(seen: seen, staff: nil)
        view.sent = outcomes(sent, seen)
        view.prefecture = sent["prefecture"] ?? ""
        view.machine = sent["machine"] ?? ""
        view.organisation = sent["organisation"] ?? ""
        view.organisations = try await site.casework.testedOrganisations(in: view.prefecture)
        guard CodeList.prefecture[Code(view.prefecture)] != nil else {
            view.findings = [Finding("prefecture", "required", "都道府県を選んでください。")]
            return .page(view.html(site), status: .unprocessableContent)
        }
        // The first time without a script there is nothing yet to choose from.
        if sent["organisation"] == nil { return .page(view.html(site)) }
        let report = ConnectionReport(
            organisation: view.organisations.contains { $0.key == view.organisation } ? view.organisation : "",
            machine: view.machine,
            outcomes: view.sent ?? [:]
        )
        do {
            try await site.casework.reportConnection(report, address: context.address)
            view.isStored = true
            return .page(view.html(site))
        } catch Refusal.findings(let findings) {
            view.findings = findings
            return .page(view.html(site), status: .unprocessableContent)
        } catch Refusal.tooMany(let seconds) {
            let text = "この場所からの送信が続いたため、しばらく受け付けられません。\(ErrorPages.wait(seconds))後にもう一度お試しください。"
            view.findings = [Finding("machine", "too_many", text)]
            var response = Response.page(view.html(site), status: .tooManyRequests)
            response.headers[.retryAfter] = String(max(1, seconds))
            return response
        }
    }

    /// What the page has found, except for what the server sees itself.
    private static func outcomes(
        _ sent: FormData,
        _ seen: ConnectionSeen
    ) -> [ConnectionCheck: ConnectionCheck.Outcome] {
        var result: [ConnectionCheck: ConnectionCheck.Outcome] = [:]
        for check in ConnectionCheck.allCases {
            let typed = sent["r.\(check.rawValue)"].flatMap(ConnectionCheck.Outcome.init(rawValue:)) ?? .unknown
            switch check {
            case .tls: result[check] = seen.outcome(.tls)
            case .cookie: result[check] = seen.outcome(.cookie)
            // A browser without it sends what stood in the page.
            case .javascript: result[check] = typed == .ok ? .ok : .fail
            case .clock, .events, .upload, .latency, .display, .print: result[check] = typed
            }
        }
        return result
    }

    // MARK: What the script measures with

    /// Three events half a second apart: a proxy that keeps them back delivers them together.
    private static func events(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        let (places, address) = (site.testPlaces, context.address)
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8"],
            body: ResponseBody { writer in
                guard places.take(.stream, address) else {
                    try await writer.write(ByteBuffer(string: "event: busy\ndata: 0\n\n"))
                    try await writer.finish(nil)
                    return
                }
                defer { places.give(.stream, address) }
                for number in 1...3 {
                    if number > 1 { try await Task.sleep(for: .milliseconds(500)) }
                    try await writer.write(ByteBuffer(string: "event: test\ndata: \(number)\n\n"))
                }
                try await writer.finish(nil)
            }
        )
    }

    /// The most that the test of large bodies takes: 5 MB and what a proxy adds.
    static let mostBytes = 6 << 20
    private static let patience = Duration.seconds(40)

    /// Takes in a large body and keeps nothing of it.
    private static func upload(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        guard site.isFromUs(request) else { throw PageFailure.foreignForm }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > mostBytes {
            throw PageFailure.tooLarge
        }
        guard site.testPlaces.take(.upload, context.address) else {
            return Response(status: .tooManyRequests, headers: [.retryAfter: "3"])
        }
        defer { site.testPlaces.give(.upload, context.address) }
        return .json(#"{"received":\#(try await discard(request.body))}"#)
    }

    private static func discard(_ body: RequestBody) async throws -> Int {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                var received = 0
                for try await part in body {
                    received += part.readableBytes
                    guard received <= mostBytes else { throw PageFailure.tooLarge }
                }
                return received
            }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            guard let first = try await group.next(), let received = first else { throw HTTPError(.requestTimeout) }
            return received
        }
    }
}
