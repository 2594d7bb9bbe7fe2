import ArgumentParser

/// The program: commands, and the only place where the parts are wired together.
@main
struct Hersys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hersys",
        abstract: "HER-SYS 新型コロナウイルス感染者等情報把握・管理支援システム",
        discussion: """
            設定は、引数、環境変数（HERSYS_DATABASE など）、hersys.json の順に見ます。
            終了コード: 0 完了、1 拒否または受け付けなかった行あり、2 使い方の誤り。
            """,
        version: "0.1.0",
        subcommands: [
            Serve.self, Migrate.self, Demo.self, Import.self, AccountCommand.self, ClientCommand.self, Audit.self,
            Work.self, OutreachCommand.self, Scan.self, Copy.self, Backup.self, Restore.self, Archive.self,
            KeyCommand.self, CatalogueCommand.self,
        ]
    )

    /// Runs a command; wrong use is 2, what was refused is 1.
    static func main() async {
        do {
            var command = try await asyncParse()
            try await command.run()
        } catch let refusal as CommandRefusal {
            Terminal.complain(refusal.message)
            exit(withError: ExitCode(1))
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            let status = exitCode(for: error).rawValue
            if status == 0 { exit(withError: error) }
            Terminal.complain(fullMessage(for: error))
            exit(withError: ExitCode(error is ValidationError || status == 64 ? 2 : 1))
        }
    }

    private static func asyncParse() async throws -> any AnyRun {
        let command = try parseAsRoot()
        if let asynchronous = command as? any AsyncParsableCommand { return AsyncRun(asynchronous) }
        return PlainRun(command)
    }
}

/// Something that can be run, whether it waits or not.
private protocol AnyRun {
    mutating func run() async throws
}

private struct AsyncRun: AnyRun {
    private var command: any AsyncParsableCommand
    init(_ command: any AsyncParsableCommand) { self.command = command }
    mutating func run() async throws { try await command.run() }
}

private struct PlainRun: AnyRun {
    private var command: any ParsableCommand
    init(_ command: any ParsableCommand) { self.command = command }
    mutating func run() async throws { try command.run() }
}

/// A command that can't be done, with the reason for the terminal.
struct CommandRefusal: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
