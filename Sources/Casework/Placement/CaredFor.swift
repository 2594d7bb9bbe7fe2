public import Access
public import Catalogue
public import Storage

/// Somebody whom a hospital, a facility or a contractor looks after.
public struct CaredFor: Sendable {
    /// How somebody stands with a hospital.
    public enum Standing: Sendable, Hashable {
        /// Placed here, and no admission of the hospital's own yet.
        case expected
        /// Admitted, or in a facility's or contractor's care.
        case present
        /// Discharged on a day.
        case left(CalendarDate)
    }

    /// The case as the organisation may see it.
    public let file: Disclosed<CaseFile>
    /// Since when, where that is known.
    public let from: CalendarDate?
    /// The last day, where it is known.
    public let until: CalendarDate?
    /// How they stand with the organisation.
    public let standing: Standing
    /// The latest health report.
    public let lastReport: (at: Timestamp, items: Record, alarm: Alarm)?
}

/// Those whom an organisation looks after today, and how many come on later days.
public struct CaredForPage: Sendable {
    /// One page of those of today: at a facility and a contractor whoever needs to be looked at first.
    public let present: [CaredFor]
    /// How many there are in all.
    public let count: HeldNumber
    /// Behind whom the next page begins; nil on the last one.
    public let next: HeldPlace?
    /// How many come on which later day: who they are is seen from that day on.
    public let coming: [(day: CalendarDate, count: Int)]
}

/// How many an organisation looks after.
public struct HeldNumber: Sendable, Hashable {
    /// All of them today.
    public let all: Int
    /// Those of whom there is a health report of today; nil for who isn't told of any.
    public let reported: Int?
    /// Those whose latest report of today is 緊急.
    public let emergencies: Int?

    /// A count.
    public init(all: Int, reported: Int? = nil, emergencies: Int? = nil) {
        self.all = all
        self.reported = reported
        self.emergencies = emergencies
    }
}

extension Casework {
    /// People on a page.
    public static let caredForOnPage = 100

    /// The role in which a kind of organisation looks after people; nil for one that doesn't.
    static func caringRole(of kind: OrganisationKind) -> CaseRole? {
        switch kind {
        case .medical: .admitting
        case .lodging: .lodging
        case .followUp: .followUp
        case .ministry, .prefecture, .city, .healthCentre, .analysis: nil
        }
    }

    /// Those whom the caller's organisation looks after: a hospital's inpatients, a facility's guests, a contractor's
    /// assigned persons.
    ///
    /// - Throws: ``Refusal/notFound`` for any other kind of organisation.
    public func caredFor(after place: HeldPlace? = nil, by caller: Caller) async throws -> CaredForPage {
        guard let role = Self.caringRole(of: caller.organisation.kind) else { throw Refusal.notFound }
        let directory = try await directory()
        let now = clock()
        let (cases, holder) = (cases, Self.holder(role, caller, directory, now))
        let found = try await engine.read { connection in
            let rows =
                role == .admitting
                ? try cases.heldByArrival(holder, after: place, limit: Self.caredForOnPage + 1, connection)
                : try cases.held(holder, now: now, after: place, limit: Self.caredForOnPage + 1, connection)
            let files = try rows.prefix(Self.caredForOnPage).compactMap { row -> CaseFile? in
                guard let file = try cases.load(row, connection) else { return nil }
                guard role != .admitting else { return file }
                return try self.withLastReport(file, now: now, directory: directory, connection)
            }
            return (
                files: files,
                next: rows.count > Self.caredForOnPage
                    ? rows.prefix(Self.caredForOnPage).last.flatMap(cases.place(of:)) : nil,
                count: try self.heldNumber(holder, now, connection), coming: try cases.coming(holder, connection)
            )
        }
        let shown = found.files.compactMap { file in
            Gate.disclose(file, to: caller.viewer, on: now.japanDate).map { Self.caredFor($0, role, now.japanDate) }
        }
        let sections: [Section] = role == .admitting ? [.person, .admission] : [.person, .observation]
        try await log(shown.map(\.file), what: "list", showing: sections, caller, now)
        return CaredForPage(
            present: role == .admitting ? shown : shown.sorted(by: Self.needsMore),
            count: found.count,
            next: found.next,
            coming: found.coming
        )
    }

    /// Whom an organisation looks after; a hospital's former patients, whom it still sees, aren't among them.
    static func holder(
        _ role: CaseRole,
        _ caller: Caller,
        _ directory: Directory,
        _ now: Timestamp
    ) -> CaseStore.Holder {
        CaseStore.Holder(
            role,
            organisation: directory.number(caller.organisation.key) ?? 0,
            day: now.japanDate,
            daysAfter: role == .admitting ? Parties.daysAfterDischarge : 0
        )
    }

    /// How many there are, for whom that may be told.
    func heldNumber(
        _ holder: CaseStore.Holder,
        _ now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> HeldNumber {
        guard holder.role != .admitting else {
            return HeldNumber(all: try cases.heldNumber(holder, connection))
        }
        let count = try cases.heldCount(holder, now: now, connection)
        return HeldNumber(all: count.all, reported: count.reported, emergencies: count.emergencies)
    }

    private static func caredFor(_ disclosed: Disclosed<CaseFile>, _ role: CaseRole, _ today: CalendarDate) -> CaredFor
    {
        let (file, own) = (disclosed.subject, disclosed.permission.organisation)
        let party = file.parties.last { $0.organisation == own.key && $0.role == role && $0.holds(on: today) }
        let report = (file.entries[.observation] ?? []).last
        let after = role == .admitting ? Parties.daysAfterDischarge : 0
        return CaredFor(
            file: disclosed,
            from: party?.from,
            until: party?.until.map { $0.adding(days: -after) },
            standing: role == .admitting ? standing(file, own, since: party?.from, today) : .present,
            lastReport: report.flatMap { entry in
                entry.items[.observedAt].map { (at: $0, items: entry.items, alarm: Alarm.of(entry.items)) }
            }
        )
    }

    /// Only the latest report: a list shows no more.
    private func withLastReport(
        _ file: CaseFile,
        now: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> CaseFile {
        let latest = try observations.observations(
            of: file.number,
            newest: 1,
            now: now,
            directory: directory,
            connection
        )
        var entries = file.entries[.observation] ?? []
        for report in latest {
            var items = report.items
            items[.observedAt] = items[.observedAt] ?? report.at
            entries.append(Entry(id: report.id, owner: report.organisation, items: items))
        }
        entries.sort { ($0.items[.observedAt]?.seconds ?? .min) < ($1.items[.observedAt]?.seconds ?? .min) }
        var whole = file
        whole.entries[.observation] = entries.isEmpty ? nil : entries
        return whole
    }

    /// How somebody stands with a hospital by its own admissions.
    private static func standing(
        _ file: CaseFile,
        _ hospital: Organisation,
        since: CalendarDate?,
        _ today: CalendarDate
    ) -> CaredFor.Standing {
        let admissions = (file.entries[.admission] ?? []).map(\.items).filter { items in
            guard let code = items[.hospital]?.code, let from = items[.admittedOn], from <= today else { return false }
            return code == hospital.key || code == hospital.institutionCode
        }
        let newest = admissions.max { ($0[.admittedOn] ?? today) < ($1[.admittedOn] ?? today) }
        guard let newest else { return .expected }
        guard let left = newest[.dischargedOn], left < today else { return .present }
        // Placed here once more after the discharge.
        return since.map { $0 > left } == true ? .expected : .left(left)
    }

    /// Alarms first; among equals whoever has been silent longest.
    private static func needsMore(_ left: CaredFor, _ right: CaredFor) -> Bool {
        func order(_ one: CaredFor) -> (Int, Int64, String) {
            (
                -(one.lastReport?.alarm.rawValue ?? 0), one.lastReport?.at.seconds ?? 0,
                one.file.subject.number.digits
            )
        }
        return order(left) < order(right)
    }
}
