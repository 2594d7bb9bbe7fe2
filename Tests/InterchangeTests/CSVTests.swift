import Testing

@testable import Interchange

@Suite struct `Comma-separated values` {
    @Test(arguments: ["\n", "\r\n", "\r"])
    func `Line ends of every kind separate rows`(end: String) throws {
        let table = try CSVReader.read("a,b\(end)1,2\(end)\(end)3,\"x\(end)y\"\(end)4,").get()
        #expect(table.header == ["a", "b"])
        #expect(table.rows.map(\.cells).count == 3)
        #expect(table.rows.map(\.line) == [2, 4, 6])
        #expect(Array(table.rows[1].cells[1].utf8) == Array("x\(end)y".utf8))
        #expect(table.rows[2].cells == ["4", ""])
        #expect(table.problems.isEmpty)
    }

    @Test func `A cell behind line breaks knows its own line`() throws {
        let table = try CSVReader.read("a,b,c\n\"1\n2\r\n3\",x,y\n").get()
        #expect(table.rows[0].line == 2)
        #expect(table.rows[0].line(ofCell: 0) == 2)
        #expect(table.rows[0].line(ofCell: 2) == 4)
    }

    @Test func `Rows of another width are reported and nothing is dropped`() throws {
        let table = try CSVReader.read("a,b\n1\n1,2,3\n").get()
        #expect(table.rows.map(\.cells) == [["1"], ["1", "2", "3"]])
        #expect(
            table.problems == [
                CSVProblem(.missingCells(1), line: 2, row: 0, column: 1),
                CSVProblem(.surplusCells(1), line: 3, row: 1, column: 2),
            ]
        )
    }

    @Test func `A quote that is never closed is refused at the line where it was opened`() {
        let result = CSVReader.read("a,b\n1,2\n3,\"x\n4,5\n")
        #expect(result == .failure(.unclosedQuote(line: 3, column: 1)))
    }

    @Test func `Doubled quotes are one, and text after a closing quote is kept and reported`() throws {
        let table = try CSVReader.read("a,b\n\"x\"\"y\",\"z\"w\n").get()
        #expect(table.rows[0].cells == ["x\"y", "zw"])
        #expect(table.problems == [CSVProblem(.textAfterQuote, line: 2, row: 0, column: 1)])
    }

    @Test(arguments: ["", "\n\n", "\u{FEFF}"])
    func `A file without a header is refused`(text: String) {
        #expect(CSVReader.read(text) == .failure(.empty))
    }

    @Test(arguments: ["=1+1", "+81", "-1", "@A1", "\tx", "\rx", "＝cmd", "'=1", "''-2", "'", "x=1", "佐藤", ""])
    func `Formulas are made harmless and come back as they were`(cell: String) {
        let harmless = FormulaGuard.harmless(cell)
        if let first = harmless.unicodeScalars.first { #expect(!"=+-@\t\r＝＋－＠".unicodeScalars.contains(first)) }
        #expect(FormulaGuard.original(harmless).utf8.elementsEqual(cell.utf8))
    }

    @Test func `The writer sets a byte order mark, CRLF and quotes`() {
        let bytes = CSVWriter().write(header: ["名", "備考"], rows: [["a,b", "c\"d"], ["=1", ""]])
        #expect(bytes == [0xEF, 0xBB, 0xBF] + Array("名,備考\r\n\"a,b\",\"c\"\"d\"\r\n'=1,\r\n".utf8))
    }

    /// Cells of the letters that could break a reader, written and read back 3,000 times.
    @Test func `What the writer writes the reader reads`() throws {
        var chance = Chance(state: 20_200_522)
        let letters: [String] = [
            "\"", ",", "\n", "\r", "\r\n", "'", "=", "-", "あ", "髙", "葛\u{E0100}", " ", "a", "", "\t", "𠮷",
        ]
        for round in 0..<3000 {
            let width = 1 + chance.next(6)
            let rows = (0..<1 + chance.next(5)).map { _ in
                (0..<width).map { _ in (0..<chance.next(5)).map { _ in letters[chance.next(letters.count)] }.joined() }
            }
            let writer = CSVWriter(byteOrderMark: round % 2 == 0, carriageReturns: round % 3 == 0)
            let header = (0..<width).map { "c\($0)" }
            let table = try CSVReader.read(writer.write(header: header, rows: rows)).get()
            #expect(table.problems.isEmpty)
            let back = table.rows.map { $0.cells.map { Array(FormulaGuard.original($0).utf8) } }
            #expect(back == rows.map { $0.map { Array($0.utf8) } })
        }
    }

    /// Bytes of any kind never stop the reader, and its places stay within the file.
    @Test func `Any bytes are read or refused`() {
        var chance = Chance(state: 7)
        let bytes: [UInt8] = Array("\",\n\r'=a".utf8) + [0x00, 0x82, 0xEF, 0xFF]
        for _ in 0..<5000 {
            let file = (0..<chance.next(40)).map { _ in bytes[chance.next(bytes.count)] }
            let lines = 1 + file.count
            switch CSVReader.read(file) {
            case .success(let table):
                for row in table.rows { #expect((1...lines).contains(row.line(ofCell: row.cells.count))) }
                let widths = table.rows.count { $0.cells.count != table.header.count }
                #expect(table.problems.count { $0.kind != .textAfterQuote && $0.row != nil } == widths)
            case .failure(.unclosedQuote(let line, _)): #expect((1...lines).contains(line))
            case .failure(.empty): #expect(file.allSatisfy { [0x0A, 0x0D, 0xEF].contains($0) } || file.isEmpty)
            }
            _ = TextDecoding.decode(file)
        }
    }
}

/// SplitMix64: the same numbers in every run.
struct Chance {
    var state: UInt64

    mutating func next(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(count))
    }
}
