/// The digits of a one-time code (ワンタイムパスワード): they reach a telephone, and no log, file or error.
public struct SecretDigits: Sendable, Hashable {
    /// The digits from left to right, each 0…9.
    let values: [Int]

    /// Reads 4 to 10 ASCII digits; nil for anything else.
    public init?(_ text: String) {
        let values = text.utf8.map { Int($0) - 48 }
        guard (4...10).contains(values.count), values.allSatisfy({ (0...9).contains($0) }) else { return nil }
        self.values = values
    }

    /// The six digits that stand in a message's text, alone or with a blank between each two: what an older server
    /// has put into the outbox.
    ///
    /// Nil where there are none, or more than six.
    public init?(in text: String) {
        var runs: [String] = []
        var run = ""
        var isBlank = false
        for character in text.unicodeScalars {
            if ("0"..."9").contains(character) {
                run.unicodeScalars.append(character)
                isBlank = false
            } else if character == " ", !run.isEmpty, !isBlank {
                isBlank = true
            } else {
                runs.append(run)
                run = ""
                isBlank = false
            }
        }
        runs.append(run)
        let found = runs.filter { $0.utf8.count == 6 }
        guard found.count == 1 else { return nil }
        self.init(found[0])
    }

    /// The digits as text, for who sends them.
    var text: String { values.map(String.init).joined() }
}

extension SecretDigits: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says that there are digits, and not which.
    public var description: String { "SecretDigits(\(values.count))" }
    /// As ``description``.
    public var debugDescription: String { description }
    /// Nothing: whatever prints the parts of values finds none.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
