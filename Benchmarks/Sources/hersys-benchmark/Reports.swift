import Access
import Casework
import Catalogue
import Demonstration

/// Notifications to file: reports of the demonstration's institutions that aren't in the database yet.
struct Reports: Sendable {
    /// A report and who files it.
    struct One: Sendable {
        let report: Report
        let caller: Caller
    }

    let all: [One]
    /// How many of the demonstration's reports the form's checks refused; they are left out.
    let refused: Int

    /// Takes reports from a population's blocks.
    init(_ population: Population, _ blocks: Range<Int>, count: Int, _ casework: Casework) async throws {
        let organisations = Dictionary(
            population.organisations.map { ($0.key, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var all: [One] = []
        var refused = 0
        for block in blocks where all.count < count {
            for made in population.block(block, number: { CaseNumber(payload: Int64($0)) ?? Self.nobody }) {
                guard all.count < count, let step = made.steps.first, step.action == "notify",
                    let organisation = organisations[step.organisation], organisation.kind == .medical
                else { continue }
                let viewer = Viewer(organisation: organisation, account: 1, name: step.account)
                let caller = Caller(viewer, through: .api, address: "127.0.0.1")
                let report = Self.report(made.file)
                let findings = try await casework.check(report, by: caller)
                if findings.contains(where: { $0.severity == .refusal }) || !Self.isReadable(report.items) {
                    refused += 1
                } else {
                    all.append(One(report: report, caller: caller))
                }
            }
        }
        self.all = all
        self.refused = refused
    }

    private static var nobody: CaseNumber {
        guard let number = CaseNumber(payload: 0) else { preconditionFailure("0 has few enough digits") }
        return number
    }

    /// What an institution would have entered: the items of a notification and the tests.
    private static func report(_ file: CaseFile) -> Report {
        let tests = (file.entries[.test] ?? []).map { $0.items.filter { Catalogue.item($0)?.section == .test } }
        return Report(
            form: file.form ?? "2020-02",
            items: file.items.filter(isNotified),
            tests: tests,
            keepsWarnings: true
        )
    }

    /// Whether the API would take its telephone numbers: some of those that belong to nobody look like others.
    private static func isReadable(_ items: Record) -> Bool {
        items.all.allSatisfy { key, value in
            guard case .text(let text) = value, Catalogue.item(key)?.type == .phone else { return true }
            if case .success = PhoneNumber.read(text) { return true }
            return false
        }
    }

    private static func isNotified(_ key: String) -> Bool {
        guard let item = Catalogue.item(key), item.section != .management, !item.section.repeats,
            key != "source_case"
        else { return false }
        let right = Rights.right(of: .reporting, on: item.section)
        return right == .write || right == .writeOwn
    }
}
