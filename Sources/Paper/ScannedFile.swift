/// A scanned paper: PDF, PNG, JPEG or TIFF as FAX servers and scanners make them.
public enum ScannedFile {
    /// Bytes of a file.
    public static let mostBytes = 10 << 20
    /// Pages of a file.
    public static let mostPages = 20
    /// Pixels of one page, twice A4 at 400 dots an inch.
    static let mostPixels = 32_000_000
    /// Bytes of all its pages as pictures.
    private static let mostOutput = 200 << 20

    /// Why a file can't be looked at.
    public enum Failure: Error, Sendable, Hashable {
        /// Empty.
        case empty
        /// More than ``mostBytes``.
        case tooLarge
        /// More than ``mostPages``.
        case tooManyPages
        /// None of the kinds that are read.
        case unknownKind
        /// One of them by its first bytes, but broken, protected, or asking for more than it may.
        case unreadable
    }

    /// What a file is by its first bytes; its name says nothing.
    private enum Kind {
        case pdf, png, jpeg, tiff

        init?(_ bytes: [UInt8]) {
            if bytes.starts(with: Array("%PDF-".utf8)) {
                self = .pdf
            } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
                self = .png
            } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
                self = .jpeg
            } else if bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
                self = .tiff
            } else {
                return nil
            }
        }

        /// 204 dots across an inch are those of a FAX; both ways they hold a sheet that was drawn finer, too.
        var command: [String] {
            switch self {
            case .pdf: ["pdftoppm", "-q", "-gray", "-r", "204", "-l", String(ScannedFile.mostPages + 1), "-"]
            case .png: ["pngtopnm"]
            case .jpeg: ["jpegtopnm", "-quiet"]
            case .tiff: ["tifftopnm", "-quiet"]
            }
        }
    }

    /// The pages of a file as pictures.
    ///
    /// Works for seconds and starts processes: not to be called where others wait.
    /// - Throws: ``Failure``.
    public static func pages(of bytes: [UInt8]) throws -> [GrayPicture] {
        guard !bytes.isEmpty else { throw Failure.empty }
        guard bytes.count <= mostBytes else { throw Failure.tooLarge }
        guard let kind = Kind(bytes) else { throw Failure.unknownKind }
        let bounds = ChildProgram.Bounds(output: mostOutput, seconds: 30)
        guard let output = ChildProgram.output(of: kind.command, on: bytes, bounds) else { throw Failure.unreadable }
        let pages = try PortableMap.pictures(output)
        guard pages.count <= mostPages else { throw Failure.tooManyPages }
        guard !pages.isEmpty else { throw Failure.unreadable }
        return pages
    }
}

/// Pictures one behind the other in the formats of netpbm: PBM, PGM, PPM with binary pixels.
enum PortableMap {
    static func pictures(_ bytes: [UInt8]) throws -> [GrayPicture] {
        var result: [GrayPicture] = []
        var place = 0
        while place < bytes.count {
            result.append(try picture(bytes, &place))
            guard result.count <= ScannedFile.mostPages + 1 else { throw ScannedFile.Failure.tooManyPages }
        }
        return result
    }

    private static func picture(_ bytes: [UInt8], _ place: inout Int) throws -> GrayPicture {
        guard place + 2 < bytes.count, bytes[place] == UInt8(ascii: "P") else { throw ScannedFile.Failure.unreadable }
        let format = bytes[place + 1]
        place += 2
        let width = try number(bytes, &place)
        let height = try number(bytes, &place)
        let most = format == UInt8(ascii: "4") ? 1 : try number(bytes, &place)
        place += 1
        guard (1...20_000).contains(width), (1...20_000).contains(height), width * height <= ScannedFile.mostPixels,
            (1...255).contains(most)
        else { throw ScannedFile.Failure.unreadable }
        let rowBytes: Int
        switch format {
        case UInt8(ascii: "4"): rowBytes = (width + 7) / 8
        case UInt8(ascii: "5"): rowBytes = width
        case UInt8(ascii: "6"): rowBytes = width * 3
        default: throw ScannedFile.Failure.unreadable
        }
        guard place + rowBytes * height <= bytes.count else { throw ScannedFile.Failure.unreadable }
        var pixels = [UInt8](repeating: 255, count: width * height)
        bytes.withUnsafeBufferPointer { source in
            pixels.withUnsafeMutableBufferPointer { target in
                for y in 0..<height {
                    let (from, to) = (place + y * rowBytes, y * width)
                    for x in 0..<width {
                        switch format {
                        case UInt8(ascii: "5"): target[to + x] = UInt8(min(255, Int(source[from + x]) * 255 / most))
                        case UInt8(ascii: "6"):
                            let at = from + x * 3
                            let light = Int(source[at]) * 77 + Int(source[at + 1]) * 151 + Int(source[at + 2]) * 28
                            target[to + x] = UInt8(min(255, light / 256 * 255 / most))
                        default:
                            target[to + x] = source[from + x / 8] >> UInt8(7 - x % 8) & 1 == 1 ? 0 : 255
                        }
                    }
                }
            }
        }
        place += rowBytes * height
        guard let picture = GrayPicture(width: width, height: height, pixels: pixels) else {
            throw ScannedFile.Failure.unreadable
        }
        return picture
    }

    /// A number of the head, with what stands before it: spaces and remarks.
    private static func number(_ bytes: [UInt8], _ place: inout Int) throws -> Int {
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "#") {
                while place < bytes.count, bytes[place] != 10 { place += 1 }
            } else if bytes[place] > 32 {
                break
            }
            place += 1
        }
        var result = 0
        let start = place
        while place < bytes.count, (48...57).contains(bytes[place]), place - start < 7 {
            result = result * 10 + Int(bytes[place] - 48)
            place += 1
        }
        guard place > start else { throw ScannedFile.Failure.unreadable }
        return result
    }
}
