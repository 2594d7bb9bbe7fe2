import Casework
import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// Who may read the numbers.
public enum MetricsAccess: Sendable {
    /// Programs on the same machine; only where no proxy stands before, for it comes from there, too.
    case loopback
    /// Whoever has this token.
    case token(String)
    /// Nobody.
    case nobody
}

/// `/metrics`: the server's numbers for Prometheus; for whoever may not read them it doesn't exist.
enum MetricsPage {
    static let routes: [Route] = [
        // A server at its limit is what one wants to see there.
        Route.open(.get, "/metrics") { request, context, site in
            guard isAllowed(request, context, site.metricsAccess) else { throw Refusal.notFound }
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: await text(site)))
            )
        }.within(nil)
    ]

    private static func isAllowed(_ request: Request, _ context: WebContext, _ access: MetricsAccess) -> Bool {
        switch access {
        case .nobody: return false
        case .loopback:
            let isPassedOn = ["forwarded", "x-forwarded-for", "via"].contains { name in
                HTTPField.Name(name).map { request.headers[$0] != nil } ?? false
            }
            return !isPassedOn && (context.address == "::1" || context.address.hasPrefix("127."))
        case .token(let token):
            guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else {
                return false
            }
            // Digests are compared in constant time.
            return SHA256.hash(data: Array(header.utf8.dropFirst(7))) == SHA256.hash(data: Array(token.utf8))
        }
    }

    private static func text(_ site: Site) async -> String {
        var writer = MetricsWriter()
        requests(site.metrics.standing, &writer)
        if let admission = site.metrics.admission { places(admission, &writer) }
        writer.write("hersys_event_streams_open", .gauge, "Open event streams.", Double(site.casework.events.open))
        let isUp = await database(site, &writer)
        writer.write("hersys_database_up", .gauge, "Whether the database answered.", isUp ? 1 : 0)
        process(&writer)
        return writer.text
    }

    private static func requests(_ standing: Metrics.Standing, _ writer: inout MetricsWriter) {
        writer.write(
            "hersys_requests_total",
            .counter,
            "Requests answered, by pattern of address and kind of status.",
            standing.requests.map { one in
                .init(Double(one.count), [("route", one.route), ("status", "\(one.kind)xx")])
            }
        )
        var samples: [MetricsWriter.Sample] = zip(Metrics.bounds.map(MetricsWriter.number) + ["+Inf"], standing.upTo)
            .map { .init(Double($1), [("le", $0)], suffix: "_bucket") }
        samples.append(.init(standing.seconds, suffix: "_sum"))
        samples.append(.init(Double(standing.upTo.last ?? 0), suffix: "_count"))
        writer.write("hersys_request_seconds", .histogram, "Time from a request to its answer.", samples)
        writer.write(
            "hersys_client_calls_limited_total",
            .counter,
            "Calls of programs beyond what one may make.",
            Double(standing.limited)
        )
    }

    private static func places(_ admission: Admission, _ writer: inout MetricsWriter) {
        let standings = Share.allCases.map { ($0, admission.standing($0)) }
        func write(_ name: String, _ kind: MetricsWriter.Kind, _ help: String, _ value: (Places.Standing) -> Int) {
            writer.write(name, kind, help, standings.map { .init(Double(value($1)), [("share", "\($0)")]) })
        }
        write("hersys_admission_working", .gauge, "Places held now.") { $0.held }
        write("hersys_admission_waiting", .gauge, "Requests that wait for a place.") { $0.waiting }
        write("hersys_admission_admitted_total", .counter, "Requests let in.") { $0.admitted }
        write("hersys_admission_refused_total", .counter, "Requests sent away.") { $0.refused }
    }

    /// What stands in the database, the same at every server; false where it doesn't answer.
    private static func database(_ site: Site, _ writer: inout MetricsWriter) async -> Bool {
        if let counts = site.casework.databaseCounts {
            writer.write("hersys_database_reads_total", .counter, "Reading transactions.", Double(counts.reads))
            writer.write("hersys_database_writes_total", .counter, "Writing transactions.", Double(counts.writes))
            writer.write(
                "hersys_database_failures_total",
                .counter,
                "Transactions that failed for want of the database.",
                Double(counts.failures)
            )
        }
        guard let backlog = try? await site.casework.backlog() else { return false }
        writer.write("hersys_jobs_waiting", .gauge, "Jobs that are due and not done.", Double(backlog.jobsWaiting))
        writer.write("hersys_jobs_failed", .gauge, "Jobs that were given up.", Double(backlog.jobsFailed))
        writer.write("hersys_outbox_waiting", .gauge, "Messages waiting to go out.", Double(backlog.messages))
        writer.write(
            "hersys_outbox_oldest_seconds",
            .gauge,
            "Age of the oldest message waiting.",
            Double(backlog.oldestMessage)
        )
        writer.write(
            "hersys_sign_in_failures",
            .gauge,
            "Failed sign-ins and guesses that count now.",
            Double(backlog.failures)
        )
        writer.write("hersys_lockouts", .gauge, "User IDs, clients and addresses locked now.", Double(backlog.locked))
        return true
    }

    private static func process(_ writer: inout MetricsWriter) {
        guard let process = ProcessFigures() else { return }
        writer.write("process_resident_memory_bytes", .gauge, "Resident memory.", process.memory)
        writer.write("process_cpu_seconds_total", .counter, "Processor time.", process.cpuSeconds)
        writer.write("process_start_time_seconds", .gauge, "When the process began.", process.startedAt)
        writer.write("process_open_fds", .gauge, "Open file descriptors.", process.openFiles)
    }
}
