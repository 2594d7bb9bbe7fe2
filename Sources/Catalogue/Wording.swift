/// A language in which people are spoken to who don't work with the system.
public enum Language: String, Sendable, Hashable, CaseIterable {
    /// 日本語.
    case ja
    /// English.
    case en
}

/// The same words in every language: what has one has the other.
public struct Wording: Sendable, Hashable {
    /// 日本語.
    public let ja: String
    /// English.
    public let en: String

    /// Words in every language.
    public init(_ ja: String, _ en: String) {
        self.ja = ja
        self.en = en
    }

    /// The words in one language.
    public subscript(language: Language) -> String {
        switch language {
        case .ja: ja
        case .en: en
        }
    }
}

/// How an item is asked of the person themselves (本人入力): in the words used at home, not in the staff's terms.
public struct Question: Sendable, Hashable {
    /// What is asked.
    public let label: Wording
    /// What helps to answer it; nil where nothing does.
    public let hint: Wording?

    /// A question, first in Japanese.
    public init(_ ja: String, _ en: String, hint: Wording? = nil) {
        label = Wording(ja, en)
        self.hint = hint
    }
}
