/// A set of item values: one case's single-valued items, or one test, one stay.
///
/// Items the catalogue doesn't know are kept, so that what a newer version wrote survives an older one.
public struct Record: Sendable, Hashable {
    private var values: [String: Value]

    /// An empty record.
    public init() {
        values = [:]
    }

    /// A record of values by item key.
    public init(_ values: [String: Value]) {
        self.values = values
    }

    /// The value of an item, typed.
    public subscript<Content>(item: Item<Content>) -> Content? {
        get { values[item.key].flatMap(Content.init(value:)) }
        set { values[item.key] = newValue.map { $0.value(for: item.definition.type) } }
    }

    /// The value of an item by its key.
    public subscript(key: String) -> Value? {
        get { values[key] }
        set { values[key] = newValue }
    }

    /// Whether nothing has a value.
    public var isEmpty: Bool { values.isEmpty }

    /// How many items have a value.
    public var count: Int { values.count }

    /// The keys of all items that have a value, in no order.
    public var keys: some Collection<String> & Sendable { values.keys }

    /// All values by key, in no order.
    public var all: [String: Value] { values }

    /// The record with only the items for which the condition holds.
    public func filter(_ keep: (String) -> Bool) -> Record {
        Record(values.filter { keep($0.key) })
    }
}

/// One item's change from one version of a record to the next.
public struct Change: Sendable, Hashable {
    /// The item.
    public let item: String
    /// Value before, nil where there was none.
    public let old: Value?
    /// Value after, nil where it was taken away.
    public let new: Value?

    /// A change of an item.
    public init(item: String, old: Value?, new: Value?) {
        self.item = item
        self.old = old
        self.new = new
    }
}

/// An item that two people changed to different values.
public struct Conflict: Sendable, Hashable {
    /// The item.
    public let item: String
    /// What the writer had seen.
    public let base: Value?
    /// What stands now.
    public let theirs: Value?
    /// What the writer wants.
    public let mine: Value?
    /// The record's number in its section; nil for an item of the case itself.
    public var entry: Int?
}

extension Record {
    /// What changed from an earlier record to this one, by item key.
    public func changes(from earlier: Record) -> [Change] {
        var result: [Change] = []
        if earlier.isEmpty {
            // A new record is all changes; whoever shows them puts them in the order of the dictionary.
            result.reserveCapacity(values.count)
            for (key, new) in values { result.append(Change(item: key, old: nil, new: new)) }
            return result
        }
        for (key, new) in values where earlier.values[key] != new {
            result.append(Change(item: key, old: earlier.values[key], new: new))
        }
        for (key, old) in earlier.values where values[key] == nil {
            result.append(Change(item: key, old: old, new: nil))
        }
        return result.sorted { $0.item < $1.item }
    }

    /// This record after changes.
    public func applying(_ changes: [Change]) -> Record {
        var result = self
        for change in changes { result.values[change.item] = change.new }
        return result
    }

    /// Merges what a writer wants into what stands now.
    ///
    /// Changes to different items both stand; the same item changed by both to the same value is no conflict.
    /// - Parameters:
    ///   - base: what the writer had seen.
    ///   - mine: what the writer wants.
    /// - Returns: the merged record, and the items both changed to different values (which keep the present value).
    public func merging(base: Record, mine: Record) -> (merged: Record, conflicts: [Conflict]) {
        var merged = self
        var conflicts: [Conflict] = []
        for change in mine.changes(from: base) {
            let present = values[change.item]
            if present == change.old || present == change.new {
                merged.values[change.item] = change.new
            } else {
                conflicts.append(
                    Conflict(item: change.item, base: change.old, theirs: present, mine: change.new)
                )
            }
        }
        return (merged, conflicts)
    }
}
