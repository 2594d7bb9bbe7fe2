public import Access
public import Catalogue
import Storage

/// What a change does with a case: it refuses by throwing a ``Refusal``, and reads more on the same connection.
typealias CaseChange = @Sendable (inout CaseFile, Permission, Timestamp, any SQLConnection) throws -> Void

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
        guard offices.allSatisfy({ directory[$0]?.kind == .healthCentre }) else {
            throw Refusal.findings([
                Finding("related_offices", "unknown_office", "関係保健所は一覧にある保健所から選んでください。")
            ])
        }
        return try await change(number, by: caller, action: "related") { file, permission, _ in
            try Self.refuseUnseen(seen, file)
            guard permission.decidesIntake else {
                throw Refusal.forbidden("関係保健所を設定できるのは管轄保健所だけです。")
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
        let directory = try await directory()
        let now = clock()
        let deed = deed(action, caller, now, reason: reason)
        let (earlier, stored, shown) = try await engine.write { connection -> (CaseFile, CaseFile, CaseFile) in
            let (earlier, stored) = try self.change(number, by: caller, deed, now, directory, connection, body)
            // The answer is the case as reading it would show it, with what the person has reported.
            let reads = Gate.permission(stored, caller.viewer, on: now.japanDate)?.reads(.observation) ?? false
            let shown = reads ? try self.withReports(stored, now: now, directory: directory, connection) : stored
            return (earlier, stored, shown)
        }
        tell(earlier, stored, action: action, now)
        guard let disclosed = Gate.disclose(shown, to: caller.viewer, on: now.japanDate) else {
            throw Refusal.notFound
        }
        // A change stands in the history; where nothing changed, the case was only read.
        if stored.version == earlier.version { try await log([disclosed], what: "case", caller, now) }
        return disclosed
    }

    /// The part of a change that stands in the transaction: right, change, parties, case and history line.
    ///
    /// What is refused is refused before anything is written: the transaction can go on with another case.
    func change(
        _ number: CaseNumber,
        by caller: Caller,
        _ deed: CaseStore.Deed,
        _ now: Timestamp,
        _ directory: Directory,
        _ connection: any SQLConnection,
        _ body: CaseChange
    ) throws -> (earlier: CaseFile, stored: CaseFile) {
        let (earlier, file) = try changed(number, by: caller, now, directory, connection, body)
        guard file != earlier else { return (earlier, earlier) }
        return (earlier, try cases.save(file, replacing: earlier, deed, directory: directory, connection))
    }

    /// What a change would make of a case, without storing it.
    func changed(
        _ number: CaseNumber,
        by caller: Caller,
        _ now: Timestamp,
        _ directory: Directory,
        _ connection: any SQLConnection,
        _ body: CaseChange
    ) throws -> (earlier: CaseFile, file: CaseFile) {
        guard let earlier = try cases.load(number, connection),
            let permission = Gate.permission(earlier, caller.viewer, on: now.japanDate)
        else { throw Refusal.notFound }
        var file = earlier
        try body(&file, permission, now, connection)
        if file != earlier { file.parties = Parties.derive(file, directory: directory) }
        return (earlier, file)
    }

    /// Tells open pages of a stored change.
    func tell(_ earlier: CaseFile, _ stored: CaseFile, action: String, _ now: Timestamp) {
        guard stored.version != earlier.version else { return }
        // Who was a party until now must see it go, too; whom nothing is shown of it isn't told.
        let hearing = (stored.parties + earlier.parties).filter {
            switch action {
            case "related": $0.holds(on: now.japanDate) && Gate.seesWhole($0.role)
            case "assign": $0.role == .followUp || ($0.holds(on: now.japanDate) && Gate.seesWhole($0.role))
            default: $0.holds(on: now.japanDate)
            }
        }
        events.publish(
            CaseEvent(number: stored.number, version: stored.version, action: action),
            to: Set(hearing.map(\.organisation))
        )
    }
}
