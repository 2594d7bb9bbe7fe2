import CZlib

/// The texts of the 2-D codes that carry a printed report, and the way back.
///
/// A code's text is `HS1` and, in Base45 (RFC 9285), the CRC-32 of the whole, the number of codes, this one's place
/// and its piece. Base45 keeps to the letters that a QR code stores in 5½ bits, so that any reader returns them
/// unchanged; the CRC tells codes of different reports apart and proves that the pieces make the whole.
public enum ReportCode {
    /// What a text of ours begins with; the digit is the layout's version.
    private static let mark = "HS1"
    private static let anyMark = "HS"
    /// Bytes of a piece: with mark and header 366 letters, what a QR code of version 11 with level M holds.
    static let pieceBytes = 236
    private static let headerBytes = 6
    /// The most codes of one report: four rows of three fill the second sheet.
    public static let mostCodes = 12

    /// The texts of a report's codes.
    ///
    /// - Throws: ``ReportCodeFailure/tooLong`` for a report that needs more than ``mostCodes``.
    public static func texts(of report: PrintedReport) throws -> [String] {
        let bytes = try ReportPayload.encode(report)
        let count = (bytes.count + pieceBytes - 1) / pieceBytes
        guard count <= mostCodes else { throw ReportCodeFailure.tooLong }
        let sum = checksum(bytes)
        // Pieces of one length: every code is as hard to read as the next.
        let length = (bytes.count + count - 1) / count
        return (0..<count).map { index in
            let piece = bytes[min(index * length, bytes.count)..<min((index + 1) * length, bytes.count)]
            return mark + Base45.text(sum + [UInt8(count), UInt8(index)] + piece)
        }
    }

    /// A report on the papers that were read.
    public enum Found: Sendable, Hashable {
        /// All of it.
        case whole(PrintedReport)
        /// Codes of it are missing: so many of so many, the missing ones by their place from 1.
        case partial(count: Int, missing: [Int])
        /// Codes that can't be understood.
        case failed(ReportCodeFailure)
    }

    /// Puts together the reports whose codes stand among texts, in the order in which they were met.
    ///
    /// Texts that aren't ours are passed over; a code read twice counts once.
    public static func reports(in texts: [String]) -> [Found] {
        var order: [[UInt8]] = []
        var pieces: [[UInt8]: [UInt8: [UInt8]]] = [:]
        var failures: [Found] = []
        for text in texts where text.hasPrefix(anyMark) {
            guard text.hasPrefix(mark) else {
                failures.append(.failed(.newer))
                continue
            }
            guard text.utf8.count <= 1000, let bytes = Base45.bytes(text.dropFirst(mark.count)),
                bytes.count >= headerBytes, bytes[4] > 0, bytes[4] <= UInt8(mostCodes), bytes[5] < bytes[4]
            else {
                failures.append(.failed(.damaged))
                continue
            }
            // Checksum and count together name the report.
            let name = Array(bytes[0..<5])
            if pieces[name] == nil { order.append(name) }
            pieces[name, default: [:]][bytes[5]] = Array(bytes[headerBytes...])
        }
        let reports = order.map { found($0, pieces[$0] ?? [:]) }
        return reports + failures.prefix(1)
    }

    private static func found(_ name: [UInt8], _ pieces: [UInt8: [UInt8]]) -> Found {
        let count = name[4]
        let missing = (0..<count).filter { pieces[$0] == nil }
        guard missing.isEmpty else { return .partial(count: Int(count), missing: missing.map { Int($0) + 1 }) }
        let bytes = (0..<count).flatMap { pieces[$0] ?? [] }
        guard checksum(bytes) == Array(name[0..<4]) else { return .failed(.damaged) }
        do {
            return .whole(try ReportPayload.decode(bytes))
        } catch {
            return .failed(error as? ReportCodeFailure ?? .damaged)
        }
    }

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        let sum = UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
        return [UInt8(sum >> 24), UInt8(sum >> 16 & 0xFF), UInt8(sum >> 8 & 0xFF), UInt8(sum & 0xFF)]
    }
}

/// Bytes in the 45 letters that a QR code stores most densely (RFC 9285).
enum Base45 {
    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 2) {
            let isPair = start + 1 < bytes.count
            var value = isPair ? Int(bytes[start]) << 8 | Int(bytes[start + 1]) : Int(bytes[start])
            for _ in 0..<(isPair ? 3 : 2) {
                result.append(letters[value % 45])
                value /= 45
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func bytes(_ text: Substring) -> [UInt8]? {
        var digits: [Int] = []
        for letter in text.utf8 {
            guard let digit = letters.firstIndex(of: letter) else { return nil }
            digits.append(digit)
        }
        var result: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 3) {
            let group = digits[start..<min(start + 3, digits.count)]
            let value = group.reversed().reduce(0) { $0 * 45 + $1 }
            switch group.count {
            case 3:
                guard value <= 0xFFFF else { return nil }
                result += [UInt8(value >> 8), UInt8(value & 0xFF)]
            case 2:
                guard value <= 0xFF else { return nil }
                result.append(UInt8(value))
            default: return nil
            }
        }
        return result
    }
}
