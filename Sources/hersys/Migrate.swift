import ArgumentParser
import Casework
import Storage

/// `hersys migrate`: brings a database to the present schema.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "データベースを現在の版にします")

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let settings = try await Settings()
        let migrator = Migrator(try await settings.open(database))
        do {
            let names = try await migrator.migrate(at: Settings.now())
            print(names.isEmpty ? "すでに現在の版です。" : "版を進めました: \(names.joined(separator: ", "))")
        } catch StorageFailure.schema(let found, let expected) {
            throw Settings.refusal(found: found, expected: expected)
        }
    }
}

/// `hersys key`: sealing keys.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "暗号鍵を扱います",
        subcommands: [New.self]
    )

    /// `hersys key new`.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "新しい鍵のファイルを作ります（上書きはしません）")

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let settings = try await Settings()
            let path = try settings.keyPath(database)
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
}

/// `hersys audit`: the history chain.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "履歴を検証します", subcommands: [Verify.self])

    /// `hersys audit verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "履歴の連鎖をたどり、変更や削除を見つけます")

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let casework = try await Settings().casework(database)
            switch try await casework.verifyHistory() {
            case .whole(let lines, let reports):
                print("履歴に異常はありません（変更\(lines)行、健康観察\(reports)行）。")
            case .broken(let book, let lane, let position):
                let name = book == .history ? "履歴" : "健康観察の記録"
                throw CommandRefusal("\(name)が壊れています: 連鎖 \(lane) の \(position) 番目")
            case .missing(let number):
                throw CommandRefusal("履歴が欠けています: HER-SYS ID \(number)")
            }
        }
    }
}
