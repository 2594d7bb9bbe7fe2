import Casework
import Storage

// What is said about keys, and what to do.

extension KeyCommand {
    /// Keys with the first half of what tells them apart: `鍵 1（0a1b2c3d）`.
    static func list(_ keys: [UInt32], _ fingerprints: [UInt32: String]?) -> String {
        keys.map { key in "鍵 \(key)" + (fingerprints?[key].map { "（\($0.prefix(8))）" } ?? "") }.joined(separator: "、")
    }

    /// Fingerprints as a program reads them.
    static func byName(_ fingerprints: [UInt32: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: fingerprints.map { (String($0.key), $0.value) })
    }

    /// A server with its keys.
    static func line(_ server: KeyHolderNote) -> String {
        "\(server.machine)\t\(list(server.known, server.fingerprints))\t書き込み \(server.writes)"
            + (server.refusesFile ? "\t置かれている鍵のファイルを読み込めていません（再起動しないでください）" : "")
    }

    private static func lines(_ servers: [KeyHolderNote]) -> String {
        servers.map(line).joined(separator: "\n")
    }

    /// Where the key file is to be had.
    private static func source(_ servers: [KeyHolderNote]) -> String {
        servers.isEmpty
            ? "保管している新しい鍵のファイルの写しを置いてください。"
            : "次のサーバーの鍵のファイルをここへ写してください。今のファイルは、上書きする前に別の名前で残してください。\n\(lines(servers))"
    }

    /// What is said where the key file hasn't the key that is written with.
    static func words(_ inUse: (key: WritingKey, servers: [KeyHolderNote])?, _ own: [UInt32: String]) -> CommandRefusal
    {
        guard let (key, servers) = inUse, own[key.number] != nil else {
            return CommandRefusal("鍵のファイルに、今使われている鍵がありません。\(source(inUse?.servers ?? []))")
        }
        return words(.notOurs(key.number, at: servers), key.number)
    }

    /// What is said of a refusal about a key.
    static func words(_ refusal: KeyRefusal, _ key: UInt32) -> CommandRefusal {
        let text =
            switch refusal {
            case .unknown(let servers):
                "次のサーバーはまだ鍵 \(key) を持っていません。鍵のファイルを配ってから数秒待って、もう一度実行してください。\n\(lines(servers))"
            case .different(let servers):
                """
                次のサーバーの鍵は、番号が同じでも中身がこのファイルの鍵と違います。このままでは記録が読めなくなります。
                このファイルを次のサーバーの鍵のファイルに上書きし（前のファイルは別の名前で残してください）、数秒待って、もう一度実行してください。
                \(lines(servers))
                """
            case .refusing(let servers):
                """
                次のサーバーは、置かれている鍵のファイルを読み込めず、前に読んだ鍵で動いています。再起動しないでください。
                このファイルをそのサーバーの鍵のファイルに上書きし（前のファイルは別の名前で残してください）、数秒待って、もう一度実行してください。
                \(lines(servers))
                """
            case .outdated(let servers):
                "次のサーバーは前の版のプログラムで、鍵の中身を確かめられません。新しい版に更新してから、もう一度実行してください。\n\(lines(servers))"
            case .notOurs(let number, let servers):
                "鍵のファイルの鍵 \(number) は、今使われている鍵 \(number) と番号が同じでも中身が違います。\(source(servers))"
            case .closed(let parts):
                """
                このファイルの鍵では記録を開けません。鍵のファイルを取り違えています。何も変えていません。
                動いているサーバーを再起動せず、保管している鍵のファイルの写しを確かめてください。
                """ + (parts.isEmpty ? "" : "\n" + parts.joined(separator: "\n"))
            case .unlike(let servers):
                "次のサーバーはまだ別の鍵で書き込んでいます。数秒待って、もう一度実行してください。\n\(lines(servers))"
            case .isCurrent: "鍵 \(key) は書き込みに使われています。先に hersys key rotate を実行してください。"
            case .used(let rows):
                "鍵 \(key) で暗号化された行が\(rows)行あります。hersys key rotate で暗号化し直してください。"
            case .tooSoon(let seconds):
                "切り替えから1時間たっていません（あと\(seconds / 60 + 1)分）。切り替えの前に始めた取込などが動いていなければ、--now を付けてください。"
            }
        return CommandRefusal(text)
    }
}
