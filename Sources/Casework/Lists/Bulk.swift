public import Access
public import Catalogue
import Storage

extension Casework {
    /// Cases that one transaction changes.
    private static let together = 50
    static let changedMeanwhile = "確認画面を開いた後に内容が変わったため、変更しませんでした。最新の内容を確かめてください。"
    private static let perhapsReported = "同じ方かもしれない届があります。この届の画面で見比べて、1件ずつ確認してください。"
    static let alreadySo = "すでに同じ内容です。"

    /// What a deed does with one case: the very change that is made when it is done with that case alone.
    private func change(
        _ deed: BulkDeed,
        _ case: SeenCase,
        _ caller: Caller,
        _ directory: Directory
    ) -> TellingChange {
        let seen = `case`.version
        let change: CaseChange =
            switch deed {
            case .confirm: Self.confirming(seen: seen)
            case .assign(let key): Self.assigning(key, seen: seen, directory)
            case .status(let code):
                revising(`case`.number, Revision(seen: seen, items: ["status": .code(code)]), by: caller, directory)
            }
        return { file, permission, now, connection in
            if case .status(let code) = deed, CodeList.status[code] == nil {
                throw Refusal.findings([Finding("status", "code", "現在のステータスは一覧から選んでください。")])
            }
            guard file.version == seen else { throw Refusal.forbidden(Self.changedMeanwhile) }
            let earlier = file
            try change(&file, permission, now, connection)
            guard file != earlier else { throw Refusal.forbidden(Self.alreadySo) }
            // Asked where it is done, too: the second report may have come after the preview.
            if deed == .confirm, try self.hasLikeness(earlier, caller, directory, now, connection) {
                throw Refusal.forbidden(Self.perhapsReported)
            }
            return nil
        }
    }

    // MARK: Preview

    /// What a deed would do with cases, and what would be refused and why; nothing is changed.
    ///
    /// A report that may be about somebody who is reported already is refused: such a one is confirmed by itself, with
    /// both in sight.
    public func preview(_ deed: BulkDeed, of numbers: [CaseNumber], by caller: Caller) async throws -> BulkPreview {
        let directory = try await directory()
        let now = clock()
        var known: Set<CaseNumber> = []
        let asked = numbers.filter { known.insert($0).inserted }.prefix(BulkDeed.mostCases)
        let found = try await engine.read { connection -> BulkPreview in
            var preview = BulkPreview()
            for number in asked {
                guard let file = try self.cases.load(number, connection),
                    let shown = Gate.disclose(file, to: caller.viewer, on: now.japanDate)
                else {
                    preview.refused.append(.init(number: number, file: nil, reason: Refusal.notFound.inWords))
                    continue
                }
                let seen = SeenCase(number, version: file.version)
                do {
                    let change = self.change(deed, seen, caller, directory)
                    let (earlier, later, _) = try self.changed(number, by: caller, now, directory, connection, change)
                    let changes = later.changes(from: earlier).map(\.change).filter { change in
                        Catalogue.item(change.item).map { shown.permission.reads($0) } ?? false
                    }
                    preview.lines.append(.init(file: shown, changes: changes))
                } catch let refusal as Refusal {
                    preview.refused.append(.init(number: number, file: shown, reason: refusal.inWords))
                }
            }
            return preview
        }
        let shown = found.lines.map(\.file) + found.refused.compactMap(\.file)
        try await log(shown, what: "list", showing: [.person], caller, now)
        return found
    }

    // MARK: Doing

    /// Does a deed with cases as they were seen: each is changed as it would be alone, fifty in one transaction.
    ///
    /// What has become of each case is stored with the changes themselves. The same `id` a second time, from a second
    /// click or a repeated request, does nothing and answers what the first one did.
    ///
    /// - Parameters:
    ///   - deed: what is done.
    ///   - id: the name under which it is done once.
    ///   - cases: each with the version that was seen.
    ///   - reason: why, for a deed that ``BulkDeed/needsReason``; it stands in each case's history.
    ///   - caller: who does it.
    /// - Returns: what has become of each case.
    /// - Throws: ``Refusal/findings(_:)`` for more than ``BulkDeed/mostCases``, and at `reason` for none or one that is
    ///   too long.
    public func perform(
        _ deed: BulkDeed,
        id: String,
        on cases: [SeenCase],
        reason: String? = nil,
        by caller: Caller
    ) async throws -> BulkResult {
        let why = deed.needsReason ? try Self.checked(reason: reason) : nil
        guard cases.count <= BulkDeed.mostCases, !id.isEmpty, id.utf8.count <= 64 else {
            throw Refusal.findings([
                Finding("cases", "too_many", "一度に操作できるのは\(BulkDeed.mostCases)件までです。")
            ])
        }
        let directory = try await directory()
        let account = caller.viewer.account
        var known: Set<CaseNumber> = []
        let asked = cases.filter { known.insert($0.number).inserted }
        let begun = BulkResult(
            deed: deed,
            at: clock(),
            lines: asked.map { .init(number: $0.number, outcome: .waiting) }
        )
        let isFirst = try await engine.write { connection in
            try self.kept.begin(begun.kept(id), .deed, account: account, connection)
        }
        guard isFirst else {
            guard let result = try await bulkResult(id, by: caller) else { throw Refusal.notFound }
            return result
        }
        // In one order everywhere: two of these at once wait for each other and never in a circle.
        let order = asked.indices.sorted { asked[$0].number < asked[$1].number }
        var result = begun
        for start in stride(from: 0, to: order.count, by: Self.together) {
            let batch = Array(order[start..<min(start + Self.together, order.count)])
            result = try await perform(batch, of: asked, why, result, id, directory, caller)
        }
        return result
    }

    private func perform(
        _ batch: [Int],
        of cases: [SeenCase],
        _ reason: String?,
        _ before: BulkResult,
        _ id: String,
        _ directory: Directory,
        _ caller: Caller
    ) async throws -> BulkResult {
        let now = clock()
        let deed = deed(before.deed.action, caller, now, reason: reason)
        let (after, changed) = try await engine.write { connection in
            var after = before
            var changed: [ChangeOutcome] = []
            for index in batch {
                let change = self.change(before.deed, cases[index], caller, directory)
                do {
                    changed.append(
                        try self.change(cases[index].number, by: caller, deed, now, directory, connection, change)
                    )
                    after.lines[index].outcome = .done
                } catch let refusal as Refusal {
                    after.lines[index].outcome = .refused(refusal.inWords)
                } catch StorageFailure.duplicate {
                    after.lines[index].outcome = .refused(Self.changedMeanwhile)
                }
            }
            try self.kept.save(after.kept(id), .deed, account: caller.viewer.account, connection)
            return (after, changed)
        }
        for outcome in changed { tell(outcome, action: before.deed.action, now, directory) }
        return after
    }

    /// What a deed of the caller's has come to.
    public func bulkResult(_ id: String, by caller: Caller) async throws -> BulkResult? {
        let account = caller.viewer.account
        return try await engine.read { try self.kept.find(id, .deed, account: account, $0) }.flatMap(BulkResult.init)
    }

    /// Cases by their numbers as the caller may see them; what isn't there for them is left out.
    public func disclosed(_ numbers: [CaseNumber], by caller: Caller) async throws -> [CaseNumber: Disclosed<CaseFile>]
    {
        let now = clock()
        let files = try await engine.read { connection in
            try numbers.prefix(BulkDeed.mostCases).compactMap { try self.cases.load($0, connection) }
        }
        let shown = files.compactMap { Gate.disclose($0, to: caller.viewer, on: now.japanDate) }
        try await log(shown, what: "list", showing: [.person], caller, now)
        return Dictionary(shown.map { ($0.subject.number, $0) }, uniquingKeysWith: { $1 })
    }
}

extension BulkResult {
    /// As it is stored: one line for each case.
    func kept(_ id: String) -> Kept {
        let text = lines.map { line in
            switch line.outcome {
            case .waiting: "\(line.number.digits) w"
            case .done: "\(line.number.digits) d"
            case .refused(let reason): "\(line.number.digits) r \(reason.split(separator: "\n").joined(separator: " "))"
            }
        }
        return Kept(
            id: id,
            fields: ["kind": deed.kind, "value": deed.value, "lines": text.joined(separator: "\n")],
            at: at
        )
    }

    init?(_ kept: Kept) {
        guard let deed = BulkDeed(kind: kept.fields["kind"] ?? "", value: kept.fields["value"] ?? "") else {
            return nil
        }
        self.deed = deed
        at = kept.at
        lines = (kept.fields["lines"] ?? "").split(separator: "\n").compactMap { text in
            let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
            guard parts.count >= 2, case .success(let number) = CaseNumber.read(parts[0]) else { return nil }
            let outcome: Outcome =
                switch parts[1] {
                case "d": .done
                case "r": .refused(parts.count > 2 ? parts[2] : "")
                default: .waiting
                }
            return Line(number: number, outcome: outcome)
        }
    }
}
