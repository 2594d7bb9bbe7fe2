/// How many people of each age band: what 日次総数報告 tells of a day.
public struct AgeCounts: Sendable, Hashable {
    /// The bands by their codes, in the order in which they are asked and shown.
    public static let bands = CodeList.ageBand.entries

    /// More of one band in one institution on one day is a slip of the keyboard.
    public static let most = 9999

    private var numbers: [Code: Int] = [:]

    /// Nobody of any age: a report as good as any other.
    public init() {}

    /// How many people of a band.
    public subscript(band: Code) -> Int {
        get { numbers[band] ?? 0 }
        set { numbers[band] = newValue == 0 ? nil : newValue }
    }

    /// People of all ages.
    public var total: Int { numbers.values.reduce(0, +) }

    /// Adds the counts of another institution or day.
    public static func += (left: inout AgeCounts, right: AgeCounts) {
        for (band, number) in right.numbers { left[band] += number }
    }
}
