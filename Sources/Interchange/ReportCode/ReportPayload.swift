import CZlib
import Catalogue

/// A printed report as bytes: short names of items and codes, days as numbers, Japanese letters in two bytes, deflated.
///
/// An item is named by 16 bits of its key's hash and found again among the items of the form: no second list of items,
/// and no order that would have to stay. A test proves that no two items of a form share a name. What is written today
/// has to be readable later: a change of this layout is another ``version``.
enum ReportPayload {
    /// The layout's number, the first byte.
    private static let version: UInt8 = 1
    /// The longest report that is unpacked: a damaged or hostile one can't fill the memory.
    static let mostBytes = 1 << 16

    static func encode(_ report: PrintedReport) throws -> [UInt8] {
        var writer = PayloadWriter()
        writer.text(report.form)
        writer.number(report.number.map { $0.payload + 1 } ?? 0)
        writer.record(report.items)
        writer.number(Int64(report.tests.count))
        for test in report.tests { writer.record(test) }
        guard writer.bytes.count <= mostBytes else { throw ReportCodeFailure.tooLong }
        return [version] + deflated(writer.bytes)
    }

    static func decode(_ bytes: [UInt8]) throws -> PrintedReport {
        guard let first = bytes.first else { throw ReportCodeFailure.damaged }
        guard first == version else { throw ReportCodeFailure.newer }
        var reader = PayloadReader(try inflated(Array(bytes.dropFirst())))
        let id = try reader.text()
        guard let form = FormVersion.version(id) else { throw ReportCodeFailure.newer }
        let payload = try reader.number()
        let number = payload == 0 ? nil : CaseNumber(payload: payload - 1)
        guard payload == 0 || number != nil else { throw ReportCodeFailure.damaged }
        let items = try reader.record(ItemNames(form.items))
        let tests = try reader.count()
        guard tests <= 30 else { throw ReportCodeFailure.damaged }
        let names = ItemNames(form.testItems)
        var report = PrintedReport(number: number, form: id, items: items, tests: [])
        for _ in 0..<tests { report.tests.append(try reader.record(names)) }
        guard reader.isAtEnd else { throw ReportCodeFailure.damaged }
        return report
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(UInt(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&result, &length, bytes, UInt(bytes.count), Z_BEST_COMPRESSION) == Z_OK else { return [] }
        return Array(result.prefix(Int(length)))
    }

    private static func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
        var length = UInt(mostBytes)
        var result = [UInt8](repeating: 0, count: mostBytes)
        guard uncompress(&result, &length, bytes, UInt(bytes.count)) == Z_OK else { throw ReportCodeFailure.damaged }
        return Array(result.prefix(Int(length)))
    }
}

/// Items of a form by the short names of their keys.
struct ItemNames {
    private let items: [UInt16: ItemDefinition]

    init(_ keys: [String]) {
        items = Dictionary(keys.compactMap(Catalogue.item).map { (ShortName.of($0.key), $0) }) { first, _ in first }
    }

    subscript(name: UInt16) -> ItemDefinition? { items[name] }
}

/// 16 bits that stand for a key or a code: FNV-1a, folded.
enum ShortName {
    /// The longest code, in bytes, that is spelt out instead.
    ///
    /// Among 249 countries two would share a name: a patient's nationality would come back as another.
    static let spelledBytes = 3

    static func of(_ text: String) -> UInt16 {
        var hash: UInt32 = 2_166_136_261
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return UInt16(truncatingIfNeeded: hash >> 16 ^ hash)
    }
}
