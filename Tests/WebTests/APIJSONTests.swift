import Catalogue
import Testing

@testable import Web

@Suite struct APIJSONTests {
    private static func parse(_ text: String) -> JSON? {
        try? JSONParser.parse(Array(text.utf8))
    }

    private static func refusal(_ bytes: [UInt8]) -> JSONParser.Failure.Reason? {
        do {
            _ = try JSONParser.parse(bytes)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        arguments: [
            ("null", JSON.null), (" true ", true), ("false", false), ("0", 0), ("-0", .number("-0")),
            ("1.50e-3", .number("1.50e-3")),
            ("123456789012345678901234567890", .number("123456789012345678901234567890")),
            (#""""#, ""), (#""あ\n\"\\\/\b\f\r\t""#, "あ\n\"\\/\u{8}\u{C}\r\t"), (#""\u3042\u0000""#, "あ\0"),
            (#""\ud842\udfb7野家""#, "𠮷野家"), ("[]", []), ("[1, [2]]", [1, [2]]), ("{}", [:]),
            (#"{"a": {"b": []}, "c": null}"#, ["a": ["b": []], "c": .null]),
        ] as [(String, JSON)]
    )
    func `JSON is read as it was written`(text: String, value: JSON) {
        #expect(Self.parse(text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "True", "tru", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "Infinity", "'a'",
        #"""#, #""a"#, "\"\n\"", "\"\u{1}\"", #""\x""#, #""\u12""#, #""\u12g4""#, "[", "[1", "[1,]", "[,1]", "[1 2]",
        "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{"a" 1}"#, "1 2", "[]]", "// a\n1", "\u{FEFF}1",
        "\u{A0}1",
    ])
    func `anything but the grammar is malformed`(text: String) {
        #expect(Self.refusal(Array(text.utf8)) == .malformed)
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, JSONParser.Failure.Reason.duplicate), (#"{"a":1,"\u0061":2}"#, .duplicate),
        (#""\ud842""#, .encoding), (#""\udfb7""#, .encoding), (#""\ud842\u0041""#, .encoding),
        (#""\ud842a""#, .encoding),
    ])
    func `members that come twice and halves of characters are refused`(
        text: String,
        reason: JSONParser.Failure.Reason
    ) {
        #expect(Self.refusal(Array(text.utf8)) == reason)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE3, 0x81], [0xFF],
        ] as [[UInt8]]
    )
    func `a string that isn't UTF-8 is refused`(bytes: [UInt8]) {
        for escape in ["", #"\n"#] {
            let text = Array("\"\(escape)".utf8) + bytes + Array("\"".utf8)
            #expect(Self.refusal(text) == .encoding)
        }
    }

    @Test func `thirty-two levels are read and no more`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(Self.parse(nested(32)) != nil)
        #expect(Self.parse(nested(33)) == nil)
        #expect(Self.parse(String(repeating: #"{"a":"#, count: 100_000)) == nil)
    }

    @Test(arguments: [
        ("5", "5"), ("5.0", "5"), ("0.5e1", "5"), ("5e0", "5"), ("50E-1", "5"), ("-0", "0"), ("-0.0", "0"),
        ("37.50", "37.5"), ("3.75e1", "37.5"), ("-1.5", "-1.5"), ("1e3", "1000"), ("1e-3", "0.001"), ("0.10", "0.1"),
        ("1e21", nil), ("1e-21", nil), ("1e99999999999999999999", nil),
    ])
    func `one number is one text`(number: String, plain: String?) {
        #expect(JSON.plain(number) == plain)
    }

    @Test(arguments: UInt64(1)...40)
    func `a tree that is written is read back the same`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        for _ in 0..<50 {
            let tree = chance.tree(depth: 5)
            var writer = JSONWriter()
            writer.json(tree)
            #expect(try JSONParser.parse(writer.bytes) == tree)
        }
    }

    @Test(arguments: UInt64(1)...40)
    func `broken JSON is refused or read, never more`(seed: UInt64) {
        var chance = Chance(seed: seed)
        for _ in 0..<200 {
            var writer = JSONWriter()
            writer.json(chance.tree(depth: 4))
            var bytes = writer.bytes
            for _ in 0...chance.below(4) where !bytes.isEmpty {
                let place = chance.below(bytes.count)
                switch chance.below(4) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8(chance.below(256))
                case 2: bytes.insert(Array("\"\\{}[]:,0-eu".utf8)[chance.below(12)], at: place)
                default: bytes = Array(bytes[..<place])
                }
            }
            guard let read = try? JSONParser.parse(bytes) else { continue }
            var again = JSONWriter()
            again.json(read)
            #expect((try? JSONParser.parse(again.bytes)) == read)
        }
    }
}

/// Chance that is the same for the same seed (SplitMix64).
struct Chance {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(max(bound, 1)))
    }

    /// A text of ASCII, kana, kanji, control characters and characters beyond the first plane.
    mutating func text() -> String {
        let pool = Array("aZ0 \"\\/\u{1}\n\u{7F}é\u{301}あ漢ｱ𠮷👨‍👩‍👧\u{FFFD}".unicodeScalars)
        var scalars = String.UnicodeScalarView()
        for _ in 0..<below(12) { scalars.append(pool[below(pool.count)]) }
        return String(scalars)
    }

    mutating func tree(depth: Int) -> JSON {
        switch below(depth > 0 ? 7 : 5) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .number("\(below(1_000_000) - 500_000)")
        case 3: return .number("\(below(1000)).\(below(1000))e\(below(9) - 4)")
        case 4: return .text(text())
        case 5: return .list((0..<below(5)).map { _ in tree(depth: depth - 1) })
        default:
            var names: Set<String> = []
            return .object(
                (0..<below(5)).compactMap { _ in
                    let name = text()
                    return names.insert(name).inserted
                        ? JSON.Member(name: name, value: tree(depth: depth - 1)) : nil
                }
            )
        }
    }
}
