public import Access
public import Catalogue

/// What waits to be done with a case (次にすること); only what the viewer can do something about.
public struct NextStep: Sendable, Hashable {
    /// What it is, the most pressing first.
    public enum Kind: Int, Sendable, CaseIterable {
        /// 差し戻された発生届の修正: for the institution.
        case mend
        /// 保健所確認待ち.
        case confirm
        /// 差し戻し中: the institution hasn't mended it yet.
        case awaitMending
        /// 待機解除予定日 reached or passed, and the person not told.
        case release
        /// 健康観察 without a report for two days.
        case silent
        /// 陽性 and no 居所.
        case place
        /// 居所 ended and no next one.
        case stayEnded
        /// 検査結果待ち.
        case result
    }

    /// What it is.
    public let kind: Kind
    /// The section where it is done; nil where it is done at the top of the case's page.
    public let section: Section?
    /// Since when it waits, or the day on which it was due.
    public let since: CalendarDate?
    /// How many there are of it: tests without a result.
    public let count: Int

    init(_ kind: Kind, _ section: Section? = nil, since: CalendarDate? = nil, count: Int = 1) {
        self.kind = kind
        self.section = section
        self.since = since
        self.count = count
    }

    /// A case that reports its health counts as silent from so many days without a report (報告が2回ないとき).
    static let silentDays = 2

    /// What is due in a case, the most pressing first.
    ///
    /// - Parameters:
    ///   - disclosed: the case as its viewer may see it: what is hidden is no one's next step.
    ///   - today: Japan's day now.
    /// - Returns: at most one of each kind.
    public static func steps(in disclosed: Disclosed<CaseFile>, today: CalendarDate) -> [NextStep] {
        let (file, permission) = (disclosed.subject, disclosed.permission)
        // Published data is nobody's work.
        guard !file.isPublishedData else { return [] }
        let found = intake(file, permission) + care(file, permission, today) + [result(file, permission)]
        return found.compactMap { $0 }.sorted { $0.kind.rawValue < $1.kind.rawValue }
    }

    private static func intake(_ file: CaseFile, _ permission: Permission) -> [NextStep?] {
        let since = file.items[.submittedAt]?.japanDate
        switch file.intake {
        case .submitted where permission.decidesIntake: return [NextStep(.confirm, since: since)]
        case .returned where permission.roles.contains(.reporting): return [NextStep(.mend)]
        case .returned where permission.decidesIntake: return [NextStep(.awaitMending)]
        default: return []
        }
    }

    /// What is due while a person is ill.
    private static func care(_ file: CaseFile, _ permission: Permission, _ today: CalendarDate) -> [NextStep?] {
        guard !isOver(file) else { return [] }
        let stays = file.entries[.whereabouts] ?? []
        var steps: [NextStep?] = []
        if permission.writes(.release), let due = file.items[.releaseDueOn], due <= today {
            steps.append(NextStep(.release, .release, since: due))
        }
        if permission.writes(.whereabouts), permission.reads(.whereabouts), isPositive(file) {
            let isThere = stays.contains { ($0.items[.placeTo].map { $0 >= today }) ?? true }
            if stays.isEmpty {
                steps.append(NextStep(.place, .whereabouts))
            } else if !isThere {
                steps.append(NextStep(.stayEnded, .whereabouts, since: stays.compactMap { $0.items[.placeTo] }.max()))
            }
        }
        steps.append(silent(file, permission, today))
        return steps
    }

    /// A person who has reported before and no longer does, and isn't in a hospital.
    private static func silent(_ file: CaseFile, _ permission: Permission, _ today: CalendarDate) -> NextStep? {
        guard permission.writes(.observation), !isInHospital(file, today),
            let last = (file.entries[.observation] ?? []).compactMap({ $0.items[.observedAt]?.japanDate }).max(),
            today.days(since: last) >= silentDays
        else { return nil }
        return NextStep(.silent, .observation, since: last)
    }

    private static func result(_ file: CaseFile, _ permission: Permission) -> NextStep? {
        let waiting = (file.entries[.test] ?? []).filter { entry in
            let result = entry.items[.result]
            return (result == nil || result == "pending")
                && permission.writes(Item.result.definition, owner: entry.owner)
        }
        guard !waiting.isEmpty else { return nil }
        let since = waiting.compactMap { $0.items[.specimenOn] }.min()
        return NextStep(.result, .test, since: since, count: waiting.count)
    }

    private static func isInHospital(_ file: CaseFile, _ today: CalendarDate) -> Bool {
        let status: Set<Code> = ["hospital", "hospital_severe"]
        if let present = file.items[.status], status.contains(present) { return true }
        return (file.entries[.whereabouts] ?? []).contains { stay in
            stay.items[.placeKind] == "hospital" && (stay.items[.placeFrom].map { $0 <= today } ?? true)
                && (stay.items[.placeTo].map { $0 >= today } ?? true)
        }
    }

    /// Whether the person is known to be infected.
    private static func isPositive(_ file: CaseFile) -> Bool {
        let classes: Set<Code> = ["confirmed", "asymptomatic"]
        if let kind = file.items[.caseClass], classes.contains(kind) { return true }
        return (file.entries[.test] ?? []).contains { $0.items[.result] == "positive" }
    }

    /// Whether nothing more is to be done for the person: told of the release, an outcome, dead, not a case.
    private static func isOver(_ file: CaseFile) -> Bool {
        let items = file.items
        if items[.releaseToldOn] != nil || items[.diedOn] != nil { return true }
        if let outcome = items[.outcome], outcome != "ongoing", outcome != "unknown" { return true }
        let over: Set<Code> = ["released", "died", "negative"]
        let bodies: Set<Code> = ["death", "suspected_death"]
        return items[.status].map(over.contains) ?? false || items[.caseClass].map(bodies.contains) ?? false
    }
}
