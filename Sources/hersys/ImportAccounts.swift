import Access
import ArgumentParser
import Casework
import Catalogue
import Foundation
import Storage

/// `hersys import accounts`: issues accounts from a CSV file, for somebody who issues.
struct ImportAccounts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts",
        abstract: "CSVのアカウントを発行します。ID通知票は --as のアカウントが画面で24時間以内に印刷します"
    )

    /// What a program reads.
    private struct Report: Encodable {
        let rows: Int
        let issued: Int
        let waiting: Int
        let rejected: Int
    }

    @OptionGroup var database: DatabaseOptions
    @Argument(help: "CSVファイル（見出し: ユーザーID、氏名、組織、電話番号、役割）") var file: String
    @Flag(help: "確認だけで発行しません") var dryRun = false
    @Option(help: "受け付けなかった行を書き出すファイル") var rejects: String?
    @Option(help: "発行するアカウント（利用者認証実施者）") var `as`: String
    @Flag(help: "結果をJSONで出力します") var json = false

    func run() async throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandRefusal("ファイルを読めません: \(file)")
        }
        let casework = try await Settings().casework(database)
        let caller = try await caller(casework)
        let id: String
        do {
            id = try await casework.checkAccountFile(Array(data), by: caller)
        } catch Refusal.findings(let findings) {
            throw CommandRefusal(findings.map(\.message).joined(separator: "\n"))
        } catch Refusal.notFound {
            throw CommandRefusal("アカウント「\(`as`)」は利用者認証実施者ではありません。")
        }
        if !dryRun {
            try await casework.issueAccountFile(id, of: caller.viewer.account) {
                Terminal.progress("発行", $0, of: $1)
            }
        }
        let state = try await casework.accountFile(id, by: caller)
        for row in try await casework.accountRows(id, .refused, most: 20, by: caller) {
            for reason in row.reasons { Terminal.say("\(row.line)行 \(reason.column): \(reason.text)") }
        }
        if state.refused > 20 { Terminal.say("ほか\(state.refused - 20)行") }
        if let rejects, state.refused > 0 {
            try Data(await casework.accountRejects(id, by: caller)).write(to: URL(fileURLWithPath: rejects))
        }
        // A file that was only looked at leaves nothing behind.
        if dryRun { try await casework.dropAccountFile(id, by: caller) }
        let report = Report(
            rows: state.rows,
            issued: state.issued,
            waiting: state.waiting,
            rejected: state.refused
        )
        if json {
            try Terminal.json(report)
        } else {
            print(
                "全\(report.rows)行: 発行\(report.issued)、拒否\(report.rejected)"
                    + (report.waiting > 0 ? "、発行できる行\(report.waiting)（発行していません）" : "")
            )
            if state.slips > 0 {
                print("ID通知票\(state.slips)枚: \(`as`) でログインし、/admin/account-files/\(id) から24時間以内に印刷してください。")
            }
        }
        if report.rejected > 0 { throw ExitCode(1) }
    }

    private func caller(_ casework: Casework) async throws -> Caller {
        let directory = try await casework.directory()
        guard let account = try await casework.accountList().first(where: { $0.login == `as` }),
            account.stoppedAt == nil, let organisation = directory[account.organisation]
        else { throw CommandRefusal("アカウント「\(`as`)」はありません。") }
        return Caller(
            Viewer(organisation: organisation, account: account.id, name: account.name),
            through: .file,
            address: "local"
        )
    }
}
