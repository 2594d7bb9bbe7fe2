public import Catalogue

/// One attempt to reach somebody, as the ledger (発信記録) keeps it: no number, no text, no code.
public struct Attempt: Sendable, Hashable {
    /// The message's number in the outbox.
    public let message: Int64
    /// The first attempt is 1.
    public let attempt: Int
    /// What the message is called outside, in a provider's callbacks; the same for all its attempts.
    public let key: String
    /// Whose telephone.
    public let account: Int64?
    /// Why: `sign-in`.
    public let purpose: String
    /// `call` or `sms`.
    public let kind: String
    /// `sip`, `provider`, `outbox`.
    public let driver: String
    /// When it began.
    public let at: Timestamp
    /// When its end was known.
    public let endedAt: Timestamp?
    /// The provider's own number of it, empty for none.
    public let reference: String
    /// What became of it.
    public let outcome: String
    /// The outcome's rank: a later one replaces a lower one only.
    public let rank: Int
    /// The line's or provider's code, empty for none.
    public let cause: String
}

/// News of an attempt.
public struct AttemptNews: Sendable, Hashable {
    /// What became of it.
    public var outcome: String
    /// The rank of that.
    public var rank: Int
    /// Whether nothing more is to come.
    public var isFinal: Bool
    /// The line's or provider's code, empty for none.
    public var cause: String
    /// The provider's own number of it, empty for none.
    public var reference: String

    /// News.
    public init(outcome: String, rank: Int, isFinal: Bool, cause: String = "", reference: String = "") {
        self.outcome = outcome
        self.rank = rank
        self.isFinal = isFinal
        self.cause = cause
        self.reference = reference
    }
}

/// A message that one worker has taken from the outbox to send it.
public struct HeldMessage: Sendable {
    /// What to send.
    public let message: Message
    /// Which attempt this is, from 1: whoever holds another number has lost it.
    public let attempt: Int
    /// What it is called outside.
    public let key: String
}
