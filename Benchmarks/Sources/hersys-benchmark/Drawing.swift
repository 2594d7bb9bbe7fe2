import Foundation

/// An SVG picture that is read without a script, on light and dark pages.
struct Drawing {
    static let ink = "#1a1a1c"
    static let pale = "#d8d8db"
    /// Blues and oranges that stay apart for eyes that see no red or no green.
    static let colours = ["#0017c1", "#c74700", "#118041", "#8a38f5", "#008299", "#8b5e00"]

    let width: Double
    private(set) var height = 0.0
    private var elements: [String] = []

    init(width: Double) {
        self.width = width
    }

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    private mutating func add(_ element: String, down to: Double) {
        elements.append(element)
        height = max(height, to)
    }

    mutating func text(
        _ text: String,
        _ x: Double,
        _ y: Double,
        size: Double = 13,
        anchor: String = "start",
        colour: String = ink,
        bold: Bool = false
    ) {
        add(
            """
            <text x="\(Self.number(x))" y="\(Self.number(y))" font-size="\(Self.number(size))" \
            text-anchor="\(anchor)" fill="\(colour)"\(bold ? " font-weight=\"bold\"" : "")>\(Self.escape(text))</text>
            """,
            down: y + size / 2
        )
    }

    /// Lines of a text that is too long for one.
    mutating func paragraph(_ words: String, _ x: Double, _ y: Double, letters: Int) -> Double {
        var (line, at) = ("", y)
        for word in words.split(separator: " ") {
            if line.count + word.count >= letters {
                text(line, x, at, size: 11)
                (line, at) = ("", at + 15)
            }
            line += line.isEmpty ? "\(word)" : " \(word)"
        }
        text(line, x, at, size: 11)
        return at
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, colour: String = pale) {
        let (a, b, c, d) = (Self.number(x1), Self.number(y1), Self.number(x2), Self.number(y2))
        add("<path d=\"M\(a) \(b)L\(c) \(d)\" stroke=\"\(colour)\"/>", down: max(y1, y2))
    }

    mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, stroke: String) {
        let (a, b, c, d) = (Self.number(x), Self.number(y), Self.number(max(0, width)), Self.number(height))
        add(
            "<rect x=\"\(a)\" y=\"\(b)\" width=\"\(c)\" height=\"\(d)\" fill=\"\(fill)\" stroke=\"\(stroke)\"/>",
            down: y + height
        )
    }

    mutating func curve(_ points: [(x: Double, y: Double)], colour: String, dash: String?) {
        guard let first = points.first else { return }
        var path = "M\(Self.number(first.x)) \(Self.number(first.y))"
        for point in points.dropFirst() { path += "L\(Self.number(point.x)) \(Self.number(point.y))" }
        let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        add(
            "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"\(dashes)/>",
            down: points.map(\.y).max() ?? 0
        )
    }

    /// The whole picture; title and description are what a screen reader says.
    func svg(title: String, description: String) -> String {
        let (width, height) = (Self.number(width), Self.number(height + 16))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" role="img" \
            font-family="Noto Sans JP, Noto Sans, sans-serif">
            <title>\(Self.escape(title))</title>
            <desc>\(Self.escape(description))</desc>
            <rect width="\(width)" height="\(height)" fill="#ffffff"/>
            \(elements.joined(separator: "\n"))
            </svg>

            """
    }
}
