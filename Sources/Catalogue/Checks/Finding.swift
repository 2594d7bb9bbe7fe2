/// What is wrong or unlikely about an entry, at the place where it is, with how to mend it.
public struct Finding: Sendable, Hashable {
    /// What a finding does to the entry.
    public enum Severity: String, Sendable, Hashable {
        /// The entry is refused until it is mended.
        case refusal
        /// Unlikely; may be kept by whoever has looked at it.
        case warning
    }

    /// Where the value stands: a single item, or an item of the n-th record of a repeating section.
    public struct Place: Sendable, Hashable {
        /// The item's key.
        public let item: String
        /// Position of the record among those entered, from 0; nil for a single-valued item.
        public let index: Int?

        /// A place in an entry.
        public init(item: String, index: Int? = nil) {
            self.item = item
            self.index = index
        }
    }

    /// Where.
    public let place: Place
    /// What is wrong, for programs: `required`, `format`, `order`, …; stable.
    public let code: String
    /// Refused or unlikely.
    public let severity: Severity
    /// What is wrong and how to mend it, in Japanese; never holds a value that was entered.
    public let message: String

    /// A finding.
    public init(_ place: Place, _ code: String, _ message: String, severity: Severity = .refusal) {
        self.place = place
        self.code = code
        self.severity = severity
        self.message = message
    }

    /// A finding at a single-valued item.
    public init(_ item: String, _ code: String, _ message: String, severity: Severity = .refusal) {
        self.init(Place(item: item), code, message, severity: severity)
    }
}
