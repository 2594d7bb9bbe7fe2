import Casework
import Foundation
import Storage
import StorageSQLite

/// What `copy`, `backup` and `restore` have in common: the copy, its progress, and its refusals in words.
enum Moving {
    /// Copies a database and says how far it has come.
    static func copy(
        from source: any Engine,
        to target: any Engine,
        keys: KeyRing,
        again: Bool
    ) async throws -> Copier.Report {
        let start = Date()
        let report: Copier.Report
        do {
            report = try await Copier(from: source, to: target, CaseStore(Vault(keys)))
                .copy(at: Settings.now(), again: again) { step, done, total in
                    Terminal.progress(name(step), done, of: total)
                }
        } catch let failure as Copier.Failure {
            throw refusal(failure)
        } catch let failure as StorageFailure {
            throw refusal(failure)
        }
        let seconds = Date().timeIntervalSince(start)
        Terminal.say(String(format: "%d行、照合と検証を含めて%.1f秒。", report.rows, seconds))
        return report
    }

    /// Prints what was copied; a history that is broken on both sides is said and counts as a refusal.
    static func tell(_ report: Copier.Report, _ done: String) throws {
        for table in report.tables where table.rows > 0 { print("\(table.name)\t\(table.rows)") }
        guard case .whole(let lines, let reports) = report.verification else {
            throw CommandRefusal("\(done)。内容は元と同じですが、元の履歴が壊れています。hersys audit verify で確かめてください。")
        }
        print("\(done)（\(report.rows)行、すべて元と一致。履歴\(lines)行、健康観察\(reports)行に異常はありません）。")
    }

    /// A new file that nobody else reads.
    static func newFile(_ path: String) throws -> SQLiteNewFile {
        do {
            return try SQLiteNewFile(path: path)
        } catch {
            throw refusal(error, path)
        }
    }

    /// Puts a new file in its place.
    static func publish(_ file: SQLiteNewFile) throws {
        do {
            try file.publish()
        } catch {
            throw refusal(error, file.path)
        }
    }

    private static func refusal(_ error: any Error, _ path: String) -> CommandRefusal {
        switch error {
        case SQLiteNewFile.Failure.exists: CommandRefusal("ファイルがすでにあります。上書きはしません: \(path)")
        case SQLiteNewFile.Failure.isUnderWay:
            CommandRefusal("書きかけのファイルがあります。ほかに動いていなければ消してからやり直してください: \(path).part")
        default: CommandRefusal("ファイルを書けません。場所と権限を確かめてください: \(path)")
        }
    }

    private static func name(_ step: Copier.Step) -> String {
        switch step {
        case .copying: "写し"
        case .comparing: "照合"
        case .verifying: "履歴の検証"
        }
    }

    private static func refusal(_ failure: Copier.Failure) -> CommandRefusal {
        switch failure {
        case .schema(.source, 0): CommandRefusal("元は空です。アドレスを確かめてください。")
        case .schema(.target, 0): CommandRefusal("写し先に表がありません。先に写し先へ hersys migrate を実行してください。")
        case .schema(.source, let found): Settings.refusal(found: found, expected: Migrator.current)
        case .schema(.target, let found): Settings.refusal(found: found, expected: Migrator.current)
        case .occupied(let table):
            CommandRefusal("写し先にはすでに記録があります（表 \(table)）。空のデータベースを指定してください。")
        case .unfinished:
            CommandRefusal("写し先には途中で止まった写しがあります。--again を付けると、それを消して最初からやり直します。")
        case .unlike(let table): CommandRefusal("表 \(table) の形が元と写し先で違います。")
        case .lost: CommandRefusal("元への接続が途中で切れました。--again を付けてやり直してください。")
        case .differs(let table):
            CommandRefusal("表 \(table) の内容が元と一致しません。写し先は使えないままにしました。ほかのプログラムが写し先を使っていないか確かめてください。")
        case .history: CommandRefusal("写し先の履歴が元と一致しません。写し先は使えないままにしました。")
        }
    }

    private static func refusal(_ failure: StorageFailure) -> CommandRefusal {
        switch failure {
        case .full: CommandRefusal("写し先のディスクがいっぱいです。空きを作ってからやり直してください。")
        case .unavailable: CommandRefusal("データベースに接続できなくなりました。やり直してください。")
        case .duplicate:
            CommandRefusal("写し先に同じ番号の行があります。ほかのプログラムが写し先を使っていないか確かめてください。")
        case .unstorable: CommandRefusal("元に、データベースが保存できない文字（U+0000）を含む行があります。")
        default: CommandRefusal("写せませんでした（\(failure)）。")
        }
    }
}
