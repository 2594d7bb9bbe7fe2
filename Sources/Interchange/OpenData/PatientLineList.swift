public import Catalogue

/// Reads the open-data standard 陽性患者属性 as the cities really publish it.
///
/// Headers by other names, spreadsheet dates, codes that lost their leading zero and the many words for "not known"
/// are understood; what is not understood is given back with its line, column and reason, so that every row of data
/// is either among the accepted or among the rejected ones. Nothing in such a list tells who a person is.
public enum PatientLineList {
    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - today: the day after which no date may lie.
    ///   - municipality: the code of a place of residence by its prefecture's two digits and its published name, where
    ///     it is known; other words of residence stand in 備考 as they were published.
    /// - Returns: the rows, or why the file is no line list.
    public static func read(
        _ bytes: [UInt8],
        today: CalendarDate,
        municipality: (_ prefecture: String, _ name: String) -> String? = { _, _ in nil }
    ) -> Result<LineList, LineListFailure> {
        let text: String
        let encoding: String
        switch TextDecoding.decode(bytes) {
        case .success(let decoded): (text, encoding) = decoded
        case .failure(let failure): return .failure(.undecodable(failure))
        }
        switch CSVReader.read(text, separator: separator(of: text)) {
        case .success(let table): return withoutActuallyEscaping(municipality) { lines(table, encoding, today, $0) }
        case .failure(let failure): return .failure(.malformed(failure))
        }
    }

    /// The rejected rows as a file to mend and load again: the original columns, then 行, 列 and 理由.
    public static func rejectsCSV(_ list: LineList, writer: CSVWriter = CSVWriter()) -> [UInt8] {
        // A file of rejects that is rejected again has those columns already.
        let kept = list.header.indices.filter { !LineListColumn.addedToRejects.contains(list.header[$0]) }
        let rows = list.rejected.lazy.map { row in
            kept.map { $0 < row.cells.count ? FormulaGuard.original(row.cells[$0]) : "" }
                + [String(row.line), row.column, row.reason]
        }
        return writer.write(header: kept.map { list.header[$0] } + LineListColumn.addedToRejects, rows: rows)
    }

    /// Spreadsheets that save "Unicode text" put tabs between the cells.
    private static func separator(of text: String) -> Unicode.Scalar {
        let header = text.utf8.prefix { $0 != 0x0A && $0 != 0x0D }
        return header.contains(0x09) && !header.contains(UInt8(ascii: ",")) ? "\t" : ","
    }

    private static func lines(
        _ table: CSVTable,
        _ encoding: String,
        _ today: CalendarDate,
        _ municipality: @escaping (String, String) -> String?
    ) -> Result<LineList, LineListFailure> {
        let layout = LineListLayout(header: table.header)
        guard layout.missing.isEmpty else { return .failure(.missingColumns(layout.missing)) }
        guard layout.repeated.isEmpty else { return .failure(.repeatedColumns(layout.repeated)) }
        var reader = LineListRowReader(layout: layout, today: today, resolve: municipality)
        var gathering = LineListGathering(header: table.header, layout: layout)
        for row in table.rows { gathering.add(row, &reader) }
        return .success(gathering.list(encoding))
    }
}

/// Sorts the rows of a list into accepted and rejected ones.
private struct LineListGathering {
    let header: [String]
    let layout: LineListLayout
    var accepted: [LineList.AcceptedRow] = []
    var rejected: [LineList.RejectedRow] = []
    var notes: [String] = []
    var lineOfKey: [String: Int] = [:]
    /// Numbers of rejected rows: they stand in the list, so that they are no gaps.
    var rejectedNumbers: [String: [Int]] = [:]

    init(header: [String], layout: LineListLayout) {
        self.header = header
        self.layout = layout
    }

    mutating func add(_ row: CSVTable.Row, _ reader: inout LineListRowReader) {
        if let reason = wrongWidth(row.cells) {
            let last = row.cells.count > header.count ? row.cells[header.count] : ""
            rejected.append(
                LineList.RejectedRow(
                    line: row.line,
                    column: header.last ?? "",
                    value: last,
                    reason: reason,
                    cells: row.cells
                )
            )
            return
        }
        switch reader.read(row.cells) {
        case .failure(let failure):
            if let (code, number) = reader.identity(row.cells) { rejectedNumbers[code, default: []].append(number) }
            reject(row, failure)
        case .success(let reading):
            let key = "\(reading.authority.code)-\(reading.number)"
            if let earlier = lineOfKey[key] {
                reject(row, LineListCellFailure(.number, "同じ番号の行が\(earlier)行目にもあります。"))
                return
            }
            lineOfKey[key] = row.line
            if let note = reading.authority.note, !notes.contains(note) { notes.append(note) }
            accepted.append(
                LineList.AcceptedRow(
                    line: row.line,
                    number: reading.number,
                    municipalityCode: reading.authority.code,
                    prefecture: reading.authority.prefecture,
                    record: reading.record,
                    severity: reading.severity,
                    rowKey: key
                )
            )
        }
    }

    private mutating func reject(_ row: CSVTable.Row, _ failure: LineListCellFailure) {
        let place = layout.places[failure.column]
        rejected.append(
            LineList.RejectedRow(
                line: place.map(row.line(ofCell:)) ?? row.line,
                column: place.map { header[$0] } ?? failure.column.rawValue,
                value: place.map { row.cells[$0] } ?? "",
                reason: failure.reason,
                cells: row.cells
            )
        )
    }

    /// Empty cells beyond the header do no harm: spreadsheets leave such commas behind.
    private func wrongWidth(_ cells: [String]) -> String? {
        if cells.count < header.count {
            return "列が足りません（見出しは\(header.count)列、この行は\(cells.count)列）。"
        }
        if cells.dropFirst(header.count).contains(where: { !PublishedWords.trimmed($0).isEmpty }) {
            return "列が多すぎます（見出しは\(header.count)列、この行は\(cells.count)列）。"
        }
        return nil
    }

    func list(_ encoding: String) -> LineList {
        LineList(
            encoding: encoding,
            header: header,
            rows: accepted,
            rejected: rejected,
            ignoredColumns: layout.ignored,
            gaps: gaps(),
            notes: notes
        )
    }

    /// The runs of numbers that no row has, between the first and the last of each authority.
    private func gaps() -> [LineList.Gap] {
        var numbers = rejectedNumbers
        for row in accepted {
            if let number = row.number { numbers[row.municipalityCode, default: []].append(number) }
        }
        var result: [LineList.Gap] = []
        for (code, unsorted) in numbers.sorted(by: { $0.key < $1.key }) {
            let sorted = unsorted.sorted()
            for (number, next) in zip(sorted, sorted.dropFirst()) where next > number + 1 {
                result.append(LineList.Gap(municipalityCode: code, numbers: (number + 1)...(next - 1)))
            }
        }
        return result
    }
}
