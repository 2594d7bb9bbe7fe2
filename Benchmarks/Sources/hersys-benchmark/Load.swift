import Foundation
import Synchronization

/// A request's bytes and the status that it should be answered with.
struct Request: Sendable {
    let bytes: [UInt8]
    let status: Int

    init(
        _ method: String,
        _ path: String,
        _ headers: [String: String] = [:],
        body: [UInt8] = [],
        expecting status: Int
    ) {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        bytes = Array("\(head)\r\n".utf8) + body
        self.status = status
    }
}

/// How fast requests were answered, and how long each took.
struct Answers: Sendable {
    let rate: Double
    let latencies: Latencies
    /// How often a client was told to come again, and did.
    let refused: Int
}

/// Requests over many connections, each of which waits for its answers.
enum Load {
    /// Not more than the server works on at once: beyond that it sends some away, which is measured by itself.
    static let connections = 32

    /// Who is told to come again does so; any other status than the expected one ends the run.
    static func run(port: UInt16, _ requests: [Request]) async throws -> Answers {
        let failure = Mutex<(any Error)?>(nil)
        let all = Mutex((latencies: Latencies(), refused: 0))
        let seconds = await Measure.seconds {
            await threads(connections) { number in
                var own = Latencies()
                var refused = 0
                do {
                    var connection = try Connection(port: port)
                    for index in stride(from: number, to: requests.count, by: connections) {
                        let start = ContinuousClock.now
                        var answer = try connection.exchange(requests[index].bytes)
                        while answer.status == 503 || answer.status == 429, refused < 100_000 {
                            refused += 1
                            Thread.sleep(forTimeInterval: 0.05)
                            answer = try connection.exchange(requests[index].bytes)
                        }
                        own.record(Measure.seconds(since: start))
                        guard answer.status == requests[index].status else {
                            throw Connection.Failure.answer(
                                status: answer.status,
                                body: String(decoding: answer.body.prefix(300), as: UTF8.self)
                            )
                        }
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
                all.withLock { all in
                    all.latencies.add(own)
                    all.refused += refused
                }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        let (latencies, refused) = all.withLock { $0 }
        return Answers(rate: Double(requests.count) / seconds, latencies: latencies, refused: refused)
    }

    /// Threads of their own: a socket that waits must not hold up the tasks.
    static func threads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            let group = DispatchGroup()
            for number in 0..<count {
                group.enter()
                let thread = Thread {
                    body(number)
                    group.leave()
                }
                thread.stackSize = 1 << 20
                thread.start()
            }
            group.notify(queue: .global()) { done.resume() }
        }
    }
}
