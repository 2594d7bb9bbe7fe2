import Foundation

/// `hersys import open-data` with a file of published cases: read, checked, compared with what is there, stored.
struct Importing {
    let program: String
    let ground: Ground
    let folder: URL
    let rows: Int

    struct Failed: Error {
        let status: Int32
    }

    func measure() throws -> [Row] {
        let file = folder.appending(path: "open-data.csv")
        try Data(csv.utf8).write(to: file)
        let first = try run(file.path)
        let again = try run(file.path)
        return [
            Row("import of \(Quantity(Double(rows), "rows").text)", Quantity(first, "/s"), goal: "≥ 5,000/s"),
            Row("import of the same file again", Quantity(again, "/s")),
        ]
    }

    /// Rows a second of the whole command, its start included.
    private func run(_ path: String) throws -> Double {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [
            "import", "open-data", path, "--database", ground.place.address, "--keys", ground.keyPath, "--json",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let start = ContinuousClock.now
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
        return Double(rows) / Measure.seconds(since: start)
    }

    /// The columns and words in which Tokyo publishes its cases.
    private var csv: String {
        var lines = [
            "No,全国地方公共団体コード,都道府県名,市区町村名,公表_年月日,曜日,発症_年月日,患者_居住地,患者_年代,患者_性別,"
                + "患者_属性,患者_状態,患者_症状,患者_渡航歴の有無フラグ,備考,退院済フラグ"
        ]
        lines.reserveCapacity(rows + 1)
        let ages = ["10歳未満", "10代", "20代", "30代", "40代", "50代", "60代", "70代", "80代"]
        for row in 1...rows {
            let day = row * 640 / (rows + 1)
            let published = "202\(day / 320)-\(two(day % 320 / 27 + 1))-\(two(day % 27 + 1))"
            lines.append(
                "\(row),130001,東京都,,\(published),,,都内,\(ages[row % ages.count]),\(row % 2 == 0 ? "男性" : "女性")"
                    + ",,,,,,\(row % 5 == 0 ? "" : "1")"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
