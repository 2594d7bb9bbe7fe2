import Foundation

/// What a command says: results on the output, everything else beside it.
enum Terminal {
    /// Whether somebody looks on.
    static var isWatched: Bool { isatty(2) == 1 }

    /// A line for whoever watches.
    static func say(_ line: String) {
        FileHandle.standardError.write(Data("\(line)\n".utf8))
    }

    /// A line about what went wrong.
    static func complain(_ line: String) {
        say(line)
    }

    /// How far long work has come: one line that changes on a terminal, plain lines elsewhere.
    static func progress(_ what: String, _ done: Int, of total: Int) {
        let percent = total == 0 ? 100 : done * 100 / total
        if isWatched {
            FileHandle.standardError.write(Data("\r\(what) \(done)/\(total) (\(percent)%)".utf8))
            if done >= total { say("") }
        } else if done >= total || done % max(total / 10, 1) < max(total / 100, 1) {
            say("\(what) \(done)/\(total) (\(percent)%)")
        }
    }

    /// Values as JSON on the output.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
