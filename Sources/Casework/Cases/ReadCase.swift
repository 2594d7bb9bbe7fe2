public import Access
public import Catalogue
import Storage

extension Casework {
    /// The case as the caller may see it; the reading is written down before anything is shown.
    ///
    /// - Throws: ``Refusal/notFound`` where it doesn't exist for the caller.
    public func read(_ number: CaseNumber, by caller: Caller) async throws -> Disclosed<CaseFile> {
        let directory = try await directory()
        let now = clock()
        let file = try await engine.read { connection -> CaseFile? in
            guard let file = try self.readable(number, caller, now, directory: directory, connection),
                let permission = Gate.permission(file, caller.viewer, on: now.japanDate)
            else { return nil }
            guard permission.reads(.observation) else { return file }
            return try self.withReports(file, now: now, directory: directory, connection)
        }
        guard let file, let disclosed = Gate.disclose(file, to: caller.viewer, on: now.japanDate) else {
            throw Refusal.notFound
        }
        try await log([disclosed], what: "case", caller, now)
        return disclosed
    }

    /// The case's history as the caller may see it, oldest first.
    public func history(_ number: CaseNumber, by caller: Caller) async throws -> Disclosed<[HistoryEntry]> {
        let directory = try await directory()
        let now = clock()
        let found = try await engine.read { connection -> (CaseFile, [HistoryEntry])? in
            guard let file = try self.readable(number, caller, now, directory: directory, connection),
                Gate.permission(file, caller.viewer, on: now.japanDate) != nil
            else { return nil }
            return (file, try self.cases.history(of: number, directory: directory, connection))
        }
        guard let (file, lines) = found,
            let disclosed = Gate.disclose(lines, of: file, to: caller.viewer, on: now.japanDate),
            let seen = Gate.disclose(file, to: caller.viewer, on: now.japanDate)
        else { throw Refusal.notFound }
        try await log([seen], what: "history", caller, now)
        return disclosed
    }

    /// Writes down who read which identified cases; de-identified ones tell of nobody.
    ///
    /// `shown` says what of them is shown; nil for all that may be read of any of them.
    func log(
        _ files: [Disclosed<CaseFile>],
        what: String,
        showing shown: [Section]? = nil,
        _ caller: Caller,
        _ now: Timestamp
    ) async throws {
        let identified = files.filter { $0.permission.roles.contains { Rights.seesStrip($0) } }
        guard !identified.isEmpty else { return }
        let directory = try await directory()
        let sections =
            shown
            ?? Section.allCases.filter { section in identified.contains { $0.permission.reads(section) } }
        let reading = Reading(
            at: now,
            account: caller.viewer.account,
            organisation: directory.number(caller.organisation.key) ?? 0,
            address: caller.address,
            // What was read in 緊急閲覧 is told apart for ever.
            what: identified[0].permission.roles == [.opened] ? "open" : what,
            sections: sections,
            cases: identified.map(\.subject.number),
            through: caller.channel.rawValue
        )
        try await engine.write { try self.readings.put(reading, $0) }
    }
}
