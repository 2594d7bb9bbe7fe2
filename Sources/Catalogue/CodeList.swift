/// A closed list of codes with their names.
///
/// A class because each value of a coded item leads here: a reference costs less to pass on than a list.
public final class CodeList: Sendable {
    /// One line of a list.
    public struct Entry: Sendable, Hashable {
        /// The code as stored and sent.
        public let code: Code
        /// Name in Japanese.
        public let ja: String
        /// Name in English.
        public let en: String
        /// The answer as the person themselves is offered it; nil where it isn't.
        public let offered: Wording?

        /// A line of a list.
        public init(_ code: String, _ ja: String, _ en: String, offered: Wording? = nil) {
            self.code = Code(code)
            self.ja = ja
            self.en = en
            self.offered = offered
        }
    }

    /// The list's name in the dictionary.
    public let key: String
    /// The lines in the order in which they are shown.
    public let entries: [Entry]
    /// The code that excludes all others where several may be chosen: 「なし」.
    public let exclusive: Code?
    private let places: [Code: Int]

    /// A list of codes; `exclusive` names the code that excludes all others.
    public init(_ key: String, exclusive: Code? = nil, _ entries: [Entry]) {
        self.key = key
        self.entries = entries
        self.exclusive = exclusive
        places = Dictionary(entries.enumerated().map { ($1.code, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A long list written as a table, one line `code Japanese / English` each.
    ///
    /// A literal of hundreds of entries costs the compiler seconds, a text costs it nothing; a test counts the lines.
    convenience init(_ key: String, table: String) {
        self.init(
            key,
            table.split(separator: "\n").compactMap { line in
                guard let space = line.firstIndex(of: " "),
                    let slash = line.firstRange(of: " / ")
                else { return nil }
                let ja = line[line.index(after: space)..<slash.lowerBound]
                return Entry(String(line[..<space]), String(ja), String(line[slash.upperBound...]))
            }
        )
    }

    /// The line of a code, or nil where the list has no such code.
    public subscript(code: Code) -> Entry? {
        places[code].map { entries[$0] }
    }

    /// Where a code stands in the list.
    public func place(of code: Code) -> Int? {
        places[code]
    }

    /// The Japanese name of a code; a code the list doesn't know is shown as it is.
    public func label(_ code: Code) -> String {
        self[code]?.ja ?? code.rawValue
    }
}

extension CodeList: Hashable {
    /// Lists are the same where their keys are.
    public static func == (left: CodeList, right: CodeList) -> Bool { left.key == right.key }

    /// Hashes the key.
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
