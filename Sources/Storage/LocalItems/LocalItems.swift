public import Catalogue

/// All local items at one moment.
public struct LocalItems: Sendable {
    /// Every definition, those that have ended included, in the order of their making.
    public let all: [LocalItem]
    private let byKey: [String: LocalItem]

    /// Definitions.
    public init(_ items: [LocalItem] = []) {
        all = items
        byKey = Dictionary(items.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    }

    /// The definition of a key.
    public subscript(key: String) -> LocalItem? { byKey[key] }
}

/// Definitions of local items: nothing of a person, and never changed but by another version.
enum LocalItemStore {
    private static let format = 1

    /// The newest version of every definition.
    static func load(_ connection: any SQLConnection) throws -> LocalItems {
        var order: [String] = []
        var newest: [String: LocalItem] = [:]
        try connection.query("SELECT key, definition FROM local_items ORDER BY version, at, key", []) { row in
            let key = row.text(0)
            // What a newer program wrote in a way that this one doesn't know is left to it.
            guard let item = try decode(row.blob(1), key: key) else { return }
            if newest[key] == nil { order.append(key) }
            newest[key] = item
        }
        return LocalItems(order.compactMap { newest[$0] })
    }

    /// Adds a version of a definition.
    static func put(
        _ item: LocalItem,
        version: Int64,
        owner: Int64,
        account: Int64,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO local_items (key, version, owner, at, account, definition) VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .text(item.key), .integer(version), .integer(owner), .integer(at.seconds), .integer(account),
                .blob(encode(item)),
            ]
        )
    }

    /// How many versions a definition has.
    static func versions(_ key: String, _ connection: any SQLConnection) throws -> Int64 {
        try connection.number("SELECT count(*) FROM local_items WHERE key = $1", [.text(key)]) ?? 0
    }

    fileprivate static func encode(_ item: LocalItem) -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.number(format)
        writer.text(item.definition.ja)
        writer.text(item.kind.name)
        switch item.kind {
        case .number(let range):
            writer.number(range.lowerBound)
            writer.number(range.upperBound)
        case .choice(let choices):
            writer.number(choices.count)
            for choice in choices {
                writer.text(choice.code)
                writer.text(choice.label)
            }
        case .text, .longText, .date, .yesNoUnknown: break
        }
        writer.number(item.offices.count)
        for office in item.offices { writer.text(office) }
        writer.number(item.isRequired ? 1 : 0)
        writer.number(Int(item.from.dayNumber))
        writer.optional(item.until.map { Int($0.dayNumber) })
        return writer.bytes
    }

    private static func decode(_ bytes: [UInt8], key: String) throws -> LocalItem? {
        var reader = ByteReader(bytes)
        guard try reader.number() == format else { return nil }
        let label = try reader.text()
        let kind: LocalItem.Kind
        switch try reader.text() {
        case "text": kind = .text
        case "longtext": kind = .longText
        case "date": kind = .date
        case "yes_no_unknown": kind = .yesNoUnknown
        case "number":
            let (first, last) = (try reader.number(), try reader.number())
            guard first <= last else { return nil }
            kind = .number(first...last)
        case "choice":
            var choices: [LocalItem.Choice] = []
            for _ in 0..<(try reader.count()) {
                choices.append(LocalItem.Choice(code: try reader.text(), label: try reader.text()))
            }
            kind = .choice(choices)
        default: return nil
        }
        var offices: [String] = []
        for _ in 0..<(try reader.count()) { offices.append(try reader.text()) }
        let isRequired = try reader.number() == 1
        let from = CalendarDate(dayNumber: Int32(truncatingIfNeeded: try reader.number()))
        let until = try reader.optionalNumber().map { CalendarDate(dayNumber: Int32(truncatingIfNeeded: $0)) }
        return LocalItem(
            key: key,
            label: label,
            kind: kind,
            offices: offices,
            isRequired: isRequired,
            from: from,
            until: until
        )
    }
}

extension LocalItems {
    /// Adds a definition, or another version of one that exists; the same version once more is none.
    ///
    /// - Throws: ``StorageFailure/duplicate`` where somebody has added another version since `known` was read, or adds
    ///   one at the same time.
    public static func put(
        _ item: LocalItem,
        replacing known: LocalItem?,
        owner: Int64,
        account: Int64,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        let versions = try LocalItemStore.versions(item.key, connection)
        let newest = try LocalItemStore.load(connection)[item.key].map(LocalItemStore.encode)
        if let known {
            if newest == LocalItemStore.encode(item) { return }
            guard newest == LocalItemStore.encode(known) else { throw StorageFailure.duplicate }
        } else if versions > 0 {
            throw StorageFailure.duplicate
        }
        try LocalItemStore.put(item, version: versions + 1, owner: owner, account: account, at: at, connection)
    }
}
