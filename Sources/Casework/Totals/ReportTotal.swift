public import Access
public import Catalogue
import Storage

/// The number of newly diagnosed people of a day in one institution (日次総数報告), as it is sent in.
public struct TotalReport: Sendable {
    /// The day on which they were diagnosed.
    public var day: CalendarDate
    /// The institution; nil for the caller's own.
    public var institution: OrganisationKey?
    /// How many of each age band; nobody at all is a report, too.
    public var counts: AgeCounts
    /// The state that the writer had seen, 0 where there was none; nil takes whatever stands.
    public var seen: Int?
    /// Why, where a headquarters corrects.
    public var reason: String

    /// A report of a day.
    public init(
        day: CalendarDate,
        institution: OrganisationKey? = nil,
        counts: AgeCounts,
        seen: Int? = nil,
        reason: String = ""
    ) {
        self.day = day
        self.institution = institution
        self.counts = counts
        self.seen = seen
        self.reason = reason
    }
}

/// An institution's numbers of a day as they stand.
public struct InstitutionTotal: Sendable, Hashable {
    /// The day.
    public let day: CalendarDate
    /// The institution.
    public let institution: OrganisationKey
    /// The health centre they were reported to.
    public let office: OrganisationKey
    /// Counts the changes.
    public let version: Int
    /// When they were first entered.
    public let firstAt: Timestamp
    /// When they were last changed.
    public let at: Timestamp
    /// The numbers.
    public let counts: AgeCounts
}

extension Casework {
    /// For how many days an institution may enter what it has missed.
    public static let lateDays = 7

    /// Enters or corrects the numbers of a day.
    ///
    /// An institution enters its own and corrects them on the day of the first entry; later the headquarters does,
    /// with a reason. Sending the same numbers again changes nothing.
    ///
    /// - Throws: ``Refusal/notFound`` for an institution of which the caller may know nothing,
    ///   ``Refusal/forbidden(_:)``, ``Refusal/findings(_:)``.
    /// - Returns: the numbers as they stand from now on.
    public func reportTotal(_ report: TotalReport, by caller: Caller) async throws -> InstitutionTotal {
        let directory = try await directory()
        let now = clock()
        let place = try totalPlace(report.institution ?? caller.organisation.key, caller, directory)
        guard place.entry != .none else {
            throw Refusal.forbidden("日次総数報告を入力できるのは、その医療機関と、管轄の都道府県・本庁です。")
        }
        // A reason that holds what no text may hold is none.
        let reason = (try? TextCleaning.clean(report.reason, multiline: true).get()) ?? ""
        try Self.checkTotal(report, place.entry, reason, today: now.japanDate)
        let at = changes.time(now)
        let stored: StoredTotal
        do {
            stored = try await engine.write { connection in
                let present = try self.totals.find(report.day, place.number, connection)
                if let present, present.counts == report.counts { return present }
                try Self.checkChange(report, present, place.entry, today: now.japanDate)
                let total = StoredTotal(
                    day: report.day,
                    organisation: place.number,
                    office: present?.office ?? place.officeNumber,
                    version: (present?.version ?? 0) + 1,
                    firstAt: present?.firstAt ?? at,
                    at: at,
                    counts: report.counts
                )
                let change = StoredTotalChange(
                    version: total.version,
                    at: at,
                    account: caller.viewer.account,
                    organisation: directory.number(caller.organisation.key) ?? 0,
                    actor: caller.viewer.name,
                    through: caller.channel.rawValue,
                    reason: reason.isEmpty ? nil : reason,
                    counts: report.counts
                )
                try self.totals.put(total, change, connection)
                return total
            }
        } catch StorageFailure.duplicate {
            throw Self.otherTotal
        }
        return total(stored, directory)
    }

    /// An institution as the caller stands to it.
    struct TotalPlace: Sendable {
        let institution: Organisation
        let office: OrganisationKey
        let number: Int64
        let officeNumber: Int64
        let entry: TotalsRights.Entry
    }

    /// The institution with a key, where the caller may know its numbers.
    func totalPlace(
        _ key: OrganisationKey,
        _ caller: Caller,
        _ directory: Directory
    ) throws -> TotalPlace {
        guard TotalsRights.takesPart(caller.organisation) else { throw Refusal.notFound }
        guard let institution = directory[key], institution.kind == .medical else { throw Refusal.notFound }
        guard let office = institution.healthCentre, let number = directory.number(key),
            let officeNumber = directory.number(office)
        else {
            throw caller.organisation.key == key
                ? Refusal.forbidden("報告先の保健所が登録されていません。保健所に連絡してください。") : Refusal.notFound
        }
        let above = directory.headquarters(above: office).map(\.key)
        guard TotalsRights.reads(caller.organisation, key, of: office, below: above) else { throw Refusal.notFound }
        return TotalPlace(
            institution: institution,
            office: office,
            number: number,
            officeNumber: officeNumber,
            entry: TotalsRights.entry(caller.organisation, key, below: above)
        )
    }

    func total(_ stored: StoredTotal, _ directory: Directory) -> InstitutionTotal {
        InstitutionTotal(
            day: stored.day,
            institution: directory.key(stored.organisation) ?? "",
            office: directory.key(stored.office) ?? "",
            version: stored.version,
            firstAt: stored.firstAt,
            at: stored.at,
            counts: stored.counts
        )
    }

    private static func checkTotal(
        _ report: TotalReport,
        _ entry: TotalsRights.Entry,
        _ reason: String,
        today: CalendarDate
    ) throws {
        var findings: [Finding] = []
        if report.day < TotalsRights.firstDay {
            findings.append(Finding("day", "range", "日次総数報告は、2022年9月26日以降の日について報告します。"))
        } else if report.day > today {
            findings.append(Finding("day", "range", "今日より後の日は報告できません。"))
        }
        for band in AgeCounts.bands where !(0...AgeCounts.most).contains(report.counts[band.code]) {
            let most = AgeCounts.most
            findings.append(Finding(band.code.rawValue, "range", "\(band.ja)の人数は0〜\(most)で入力してください。"))
        }
        if entry == .correction, reason.isEmpty {
            findings.append(Finding("reason", "required", "訂正の理由を入力してください。"))
        }
        if reason.unicodeScalars.count > longestReason {
            findings.append(Finding("reason", "length", "理由は\(longestReason)文字以内にしてください。"))
        }
        if !findings.isEmpty { throw Refusal.findings(findings) }
    }

    private static func checkChange(
        _ report: TotalReport,
        _ present: StoredTotal?,
        _ entry: TotalsRights.Entry,
        today: CalendarDate
    ) throws {
        if let seen = report.seen, seen != (present?.version ?? 0) { throw otherTotal }
        guard entry == .own else { return }
        if let present {
            guard present.firstAt.japanDate == today else {
                throw Refusal.findings([
                    Finding("day", "closed", "入力した日を過ぎたため、医療機関では訂正できません。訂正は都道府県に依頼してください。")
                ])
            }
        } else if report.day < today.adding(days: -lateDays) {
            throw Refusal.findings([
                Finding("day", "closed", "\(lateDays)日より前の日は、医療機関では入力できません。都道府県に依頼してください。")
            ])
        }
    }

    private static let otherTotal = Refusal.findings([
        Finding("day", "changed", "ほかの人が先に人数を変更しました。いまの人数を確かめて、もう一度入力してください。")
    ])
}
