import Access
import Catalogue
import Foundation
import Interchange
import Storage

/// A file of accounts to be issued (CSV), before anybody's right is asked.
struct AccountFile {
    /// A column of the file.
    enum Column: Int, CaseIterable {
        case login, name, organisation, phone, duties

        /// Its name on the screen and in the file of refused rows.
        var label: String {
            switch self {
            case .login: "ユーザーID"
            case .name: "氏名"
            case .organisation: "組織コード"
            case .phone: "電話番号"
            case .duties: "役割"
            }
        }

        /// Names by which files call it.
        private static let names: [String: Column] = [
            "ユーザーid": .login, "ユーザid": .login, "id": .login, "login": .login,
            "氏名": .name, "名称": .name, "氏名又は名称": .name, "氏名または名称": .name, "name": .name,
            "組織コード": .organisation, "組織": .organisation, "組織のキー": .organisation, "医療機関コード": .organisation,
            "機関コード": .organisation, "organisation": .organisation,
            "電話番号": .phone, "電話": .phone, "phone": .phone,
            "役割": .duties, "duties": .duties, "duty": .duties,
        ]

        init?(header: String) {
            let name = FormulaGuard.original(header).nfkc.lowercased().filter { !$0.isWhitespace && $0 != "\u{FEFF}" }
            guard let column = Self.names[name] else { return nil }
            self = column
        }

        /// The field of a form that a finding names.
        static func of(_ finding: Finding) -> Column {
            switch finding.place.item {
            case "name": .name
            case "organisation": .organisation
            case "phone": .phone
            case "duties": .duties
            default: .login
            }
        }
    }

    /// Bytes of a file at the most.
    static let mostBytes = 4 << 20
    /// Rows of a file at the most.
    static let mostRows = 20_000

    /// The rows, each with its cells in the order of ``Column``; those of another width have a reason already.
    private(set) var rows: [AccountBatchRow] = []
    /// Columns that mean nothing here.
    private(set) var ignored: [String] = []

    /// Reads a file.
    ///
    /// - Throws: ``Refusal/findings(_:)`` at `file` for what is no such table.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count <= Self.mostBytes else {
            throw Self.refused("too_large", "ファイルが大きすぎます（\(Self.mostBytes >> 20)MBまで）。分けて取り込んでください。")
        }
        let text: String
        switch TextDecoding.decode(bytes) {
        case .success(let decoded): text = decoded.text
        case .failure(let failure): throw Self.refused("encoding", failure.message)
        }
        switch CSVReader.read(text) {
        case .success(let table): try read(table)
        case .failure(let failure): throw Self.refused("csv", failure.message)
        }
    }

    private static func refused(_ code: String, _ message: String) -> Refusal {
        .findings([Finding("file", code, message)])
    }

    private mutating func read(_ table: CSVTable) throws {
        var places: [Column: Int] = [:]
        for (place, header) in table.header.enumerated() {
            guard let column = Column(header: header) else {
                if !["行", "列", "理由"].contains(header), !header.isEmpty { ignored.append(header) }
                continue
            }
            guard places[column] == nil else {
                throw Self.refused("repeated", "「\(column.label)」の列が2つあります。1つにしてください。")
            }
            places[column] = place
        }
        let missing = [Column.name, .organisation, .phone].filter { places[$0] == nil }.map(\.label)
        guard missing.isEmpty else {
            throw Self.refused("columns", "「\(missing.joined(separator: "」「"))」の列がありません。見出しの行を確かめてください。")
        }
        guard !table.rows.isEmpty else { throw Self.refused("empty", "ファイルに見出しのほかの行がありません。") }
        guard table.rows.count <= Self.mostRows else {
            throw Self.refused("rows", "行が多すぎます（\(Self.mostRows)行まで）。分けて取り込んでください。")
        }
        for row in table.rows {
            func cell(_ column: Column) -> String {
                guard let place = places[column], place < row.cells.count else { return "" }
                return FormulaGuard.original(row.cells[place]).trimmingCharacters(in: .whitespacesAndNewlines)
            }
            var read = AccountBatchRow(line: row.line, state: .waiting, cells: Column.allCases.map(cell))
            let isWide = row.cells.dropFirst(table.header.count).contains { !$0.isEmpty }
            if row.cells.count < table.header.count || isWide {
                let width = "見出しは\(table.header.count)列、この行は\(row.cells.count)列"
                read.state = .refused
                read.reasons = [.init(column: "", text: "列の数が見出しと違います（\(width)）。")]
            }
            rows.append(read)
        }
    }

    /// The duties that a cell names; nil for a word that is none.
    static func duties(_ text: String) -> Set<Duty>? {
        var result: Set<Duty> = []
        let words = text.nfkc.split { $0.isWhitespace || $0 == "," || $0 == "、" || $0 == "・" || $0 == "/" || $0 == ";" }
        for word in words {
            guard let duty = Duty.allCases.first(where: { $0.label == word || $0.rawValue == word.lowercased() }) else {
                return nil
            }
            result.insert(duty)
        }
        return result
    }

    /// A checked row's cells as a draft.
    static func draft(_ cells: [String]) -> AccountDraft {
        func cell(_ column: Column) -> String { column.rawValue < cells.count ? cells[column.rawValue] : "" }
        return AccountDraft(
            login: cell(.login),
            name: cell(.name),
            organisation: cell(.organisation),
            phone: cell(.phone),
            duties: duties(cell(.duties)) ?? []
        )
    }

    /// A file to begin with: the header and a row that shows how one is written.
    ///
    /// The row's organisation doesn't exist: where it is left in by mistake it is refused.
    static let template = CSVWriter().write(
        header: Column.allCases.map(\.label),
        rows: [["mihon-01", "見本 花子", "9999999999", "03-0000-0000", Duty.manager.label]]
    )

    /// The header of the file of refused rows.
    static let rejectsHeader = Column.allCases.map(\.label) + ["行", "列", "理由"]

    /// A refused row, to be mended and loaded again.
    static func reject(_ row: AccountBatchRow) -> [String] {
        row.cells + [
            String(row.line), row.reasons.map(\.column).joined(separator: "／"),
            row.reasons.map(\.text).joined(separator: " "),
        ]
    }
}
