public import Catalogue

/// A line list of published cases as it was read: every row below the header is either accepted or rejected.
public struct LineList: Sendable, Hashable {
    /// A row that can be kept.
    public struct AcceptedRow: Sendable, Hashable {
        /// The line of the file on which it begins.
        public let line: Int
        /// The case's number in the publishing authority's list (No).
        public let number: Int?
        /// 全国地方公共団体コード of the publishing authority, 6 digits.
        public let municipalityCode: String
        /// Its prefecture, two digits.
        public let prefecture: String
        /// Single-valued items of the case.
        public let record: Record
        /// The record of 重症度, where the list tells of one.
        public let severity: Record?
        /// Who the row is about: the same in every version of the same authority's list.
        public let rowKey: String
    }

    /// A row that can't be kept as it stands.
    public struct RejectedRow: Sendable, Hashable {
        /// The line of the file on which the cell stands.
        public let line: Int
        /// The column as its header names it.
        public let column: String
        /// What stands in the cell.
        public let value: String
        /// What is wrong and how to mend it, in Japanese.
        public let reason: String
        /// The whole row.
        public let cells: [String]
    }

    /// Case numbers that the list leaves out (欠番): from the first to the last of each run.
    public struct Gap: Sendable, Hashable {
        /// 全国地方公共団体コード of the publishing authority.
        public let municipalityCode: String
        /// The numbers left out.
        public let numbers: ClosedRange<Int>
    }

    /// How the file was written: `UTF-8`, `UTF-8 BOM`, `UTF-16LE`, `UTF-16BE`, `CP932`.
    public let encoding: String
    /// The header as it stands in the file.
    public let header: [String]
    /// The rows that can be kept, in the order of the file.
    public let rows: [AcceptedRow]
    /// The rows that can't, in the order of the file.
    public let rejected: [RejectedRow]
    /// Columns that were not read, as their headers name them.
    public let ignoredColumns: [String]
    /// Case numbers that the list leaves out.
    public let gaps: [Gap]
    /// What was read otherwise than it stands, in Japanese; each said once for the file.
    public let notes: [String]

    /// How many rows of data the file has.
    public var rowCount: Int { rows.count + rejected.count }
}

/// Why a file is no line list.
public enum LineListFailure: Error, Sendable, Hashable {
    /// The bytes are no text.
    case undecodable(DecodingFailure)
    /// The text is no table.
    case malformed(CSVFailure)
    /// Columns without which no row can be read.
    case missingColumns([String])
    /// Two columns of the same meaning.
    case repeatedColumns([String])

    /// What is wrong and how to mend it, in Japanese.
    public var message: String {
        switch self {
        case .undecodable(let failure): failure.message
        case .malformed(let failure): failure.message
        case .missingColumns(let names):
            "見出しに必要な列がありません：\(names.joined(separator: "、"))。1行目の見出しを「陽性患者属性」の形式に合わせてください。"
        case .repeatedColumns(let names):
            "同じ意味の列が2つあります：\(names.joined(separator: "、"))。どちらかを除いてください。"
        }
    }
}
