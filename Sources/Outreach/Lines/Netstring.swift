/// Reads frames `12:hello world!,` from a stream of bytes, as baresip's control connection speaks.
struct NetstringReader {
    /// A stream that isn't one of frames.
    struct Malformed: Error {}

    private var bytes: [UInt8] = []
    /// Longer than any event.
    private static let most = 65_536

    /// Takes what has come.
    mutating func append(_ more: some Sequence<UInt8>) { bytes += more }

    /// The next whole frame; nil until it has come.
    mutating func next() throws -> [UInt8]? {
        guard let colon = bytes.prefix(8).firstIndex(of: UInt8(ascii: ":")) else {
            if bytes.count >= 8 { throw Malformed() }
            return nil
        }
        guard let length = Int(String(decoding: bytes[..<colon], as: UTF8.self)), (0...Self.most).contains(length)
        else {
            throw Malformed()
        }
        let end = colon + 1 + length
        guard bytes.count > end else { return nil }
        guard bytes[end] == UInt8(ascii: ",") else { throw Malformed() }
        let frame = Array(bytes[(colon + 1)..<end])
        bytes.removeFirst(end + 1)
        return frame
    }

    /// A frame around a text.
    static func frame(_ text: String) -> String { "\(text.utf8.count):\(text)," }
}
