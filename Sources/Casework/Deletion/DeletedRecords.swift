public import Access
public import Catalogue
import Storage

/// A deleted case in the list of its health centre (削除した記録).
public struct DeletedRecord: Sendable {
    /// The case as it stood, as the health centre saw it.
    public let file: Disclosed<CaseFile>
    /// When it was deleted.
    public let deletedAt: Timestamp
    /// Until when it can be restored.
    public let until: Timestamp
    /// Who deleted it.
    public let actor: String
    /// Why.
    public let reason: String
}

extension Casework {
    private static let mostDeleted = 500

    /// The cases that the caller's health centre has deleted and may still restore, the latest first.
    ///
    /// - Throws: ``Refusal/notFound`` for any other kind of organisation.
    public func deletedCases(by caller: Caller) async throws -> [DeletedRecord] {
        guard caller.organisation.kind == .healthCentre else { throw Refusal.notFound }
        let directory = try await directory()
        let now = clock()
        guard let number = directory.number(caller.organisation.key) else { return [] }
        let cases = self.cases
        let found = try await engine.read { connection in
            try cases.deleted(
                jurisdiction: number,
                since: Self.restorable(now),
                limit: Self.mostDeleted,
                connection
            ).map { one in
                // The last line of its history tells who and why.
                (one, try cases.history(of: one.file.number, directory: directory, connection).last)
            }
        }
        let records = found.compactMap { deleted, line -> DeletedRecord? in
            guard Self.mayRestore(deleted, caller, now), let line,
                let disclosed = Gate.disclose(deleted.file, to: caller.viewer, on: now.japanDate)
            else { return nil }
            return DeletedRecord(
                file: disclosed,
                deletedAt: deleted.deletedAt,
                until: deleted.deletedAt.adding(seconds: Int64(Self.daysToRestore) * 86_400),
                actor: line.actor,
                reason: line.reason ?? ""
            )
        }
        try await log(records.map(\.file), what: "deleted", caller, now)
        return records
    }
}
