/// How somebody is reached.
public enum Medium: String, Sendable, Hashable, CaseIterable {
    /// A telephone call that speaks.
    case call
    /// A short message.
    case sms
}

/// What a driver is given to send.
public struct Outgoing: Sendable {
    /// The same for every attempt of one message, and in no way guessable: what a provider tells repetitions by, and
    /// what its callbacks name the message by.
    public let key: String
    /// By voice or by text.
    public let medium: Medium
    /// To whom.
    public let to: Destination
    /// The code to be told.
    public let code: SecretDigits
    /// Seconds for which it is still of use.
    public let lifetime: Int

    /// Something to send.
    public init(key: String, medium: Medium, to: Destination, code: SecretDigits, lifetime: Int) {
        self.key = key
        self.medium = medium
        self.to = to
        self.code = code
        self.lifetime = lifetime
    }
}

/// A way out of the house: the practice telephone, lines, a provider.
public protocol Driver: Sendable {
    /// What the ledger calls it.
    var name: String { get }
    /// What it can do.
    var media: Set<Medium> { get }
    /// How many messages it takes at the same time.
    var places: Int { get }

    /// Keeps what the driver needs, processes or connections, until its task is cancelled.
    func run() async

    /// Makes one attempt and says what became of it; of a call, once it is over.
    ///
    /// Never throws and never sends twice. `postponed` is said only where certainly nobody has taken it.
    func send(_ message: Outgoing) async -> Attempted
}

/// The practice telephone (練習用の電話): nothing is sent, whoever looks at `/outbox` sees it.
public struct OutboxDriver: Driver {
    /// What the ledger calls it.
    public let name = "outbox"
    /// Both.
    public let media: Set<Medium> = [.call, .sms]
    /// As many as come.
    public let places = 20

    /// The practice telephone.
    public init() {}

    /// Waits for the end.
    public func run() async { await untilCancelled() }

    /// Says that it is shown, never that it was sent.
    public func send(_ message: Outgoing) async -> Attempted { Attempted(.shown) }
}

/// Waits until the task is cancelled.
func untilCancelled() async {
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
}

/// What a driver has to tell whoever looks after the system: numbers of lines and codes, never a telephone number.
public enum OutreachNote: Sendable, Hashable {
    /// A line is ready.
    case lineUp(Int)
    /// A line's engine has ended, or can't be started; said once until it is back.
    case lineDown(Int, cause: String)
    /// The carrier or the provider refuses us: the password, the account, the address.
    case refused(driver: String, cause: String)
}
