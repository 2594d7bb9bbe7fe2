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
        @Option(help: "組織のキー") var organisation: String
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

/// `hersys client`: programs that use the API.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "APIのクライアントを発行・一覧・停止します",
        subcommands: [Issue.self, List.self, Stop.self]
    )

    /// `hersys client issue`.
    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "クライアントを発行します。秘密は一度だけ表示されます")

        /// What a program reads.
        private struct Issued: Encodable {
            let id: String
            let secret: String
        }

        @OptionGroup var database: DatabaseOptions
        @Option(help: "組織のキー") var organisation: String
        @Option(help: "名称（履歴に表示されます）") var name: String = "API"
        @Flag(help: "JSONで出力します") var json = false

        func run() async throws {
            do {
                let (id, secret) = try await Settings().casework(database)
                    .issueClient(organisation: organisation, name: name)
                if json { return try Terminal.json(Issued(id: id, secret: secret)) }
                print("client_id\t\(id)\nclient_secret\t\(secret)")
            } catch Refusal.findings(let findings) {
                throw CommandRefusal(findings.map(\.message).joined(separator: "\n"))
            }
        }
    }

    /// `hersys client list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "クライアントの一覧")

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            for client in try await Settings().casework(database).clients() {
                print("\(client.id)\t\(client.organisation)\t\(client.name)" + (client.stoppedAt == nil ? "" : "\t停止"))
            }
        }
    }

    /// `hersys client stop`.
    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "クライアントを停止します")

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "client_id") var id: String

        func run() async throws {
            do {
                try await Settings().casework(database).stopClient(id)
            } catch Refusal.notFound {
                throw CommandRefusal("クライアント「\(id)」はありません。")
            }
            print("停止しました: \(id)")
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
