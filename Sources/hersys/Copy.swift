import ArgumentParser
import Storage

/// `hersys copy`: a whole database into an empty one, of either engine.
struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "データベース全体を空のデータベースへ写します（元は変わりません）"
    )

    @Option(help: "元のデータベース（sqlite:PATH または postgres://…）") var from: String
    @Option(help: "写し先のデータベース（hersys migrate を済ませた空のもの）") var to: String
    @Option(help: "鍵のファイル（既定は元のデータベースのもの。写し先でも同じ鍵を使います）") var keys: String?
    @Flag(help: "途中で止まった写しを消して、最初からやり直します") var again = false

    func run() async throws {
        let settings = try await Settings()
        let (source, target) = (try DatabasePlace(from), try DatabasePlace(to))
        guard !source.isMissing else { throw CommandRefusal("元のデータベースのファイルがありません。") }
        guard !target.isMissing else {
            throw CommandRefusal("写し先のファイルがありません。先に写し先へ hersys migrate を実行してください。")
        }
        let keys = try settings.keyRing(at: settings.keyPath(keys) { source })
        let report = try await Moving.copy(
            from: try await source.open(),
            to: try await target.open(),
            keys: keys,
            again: again
        )
        try Moving.tell(report, "写し終えました")
    }
}
