/// Goes through the bytes of a table once, row by row.
struct CSVScanner {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    private static let quote = UInt8(ascii: "\"")

    /// Set where reading could not go on.
    private(set) var failure: CSVFailure?
    /// What was odd so far.
    private(set) var problems: [CSVProblem] = []

    private let bytes: UnsafeBufferPointer<UInt8>
    private let separator: UInt8
    private var position = 0
    private var line = 1
    private var scratch: [UInt8] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    /// The next row that is not a wholly empty line, or nil at the end or at a failure.
    mutating func nextRow(expecting width: Int? = nil, number: Int? = nil) -> CSVTable.Row? {
        while position < bytes.count, isLineEnd(bytes[position]) { endLine() }
        guard position < bytes.count, failure == nil else { return nil }
        let firstLine = line
        var cells: [String] = []
        cells.reserveCapacity(width ?? 16)
        while true {
            guard let cell = nextCell(column: cells.count, row: number) else { return nil }
            cells.append(cell)
            guard position < bytes.count else { break }
            if bytes[position] == separator {
                position += 1
                // A separator at the very end opens one last empty cell.
                if position == bytes.count { cells.append("") } else { continue }
            } else {
                endLine()
            }
            break
        }
        if let width, width != cells.count {
            let kind: CSVProblem.Kind =
                cells.count > width ? .surplusCells(cells.count - width) : .missingCells(width - cells.count)
            problems.append(CSVProblem(kind, line: firstLine, row: number, column: min(width, cells.count)))
        }
        return CSVTable.Row(line: firstLine, cells: cells)
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == Self.lineFeed || byte == Self.carriageReturn }

    /// Steps over LF, CRLF or CR.
    private mutating func endLine() {
        if bytes[position] == Self.carriageReturn, position + 1 < bytes.count, bytes[position + 1] == Self.lineFeed {
            position += 1
        }
        position += 1
        line += 1
    }

    private mutating func nextCell(column: Int, row: Int?) -> String? {
        guard position < bytes.count, bytes[position] == Self.quote else {
            let start = position
            while position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        return quotedCell(column: column, row: row)
    }

    private mutating func quotedCell(column: Int, row: Int?) -> String? {
        let opened = line
        position += 1
        scratch.removeAll(keepingCapacity: true)
        while true {
            guard position < bytes.count else {
                failure = .unclosedQuote(line: opened, column: column)
                return nil
            }
            let byte = bytes[position]
            if byte == Self.quote {
                position += 1
                guard position < bytes.count, bytes[position] == Self.quote else { break }
                scratch.append(Self.quote)
                position += 1
            } else if isLineEnd(byte) {
                let start = position
                endLine()
                scratch.append(contentsOf: bytes[start..<position])
            } else {
                scratch.append(byte)
                position += 1
            }
        }
        if position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) {
            problems.append(CSVProblem(.textAfterQuote, line: line, row: row, column: column))
            while position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) {
                scratch.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: scratch, as: UTF8.self)
    }
}
