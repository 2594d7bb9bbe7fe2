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
    /// The same in English, where people read it who don't work with the system; empty elsewhere.
    public let english: String

    /// A finding.
    public init(
        _ place: Place,
        _ code: String,
        _ message: String,
        english: String = "",
        severity: Severity = .refusal
    ) {
        self.place = place
        self.code = code
        self.severity = severity
        self.message = message
        self.english = english
    }

    /// A finding at a single-valued item.
    public init(
        _ item: String,
        _ code: String,
        _ message: String,
        english: String = "",
        severity: Severity = .refusal
    ) {
        self.init(Place(item: item), code, message, english: english, severity: severity)
    }

    /// A finding at a single-valued item, in words that everybody is to read.
    public init(_ item: String, _ code: String, _ words: Wording, severity: Severity = .refusal) {
        self.init(item, code, words.ja, english: words.en, severity: severity)
    }

    /// A value that can't be read.
    public init(_ item: String, _ failure: ReadingFailure) {
        self.init(item, failure.code, failure.message, english: failure.english)
    }

    /// The finding with its message in a language; in Japanese where it has no other.
    public func worded(in language: Language) -> Finding {
        guard language == .en, !english.isEmpty else { return self }
        return Finding(place, code, english, english: english, severity: severity)
    }
}
