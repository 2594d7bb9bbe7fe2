public import Access
public import Catalogue
import Crypto
import Storage

/// A 発生届 as it was entered.
public struct Report: Sendable {
    /// The form's version; nil for the one in force on the day of the notification.
    public var form: String?
    /// Single-valued items.
    public var items: Record
    /// Tests.
    public var tests: [Record]
    /// The health centre it goes to; nil for the institution's own.
    public var healthCentre: OrganisationKey?
    /// 入力経路; nil for what follows from the caller.
    public var entryRoute: Code?
    /// Whether unlikely values were looked at and are kept.
    public var keepsWarnings: Bool
    /// The draft it was typed in: one draft makes one report.
    public var draft: String?
    /// A client's key of this request and the digest of what it sent: one key makes one report.
    public var repeatKey: (key: String, digest: [UInt8])?
    /// The line of the FAX受信簿 that it was entered from.
    public var fax: String?

    /// A report.
    public init(
        form: String? = nil,
        items: Record,
        tests: [Record],
        healthCentre: OrganisationKey? = nil,
        entryRoute: Code? = nil,
        keepsWarnings: Bool = false,
        draft: String? = nil,
        repeatKey: (key: String, digest: [UInt8])? = nil,
        fax: String? = nil
    ) {
        self.form = form
        self.items = items
        self.tests = tests
        self.healthCentre = healthCentre
        self.entryRoute = entryRoute
        self.keepsWarnings = keepsWarnings
        self.draft = draft
        self.repeatKey = repeatKey
        self.fax = fax
    }
}

extension Casework {
    /// Fields an institution fills once for ever: kept with its defaults on every report.
    public static let institutionFields = [
        "notifier_name", "notifier_institution", "notifier_address", "notifier_phone",
    ]

    /// Files a 発生届 (感染症法第12条): the health centre in charge sees it at once.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for what is wrong, ``Refusal/forbidden(_:)`` for an organisation that
    ///   doesn't notify, ``Refusal/repeatedDifferently``.
    /// - Returns: the case; for a repeated request the case that the first one made.
    public func notify(_ report: Report, by caller: Caller) async throws -> Disclosed<CaseFile> {
        let directory = try await directory()
        let now = clock()
        let entered = try prepare(report, by: caller, directory: directory, now: now)
        var file = try await marked(entered, fromFax: report.fax, caller)
        try await grantDefaults(in: &file, now: now, directory: directory)
        let deed = deed("notify", caller, now)
        let cases = self.cases
        // Sealing and tokens are the costly part: they are done before the writer's turn comes.
        let sequence = try await reserveNumber()
        let (numbered, prepared) = try cases.prepare(new: file, deed, sequence: sequence, directory: directory)
        let (stored, isNew) = try await engine.write { connection -> (CaseFile, Bool) in
            if let earlier = try self.earlier(report, caller, connection) { return (earlier, false) }
            try cases.insert([prepared], connection)
            let stored = numbered
            try self.tellRelated(stored, caller, now, directory: directory, connection)
            try self.enterFax(report.fax, as: stored.number, caller, directory, at: now, connection)
            if let draft = report.draft {
                guard let organisation = directory.number(caller.organisation.key) else { throw Refusal.notFound }
                try self.drafts.submit(
                    id: draft,
                    account: caller.viewer.account,
                    organisation: organisation,
                    number: stored.number,
                    digest: Self.digest(report),
                    at: now,
                    connection
                )
            }
            if let (key, digest) = report.repeatKey {
                try self.repeats.put(
                    client: caller.viewer.account,
                    key: key,
                    digest: digest,
                    number: stored.number,
                    at: now,
                    connection
                )
            }
            if caller.channel == .page, caller.organisation.kind == .medical {
                try self.rememberDefaults(report.items, caller, directory, connection)
            }
            return (stored, true)
        }
        if isNew {
            publish(stored, "notify")
            events.publishNotice(to: Set(stored.related))
        }
        guard let disclosed = Gate.disclose(stored, to: caller.viewer, on: now.japanDate) else {
            throw Refusal.notFound
        }
        // What is filed stands in the history; sent again, it shows what the case has become since.
        if !isNew { try await log([disclosed], what: "case", caller, now) }
        return disclosed
    }

    /// What would be said of a report if it were filed now: findings while typing.
    public func check(_ report: Report, by caller: Caller) async throws -> [Finding] {
        var kept = report
        kept.keepsWarnings = false
        do {
            _ = try prepare(kept, by: caller, directory: await directory(), now: clock())
            return []
        } catch Refusal.findings(let findings) {
            return findings
        }
    }

    private func prepare(
        _ report: Report,
        by caller: Caller,
        directory: Directory,
        now: Timestamp
    ) throws -> CaseFile {
        let organisation = caller.organisation
        guard organisation.kind == .medical || organisation.kind == .healthCentre else {
            throw Refusal.forbidden("発生届を入力できるのは医療機関と保健所です。")
        }
        let today = now.japanDate
        let inForce = FormVersion.inForce(on: report.items[.notifiedOn] ?? today)
        guard let form = report.form.map(FormVersion.version) ?? inForce else {
            throw Refusal.findings([Finding("form", "unknown_form", "この様式の版はありません。")])
        }
        let office = Self.office(report.healthCentre, organisation)
        let local = directory.localItems(of: office, on: report.items[.notifiedOn] ?? today)
        try refuseHidden(report, organisation, local)
        // Before completion: a typed age that disagrees with the birth date is said, not overwritten unseen.
        let findings =
            form.findings(items: report.items, tests: report.tests, today: today)
            + Self.missing(local.filter { Self.mayNotify($0.definition, organisation) }, in: report.items)
            + Self.unfit(local, in: report.items, today: today)
        if findings.contains(where: { $0.severity == .refusal }) || (!findings.isEmpty && !report.keepsWarnings) {
            throw Refusal.findings(findings)
        }
        let items = Completion.completed(report.items, on: today)
        guard let office, directory[office]?.kind == .healthCentre else {
            throw Refusal.findings([Finding("jurisdiction", "required", "届出先の保健所を選んでください。")])
        }
        var file = CaseFile(number: try cases.number(0), form: form.id, intake: .submitted, items: items)
        file.items[.jurisdiction] = Code(office)
        if let residence = items[.addressMunicipality],
            let other = directory.healthCentre(of: residence), other != office
        {
            file.items[.relatedOffices] = [Code(other)]
        }
        file.items[.entryRoute] =
            report.entryRoute ?? Code(caller.channel == .api ? "api" : organisation.kind == .medical ? "direct" : "fax")
        file.items[.submittedAt] = now
        file.items[.receivedOn] = items[.receivedOn] ?? today
        file.items[.status] = items[.caseClass] == "suspected" ? "testing" : "arranging"
        file.entries[.test] = report.tests.enumerated().map { index, test in
            Entry(id: index + 1, owner: organisation.key, items: test)
        }
        if report.tests.isEmpty { file.entries[.test] = nil }
        if organisation.kind == .medical { file.parties.append(Party(organisation.key, .reporting)) }
        file.parties = Parties.derive(file, directory: directory)
        return file
    }

    /// The health centre that a report goes to: the one that it names, else the institution's own.
    public static func office(_ named: OrganisationKey?, _ organisation: Organisation) -> OrganisationKey? {
        named ?? organisation.healthCentre ?? (organisation.kind == .healthCentre ? organisation.key : nil)
    }

    /// An institution writes the sections of its own report and nothing else.
    private func refuseHidden(_ report: Report, _ organisation: Organisation, _ local: [LocalItem]) throws {
        let role: CaseRole = organisation.kind == .medical ? .reporting : .inCharge
        let definitions = Dictionary(local.map { ($0.key, $0.definition) }, uniquingKeysWith: { $1 })
        var findings: [Finding] = []
        func check(_ key: String, _ index: Int?) {
            let place = Finding.Place(item: key, index: index)
            guard let item = Catalogue.item(key) ?? definitions[key] else {
                findings.append(Finding(place, "unknown_item", "この項目はありません。"))
                return
            }
            let right = Rights.right(of: role, on: item.section)
            if item.section == .management || (right != .write && right != .writeOwn)
                || item.section.repeats != (index != nil) || (role == .reporting && item.key == "source_case")
            {
                findings.append(Finding(place, "not_writable", "「\(item.ja)」は発生届では入力できません。"))
            }
        }
        for key in report.items.keys { check(key, nil) }
        for (index, test) in report.tests.enumerated() {
            for key in test.keys { check(key, index) }
        }
        if !findings.isEmpty { throw Refusal.findings(findings.sorted { $0.place.item < $1.place.item }) }
    }

    /// The case that an earlier, equal request made.
    private func earlier(
        _ report: Report,
        _ caller: Caller,
        _ connection: any SQLConnection
    ) throws -> CaseFile? {
        if let id = report.draft,
            let draft = try drafts.find(id: id, account: caller.viewer.account, connection),
            let number = draft.submitted
        {
            // Two people with one ID, or two tabs, may have typed two reports into one draft: neither is lost.
            let known = [Self.digest(report), Self.digestOfItems(report)]
            guard draft.fields[Draft.digest].map(known.contains) == true else { throw Refusal.repeatedDifferently }
            return try kept(number, connection)
        }
        if let (key, digest) = report.repeatKey,
            let found = try repeats.find(client: caller.viewer.account, key: key, connection)
        {
            guard found.digest == digest else { throw Refusal.repeatedDifferently }
            return try kept(found.number, connection)
        }
        return nil
    }

    /// The case that was made then: a report sent again doesn't come back as another one once its case was deleted.
    private func kept(_ number: CaseNumber, _ connection: any SQLConnection) throws -> CaseFile {
        guard let file = try cases.load(number, connection) else { throw Refusal.notFound }
        return file
    }

    /// The draft under which a report is filed whose own draft is gone or has become another report.
    ///
    /// For the same report it is the same one however often it is sent, so that it becomes one case.
    public func substituteDraft(for report: Report, by caller: Caller) -> String {
        drafts.substitute(of: report.draft ?? "", account: caller.viewer.account, digest: Self.digest(report))
    }

    /// What a report says and where it goes, in few bytes.
    private static func digest(_ report: Report) -> String {
        var hash = SHA256()
        for part in [report.form, report.healthCentre, report.entryRoute?.rawValue, report.fax] {
            hash.update(data: part.map { Array("=\($0)\u{0}".utf8) } ?? [2])
        }
        return finished(hash, report)
    }

    /// The digest that former versions kept, of the items alone.
    static func digestOfItems(_ report: Report) -> String { finished(SHA256(), report) }

    private static func finished(_ begun: SHA256, _ report: Report) -> String {
        var hash = begun
        for record in [report.items] + report.tests {
            for (key, value) in record.all.sorted(by: { $0.key < $1.key }) {
                hash.update(data: Array("\(key)\u{0}\(value.stored)\u{0}".utf8))
            }
            hash.update(data: [1])
        }
        return Hex.text(hash.finalize())
    }

    private func rememberDefaults(
        _ items: Record,
        _ caller: Caller,
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws {
        guard let organisation = directory.number(caller.organisation.key) else { return }
        var defaults: [String: String] = [:]
        for key in Self.institutionFields {
            if let value = items[key], let item = Catalogue.item(key) {
                defaults[key] = ValueText.editable(value, of: item)
            }
        }
        guard try drafts.defaults(organisation: organisation, connection) != defaults else { return }
        try drafts.setDefaults(defaults, organisation: organisation, connection)
    }

    func deed(_ action: String, _ caller: Caller, _ now: Timestamp, reason: String? = nil) -> CaseStore.Deed {
        CaseStore.Deed(
            at: changes.time(now),
            account: caller.viewer.account,
            actor: caller.viewer.name,
            organisation: caller.organisation.key,
            through: caller.channel.rawValue,
            action: action,
            reason: reason
        )
    }

    /// Tells the open pages of all who take part.
    func publish(_ file: CaseFile, _ action: String) {
        events.publish(
            CaseEvent(number: file.number, version: file.version, action: action),
            to: Set(file.parties.filter { $0.holds(on: today) }.map(\.organisation))
        )
    }
}
