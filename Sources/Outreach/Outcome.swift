/// What has become of one attempt to reach somebody.
///
/// The raw value is what the ledger keeps.
public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// In hand: nothing is known yet.
    case begun
    /// The provider has taken it. Nobody has been reached by that.
    case accepted
    /// The provider says that it rings, or that the SMS has left.
    case underway
    /// The provider says that somebody answered.
    case answered
    /// 1 was pressed: the code is being spoken.
    case speaking
    /// The code was spoken to its end.
    case heard
    /// 1 was pressed, and the call ended before the code was spoken twice.
    case heardPart = "heard-part"
    /// Answered, and nobody pressed 1: perhaps an answering machine.
    case noKey = "no-key"
    /// Answered, and hung up at once.
    case hungUp = "hung-up"
    /// Engaged.
    case busy
    /// It rang, and nobody answered.
    case noAnswer = "no-answer"
    /// Whoever was called, or their carrier, wants no call.
    case declined
    /// There is no such number.
    case wrongNumber = "wrong-number"
    /// The SMS has arrived on the telephone.
    case delivered
    /// The SMS could not be delivered.
    case undelivered
    /// Not sent: the number isn't of a kind that this system calls.
    case blocked
    /// Not sent: the code had had its time.
    case expired
    /// Not sent, and tried again: nobody has taken it.
    case postponed
    /// Refused by the line or the provider, or not sent because nothing can.
    case failed
    /// The engine ended in the middle of the call: nobody knows what was heard.
    case engineLost = "engine-lost"
    /// Handed over, and no answer came: nobody knows whether it was sent. It isn't sent again.
    case unknown
    /// Ended by us because the process was asked to end.
    case stopped
    /// Shown on the practice telephone (練習用の電話); nothing was sent.
    case shown

    /// Later news never goes back: an outcome replaces one of a lower rank only.
    public var rank: Int {
        switch self {
        case .begun: 0
        case .unknown, .postponed: 1
        case .accepted: 2
        case .underway: 3
        case .answered: 4
        case .speaking: 5
        default: 9
        }
    }

    /// Whether nothing more is to come.
    public var isFinal: Bool { rank == 9 }
}

/// What a driver says of an attempt.
public struct Attempted: Sendable, Hashable {
    /// What became of it.
    public var outcome: Outcome
    /// The line's or the provider's own code for it, `486` or `code-21211`; never a number or a text of theirs.
    public var cause: String?
    /// The provider's own number of the call or message.
    public var reference: String?

    /// An answer.
    public init(_ outcome: Outcome, cause: String? = nil, reference: String? = nil) {
        self.outcome = outcome
        self.cause = cause
        self.reference = reference
    }
}
