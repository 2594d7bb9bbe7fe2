import ArgumentParser
import Casework
import Catalogue
import Logging
import ServiceLifecycle
import Storage
import UnixSignals

/// `hersys work`: background work alone, beside servers that run with `--work off` or without it.
struct Work: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "定期の作業（期限切れの整理など）と、ワンタイムパスワードの電話・SMSの発信を行います",
        discussion: "hersys serve も既定で同じ作業を行います。何台で動かしても、一つの作業は同時に一か所でだけ行われます。"
    )

    @OptionGroup var database: DatabaseOptions

    @Flag(help: "失敗して打ち切られた作業の一覧を表示して終わります")
    var failed = false

    @Option(help: "打ち切られた作業を、番号を指定してやり直しに戻します")
    var retry: Int64?

    @Flag(help: "一覧をJSONで出力します")
    var json = false

    /// One line for a program.
    private struct Row: Encodable {
        let id: Int64
        let kind: String
        let since: String
        let attempts: Int
        let code: String
    }

    func run() async throws {
        let settings = try await Settings()
        if let retry { return try await putBack(retry, try await settings.casework(database)) }
        if failed { return try await list(try await settings.casework(database)) }
        var logger = Logger(label: "hersys")
        logger.logLevel = .notice
        let casework = try await settings.casework(database, patience: .seconds(10))
        let outreach = try await settings.outreach(isDemonstration: false, sends: true) { [logger] note in
            OutreachService.write(note, to: logger)
        }
        Terminal.say("HER-SYS: 定期の作業を始めました。")
        let sending: [any Service] = outreach.ways.map { [OutreachService(casework, $0, logger)] } ?? []
        try await ServiceGroup(
            services: sending + [
                WorkService(casework, logger),
                KeyWatch(casework, path: try settings.keyPath(database), works: true, logger),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        ).run()
    }

    private func list(_ casework: Casework) async throws {
        let rows = try await casework.failedJobs().map {
            Row(id: $0.id, kind: $0.kind, since: $0.since.rfc3339, attempts: $0.attempts, code: $0.code)
        }
        if json { return try Terminal.json(rows) }
        if rows.isEmpty { return Terminal.say("打ち切られた作業はありません。") }
        for row in rows { print("\(row.id)\t\(row.kind)\t\(row.since)\t\(row.attempts)回\t\(row.code)") }
    }

    private func putBack(_ id: Int64, _ casework: Casework) async throws {
        do {
            try await casework.retryJob(id)
        } catch Refusal.notFound {
            throw CommandRefusal("打ち切られた作業に \(id) 番はありません。hersys work --failed で確かめてください。")
        }
        print("やり直しに戻しました: \(id)")
    }
}

/// A worker as a part of a process: it ends in order when the process is asked to.
struct WorkService: Service {
    private let worker: Worker

    init(_ casework: Casework, _ logger: Logger) {
        worker = Worker(casework, tell: { Self.write($0, to: logger) })
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await worker.run()
        } onGracefulShutdown: {
            worker.stop()
        }
    }

    /// Kinds, numbers and codes only.
    private static func write(_ note: WorkNote, to logger: Logger) {
        func about(_ kind: String, _ id: Int64, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
            more.merging(["kind": .string(kind), "job": .stringConvertible(id)]) { first, _ in first }
        }
        switch note {
        case .away(let code): logger.error("work waits for the database", metadata: ["error": .string(code)])
        case .back: logger.notice("work goes on")
        case .done(let kind, let id): logger.info("job done", metadata: about(kind, id))
        case .failed(let kind, let id, let attempt, let code):
            logger.warning(
                "job failed",
                metadata: about(kind, id, ["attempt": .stringConvertible(attempt), "error": .string(code)])
            )
        case .givenUp(let kind, let id, let code):
            logger.error("job given up", metadata: about(kind, id, ["error": .string(code)]))
        case .givenBack(let kind, let id): logger.notice("job given back", metadata: about(kind, id))
        case .lost(let kind, let id): logger.warning("job lost to another worker", metadata: about(kind, id))
        case .chainEnd(let end):
            logger.notice(
                "chain end",
                metadata: [
                    "book": .string(end.book == .history ? "history" : "observations"),
                    "lane": .stringConvertible(end.lane), "position": .stringConvertible(end.position),
                    "hash": .string(end.hash),
                ]
            )
        }
    }
}
