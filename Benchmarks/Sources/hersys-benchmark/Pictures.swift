import Foundation

/// The pictures of a run: bars beside their limits, and latencies by percentile.
enum Pictures {
    static func all(_ table: Table) -> [(name: String, svg: String)] {
        var result: [(String, String)] = []
        let bars = bars(table, "Rates beside their limits") { !$0.what.contains("of capacity") }
        if let bars { result.append(("throughput", bars)) }
        let overload = Self.bars(table, "Answered within a second while more comes than can be served") {
            $0.what.contains("of capacity")
        }
        if let overload { result.append(("overload", overload)) }
        for (name, title, words) in curves {
            if let picture = latencies(table, title, words) { result.append((name, picture)) }
        }
        return result
    }

    // MARK: Bars

    private static let left = 300.0
    private static let long = 460.0

    /// Rows with a rate and a limit: a full bar within an outline.
    private static func bars(_ table: Table, _ title: String, _ keep: (Row) -> Bool) -> String? {
        var names: [String] = []
        for row in table.runs.flatMap(\.rows) where keep(row) && isRate(row) && !names.contains(row.what) {
            names.append(row.what)
        }
        if names.isEmpty { return nil }
        var drawing = Drawing(width: 960)
        drawing.text(title, 16, 28, size: 18, bold: true)
        for (index, run) in table.runs.enumerated() {
            drawing.box(16 + Double(index) * 180, 42, 14, 12, fill: Drawing.colours[index], stroke: "none")
            drawing.text(run.engine, 36 + Double(index) * 180, 53)
        }
        let outline = 16 + Double(table.runs.count) * 180
        drawing.box(outline, 42, 14, 12, fill: "none", stroke: Drawing.ink)
        drawing.text("limit in the same run", outline + 20, 53)
        var y = 76.0
        for name in names {
            let rows = table.runs.map { $0[name] }
            let most = rows.compactMap { $0 }.flatMap { $0.figure + $0.limit }.map(\.value).max() ?? 1
            for (place, line) in lines(name).enumerated() { drawing.text(line, 16, y + 13 + Double(place) * 16) }
            for (index, row) in rows.enumerated() {
                guard let row, let figure = row.figure.first, let limit = row.limit.first else { continue }
                drawing.box(
                    left,
                    y,
                    figure.value / most * long,
                    16,
                    fill: Drawing.colours[index],
                    stroke: Drawing.colours[index]
                )
                drawing.box(left, y, limit.value / most * long, 16, fill: "none", stroke: Drawing.ink)
                let longest = left + max(figure.value, limit.value) / most * long
                let ratio = row.ratio.map { String(format: " (%.2f)", $0) } ?? ""
                drawing.text("\(figure.text) of \(limit.text)\(ratio)", longest + 8, y + 13, size: 12)
                y += 22
            }
            y += 16
        }
        _ = drawing.paragraph(table.caption, 16, y + 8, letters: 150)
        return drawing.svg(title: title, description: table.caption)
    }

    private static func isRate(_ row: Row) -> Bool {
        row.limit.count == 1 && row.figure.count == 1 && row.figure[0].unit == "/s"
    }

    /// A name in lines that fit beside the bars.
    private static func lines(_ name: String) -> [String] {
        var lines = [""]
        for word in name.split(separator: " ") {
            if lines[lines.count - 1].count + word.count > 40 { lines.append("") }
            lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? "\(word)" : " \(word)"
        }
        return lines
    }

    // MARK: Curves

    private static let curves = [
        (
            "latency-writing", "How long writing takes, by percentile",
            [
                "notification, 64 callers, filled database: latency", "HTTP: notification through the API: latency",
                "HTTP: health report from a phone: latency", "worst day: a notification", "worst day: a health report",
            ]
        ),
        (
            "latency-reading", "How long reading takes, by percentile",
            [
                "health centre: list, first page", "headquarters: list, far page",
                "headquarters: search by kana, whole name", "health centre: candidates for a duplicate",
                "HTTP: case page, all sections: latency",
            ]
        ),
        (
            "latency-overload", "How long answers take while more comes than can be served, by percentile",
            (1...3).map { "HTTP: notifications at \($0)× of capacity: latency from the moment due" }
        ),
    ]

    /// A panel for each engine with the same scales: the share that took longer, and milliseconds, both logarithmic.
    private static func latencies(_ table: Table, _ title: String, _ words: [String]) -> String? {
        let points = table.runs.flatMap(\.rows).filter { words.contains($0.what) }.compactMap(\.curve).flatMap(\.self)
        let times = points.map(\.milliseconds).filter { $0 > 0 }
        guard let least = times.min(), let most = times.max(), most > least else { return nil }
        let bottom = floor(log10(least))
        let top = max(bottom + 1, ceil(log10(most)))
        let right = max(3, ceil(log10(1 / max(1e-6, 1 - (points.map(\.share).max() ?? 0)))))
        var drawing = Drawing(width: 960)
        drawing.text(title, 16, 28, size: 18, bold: true)
        for (index, run) in table.runs.enumerated() {
            let panel = Panel(left: 70 + Double(index) * 460, bottom: bottom, top: top, right: right)
            panel.frame(&drawing, run.engine)
            for (colour, what) in words.enumerated() {
                guard let curve = run[what]?.curve else { continue }
                let places = curve.filter { $0.milliseconds > 0 }.map { panel.place($0) }
                drawing.curve(places, colour: Drawing.colours[colour], dash: [nil, "8 4", "3 3"][colour % 3])
            }
        }
        var y = Panel.end + 60
        for (colour, what) in words.enumerated() where table.runs.contains(where: { $0[what]?.curve != nil }) {
            let dash = [nil, "8 4", "3 3"][colour % 3]
            drawing.curve([(70, y - 4), (110, y - 4)], colour: Drawing.colours[colour], dash: dash)
            drawing.text(what.replacing(": latency", with: ""), 120, y)
            y += 20
        }
        _ = drawing.paragraph(table.caption, 16, y + 10, letters: 150)
        return drawing.svg(title: title, description: table.caption)
    }

    private struct Panel {
        static let start = 70.0
        static let end = 370.0
        private static let width = 400.0
        let left: Double
        let bottom: Double
        let top: Double
        let right: Double

        func place(_ point: Latencies.Point) -> (x: Double, y: Double) {
            (x(-log10(max(1e-6, 1 - point.share))), y(log10(point.milliseconds)))
        }

        private func x(_ nines: Double) -> Double { left + nines / right * Self.width }

        private func y(_ power: Double) -> Double {
            Self.end - (power - bottom) / (top - bottom) * (Self.end - Self.start)
        }

        func frame(_ drawing: inout Drawing, _ name: String) {
            drawing.text(name, left, Self.start - 12, size: 14, bold: true)
            for power in stride(from: bottom, through: top, by: 1) {
                drawing.line(left, y(power), left + Self.width, y(power))
                let text = power < 0 ? String(format: "%.\(Int(-power))f", pow(10, power)) : "\(Int(pow(10, power)))"
                drawing.text("\(text) ms", left - 6, y(power) + 4, size: 11, anchor: "end")
            }
            for nines in stride(from: 0, through: right, by: 1) {
                drawing.line(x(nines), Self.start, x(nines), Self.end)
                let names = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %"]
                drawing.text(names[min(Int(nines), 6)], x(nines), Self.end + 18, size: 11, anchor: "middle")
            }
            drawing.text(
                "of the calls took no longer",
                left + Self.width / 2,
                Self.end + 36,
                size: 11,
                anchor: "middle"
            )
        }
    }
}
