import ArgumentParser
import Catalogue
import Storage
import StorageSQLite

/// `hersys archive`: what is older than the rule leaves the database for a file.
struct Archive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "古い閲覧記録をファイルに移し、データベースから消します"
    )

    @OptionGroup var database: DatabaseOptions
    @Option(help: "この日（日本時間）より前の記録を移します。例: 2021-04-01") var before: String
    @Argument(help: "移す先のファイル（上書きはしません）") var file: String

    func validate() throws {
        guard CalendarDate(iso: before) != nil else {
            throw ValidationError("--before は 2021-04-01 のように指定してください。")
        }
    }

    func run() async throws {
        let settings = try await Settings()
        guard let day = CalendarDate(iso: before), day <= Settings.now().japanDate else {
            throw CommandRefusal("--before に先の日は指定できません。")
        }
        guard !(try settings.place(database).isMissing) else { throw CommandRefusal("データベースのファイルがありません。") }
        let source = try await settings.open(database)
        try await Settings.check(source)
        let archiver = Archiver(source)
        let made = try Moving.newFile(file)
        do {
            let taken = try await archiver.copy(before: Timestamp(day), to: made.engine, at: Settings.now()) {
                Terminal.progress("閲覧記録", $0, of: $1)
            }
            guard taken.rows > 0 else {
                made.discard()
                return print("\(before) より前の閲覧記録はありません。")
            }
            try Moving.publish(made)
            try await remove(taken, archiver)
            print("閲覧記録\(taken.rows)件を移しました: \(file)")
        } catch Archiver.Failure.differs {
            made.discard()
            throw CommandRefusal("ファイルの内容がデータベースと一致しません。何も消していません。")
        } catch Archiver.Failure.lost {
            made.discard()
            throw CommandRefusal("データベースへの接続が途中で切れました。何も消していません。")
        } catch {
            // Once it is in its place the file stays: part of its rows may stand nowhere else.
            made.discard()
            throw error
        }
    }

    private func remove(_ taken: Archiver.Taken, _ archiver: Archiver) async throws {
        do {
            try await archiver.remove(taken) { Terminal.progress("消去", $0, of: $1) }
        } catch Archiver.Failure.changed {
            throw CommandRefusal("移している間に同じ時期の閲覧記録が変わりました。残りは消していません。ファイルは残してください: \(file)")
        } catch is StorageFailure {
            throw CommandRefusal("データベースから消し終えていません。ファイルは残してください。もう一度別のファイル名で実行すると、残りが移ります: \(file)")
        }
    }
}
