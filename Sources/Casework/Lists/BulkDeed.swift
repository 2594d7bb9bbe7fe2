public import Access
public import Catalogue
import Storage

/// What can be done with many cases at once.
public enum BulkDeed: Sendable, Hashable {
    /// 保健所確認済にする.
    case confirm
    /// Sets 現在のステータス.
    case status(Code)
    /// Assigns a 健康フォローアップ受託機関.
    case assign(OrganisationKey)

    /// Cases that one deed takes at the most.
    public static let mostCases = 1000

    /// The deed that two fields of a form name.
    public init?(kind: String, value: String) {
        switch kind {
        case "confirm": self = .confirm
        case "status":
            guard CodeList.status[Code(value)] != nil else { return nil }
            self = .status(Code(value))
        case "assign":
            guard !value.isEmpty, value.utf8.count <= 64 else { return nil }
            self = .assign(value)
        default: return nil
        }
    }

    /// Its name in a form.
    public var kind: String {
        switch self {
        case .confirm: "confirm"
        case .status: "status"
        case .assign: "assign"
        }
    }

    /// What it is done with, in a form.
    public var value: String {
        switch self {
        case .confirm: ""
        case .status(let code): code.rawValue
        case .assign(let key): key
        }
    }

    /// Whether it takes a reason: a status set by hand is one that doesn't follow from the records, in a list as in a case.
    public var needsReason: Bool {
        if case .status = self { true } else { false }
    }

    /// The name of the change in the history: the one that a single change has.
    var action: String {
        switch self {
        case .confirm: "confirm"
        case .status: "revise"
        case .assign: "assign"
        }
    }
}

/// A case as it was seen before something was done with it.
public struct SeenCase: Sendable, Hashable {
    /// HER-SYS ID.
    public let number: CaseNumber
    /// The version that was seen.
    public let version: Int

    /// A case as it was seen.
    public init(_ number: CaseNumber, version: Int) {
        self.number = number
        self.version = version
    }
}

/// What a deed would do with the selected cases.
public struct BulkPreview: Sendable {
    /// A case that would change.
    public struct Line: Sendable {
        /// The case as the caller may see it now.
        public let file: Disclosed<CaseFile>
        /// The items that would change.
        public let changes: [Change]
    }

    /// A case that would not change.
    public struct Refused: Sendable {
        /// HER-SYS ID.
        public let number: CaseNumber
        /// The case as the caller may see it; nil where there is none for them.
        public let file: Disclosed<CaseFile>?
        /// Why.
        public let reason: String
    }

    /// The name under which it is done once: see ``Casework/perform(_:id:on:by:)``.
    public let id = Secret.random(bytes: 12)
    /// What would change.
    public internal(set) var lines: [Line] = []
    /// What would be refused.
    public internal(set) var refused: [Refused] = []

    /// What was seen, for ``Casework/perform(_:id:on:by:)``.
    public var seen: [SeenCase] {
        lines.map { SeenCase($0.file.subject.number, version: $0.file.subject.version) }
    }
}

/// What a deed did, case by case.
public struct BulkResult: Sendable, Hashable {
    /// How it ended for one case.
    public enum Outcome: Sendable, Hashable {
        /// It hasn't come to it yet.
        case waiting
        /// Changed.
        case done
        /// Not changed, with the reason.
        case refused(String)
    }

    /// One case.
    public struct Line: Sendable, Hashable {
        /// HER-SYS ID.
        public let number: CaseNumber
        /// How it ended.
        public internal(set) var outcome: Outcome
    }

    /// What was to be done.
    public let deed: BulkDeed
    /// Since when.
    public let at: Timestamp
    /// The cases in the order of the preview.
    public internal(set) var lines: [Line]
}

extension Refusal {
    /// Why, in the words of the screen.
    var inWords: String {
        switch self {
        case .notFound: "この対象者は見つかりません。担当が変わったか、削除されています。"
        case .forbidden(let why): why
        case .findings(let findings): findings.map(\.message).joined(separator: " ")
        case .conflict: "ほかの人が同じ項目を変更しました。最新の内容を確かめてください。"
        case .repeatedDifferently, .tooMany: "いま実行できません。しばらくしてからもう一度操作してください。"
        }
    }
}
