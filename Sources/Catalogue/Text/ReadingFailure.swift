/// Why a text can't be read, with how to mend it.
///
/// ``code`` is stable and holds nothing of a person: only it may be logged. ``message`` stands beside the field; that
/// of a date outside its era repeats the date, because the right date is the way to mend it.
public struct ReadingFailure: Error, Sendable, Hashable {
    /// The reason for programs: `format`, `empty`, `length`, `character`, `year`, `era`, `calendar`, `check_digit`, ….
    public let code: String
    /// What is wrong and how to mend it, in Japanese.
    public let message: String
    /// The same in English, where people read it who don't work with the system; empty elsewhere.
    public let english: String

    /// A failure.
    public init(code: String, message: String, english: String = "") {
        self.code = code
        self.message = message
        self.english = english
    }
}

extension Result where Failure == ReadingFailure {
    static func refused(_ code: String, _ message: String, _ english: String = "") -> Self {
        .failure(ReadingFailure(code: code, message: message, english: english))
    }
}
