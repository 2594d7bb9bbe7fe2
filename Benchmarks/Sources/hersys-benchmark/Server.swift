import Foundation

/// The release server as a child, without TLS, on loopback.
struct Server {
    private let process = Process()
    let port = Connection.freePort()
    /// Seconds from its start to its first answer.
    private(set) var startedIn = 0.0

    struct NotStarted: Error {}

    init(program: String, _ ground: Ground) async throws {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [
            "serve", "--database", ground.place.address, "--keys", ground.keyPath, "--listen", "127.0.0.1:\(port)",
        ]
        // One client asks here for the whole country.
        process.environment = ProcessInfo.processInfo.environment.merging(["HERSYS_CLIENT_RATE": "1000000"]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        // Whatever it complains about is told at once.
        process.standardError = FileHandle.standardError
        let start = ContinuousClock.now
        try process.run()
        let alive = Request("GET", "/healthz", expecting: 200)
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

    static func answers(_ port: UInt16, _ request: Request) -> Bool {
        guard var connection = try? Connection(port: port), let answer = try? connection.exchange(request.bytes) else {
            return false
        }
        return answer.status == 200
    }

    var processIdentifier: Int32 { process.processIdentifier }

    var peakMemory: Double { Processor.peakMemory(process: String(process.processIdentifier)) }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
