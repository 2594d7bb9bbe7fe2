import CQREncode

/// A QR code as its dark and light modules.
public struct CodeMatrix: Sendable, Hashable {
    /// Modules along a side.
    public let size: Int
    private let dark: [Bool]

    /// Version and error correction of every code: 61 modules a side, 15 % of them may be unreadable.
    private static let version: Int32 = 11

    /// The code of a text; nil for one that is empty or longer than version 11 with level M holds.
    public init?(_ text: String) {
        guard !text.isEmpty, !text.utf8.contains(0),
            let code = QRcode_encodeString(text, Self.version, QR_ECLEVEL_M, QR_MODE_8, 1)
        else { return nil }
        defer { QRcode_free(code) }
        // A text that doesn't fit is put into a larger version: it would be too fine for a FAX.
        guard code.pointee.version == Self.version else { return nil }
        self.init(code)
    }

    /// The code of a text for a screen, as coarse as the text allows; nil for one that is empty or too long.
    public init?(onScreen text: String) {
        guard !text.isEmpty, !text.utf8.contains(0),
            let code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1)
        else { return nil }
        defer { QRcode_free(code) }
        self.init(code)
    }

    private init?(_ code: UnsafeMutablePointer<QRcode>) {
        guard let data = code.pointee.data else { return nil }
        let size = Int(code.pointee.width)
        self.size = size
        dark = (0..<size * size).map { data[$0] & 1 == 1 }
    }

    /// Whether a module is dark.
    public func isDark(_ x: Int, _ y: Int) -> Bool {
        dark[y * size + x]
    }

    /// The dark modules as an SVG path, one unit a module, each run of a row as one rectangle.
    public var path: String {
        var result = ""
        for y in 0..<size {
            var x = 0
            while x < size {
                guard isDark(x, y) else {
                    x += 1
                    continue
                }
                let start = x
                while x < size, isDark(x, y) { x += 1 }
                result += "M\(start) \(y)h\(x - start)v1h\(start - x)z"
            }
        }
        return result
    }
}
