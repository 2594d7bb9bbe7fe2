/// Numbers by chance that are the same in every run from the same seed (SplitMix64).
struct Chance: Sendable {
    private var state: UInt64

    /// The numbers of one block of one population.
    init(seed: UInt64, stream: UInt64) {
        state = seed ^ Self.mix(stream &+ 0x9E37_79B9_7F4A_7C15)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A whole number from 0 to below the limit.
    mutating func below(_ limit: Int) -> Int {
        // The high half of the product is even enough for stories; no loop is needed.
        Int(next().multipliedFullWidth(by: UInt64(max(limit, 1))).high)
    }

    /// A whole number of a range.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// True that many times in a thousand.
    mutating func happens(_ perThousand: Int) -> Bool {
        below(1000) < perThousand
    }

    /// One of a list, each as likely.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// One of a weighted list.
    mutating func pick<Element>(_ weighted: Weighted<Element>) -> Element {
        weighted.elements[weighted.place(below(weighted.total))]
    }

    /// A number of days that is mostly small: the smaller of two throws of equal chance.
    mutating func delay(upTo most: Int) -> Int {
        min(below(most + 1), below(most + 1))
    }
}

/// Elements of which some are likelier than others.
struct Weighted<Element: Sendable>: Sendable {
    let elements: [Element]
    let total: Int
    private let cumulative: [Int]

    /// Elements with their weights; there has to be one at least.
    init(_ pairs: [(Element, Int)]) {
        elements = pairs.map(\.0)
        var sum = 0
        var cumulative: [Int] = []
        cumulative.reserveCapacity(pairs.count)
        for (_, weight) in pairs {
            sum += weight
            cumulative.append(sum)
        }
        self.cumulative = cumulative
        total = sum
    }

    /// The place of the element that holds a point from 0 to below ``total``.
    func place(_ point: Int) -> Int {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if point < cumulative[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
