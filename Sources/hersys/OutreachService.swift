import Casework
import Logging
import Outreach
import ServiceLifecycle

/// Calls and short messages as a part of a process: nothing new is begun when it is asked to end, and calls go on for
/// some seconds.
struct OutreachService: Service {
    private let dispatcher: Dispatcher

    init(_ casework: Casework, _ ways: Ways, _ logger: Logger) {
        dispatcher = Dispatcher(casework, ways: ways, tell: { Self.write($0, to: logger) })
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await dispatcher.run()
        } onGracefulShutdown: {
            dispatcher.stop()
        }
    }

    /// Numbers of messages and codes only.
    private static func write(_ note: DispatchNote, to logger: Logger) {
        switch note {
        case .away(let code): logger.error("outreach waits for the database", metadata: ["error": .string(code)])
        case .back: logger.notice("outreach goes on")
        case .lost(let count):
            logger.warning("messages without a known end", metadata: ["count": .stringConvertible(count)])
        case .attempted(let message, let driver, let outcome, let cause):
            let isTrouble = ["failed", "engine-lost", "unknown", "blocked"].contains(outcome)
            logger.log(
                level: isTrouble ? .warning : .info,
                "outreach attempt",
                metadata: [
                    "message": .stringConvertible(message), "driver": .string(driver), "outcome": .string(outcome),
                    "cause": .string(cause),
                ]
            )
        }
    }

    /// What lines and providers say.
    static func write(_ note: OutreachNote, to logger: Logger) {
        switch note {
        case .lineUp(let line): logger.notice("line ready", metadata: ["line": .stringConvertible(line)])
        case .lineDown(let line, let cause):
            logger.error("line down", metadata: ["line": .stringConvertible(line), "cause": .string(cause)])
        case .refused(let driver, let cause):
            logger.error("outreach refused", metadata: ["driver": .string(driver), "cause": .string(cause)])
        }
    }
}
