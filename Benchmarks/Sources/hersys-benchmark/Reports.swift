import Access
import Casework
import Catalogue
import Demonstration

/// A report and who files it.
struct OneReport: Sendable {
    let report: Report
    let caller: Caller
}

/// Makes notifications of a population's blocks that aren't in the database.
struct ReportMaker: Sendable {
    private let population: Population
    private let organisations: [OrganisationKey: Organisation]
    private let casework: Casework
    /// Health centres enter what came by fax, too.
    private let alsoCentres: Bool

    init(_ population: Population, _ casework: Casework, alsoCentres: Bool = false) {
        self.population = population
        self.casework = casework
        self.alsoCentres = alsoCentres
        organisations = Dictionary(
            population.organisations.map { ($0.key, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The reports of a block, and how many more the form's checks refused.
    func make(_ block: Int) async throws -> (reports: [OneReport], refused: Int) {
        var reports: [OneReport] = []
        var refused = 0
        for made in population.block(block, number: { CaseNumber(payload: Int64($0)) ?? Self.nobody }) {
            guard let step = made.steps.first, step.action == "notify",
                let organisation = organisations[step.organisation],
                organisation.kind == .medical || (alsoCentres && organisation.kind == .healthCentre)
            else { continue }
            let viewer = Viewer(organisation: organisation, account: 1, name: step.account)
            let caller = Caller(viewer, through: .api, address: "127.0.0.1")
            let report = Self.report(made.file)
            let findings = try await casework.check(report, by: caller)
            if findings.contains(where: { $0.severity == .refusal }) || !Self.isReadable(report.items) {
                refused += 1
            } else {
                reports.append(OneReport(report: report, caller: caller))
            }
        }
        return (reports, refused)
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

/// Notifications to file: reports of the demonstration's institutions that aren't in the database yet.
struct Reports: Sendable {
    let all: [OneReport]
    /// How many of the demonstration's reports the form's checks refused; they are left out.
    let refused: Int

    /// Takes reports from a population's blocks.
    init(_ population: Population, _ blocks: Range<Int>, count: Int, _ casework: Casework) async throws {
        let maker = ReportMaker(population, casework)
        var all: [OneReport] = []
        var refused = 0
        for block in blocks where all.count < count {
            let made = try await maker.make(block)
            all += made.reports.prefix(count - all.count)
            refused += made.refused
        }
        self.all = all
        self.refused = refused
    }
}
