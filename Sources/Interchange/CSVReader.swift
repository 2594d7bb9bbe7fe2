/// A table read from a file, with the place of every row.
public struct CSVTable: Sendable, Hashable {
    /// One row of data.
    public struct Row: Sendable, Hashable {
        /// The line of the file on which the row begins, counted from 1.
        public let line: Int
        /// The cells as they stand in the file, without their quotes.
        public let cells: [String]

        /// A row that begins on a line.
        public init(line: Int, cells: [String]) {
            self.line = line
            self.cells = cells
        }

        /// The line of the file on which a cell begins: later than the row's where an earlier cell holds line breaks.
        public func line(ofCell column: Int) -> Int {
            cells.prefix(column).reduce(line) { $0 + lineBreaks($1) }
        }
    }

    /// The first row.
    public let header: [String]
    /// The rows below the header; wholly empty lines are none.
    public let rows: [Row]
    /// Rows that are not as wide as the header, and quotes that stand where none may.
    public let problems: [CSVProblem]

    /// A table of a header and rows.
    public init(header: [String], rows: [Row], problems: [CSVProblem] = []) {
        self.header = header
        self.rows = rows
        self.problems = problems
    }
}

/// Something about the shape of a row that is not as RFC 4180 wants it.
public struct CSVProblem: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: Sendable, Hashable {
        /// The row has that many cells more than the header.
        case surplusCells(Int)
        /// The row has that many cells fewer than the header.
        case missingCells(Int)
        /// Text follows a closing quote; it was kept as part of the cell.
        case textAfterQuote
    }

    /// What is wrong.
    public let kind: Kind
    /// The line of the file, counted from 1.
    public let line: Int
    /// The row among the data rows, counted from 0; nil in the header.
    public let row: Int?
    /// The column, counted from 0.
    public let column: Int

    /// A problem at a place.
    public init(_ kind: Kind, line: Int, row: Int?, column: Int) {
        self.kind = kind
        self.line = line
        self.row = row
        self.column = column
    }
}

/// Why a file is no table.
public enum CSVFailure: Error, Sendable, Hashable {
    /// There is no header.
    case empty
    /// A quote was opened and never closed: where it was opened, the column counted from 0.
    case unclosedQuote(line: Int, column: Int)

    /// What is wrong and how to mend it, in Japanese.
    public var message: String {
        switch self {
        case .empty: "ファイルに見出しの行がありません。"
        case .unclosedQuote(let line, let column):
            "\(line)行目 \(column + 1)列目の引用符「\"」が閉じられていません。"
        }
    }
}

/// Reads comma-separated values after RFC 4180, as spreadsheets and municipal systems write them.
///
/// Line ends may be LF, CRLF or CR; quoted cells may hold separators, quotes and line breaks, which are kept as they
/// are. Nothing is dropped silently: rows of another width than the header are among the problems.
public enum CSVReader {
    /// Reads a text.
    public static func read(_ text: String, separator: Unicode.Scalar = ",") -> Result<CSVTable, CSVFailure> {
        var text = text
        return text.withUTF8 { read($0, separator: separator) }
    }

    /// Reads the UTF-8 bytes of a text.
    public static func read(_ bytes: [UInt8], separator: Unicode.Scalar = ",") -> Result<CSVTable, CSVFailure> {
        bytes.withUnsafeBufferPointer { read($0, separator: separator) }
    }

    private static func read(
        _ bytes: UnsafeBufferPointer<UInt8>,
        separator: Unicode.Scalar
    ) -> Result<CSVTable, CSVFailure> {
        var scanner = CSVScanner(bytes, separator: UInt8(truncatingIfNeeded: separator.value))
        guard let header = scanner.nextRow() else {
            return .failure(scanner.failure ?? .empty)
        }
        var rows: [CSVTable.Row] = []
        while let row = scanner.nextRow(expecting: header.cells.count, number: rows.count) { rows.append(row) }
        if let failure = scanner.failure { return .failure(failure) }
        return .success(CSVTable(header: header.cells, rows: rows, problems: scanner.problems))
    }
}

/// How many line breaks a text holds, CRLF counted once.
func lineBreaks(_ text: String) -> Int {
    var count = 0
    var previous: UInt8 = 0
    for byte in text.utf8 {
        if byte == CSVScanner.lineFeed {
            if previous != CSVScanner.carriageReturn { count += 1 }
        } else if byte == CSVScanner.carriageReturn {
            count += 1
        }
        previous = byte
    }
    return count
}
