public import Access
public import Catalogue
import Storage

/// A case together with what was done with it, as one viewer may see both.
public struct CaseCourse: Sendable {
    /// The case.
    public let file: Disclosed<CaseFile>
    /// Its history, oldest first; empty where the viewer doesn't read where the notification stands.
    public let history: [HistoryEntry]
}

extension Casework {
    /// The case with its history as the caller may see them, read at one moment and written down as one reading.
    ///
    /// - Throws: ``Refusal/notFound`` where it doesn't exist for the caller.
    public func course(of number: CaseNumber, by caller: Caller) async throws -> CaseCourse {
        let directory = try await directory()
        let now = clock()
        let found = try await engine.read { connection -> (CaseFile, [HistoryEntry])? in
            guard let file = try self.readable(number, caller, now, directory: directory, connection),
                let permission = Gate.permission(file, caller.viewer, on: now.japanDate)
            else { return nil }
            let whole =
                permission.reads(.observation)
                ? try self.withReports(file, now: now, directory: directory, connection) : file
            let lines =
                permission.readsIntake
                ? try self.cases.history(of: number, directory: directory, connection) : []
            return (whole, lines)
        }
        guard let (file, lines) = found,
            let disclosed = Gate.disclose(file, to: caller.viewer, on: now.japanDate),
            let history = Gate.disclose(lines, of: file, to: caller.viewer, on: now.japanDate)
        else { throw Refusal.notFound }
        try await log([disclosed], what: "case", caller, now)
        return CaseCourse(file: disclosed, history: history.subject)
    }
}
