/// A value bound to a statement's parameter.
public enum SQLValue: Sendable, Equatable {
    /// NULL.
    case null
    /// A whole number.
    case integer(Int64)
    /// A text.
    case text(String)
    /// Bytes.
    case blob([UInt8])

    /// A number, or NULL for nil.
    public static func optional(_ number: Int64?) -> SQLValue {
        number.map { .integer($0) } ?? .null
    }

    /// A text, or NULL for nil.
    public static func optional(_ text: String?) -> SQLValue {
        text.map { .text($0) } ?? .null
    }
}

/// A row while it is being read; valid only inside the closure that receives it.
public protocol SQLRow {
    /// The number in a column (from 0), 0 for NULL.
    func integer(_ column: Int) -> Int64
    /// The text in a column, empty for NULL.
    func text(_ column: Int) -> String
    /// The bytes in a column, empty for NULL.
    func blob(_ column: Int) -> [UInt8]
    /// Whether a column is NULL.
    func isNull(_ column: Int) -> Bool
}

extension SQLRow {
    /// The number in a column, nil for NULL.
    public func optionalInteger(_ column: Int) -> Int64? {
        isNull(column) ? nil : integer(column)
    }

    /// The text in a column, nil for NULL.
    public func optionalText(_ column: Int) -> String? {
        isNull(column) ? nil : text(column)
    }
}
