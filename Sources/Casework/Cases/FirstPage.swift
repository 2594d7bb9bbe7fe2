public import Access
public import Catalogue
public import Storage

/// What waits for an organisation.
public struct FirstPage: Sendable {
    /// Reports that wait for 保健所確認, counted up to 1000.
    public let waiting: Int
    /// The oldest of them.
    public let waitingCases: [Disclosed<CaseFile>]
    /// Since when the oldest waits.
    public let oldestWaiting: Timestamp?
    /// An institution's reports that were sent back.
    public let returned: [Disclosed<CaseFile>]
    /// An institution's latest reports, wherever they stand.
    public let submitted: [Disclosed<CaseFile>]
    /// A health centre's latest cases in which it is related.
    public let related: [Disclosed<CaseFile>]
    /// The caller's drafts.
    public let drafts: [Draft]
    /// A headquarters' health centres with the number that waits at each, most first.
    public let offices: [(office: Organisation, waiting: Int)]
}

extension Casework {
    /// What waits for the caller's organisation.
    public func firstPage(by caller: Caller) async throws -> FirstPage {
        let directory = try await directory()
        let now = clock()
        let organisation = caller.organisation
        let today = now.japanDate
        let gathered = try await engine.read { connection -> FirstPageRows in
            var rows = FirstPageRows()
            let number = directory.number(organisation.key) ?? 0
            switch organisation.kind {
            case .healthCentre:
                rows.waiting = try self.cases.waitingCount(jurisdiction: number, upTo: 1000, connection)
                rows.waitingCases = try self.cases.oldestWaiting(jurisdictions: [number], limit: 10, connection)
                rows.related = try self.cases.latest(in: .related, of: number, limit: 10, today: today, connection)
            case .prefecture, .city:
                var numbers: [Int64] = []
                for office in directory.all(.healthCentre)
                where directory.headquarters(above: office.key).contains(where: { $0.key == organisation.key }) {
                    guard let number = directory.number(office.key) else { continue }
                    let count = try self.cases.waitingCount(jurisdiction: number, upTo: 1000, connection)
                    rows.offices.append((office, count))
                    rows.waiting += count
                    numbers.append(number)
                }
                rows.waitingCases = try self.cases.oldestWaiting(jurisdictions: numbers, limit: 10, connection)
                rows.offices.sort { ($0.1, $1.0.key) > ($1.1, $0.0.key) }
            case .medical:
                rows.returned = try self.cases.returned(reporter: number, limit: 20, connection)
                rows.submitted = try self.cases.latest(in: .reporting, of: number, limit: 10, today: today, connection)
            case .ministry:
                for prefecture in directory.all(.healthCentre) {
                    guard let number = directory.number(prefecture.key) else { continue }
                    rows.waiting += try self.cases.waitingCount(jurisdiction: number, upTo: 1000, connection)
                }
            case .followUp, .lodging, .analysis: break
            }
            rows.drafts = try self.drafts.open(account: caller.viewer.account, connection)
            return rows
        }
        func disclosed(_ files: [CaseFile]) -> [Disclosed<CaseFile>] {
            files.compactMap { Gate.disclose($0, to: caller.viewer, on: today) }
        }
        let page = FirstPage(
            waiting: gathered.waiting,
            waitingCases: disclosed(gathered.waitingCases),
            oldestWaiting: gathered.waitingCases.first?.items[.submittedAt],
            returned: disclosed(gathered.returned),
            submitted: disclosed(gathered.submitted),
            related: disclosed(gathered.related),
            drafts: gathered.drafts,
            offices: gathered.offices.map { (office: $0.0, waiting: $0.1) }
        )
        try await log(
            page.waitingCases + page.returned + page.submitted + page.related,
            what: "list",
            showing: [.person],
            caller,
            now
        )
        return page
    }
}

/// What the database says before the gate.
private struct FirstPageRows: Sendable {
    var waiting = 0
    var waitingCases: [CaseFile] = []
    var returned: [CaseFile] = []
    var submitted: [CaseFile] = []
    var related: [CaseFile] = []
    var drafts: [Draft] = []
    var offices: [(Organisation, Int)] = []
}
