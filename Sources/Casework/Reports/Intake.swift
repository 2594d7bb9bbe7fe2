public import Access
public import Catalogue
import Storage

/// What a change does with a case: it refuses by throwing a ``Refusal``, and reads more on the same connection.
typealias CaseChange = @Sendable (inout CaseFile, Permission, Timestamp, any SQLConnection) throws -> Void

/// As ``CaseChange``; what it returns is told and stands in the history even where no item changes.
typealias TellingChange = @Sendable (inout CaseFile, Permission, Timestamp, any SQLConnection) throws -> Told?

extension Casework {
    /// 保健所確認済: the report counts from here.
    ///
    /// - Throws: ``Refusal/forbidden(_:)`` unless the caller's health centre is in charge and the report waits.
    public func confirm(
        _ number: CaseNumber,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        try await changeInTransaction(number, by: caller, action: "confirm", Self.confirming(seen: seen))
    }

    /// What confirming does with a case.
    static func confirming(seen: Int?) -> CaseChange {
        { file, permission, now, _ in
            try Self.refuseUnseen(seen, file)
            guard permission.decidesIntake else { throw Refusal.forbidden("確認できるのは管轄保健所だけです。") }
            guard file.intake != .confirmed else { throw Refusal.forbidden("すでに保健所確認済です。") }
            guard file.intake == .submitted else { throw Refusal.forbidden("確認待ちの発生届ではありません。") }
            file.intake = .confirmed
            file.returnReason = nil
            file.items[.confirmedAt] = now
        }
    }

    /// 差し戻し: sends a report back to the institution with the reason.
    public func sendBack(
        _ number: CaseNumber,
        reason: String,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let cleaned = try? TextCleaning.clean(reason, multiline: true).get()
        guard let cleaned, !cleaned.isEmpty, cleaned.unicodeScalars.count <= 1000 else {
            throw Refusal.findings([
                Finding("reason", "required", "差し戻しの理由を1000文字以内で入力してください。")
            ])
        }
        return try await change(number, by: caller, action: "return", reason: cleaned) { file, permission, _ in
            try Self.refuseUnseen(seen, file)
            guard permission.decidesIntake else { throw Refusal.forbidden("差し戻せるのは管轄保健所だけです。") }
            guard file.intake == .submitted else { throw Refusal.forbidden("確認待ちの発生届ではありません。") }
            guard file.parties.contains(where: { $0.role == .reporting }) else {
                throw Refusal.forbidden("保健所が入力した届のため、差し戻す相手がありません。内容を直接修正してください。")
            }
            file.intake = .returned
            file.returnReason = cleaned
        }
    }

    /// 再提出: the institution hands a corrected report in again.
    public func resubmit(_ number: CaseNumber, by caller: Caller) async throws -> Disclosed<CaseFile> {
        try await change(number, by: caller, action: "resubmit") { file, permission, now in
            guard permission.roles.contains(.reporting) else {
                throw Refusal.forbidden("再提出できるのは届出医療機関だけです。")
            }
            guard file.intake == .returned else { throw Refusal.forbidden("差し戻された発生届ではありません。") }
            file.intake = .submitted
            file.returnReason = nil
            file.items[.submittedAt] = now
        }
    }

    /// Sets the related health centres (関係保健所): the case shows there at once.
    public func setRelated(
        _ number: CaseNumber,
        offices: [OrganisationKey],
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let directory = try await directory()
        let transfers = self.transfers
        guard offices.allSatisfy({ directory[$0]?.kind == .healthCentre }) else {
            throw Refusal.findings([
                Finding("related_offices", "unknown_office", "関係保健所は一覧にある保健所から選んでください。")
            ])
        }
        return try await changeInTransaction(number, by: caller, action: "related") { file, permission, _, connection in
            try Self.refuseUnseen(seen, file)
            guard permission.decidesIntake else {
                throw Refusal.forbidden("関係保健所を設定できるのは管轄保健所だけです。")
            }
            // Whoever is asked to take the case over sees it until it has answered.
            if let offer = try transfers.latest(of: number, directory: directory, connection), offer.state == .open,
                !offices.contains(offer.receiver)
            {
                throw Refusal.findings([
                    Finding("related_offices", "transfer_open", "移管を申し入れている保健所は外せません。先に申入れを取り下げてください。")
                ])
            }
            guard !offices.contains(file.jurisdiction ?? "") else {
                throw Refusal.findings([
                    Finding("related_offices", "own_office", "管轄保健所は関係保健所に設定できません。")
                ])
            }
            var kept: [Code] = []
            for office in offices where !kept.contains(Code(office)) { kept.append(Code(office)) }
            file.items[.relatedOffices] = kept.isEmpty ? nil : kept
        }
    }

    /// Refuses a decision on something other than what was on the screen.
    static func refuseUnseen(_ seen: Int?, _ file: CaseFile) throws {
        guard let seen, seen != file.version else { return }
        throw Refusal.forbidden("画面を開いた後に内容が変わりました。最新の内容を確かめてから、もう一度操作してください。")
    }

    /// Loads a case, lets a closure change it, works out the parties, stores it with its history line, tells pages.
    func change(
        _ number: CaseNumber,
        by caller: Caller,
        action: String,
        reason: String? = nil,
        _ body: @escaping @Sendable (inout CaseFile, Permission, Timestamp) throws -> Void
    ) async throws -> Disclosed<CaseFile> {
        try await changeInTransaction(number, by: caller, action: action, reason: reason) { file, permission, now, _ in
            try body(&file, permission, now)
        }
    }

    /// As ``change(_:by:action:reason:_:)``, for a closure that reads more from the same transaction.
    func changeInTransaction(
        _ number: CaseNumber,
        by caller: Caller,
        action: String,
        reason: String? = nil,
        _ body: @escaping CaseChange
    ) async throws -> Disclosed<CaseFile> {
        let disclosed = try await changeTelling(number, by: caller, action: action, reason: reason) {
            file,
            permission,
            now,
            connection in
            try body(&file, permission, now, connection)
            return nil
        }
        guard let disclosed else { throw Refusal.notFound }
        return disclosed
    }

    /// As ``changeInTransaction(_:by:action:reason:_:)``, for a closure that has somebody told: what it returns is a
    /// deed of its own, which stands in the history even where no item changes.
    ///
    /// - Returns: the case, or nil where the caller has made it one that they don't see any more.
    func changeTelling(
        _ number: CaseNumber,
        by caller: Caller,
        action: String,
        reason: String? = nil,
        _ body: @escaping TellingChange
    ) async throws -> Disclosed<CaseFile>? {
        let directory = try await directory()
        let now = clock()
        let deed = deed(action, caller, now, reason: reason)
        let (outcome, shown) = try await engine.write { connection -> (ChangeOutcome, CaseFile) in
            let outcome = try self.change(number, by: caller, deed, now, directory, connection, body)
            // The answer is the case as reading it would show it, with what the person has reported.
            let stored = outcome.stored
            let reads = Gate.permission(stored, caller.viewer, on: now.japanDate)?.reads(.observation) ?? false
            let shown = reads ? try self.withReports(stored, now: now, directory: directory, connection) : stored
            return (outcome, shown)
        }
        tell(outcome, action: action, now, directory)
        guard let disclosed = Gate.disclose(shown, to: caller.viewer, on: now.japanDate) else { return nil }
        // A change stands in the history; where nothing changed, the case was only read.
        if !outcome.isChanged { try await log([disclosed], what: "case", caller, now) }
        return disclosed
    }

    /// The part of a change that stands in the transaction: right, change, parties, case, history line and notices.
    ///
    /// What is refused is refused before anything is written: the transaction can go on with another case.
    func change(
        _ number: CaseNumber,
        by caller: Caller,
        _ deed: CaseStore.Deed,
        _ now: Timestamp,
        _ directory: Directory,
        _ connection: any SQLConnection,
        _ body: TellingChange
    ) throws -> ChangeOutcome {
        let (earlier, changed, telling) = try changed(number, by: caller, now, directory, connection, body)
        guard changed != earlier || telling != nil else { return ChangeOutcome(earlier: earlier, stored: earlier) }
        var file = changed
        try grantDefaults(in: &file, since: earlier, now: now, directory: directory, connection)
        let saying = telling.map { deed.saying($0.reason) } ?? deed
        let stored = try cases.save(file, replacing: earlier, saying, directory: directory, connection)
        let told = try tell(
            telling,
            of: (earlier, stored),
            deed.action,
            caller,
            now,
            directory: directory,
            connection
        )
        return ChangeOutcome(earlier: earlier, stored: stored, told: told)
    }

    /// What a change would make of a case, without storing it.
    func changed(
        _ number: CaseNumber,
        by caller: Caller,
        _ now: Timestamp,
        _ directory: Directory,
        _ connection: any SQLConnection,
        _ body: TellingChange
    ) throws -> (earlier: CaseFile, file: CaseFile, telling: Told?) {
        guard let earlier = try cases.load(number, connection),
            let permission = Gate.permission(earlier, caller.viewer, on: now.japanDate)
        else { throw Refusal.notFound }
        var file = earlier
        let telling = try body(&file, permission, now, connection)
        if file != earlier || telling != nil { file.parties = Parties.derive(file, directory: directory) }
        return (earlier, file, telling)
    }

    /// Tells open pages of a stored change, each what its organisation may know of it.
    func tell(_ outcome: ChangeOutcome, action: String, _ now: Timestamp, _ directory: Directory) {
        events.publishNotice(to: outcome.told)
        guard outcome.isChanged else { return }
        let (earlier, stored) = (outcome.earlier, outcome.stored)
        var hearing: [String: Set<OrganisationKey>] = [:]
        for key in Set((stored.parties + earlier.parties).map(\.organisation)) {
            guard let organisation = directory[key],
                let word = Gate.news(of: action, from: earlier, to: stored, for: organisation, on: now.japanDate)
            else { continue }
            hearing[word, default: []].insert(key)
        }
        for (word, organisations) in hearing {
            events.publish(CaseEvent(number: stored.number, version: stored.version, action: word), to: organisations)
        }
    }
}

/// What a change has come to.
struct ChangeOutcome: Sendable {
    /// The case before.
    let earlier: CaseFile
    /// The case as it stands now.
    let stored: CaseFile
    /// Organisations with a new notice.
    var told: Set<OrganisationKey> = []

    /// Whether there is a new version.
    var isChanged: Bool { stored.version != earlier.version }
}
