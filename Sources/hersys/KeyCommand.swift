import ArgumentParser
import Casework
import Foundation
import Storage

/// `hersys key`: sealing keys.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "暗号鍵を扱います",
        discussion: "鍵の交換は new --add、rotate、retire の順に行います。詳しくは docs/operations.md をご覧ください。",
        subcommands: [New.self, Rotate.self, Status.self, Retire.self]
    )

    /// `hersys key new`.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "新しい鍵のファイルを作ります（上書きはしません）")

        @OptionGroup var database: DatabaseOptions
        @Flag(help: "今の鍵のファイルに新しい鍵を加えます（まだ書き込みには使いません）") var add = false

        func run() async throws {
            let settings = try await Settings()
            let path = try settings.keyPath(database)
            guard add else { return try make(path) }
            let ring = try settings.keyRing(at: path).adding()
            try KeyCommand.replace(ring, path)
            print(ring.newest)
            Terminal.say(
                """
                鍵 \(ring.newest) を加えました。まだ書き込みには使われません。
                1. このファイルを、すべてのサーバーの鍵のファイルに上書きしてください（再起動は要りません）: \(path)
                2. 別の場所に保管している写しも取り替えてください。前の写しは、前の鍵で作った控えがある間は捨てないでください。
                3. hersys key rotate を実行してください。
                """
            )
        }

        private func make(_ path: String) throws {
            do {
                try Settings.makeFolder(of: path)
                try KeyRing.generate().save(path: path)
            } catch KeyRing.Failure.exists {
                throw CommandRefusal("鍵のファイルがすでにあるか、書き込めません: \(path)")
            }
            print(path)
            Terminal.say("鍵を作りました。データベースとは別の場所に写しを保管してください。失うと記録は二度と読めません。")
        }
    }

    /// `hersys key rotate`.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "一番新しい鍵での書き込みに切り替え、これまでの行を新しい鍵で暗号化し直します（運用中にできます）"
        )

        @OptionGroup var database: DatabaseOptions
        @Flag(name: .customLong("no-wait"), help: "暗号化のし直しが終わるのを待ちません（サーバーが続けます）") var isLeft = false

        func run() async throws {
            let settings = try await Settings()
            let path = try settings.keyPath(database)
            let ring = try settings.keyRing(at: path)
            let casework = try await settings.casework(database)
            let key = ring.newest
            if key == 1 {
                throw CommandRefusal("鍵のファイルには最初の鍵しかありません。先に hersys key new --add を実行してください。")
            }
            do {
                try await casework.rotate(to: key)
            } catch let refusal as KeyRefusal {
                throw KeyCommand.words(refusal, key)
            }
            // What is made with this file from now on begins with the new key, too.
            if ring.usual != key { try KeyCommand.replace(try ring.writing(with: key), path) }
            Terminal.say("これから書き込む行は鍵 \(key) で暗号化します。これまでの行を暗号化し直しています。")
            if isLeft { return }
            try await KeyCommand.follow(casework)
            print("完了しました。hersys key status で確かめ、前の鍵は hersys key retire で外せます。")
        }
    }

    /// `hersys key status`.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "どの行がどの鍵で暗号化されているか、どのサーバーがどの鍵を持つかを示します")

        /// What a program reads.
        private struct Shown: Encodable {
            struct Part: Encodable {
                let part: String
                let key: UInt32
                let rows: Int
            }

            struct Server: Encodable {
                let machine: String
                let known: [UInt32]
                let fingerprints: [String: String]?
                let writes: UInt32
                let refusesFile: Bool
            }

            let known: [UInt32]
            let fingerprints: [String: String]
            let writes: UInt32
            let rows: [Part]
            let servers: [Server]
        }

        @OptionGroup var database: DatabaseOptions
        @Flag(help: "JSONで出力します") var json = false

        func run() async throws {
            let casework = try await Settings().casework(database)
            let rows = try await casework.sealedRows()
            let servers = try await casework.keyHolders()
            if json {
                return try Terminal.json(
                    Shown(
                        known: casework.keys.known,
                        fingerprints: KeyCommand.byName(casework.keys.fingerprints),
                        writes: casework.keys.writes,
                        rows: rows.map { Shown.Part(part: $0.part, key: $0.key, rows: $0.rows) },
                        servers: servers.map {
                            Shown.Server(
                                machine: $0.machine,
                                known: $0.known,
                                fingerprints: $0.fingerprints.map(KeyCommand.byName),
                                writes: $0.writes,
                                refusesFile: $0.refusesFile
                            )
                        }
                    )
                )
            }
            let keys = casework.keys
            print("鍵のファイル\t\(KeyCommand.list(keys.known, keys.fingerprints))\n書き込み\t\(keys.writes)")
            for row in rows { print("\(row.part)\t鍵 \(row.key)\t\(row.rows)行") }
            for server in servers { print("サーバー \(KeyCommand.line(server))") }
        }
    }

    /// `hersys key retire`.
    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "使われなくなった鍵を、鍵のファイルから外します（その鍵の行が1つでもあれば拒みます）"
        )

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "鍵の番号") var key: UInt32
        @Flag(help: "切り替えから1時間を待ちません。取込など、切り替えの前に始めた命令が動いていないときだけ指定してください") var now = false

        func run() async throws {
            let settings = try await Settings()
            let path = try settings.keyPath(database)
            let ring = try settings.keyRing(at: path)
            guard ring.known.contains(key) else { throw CommandRefusal("鍵 \(key) は鍵のファイルにありません。") }
            let casework = try await settings.casework(database)
            do {
                let writes = casework.keys.writes
                guard key != writes else { throw KeyRefusal.isCurrent }
                let rest = try (ring.usual == writes ? ring : ring.writing(with: writes)).retiring(key)
                try await casework.refuseUsed(key, leaving: rest, isSoon: now)
                try KeyCommand.replace(rest, path)
            } catch let refusal as KeyRefusal {
                throw KeyCommand.words(refusal, key)
            }
            print("鍵 \(key) を外しました: \(path)")
            Terminal.say(
                """
                ほかのサーバーの鍵のファイルと、保管している写しも取り替えてください。
                鍵 \(key) で作った控えを読むには、前の鍵のファイルが要ります。控えを残す間は安全な場所に保管してください。
                """
            )
        }
    }

    /// Follows old rows being sealed anew; does it itself where no server works in the background.
    private static func follow(_ casework: Casework) async throws {
        var told: [String: Int] = [:]
        while true {
            let parts = try await casework.resealed()
            for part in parts where told[part.part] != part.done {
                told[part.part] = part.done
                if part.total > 0 { Terminal.progress(part.part, min(part.done, part.total), of: part.total) }
            }
            if parts.allSatisfy(\.isFinished) { return }
            if try await casework.keyHolders().contains(where: \.works) {
                try await Task.sleep(for: .milliseconds(500))
            } else {
                _ = try await casework.reseal(for: .seconds(1))
            }
        }
    }

    private static func replace(_ ring: KeyRing, _ path: String) throws {
        do {
            try ring.replace(path: path)
        } catch KeyRing.Failure.exists(let fresh) {
            throw CommandRefusal("鍵のファイルを書き換えられません。書きかけのファイルが残っていれば、確かめて消してください: \(fresh)")
        } catch {
            throw CommandRefusal("鍵のファイルを書き換えられません。空き容量と権限を確かめてください: \(path)")
        }
    }
}
