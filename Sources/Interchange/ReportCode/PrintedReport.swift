public import Catalogue

/// A 発生届 as its 2-D codes carry it: everything on the paper, and nothing of who may see it.
public struct PrintedReport: Sendable, Hashable {
    /// The HER-SYS ID, where the report was printed by a system that had given it one.
    public var number: CaseNumber?
    /// The form's version.
    public var form: String
    /// Single-valued items.
    public var items: Record
    /// Tests.
    public var tests: [Record]

    /// A printed report.
    public init(number: CaseNumber? = nil, form: String, items: Record, tests: [Record]) {
        self.number = number
        self.form = form
        self.items = items
        self.tests = tests
    }

    /// The report cut down to what stands on its form; what another form or another section holds isn't printed.
    public func onForm(_ version: FormVersion) -> PrintedReport {
        let (single, test) = (Set(version.items), Set(version.testItems))
        return PrintedReport(
            number: number,
            form: form,
            items: items.filter(single.contains),
            tests: tests.map { $0.filter(test.contains) }.filter { !$0.isEmpty }
        )
    }
}

/// Why bytes are no report.
public enum ReportCodeFailure: Error, Sendable, Hashable {
    /// Written by a later version of this system.
    case newer
    /// Damaged, or never a report.
    case damaged
    /// More than codes on paper hold.
    case tooLong
}
