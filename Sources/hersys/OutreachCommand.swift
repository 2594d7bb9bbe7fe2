import ArgumentParser
import Casework
import Catalogue
import Storage

/// `hersys outreach`: the ledger of calls and short messages.
struct OutreachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outreach",
        abstract: "電話・SMSの発信記録を新しい順に表示します",
        discussion: "番号と本文は記録していません。結果の意味は docs/operations.md にあります。"
    )

    @OptionGroup var database: DatabaseOptions

    @Option(help: "表示する件数（1〜10000、既定 50）")
    var most = 50

    @Flag(help: "一覧をJSONで出力します")
    var json = false

    /// One line for a program.
    private struct Row: Encodable {
        let message: Int64
        let attempt: Int
        let account: Int64?
        let purpose: String
        let kind: String
        let driver: String
        let at: String
        let endedAt: String?
        let reference: String
        let outcome: String
        let cause: String
    }

    func run() async throws {
        guard (1...10_000).contains(most) else { throw ValidationError("--most は1から10000までの数で指定してください。") }
        let casework = try await Settings().casework(database)
        let rows = try await casework.outreachAttempts(most: most).map {
            Row(
                message: $0.message,
                attempt: $0.attempt,
                account: $0.account,
                purpose: $0.purpose,
                kind: $0.kind,
                driver: $0.driver,
                at: $0.at.rfc3339,
                endedAt: $0.endedAt?.rfc3339,
                reference: $0.reference,
                outcome: $0.outcome,
                cause: $0.cause
            )
        }
        if json { return try Terminal.json(rows) }
        if rows.isEmpty { return Terminal.say("発信記録はまだありません。") }
        for row in rows {
            print(
                "\(row.at)\t\(row.message)-\(row.attempt)\t\(row.kind)\t\(row.driver)\t\(row.outcome)\t\(row.cause)"
            )
        }
    }
}
