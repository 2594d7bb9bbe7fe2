/// A code of a code list, kept as it came so that a code of another version survives reading and writing.
public struct Code: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral {
    /// The code as in the list and in the API.
    public let rawValue: String

    /// A code.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A code.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// A code written in the source.
    public init(stringLiteral value: String) {
        rawValue = value
    }
}
