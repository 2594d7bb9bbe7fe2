/// Writes comma-separated values that spreadsheets open without running anything.
public struct CSVWriter: Sendable {
    /// Whether the file begins with a byte order mark, by which spreadsheets know UTF-8.
    public var byteOrderMark: Bool
    /// Whether lines end with CRLF rather than LF.
    public var carriageReturns: Bool
    /// Whether cells that a spreadsheet would take for a formula are made harmless.
    public var guardsFormulas: Bool

    /// A writer; the defaults are what spreadsheets open best.
    public init(byteOrderMark: Bool = true, carriageReturns: Bool = true, guardsFormulas: Bool = true) {
        self.byteOrderMark = byteOrderMark
        self.carriageReturns = carriageReturns
        self.guardsFormulas = guardsFormulas
    }

    /// The bytes of a table with a header.
    public func write(header: [String], rows: some Sequence<[String]>) -> [UInt8] {
        var output: [UInt8] = byteOrderMark ? [0xEF, 0xBB, 0xBF] : []
        append(header, to: &output)
        for row in rows { append(row, to: &output) }
        return output
    }

    /// Adds one row to bytes that are being written.
    public func append(_ cells: [String], to output: inout [UInt8]) {
        for (column, cell) in cells.enumerated() {
            if column > 0 { output.append(UInt8(ascii: ",")) }
            appendCell(guardsFormulas ? FormulaGuard.harmless(cell) : cell, alone: cells.count == 1, to: &output)
        }
        if carriageReturns { output.append(CSVScanner.carriageReturn) }
        output.append(CSVScanner.lineFeed)
    }

    private func appendCell(_ cell: String, alone: Bool, to output: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let needsQuotes =
            cell.utf8.contains { byte in
                byte == quote || byte == UInt8(ascii: ",") || byte == CSVScanner.lineFeed
                    || byte == CSVScanner.carriageReturn
            }
            // An empty row of one column, or a row that begins with U+FEFF, would be lost by the reader.
            || (alone && cell.isEmpty) || cell.unicodeScalars.first == "\u{FEFF}"
        guard needsQuotes else {
            output.append(contentsOf: cell.utf8)
            return
        }
        output.append(quote)
        for byte in cell.utf8 {
            if byte == quote { output.append(quote) }
            output.append(byte)
        }
        output.append(quote)
    }
}

/// Makes cells harmless that a spreadsheet would run as a formula, and takes that back on reading.
///
/// An apostrophe goes in front of `=`, `+`, `-`, `@`, tab and line breaks and of the full-width signs that a Japanese
/// spreadsheet takes for the same, and one more where apostrophes stand there already: so nothing is lost.
public enum FormulaGuard {
    /// The cell with an apostrophe in front where a formula could begin.
    public static func harmless(_ cell: String) -> String {
        beginsFormula(cell.unicodeScalars.drop { $0 == "'" }) ? "'" + cell : cell
    }

    /// What ``harmless(_:)`` was given.
    public static func original(_ cell: String) -> String {
        guard cell.utf8.first == UInt8(ascii: "'"), beginsFormula(cell.unicodeScalars.drop { $0 == "'" }) else {
            return cell
        }
        return String(cell.unicodeScalars.dropFirst())
    }

    private static func beginsFormula(_ scalars: Substring.UnicodeScalarView) -> Bool {
        switch scalars.first {
        case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": true
        default: false
        }
    }
}
