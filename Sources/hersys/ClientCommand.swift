import ArgumentParser
import Casework
import Catalogue
import Foundation
import Storage

/// `hersys client`: programs that use the API.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "APIのクライアントを発行・一覧・停止します",
        subcommands: [Issue.self, List.self, Rotate.self, Bind.self, Stop.self]
    )

    /// What a program reads.
    private struct Issued: Encodable {
        let id: String
        let secret: String
    }

    private static func tell(_ id: String, _ secret: String, json: Bool) throws {
        if json { return try Terminal.json(Issued(id: id, secret: secret)) }
        print("client_id\t\(id)\nclient_secret\t\(secret)")
    }

    /// The thumbprint of a certificate in a file.
    private static func thumbprint(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path),
            let found = Thumbprint.read(String(decoding: data, as: UTF8.self))
        else { throw CommandRefusal("証明書を読めません。PEM形式のファイルを指定してください: \(path)") }
        return found
    }

    private static func refusal(_ id: String) -> CommandRefusal {
        CommandRefusal("クライアント「\(id)」はないか、停止されています。")
    }

    /// `hersys client issue`.
    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "クライアントを発行します。秘密は一度だけ表示されます")

        @OptionGroup var database: DatabaseOptions
        @Option(help: "組織コード") var organisation: String
        @Option(help: "名称（履歴に表示されます）") var name: String = "API"
        @Flag(help: "見ることだけを許します") var readOnly = false
        @Option(help: "クライアント証明書（PEM）。この証明書を使う接続でだけ使えるようにします") var certificate: String?
        @Flag(help: "JSONで出力します") var json = false

        func run() async throws {
            let bound = try certificate.map(thumbprint)
            do {
                let (id, secret) = try await Settings().casework(database)
                    .issueClient(organisation: organisation, name: name, writes: !readOnly, certificate: bound)
                try tell(id, secret, json: json)
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
                print(
                    "\(client.id)\t\(client.organisation)\t\(client.name)\t\(client.usedAt?.rfc3339 ?? "未使用")"
                        + (client.writes ? "" : "\t見るだけ") + (client.stoppedAt == nil ? "" : "\t停止")
                )
            }
        }
    }

    /// `hersys client rotate`.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "クライアントの秘密を交換します。前の秘密は24時間使えます"
        )

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "client_id") var id: String
        @Flag(help: "前の秘密と使用中の接続をすぐに終わらせます") var now = false
        @Flag(help: "JSONで出力します") var json = false

        func run() async throws {
            do {
                let secret = try await Settings().casework(database).rotateClient(id, endsEarlier: now)
                try tell(id, secret, json: json)
            } catch Refusal.notFound {
                throw refusal(id)
            }
        }
    }

    /// `hersys client bind`.
    struct Bind: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "クライアントを証明書に結び付けます。ファイルを指定しなければ結び付けを解きます"
        )

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "client_id") var id: String
        @Argument(help: "クライアント証明書（PEM）") var certificate: String?

        func run() async throws {
            let bound = try certificate.map(thumbprint)
            do {
                try await Settings().casework(database).bindClient(id, to: bound)
            } catch Refusal.notFound {
                throw refusal(id)
            }
            print(bound == nil ? "結び付けを解きました: \(id)" : "結び付けました: \(id)")
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
                throw refusal(id)
            }
            print("停止しました: \(id)")
        }
    }
}
