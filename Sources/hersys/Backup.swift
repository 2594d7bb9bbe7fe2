import ArgumentParser
import Foundation
import Storage
import StorageSQLite

/// `hersys backup`: the whole database as one file, while it is in use.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "データベース全体の控えを1つのファイルに作ります（運用中でもできます）"
    )

    @OptionGroup var database: DatabaseOptions
    @Argument(help: "控えのファイル（上書きはしません）") var file: String

    func run() async throws {
        let settings = try await Settings()
        let place = try settings.place(database)
        guard !place.isMissing else { throw CommandRefusal("データベースのファイルがありません。") }
        let keys = try settings.keyRing(database)
        let source = try await settings.open(database)
        try await Settings.check(source)
        let made = try Moving.newFile(file)
        let report: Copier.Report
        do {
            _ = try await Migrator(made.engine).migrate(at: Settings.now())
            report = try await Moving.copy(from: source, to: made.engine, keys: keys, again: false)
            try Moving.publish(made)
        } catch {
            made.discard()
            throw error
        }
        Terminal.say("鍵のファイルは控えに入っていません。鍵がなければ控えは読めません。別の場所に保管してください。")
        try Moving.tell(report, "控えを作りました: \(file)")
    }
}

/// `hersys restore`: a backup into an empty database, of either engine.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "控えのファイルを空のデータベースへ戻します（控えは変わりません）"
    )

    @OptionGroup var database: DatabaseOptions
    @Argument(help: "控えのファイル") var file: String
    @Flag(help: "途中で止まった復元を消して、最初からやり直します") var again = false

    func run() async throws {
        let settings = try await Settings()
        let keys = try settings.keyRing(database)
        guard FileManager.default.fileExists(atPath: file) else { throw CommandRefusal("控えのファイルがありません: \(file)") }
        guard let source = try? SQLiteClosedFile(path: file) else {
            throw CommandRefusal("控えを読めません。HER-SYSの控えのファイルではないか、壊れています: \(file)")
        }
        let target = try await settings.open(database)
        // What is to be restored into is as a rule a database that has just been made.
        if try await Migrator(target).version() == 0 { _ = try await Migrator(target).migrate(at: Settings.now()) }
        try await Self.refuseUnknownKeys(source, keys)
        let report = try await Moving.copy(from: source, to: target, keys: keys, again: again)
        try Moving.tell(report, "控えから戻しました: \(file)")
    }

    /// A backup whose rows nobody could read is refused before anything is done.
    private static func refuseUnknownKeys(_ source: any Engine, _ keys: KeyRing) async throws {
        guard try await Migrator(source).version() == Migrator.current else { return }
        let resealing = Resealing(Vault(keys))
        let missing = Set(try await source.read { try resealing.counts($0) }.map(\.key)).subtracting(keys.known)
        guard missing.isEmpty else {
            let names = missing.sorted().map { "鍵 \($0)" }.joined(separator: "、")
            throw CommandRefusal("鍵のファイルに、控えを暗号化した鍵がありません（\(names)）。控えを作ったころの鍵のファイルを --keys で指定してください。")
        }
    }
}
