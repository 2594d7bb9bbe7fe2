public import Access
public import Catalogue
public import Storage

extension Casework {
    /// Days that a grant lasts at the most.
    public static let longestGrant = 366

    /// The organisations of a case that sections can be granted to.
    public static func mayReceiveGrants(
        _ file: CaseFile,
        _ directory: Directory,
        on day: CalendarDate
    ) -> [Organisation] {
        let keys = Set(file.parties.filter { $0.holds(on: day) && $0.role != .inCharge }.map(\.organisation))
        return keys.sorted().compactMap { directory[$0] }.filter { !grantable(to: $0.kind).isEmpty }
    }

    /// The sections that can be granted to a kind of organisation.
    public static func grantable(to kind: OrganisationKind) -> [Section] {
        Section.allCases.filter { !Rights.isClosed($0, to: kind) }
    }

    /// 閲覧・入力の許可: opens a section of a case to an organisation that takes part in it.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for what can't be granted, ``Refusal/forbidden(_:)`` unless the caller is
    ///   in charge.
    public func grant(
        _ number: CaseNumber,
        _ grant: Grant,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let directory = try await directory()
        let disclosed = try await changeTelling(number, by: caller, action: "grant") { file, permission, now, _ in
            guard permission.decidesIntake else {
                throw Refusal.forbidden("閲覧・入力を許可できるのは管轄保健所だけです。")
            }
            try Self.refuseUnseen(seen, file)
            let today = now.japanDate
            var findings: [Finding] = []
            let parties = Self.mayReceiveGrants(file, directory, on: today)
            if let organisation = parties.first(where: { $0.key == grant.organisation }) {
                if Rights.isClosed(grant.section, to: organisation.kind) {
                    findings.append(
                        Finding("section", "closed", "「\(grant.section.label)」は\(organisation.kind.label)には許可できません。")
                    )
                }
            } else {
                findings.append(
                    Finding("organisation", "not_party", "許可できるのは、この対象者に関わっている機関だけです。一覧から選んでください。")
                )
            }
            if grant.until < today || grant.until > today.adding(days: Self.longestGrant) {
                findings.append(Finding("until", "range", "期限は今日から1年以内の日付を入力してください。"))
            }
            if !findings.isEmpty { throw Refusal.findings(findings) }
            file.grants.removeAll { $0.organisation == grant.organisation && $0.section == grant.section }
            file.grants.append(grant)
            return Told(reason: Self.words(grant, directory) + "許可")
        }
        guard let disclosed else { throw Refusal.notFound }
        return disclosed
    }

    /// 許可の終了: closes a section again at once.
    public func endGrant(
        _ number: CaseNumber,
        to organisation: OrganisationKey,
        section: Section,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let directory = try await directory()
        let disclosed = try await changeTelling(number, by: caller, action: "grant-end") { file, permission, _, _ in
            guard permission.decidesIntake else {
                throw Refusal.forbidden("許可を終了できるのは管轄保健所だけです。")
            }
            try Self.refuseUnseen(seen, file)
            guard let grant = file.grants.first(where: { $0.organisation == organisation && $0.section == section })
            else {
                throw Refusal.findings([Finding("section", "no_grant", "この許可はありません。画面を読み込み直してください。")])
            }
            file.grants.removeAll { $0.organisation == organisation && $0.section == section }
            return Told(reason: Self.words(grant, directory) + "許可を終了")
        }
        guard let disclosed else { throw Refusal.notFound }
        return disclosed
    }

    private static func words(_ grant: Grant, _ directory: Directory) -> String {
        let name = directory[grant.organisation]?.name ?? grant.organisation
        let until = JapaneseDate.display(grant.until)
        return "「\(name)」に「\(grant.section.label)」の\(grant.write ? "閲覧と入力" : "閲覧")を\(until)まで"
    }

    // MARK: Defaults

    /// The caller's health centre's default grants.
    public func grantDefaults(by caller: Caller) async throws -> [GrantDefault] {
        let (directory, own) = try await ownHealthCentre(caller)
        return try await engine.read { try GrantDefaultStore.all(of: own, directory: directory, $0) }
    }

    /// 既定の許可: what an organisation is granted on each case of this health centre where it becomes a party.
    public func setGrantDefault(_ grant: GrantDefault, by caller: Caller) async throws {
        let (directory, own) = try await ownHealthCentre(caller)
        var findings: [Finding] = []
        let kind = directory[grant.organisation]?.kind
        let isPossible = kind == .medical || kind == .followUp || kind == .lodging
        if !isPossible {
            findings.append(Finding("organisation", "unknown", "医療機関・受託機関・宿泊療養施設から選んでください。"))
        } else if let kind, Rights.isClosed(grant.section, to: kind) {
            findings.append(Finding("section", "closed", "「\(grant.section.label)」は\(kind.label)には許可できません。"))
        }
        if !(1...Self.longestGrant).contains(grant.days) {
            findings.append(Finding("days", "range", "日数は1から\(Self.longestGrant)までの数字で入力してください。"))
        }
        guard findings.isEmpty, let organisation = directory.number(grant.organisation) else {
            throw Refusal.findings(findings)
        }
        try await engine.write {
            try GrantDefaultStore.put(grant, healthCentre: own, organisation: organisation, $0)
        }
    }

    /// Ends a default; what it has granted already stays until its day.
    public func endGrantDefault(
        _ organisation: OrganisationKey,
        _ section: Section,
        by caller: Caller
    ) async throws {
        let (directory, own) = try await ownHealthCentre(caller)
        guard let number = directory.number(organisation) else { throw Refusal.notFound }
        try await engine.write {
            try GrantDefaultStore.remove(healthCentre: own, organisation: number, section: section, $0)
        }
    }

    private func ownHealthCentre(_ caller: Caller) async throws -> (Directory, Int64) {
        let directory = try await directory()
        guard caller.organisation.kind == .healthCentre, let own = directory.number(caller.organisation.key) else {
            throw Refusal.notFound
        }
        return (directory, own)
    }

    /// Adds the defaults of the health centre in charge for organisations that have become parties.
    func grantDefaults(
        in file: inout CaseFile,
        since earlier: CaseFile,
        now: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws {
        guard file.parties != earlier.parties, let centre = file.jurisdiction.flatMap(directory.number) else { return }
        let known = Set(earlier.parties.map(\.organisation))
        for key in Set(file.parties.map(\.organisation)).subtracting(known).sorted() {
            guard let number = directory.number(key), let kind = directory[key]?.kind, !kind.isAdministration else {
                continue
            }
            for grant in try GrantDefaultStore.all(
                of: centre,
                organisation: number,
                directory: directory,
                connection
            ) {
                Self.add(grant, to: &file, kind, today: now.japanDate)
            }
        }
    }

    /// The same for a new case, before it is sealed.
    func grantDefaults(in file: inout CaseFile, now: Timestamp, directory: Directory) async throws {
        guard let reporter = file.parties.first(where: { $0.role == .reporting })?.organisation,
            let kind = directory[reporter]?.kind, let number = directory.number(reporter),
            let centre = file.jurisdiction.flatMap(directory.number)
        else { return }
        let found = try await engine.read {
            try GrantDefaultStore.all(of: centre, organisation: number, directory: directory, $0)
        }
        for grant in found { Self.add(grant, to: &file, kind, today: now.japanDate) }
    }

    private static func add(
        _ grant: GrantDefault,
        to file: inout CaseFile,
        _ kind: OrganisationKind,
        today: CalendarDate
    ) {
        let isThere = file.grants.contains {
            $0.organisation == grant.organisation && $0.section == grant.section && $0.until >= today
        }
        guard !isThere, !Rights.isClosed(grant.section, to: kind) else { return }
        file.grants.removeAll { $0.organisation == grant.organisation && $0.section == grant.section }
        file.grants.append(
            Grant(
                organisation: grant.organisation,
                section: grant.section,
                write: grant.write,
                until: today.adding(days: grant.days - 1)
            )
        )
    }
}
