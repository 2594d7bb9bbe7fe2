/// The course of the call that tells a one-time code, as a machine without clock, sound or line.
///
/// Who calls is said, and that 1 has to be pressed; only then the code is spoken, twice. Whoever doesn't press 1 is
/// asked once more, and then the call ends: an answering machine must not record a code. What a driver does with a
/// line or a provider with its own language, this decides.
public struct CallFlow: Sendable, Hashable {
    /// What happens in the call.
    public enum Event: Sendable, Hashable {
        /// Somebody, or something, has answered.
        case answered
        /// A key was pressed, at whatever moment.
        case key(Character)
        /// The question was played to its end, and no key came for a while.
        case silence
        /// What had to be spoken was spoken to its end.
        case spoken
        /// The other side has hung up, or was not reached.
        case hungUp
        /// The call takes longer than any may.
        case overtime
    }

    /// What the driver has to do next.
    public enum Command: Sendable, Hashable {
        /// Plays this and waits for a key; a key may come before its end.
        case ask(Clip)
        /// Speaks the code; `round` is 1 or 2.
        case speak(round: Int)
        /// Ends the call.
        case hangUp
    }

    /// How the call ended, as far as the flow knows.
    public enum Ending: Sendable, Hashable {
        /// The code was spoken twice.
        case heard
        /// 1 was pressed and the call ended before the second time was over; `rounds` were whole.
        case heardPart(rounds: Int)
        /// Answered, and nobody pressed 1: perhaps an answering machine.
        case noKey
        /// Answered, and hung up before a key was pressed.
        case hungUp
        /// Nobody answered.
        case notAnswered
    }

    private enum State: Hashable {
        case ringing
        case asking(times: Int)
        case speaking(round: Int)
        case ended(Ending)
    }

    private var state: State

    /// How often the question is played at most.
    public static let mostQuestions = 2
    /// How often the code is spoken.
    public static let rounds = 2

    /// A call that nobody has answered yet.
    public init() { state = .ringing }

    /// A call in which the question was played so often and whose key is awaited: how a provider, which asks for each
    /// step by itself, comes back to it.
    public init(asked times: Int) {
        state = times < 1 ? .ringing : .asking(times: min(times, Self.mostQuestions))
    }

    /// How it ended; nil while it goes on.
    public var ending: Ending? {
        if case .ended(let ending) = state { ending } else { nil }
    }

    /// How often the question was played, 0 before it was answered and once it is over.
    public var asked: Int {
        if case .asking(let times) = state { times } else { 0 }
    }

    /// What follows from an event; nil for nothing.
    public mutating func take(_ event: Event) -> Command? {
        switch (state, event) {
        case (.ringing, .answered):
            state = .asking(times: 1)
            return .ask(.question)
        case (.asking, .key("1")):
            state = .speaking(round: 1)
            return .speak(round: 1)
        case (.asking(let times), .key), (.asking(let times), .silence):
            guard times < Self.mostQuestions else { return end(.noKey) }
            state = .asking(times: times + 1)
            return .ask(.questionAgain)
        case (.speaking(let round), .spoken):
            guard round < Self.rounds else { return end(.heard) }
            state = .speaking(round: round + 1)
            return .speak(round: round + 1)
        case (.ringing, .hungUp): return over(.notAnswered)
        case (.asking, .hungUp): return over(.hungUp)
        case (.speaking(let round), .hungUp): return over(.heardPart(rounds: round - 1))
        case (.ringing, .overtime): return end(.notAnswered)
        case (.asking, .overtime): return end(.noKey)
        case (.speaking(let round), .overtime): return end(.heardPart(rounds: round - 1))
        // Keys while the code is spoken, a second answer, whatever comes after the end.
        case (.ringing, _), (.asking, _), (.speaking, _), (.ended, _): return nil
        }
    }

    private mutating func end(_ ending: Ending) -> Command {
        state = .ended(ending)
        return .hangUp
    }

    private mutating func over(_ ending: Ending) -> Command? {
        state = .ended(ending)
        return nil
    }

    /// What is played in a round of speaking, in this order.
    static func clips(_ code: SecretDigits, round: Int) -> [Clip] {
        let digits = code.values.map { Clip.digit($0) }
        return (round > 1 ? [.again] : []) + digits + (round >= rounds ? [.goodbye] : [])
    }
}
