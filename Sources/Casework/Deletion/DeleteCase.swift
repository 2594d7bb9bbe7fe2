public import Access
public import Catalogue
import Storage

extension Casework {
    /// Days in which a deletion can be undone.
    public static let daysToRestore = 30

    /// 削除: takes a case out of every list, search, count, page and call; its number stays 欠番.
    ///
    /// - Parameters:
    ///   - number: the case.
    ///   - reason: why, up to 1000 characters; it stands in the history and in the list of deleted cases.
    ///   - seen: the version on the screen, nil for whichever it is now.
    ///   - caller: the health centre in charge.
    /// - Throws: ``Refusal/notFound``, ``Refusal/forbidden(_:)`` for whoever isn't in charge, ``Refusal/findings(_:)``
    ///   without a reason.
    public func delete(_ number: CaseNumber, reason: String, seen: Int? = nil, by caller: Caller) async throws {
        let directory = try await directory()
        let now = clock()
        let cleaned = try? TextCleaning.clean(reason, multiline: true).get()
        let isReason = (1...Self.longestReason).contains(cleaned?.unicodeScalars.count ?? 0)
        let deed = deed("delete", caller, now, reason: cleaned)
        let cases = self.cases
        let gone = try await engine.write { connection -> CaseFile in
            guard let file = try cases.load(number, connection),
                let permission = Gate.permission(file, caller.viewer, on: now.japanDate)
            else { throw Refusal.notFound }
            guard permission.roles.contains(.inCharge) else {
                throw Refusal.forbidden("記録を削除できるのは管轄保健所だけです。")
            }
            guard isReason else {
                throw Refusal.findings([
                    Finding("reason", "required", "削除の理由を\(Self.longestReason)文字以内で入力してください。")
                ])
            }
            guard seen == nil || seen == file.version else {
                throw Refusal.forbidden("画面を開いた後に内容が変わりました。最新の内容を確かめてから、もう一度操作してください。")
            }
            return try cases.delete(file, deed, directory: directory, connection)
        }
        // Whoever has it open must see it go.
        publish(gone, "delete")
    }

    /// 復元: brings a deleted case back as it was.
    ///
    /// - Returns: the case.
    /// - Throws: ``Refusal/notFound`` where nothing was deleted, the time is over or another health centre was in charge.
    public func restore(_ number: CaseNumber, by caller: Caller) async throws -> Disclosed<CaseFile> {
        let directory = try await directory()
        let now = clock()
        let deed = deed("restore", caller, now)
        let cases = self.cases
        let stored = try await engine.write { connection -> CaseFile in
            guard let deleted = try cases.deleted(number, connection), Self.mayRestore(deleted, caller, now) else {
                throw Refusal.notFound
            }
            return try cases.restore(
                deleted,
                parties: deleted.file.parties,
                deed,
                directory: directory,
                connection
            )
        }
        publish(stored, "restore")
        guard let disclosed = Gate.disclose(stored, to: caller.viewer, on: now.japanDate) else {
            throw Refusal.notFound
        }
        return disclosed
    }

    static func mayRestore(_ deleted: DeletedCase, _ caller: Caller, _ now: Timestamp) -> Bool {
        let permission = Gate.permission(deleted.file, caller.viewer, on: now.japanDate)
        return permission?.roles.contains(.inCharge) == true && deleted.deletedAt >= Self.restorable(now)
    }

    /// What was deleted before this moment is hidden for ever.
    static func restorable(_ now: Timestamp) -> Timestamp {
        now.adding(seconds: -Int64(daysToRestore) * 86_400)
    }
}
