public import Access
public import Catalogue
import Storage

/// A letter that the health centre in charge hands to the person.
public enum PrintedLetter: String, Sendable, CaseIterable {
    /// 就業制限通知書 (感染症法第18条).
    case workRestriction = "work-restriction"
    /// 入院勧告書 (感染症法第19条・第20条).
    case admission
    /// 宿泊・自宅療養証明書.
    case care

    /// Its title.
    public var title: String {
        switch self {
        case .workRestriction: "就業制限通知書"
        case .admission: "入院勧告書"
        case .care: "宿泊・自宅療養証明書"
        }
    }
}

extension Casework {
    /// Letters printed at once.
    public static let mostLetters = 300

    /// A case whose 発生届 is printed; the reading is written down as `print` before anything is shown.
    ///
    /// - Throws: ``Refusal/notFound`` for whoever may not read the notification, as where there is none.
    public func notificationToPrint(_ number: CaseNumber, by caller: Caller) async throws -> Disclosed<CaseFile> {
        let now = clock()
        let file = try await engine.read { try self.cases.load(number, $0) }
        guard let file, file.form != nil, let disclosed = Gate.disclose(file, to: caller.viewer, on: now.japanDate),
            Self.mayPrintNotification(disclosed.permission)
        else { throw Refusal.notFound }
        try await log([disclosed], what: "print", caller, now)
        return disclosed
    }

    /// Whether the notification is read as it was written, with who notified.
    public static func mayPrintNotification(_ permission: Permission) -> Bool {
        permission.reads(Item.notifierName.definition)
    }

    /// Whether the letters to the person may be printed: by the health centre in charge.
    public static func mayPrintLetters(_ permission: Permission) -> Bool {
        permission.roles.contains(.inCharge)
    }

    /// Cases whose letters are printed; the readings are written down as `print` before anything is shown.
    ///
    /// - Returns: the cases in the order asked for, each once, and the numbers of which the caller's health centre
    ///   isn't in charge or that don't exist, without a difference between the two.
    public func lettersToPrint(
        _ numbers: [CaseNumber],
        by caller: Caller
    ) async throws -> (files: [Disclosed<CaseFile>], missing: [CaseNumber]) {
        guard numbers.count <= Self.mostLetters else {
            throw Refusal.findings([
                Finding("numbers", "too_many", "一度に印刷できるのは\(Self.mostLetters)件までです。分けて印刷してください。")
            ])
        }
        let now = clock()
        var wanted: [CaseNumber] = []
        for number in numbers where !wanted.contains(number) { wanted.append(number) }
        let asked = wanted
        let found = try await engine.read { connection in
            try asked.map { try self.cases.load($0, connection) }
        }
        var files: [Disclosed<CaseFile>] = []
        var missing: [CaseNumber] = []
        for (number, file) in zip(asked, found) {
            if let file, let disclosed = Gate.disclose(file, to: caller.viewer, on: now.japanDate),
                Self.mayPrintLetters(disclosed.permission)
            {
                files.append(disclosed)
            } else {
                missing.append(number)
            }
        }
        try await log(files, what: "print", caller, now)
        return (files, missing)
    }
}
