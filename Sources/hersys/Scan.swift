import ArgumentParser
import Catalogue
import Foundation
import Interchange
import Paper

/// `hersys scan`: reads printed 発生届 back from scanned papers.
struct Scan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "印刷した発生届のコードを、スキャンしたファイル（PDF・PNG・JPEG・TIFF）から読み取ります",
        discussion: """
            1行に1件のJSONを出力します。データベースは使わず、何も登録しません。
            読めないファイルや届があれば、理由を表示して終了コード1で終わります。
            """
    )

    @Argument(help: "スキャンしたファイル") var files: [String]

    /// One report as a program reads it.
    private struct Line: Encodable {
        let file: String
        let hersysID: String?
        let form: String
        let items: [String: String]
        let tests: [[String: String]]
    }

    func run() throws {
        var isWhole = true
        for file in files {
            do {
                if try !read(file) { isWhole = false }
            } catch let failure as ScannedFile.Failure {
                Terminal.complain("\(file): \(failure.message)")
                isWhole = false
            }
        }
        guard isWhole else { throw ExitCode(1) }
    }

    private func read(_ file: String) throws -> Bool {
        guard let handle = FileHandle(forReadingAtPath: file),
            // Nothing to be read is an empty file, not one that can't be read.
            let data = try? handle.read(upToCount: ScannedFile.mostBytes + 1) ?? Data()
        else {
            Terminal.complain("\(file): ファイルを読めません。")
            return false
        }
        let scanned = try ScannedReports.read(Array(data))
        var isWhole = true
        if scanned.withoutCode > 0, !scanned.found.isEmpty {
            Terminal.complain("\(file): \(scanned.pages)ページのうち\(scanned.withoutCode)ページにはコードが見つかりません。")
        }
        if scanned.found.isEmpty {
            Terminal.complain("\(file): 読み取り用のコードが見つかりません（\(scanned.pages)ページ）。")
            isWhole = false
        }
        for found in scanned.found {
            switch found {
            case .whole(let report): try print(report, file)
            case .partial(let count, let missing):
                let places = missing.map(String.init).joined(separator: "・")
                Terminal.complain("\(file): コード\(count)個のうち\(missing.count)個（\(places)番目）が読み取れません。")
                isWhole = false
            case .failed(.newer):
                Terminal.complain("\(file): 新しい版のシステムで印刷された届です。")
                isWhole = false
            case .failed:
                Terminal.complain("\(file): コードが傷んでいて読めません。")
                isWhole = false
            }
        }
        return isWhole
    }

    private func print(_ report: PrintedReport, _ file: String) throws {
        func texts(_ record: Record) -> [String: String] {
            var result: [String: String] = [:]
            for (key, value) in record.all {
                if let item = Catalogue.item(key) { result[key] = ValueText.editable(value, of: item) }
            }
            return result
        }
        let line = Line(
            file: file,
            hersysID: report.number?.digits,
            form: report.form,
            items: texts(report.items),
            tests: report.tests.map(texts)
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        Swift.print(String(decoding: try encoder.encode(line), as: UTF8.self))
    }
}
