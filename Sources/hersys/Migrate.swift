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
