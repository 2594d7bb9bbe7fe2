import Catalogue

/// Why one cell of a line list can't be taken, in Japanese.
struct LineListCellFailure: Error, Equatable {
    let column: LineListColumn
    let reason: String

    init(_ column: LineListColumn, _ reason: String) {
        self.column = column
        self.reason = reason
    }
}

/// Reads one row of a line list into items.
struct LineListRowReader {
    let layout: LineListLayout
    let today: CalendarDate
    let resolve: (_ prefecture: String, _ name: String) -> String?
    /// One authority has all rows of a file, as a rule.
    private var authorities: [[String]: Result<PublishingAuthority, LineListCellFailure>] = [:]

    init(
        layout: LineListLayout,
        today: CalendarDate,
        resolve: @escaping (_ prefecture: String, _ name: String) -> String?
    ) {
        self.layout = layout
        self.today = today
        self.resolve = resolve
    }

    /// A row as it was understood.
    struct Reading {
        let number: Int
        let authority: PublishingAuthority
        let record: Record
        let severity: Record?
    }

    /// The cell of a column without the white space around it; empty where the file has no such column.
    func cell(_ column: LineListColumn, _ cells: [String]) -> String {
        guard let place = layout.places[column], place < cells.count else { return "" }
        return PublishedWords.trimmed(FormulaGuard.original(cells[place]))
    }

    mutating func read(_ cells: [String]) -> Result<Reading, LineListCellFailure> {
        do {
            return .success(try reading(cells))
        } catch {
            return .failure(error)
        }
    }

    /// Authority and number of a row that could not be read for another reason.
    mutating func identity(_ cells: [String]) -> (code: String, number: Int)? {
        guard let number = number(cells), case .success(let authority) = authority(cells) else { return nil }
        return (authority.code, number)
    }

    private func number(_ cells: [String]) -> Int? {
        let digits = PublishedWords.asciiDigits(cell(.number, cells))
        guard digits.utf8.count <= 9, let number = Int(digits), number > 0 else { return nil }
        return number
    }

    private mutating func authority(_ cells: [String]) -> Result<PublishingAuthority, LineListCellFailure> {
        let key = [cell(.code, cells), cell(.municipality, cells), cell(.prefecture, cells)]
        if let known = authorities[key] { return known }
        let authority = PublishingAuthority.read(code: key[0], names: [key[1], key[2]])
        authorities[key] = authority
        return authority
    }

    private mutating func reading(_ cells: [String]) throws(LineListCellFailure) -> Reading {
        guard let number = number(cells) else {
            throw LineListCellFailure(.number, "番号は1以上の数字で入れてください。")
        }
        let authority = try authority(cells).get()
        guard let publishedOn = try date(.publishedOn, cells) else {
            let withdrawn = cells.contains { PublishedWords.trimmed($0) == "欠番" }
            throw LineListCellFailure(
                .publishedOn,
                withdrawn ? "欠番（取り下げられた番号）のため登録しません。" : "公表年月日がありません。"
            )
        }
        var record = Record()
        record[.entryRoute] = "import_file"
        record[.caseNumberPrefecture] = number
        record[.publishedOn] = publishedOn
        if let onset = try date(.onsetOn, cells) {
            guard onset <= publishedOn else {
                throw LineListCellFailure(.onsetOn, "発症年月日が公表年月日より後になっています。")
            }
            record[.onsetOn] = onset
        }
        try readPerson(cells, authority, into: &record)
        let severity = try readCourse(cells, publishedOn, into: &record)
        return Reading(number: number, authority: authority, record: record, severity: severity)
    }

    private func readPerson(
        _ cells: [String],
        _ authority: PublishingAuthority,
        into record: inout Record
    ) throws(LineListCellFailure) {
        let age = cell(.ageBand, cells)
        if let band = PublishedWords.ageBand(age) ?? (PublishedWords.isUnknown(age) ? "unknown" : nil) {
            record[.ageBand] = band
        } else {
            throw LineListCellFailure(.ageBand, "年代は「10歳未満」「10代」…「90歳以上」「不明」のどれかで入れてください。")
        }
        let sex = cell(.sex, cells)
        if let code = PublishedWords.sex(sex) ?? (PublishedWords.isUnknown(sex) ? "unknown" : nil) {
            record[.sex] = code
        } else {
            throw LineListCellFailure(.sex, "性別は「男性」「女性」「その他」「不明」のどれかで入れてください。")
        }
        let occupation = cell(.occupation, cells)
        if !PublishedWords.isUnknown(occupation) {
            record[.occupation] = try cleaned(occupation, .occupation, multiline: false)
        }
        var remarks: [String] = []
        let residence = cell(.residence, cells)
        if !PublishedWords.isUnknown(residence) {
            if let code = resolve(authority.prefecture, residence) {
                record[.addressMunicipality] = code
            } else {
                remarks.append("居住地（公表）：\(try cleaned(residence, .residence, multiline: false))")
            }
        }
        if try flag(.travelled, cells) { remarks.append("渡航歴：あり") }
        if try flag(.positiveAgain, cells) { remarks.append("再陽性") }
        let note = cell(.remarks, cells)
        if !PublishedWords.isUnknown(note) { remarks.append(try cleaned(note, .remarks, multiline: true)) }
        if !remarks.isEmpty { record[.remarks] = remarks.joined(separator: "\n") }
    }

    /// Reads symptoms, state and outcome; returns the record of the severity.
    private func readCourse(
        _ cells: [String],
        _ publishedOn: CalendarDate,
        into record: inout Record
    ) throws(LineListCellFailure) -> Record? {
        let (codes, other) = PublishedWords.symptoms(cell(.symptoms, cells))
        if !codes.isEmpty { record[.notifiedSymptoms] = codes }
        if let other { record[.notifiedSymptomsOther] = try cleaned(other, .symptoms, multiline: false) }
        if try flag(.discharged, cells) { record[.outcome] = "discharged" }
        let word = cell(.state, cells)
        guard !PublishedWords.isUnknown(word) else { return nil }
        switch PublishedWords.state(word) {
        case nil:
            throw LineListCellFailure(.state, "状態は「無症状」「軽症」「中等症」「重症」「死亡」のどれかで入れてください。")
        case .died:
            record[.outcome] = "died"
            return nil
        case .discharged:
            record[.outcome] = "discharged"
            return nil
        case .severity(let code):
            var severity = Record()
            severity[.severity] = code
            severity[.severityAt] = Timestamp(publishedOn)
            return severity
        }
    }

    private func flag(_ column: LineListColumn, _ cells: [String]) throws(LineListCellFailure) -> Bool {
        guard let flag = PublishedWords.flag(cell(column, cells)) else {
            throw LineListCellFailure(column, "フラグは1か0、または空欄にしてください。")
        }
        return flag
    }

    private func cleaned(
        _ text: String,
        _ column: LineListColumn,
        multiline: Bool
    ) throws(LineListCellFailure) -> String {
        switch TextCleaning.clean(text, multiline: multiline) {
        case .success(let clean): return clean
        case .failure(let failure): throw LineListCellFailure(column, failure.message)
        }
    }

    private func date(_ column: LineListColumn, _ cells: [String]) throws(LineListCellFailure) -> CalendarDate? {
        let text = cell(column, cells)
        if PublishedWords.isUnknown(text) { return nil }
        guard let date = PublishedDate.read(text, today: today) else {
            throw LineListCellFailure(column, "日付は「2020-02-04」か「2020/2/4」の形で入れてください。")
        }
        guard date <= today else { throw LineListCellFailure(column, "日付が今日より後になっています。") }
        return date
    }
}
