import Access
public import Catalogue
public import Storage

extension Casework {
    /// 緊急閲覧 lasts so many seconds.
    public static let openingSeconds: Int64 = 3 * 3600
    /// Attempts that met nothing within an hour, after which there are no more.
    public static let openingTries = 20

    /// 緊急閲覧: opens a case of another health centre for 3 hours to the person who gives a reason.
    ///
    /// The health centre in charge and its headquarters are told at once, and the history keeps the reason. A number
    /// that doesn't exist is answered as one that can't be opened.
    ///
    /// - Returns: the case's number; a case that the caller sees anyway isn't opened.
    /// - Throws: ``Refusal/findings(_:)``, ``Refusal/tooMany(seconds:)`` for whoever tries numbers,
    ///   ``Refusal/notFound`` for whoever isn't a health centre.
    public func open(_ number: String, reason: String, by caller: Caller) async throws -> CaseNumber {
        // A client of the API has no person behind it who could answer for the reason.
        guard caller.organisation.kind == .healthCentre, caller.channel == .page else { throw Refusal.notFound }
        let why = try Self.reason(reason, "緊急に閲覧する理由を1000文字以内で入力してください。")
        let directory = try await directory()
        let now = clock()
        guard let own = directory.number(caller.organisation.key) else { throw Refusal.notFound }
        let asked = try? CaseNumber.read(number).get()
        let (deed, openings) = (deed("open", caller, now, reason: why), openings)
        enum Outcome: Sendable {
            case open(CaseFile, told: Set<OrganisationKey>)
            case seen(CaseNumber)
            case none
        }
        let outcome = try await engine.write { connection -> Outcome in
            let hour = now.adding(seconds: -3600)
            guard
                try openings.failures(account: caller.viewer.account, since: hour, connection) < Self.openingTries
            else { throw Refusal.tooMany(seconds: 3600) }
            func put(_ number: CaseNumber?) throws {
                try openings.put(
                    number,
                    organisation: own,
                    account: caller.viewer.account,
                    at: now,
                    until: now.adding(seconds: Self.openingSeconds),
                    connection
                )
            }
            guard let asked, let file = try self.cases.load(asked, connection), !file.isPublishedData,
                let centre = file.jurisdiction
            else {
                try put(nil)
                return .none
            }
            if Gate.permission(file, caller.viewer, on: now.japanDate) != nil { return .seen(asked) }
            try put(asked)
            let stored = try self.cases.save(file, replacing: file, deed, directory: directory, connection)
            let above = directory.headquarters(above: centre).map(\.key)
            let lines = ([centre] + above).map { (organisation: $0, kind: Notice.Kind.open) }
            return .open(stored, told: try self.put(lines, asked, caller, now, directory: directory, connection))
        }
        switch outcome {
        case .open(let file, let told):
            events.publish(
                CaseEvent(number: file.number, version: file.version, action: "open"),
                to: Set(file.parties.filter { Gate.seesWhole($0.role) }.map(\.organisation))
            )
            events.publishNotice(to: told)
            return file.number
        case .seen(let number): return number
        case .none:
            throw Refusal.findings([
                Finding("number", "unknown", "このHER-SYS IDの対象者は閲覧できません。番号をもう一度確かめてください。")
            ])
        }
    }

    /// The cases that the caller has open, with the end of each.
    public func openCases(by caller: Caller) async throws -> [Opening] {
        let directory = try await directory()
        let now = clock()
        guard caller.organisation.kind == .healthCentre, let own = directory.number(caller.organisation.key) else {
            throw Refusal.notFound
        }
        let openings = openings
        return try await engine.read {
            try openings.open(
                organisation: own,
                account: caller.viewer.account,
                at: now,
                life: Self.openingSeconds,
                $0
            )
        }
    }

    /// The case for reading: where the caller is no party but has it open, as one who has.
    func readable(
        _ number: CaseNumber,
        _ caller: Caller,
        _ now: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> CaseFile? {
        guard var file = try cases.load(number, connection) else { return nil }
        guard caller.channel == .page, caller.organisation.kind == .healthCentre, !file.isPublishedData,
            Gate.permission(file, caller.viewer, on: now.japanDate) == nil,
            let own = directory.number(caller.organisation.key),
            try openings.isOpen(
                number,
                organisation: own,
                account: caller.viewer.account,
                at: now,
                life: Self.openingSeconds,
                connection
            )
        else { return file }
        file.parties.append(Party(caller.organisation.key, .opened))
        return file
    }
}
