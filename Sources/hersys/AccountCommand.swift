import Access
import ArgumentParser
import Casework
import Catalogue
import Storage

/// `hersys account`: issue, list, stop.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "アカウントを発行・一覧・停止します",
        subcommands: [Issue.self, List.self, Stop.self]
    )

    /// `hersys account issue`.
    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "アカウントを発行します。パスワードは標準入力から読みます")

        @OptionGroup var database: DatabaseOptions
        @Option(help: "ユーザーID") var login: String
        @Option(help: "氏名") var name: String
        @Option(help: "組織コード") var organisation: String
        @Option(help: "ワンタイムパスワードを受ける電話番号") var phone: String
        @Option(
            help: "役割（issuer 利用者認証実施者、supervisor システム利用統括責任者、manager システム利用管理者）。繰り返せます",
            transform: namedDuty
        )
        var duty: [Duty] = []
        @Flag(help: "はじめのログインで新しいパスワードを設定させます") var firstUse = false

        func run() async throws {
            let casework = try await Settings().casework(database)
            Terminal.say("パスワード（12文字以上）を1行で入力してください。")
            guard let password = readLine(strippingNewline: true) else {
                throw ValidationError("標準入力にパスワードがありません。")
            }
            do {
                try await casework.issueAccount(
                    login: login,
                    name: name,
                    organisation: organisation,
                    phone: phone,
                    password: password,
                    duties: Set(duty),
                    firstUse: firstUse
                )
            } catch Refusal.findings(let findings) {
                throw CommandRefusal(findings.map(\.message).joined(separator: "\n"))
            }
            print("発行しました: \(login)")
        }
    }

    /// `hersys account list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "アカウントの一覧")

        /// One line for a program.
        private struct Row: Encodable {
            let login: String
            let name: String
            let organisation: String
            let lastUsed: String?
            let stopped: String?
        }

        @OptionGroup var database: DatabaseOptions
        @Flag(help: "JSONで出力します") var json = false

        func run() async throws {
            let rows = try await Settings().casework(database).accountList().map {
                Row(
                    login: $0.login,
                    name: $0.name,
                    organisation: $0.organisation,
                    lastUsed: $0.usedAt?.rfc3339,
                    stopped: $0.stoppedAt?.rfc3339
                )
            }
            if json { return try Terminal.json(rows) }
            for row in rows {
                print(
                    "\(row.login)\t\(row.organisation)\t\(row.name)\t\(row.lastUsed ?? "未使用")"
                        + (row.stopped == nil ? "" : "\t停止")
                )
            }
        }
    }

    /// `hersys account stop`.
    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "アカウントを停止し、そのセッションをすべて終わらせます")

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "ユーザーID") var login: String

        func run() async throws {
            do {
                try await Settings().casework(database).stopAccount(login: login)
            } catch Refusal.notFound {
                throw CommandRefusal("ユーザーID「\(login)」はありません。")
            }
            print("停止しました: \(login)")
        }
    }
}

/// Reads a duty as the command line names it.
private func namedDuty(_ text: String) throws -> Duty {
    guard let duty = Duty(rawValue: text) else {
        throw ValidationError("--duty は issuer、supervisor、manager のどれかで指定してください。")
    }
    return duty
}
