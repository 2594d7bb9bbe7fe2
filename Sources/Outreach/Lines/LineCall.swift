/// One call over a line: gives the flow what happens, and the line what the flow wants.
struct LineCall: Sendable {
    /// What a call hears.
    enum Signal: Sendable {
        case established
        case key(Character)
        case closed(String)
        /// The engine is gone.
        case lost
        /// A timer has run out; only the newest of its kind counts.
        case timer(Int)
        /// The whole call takes too long.
        case overtime
    }

    private let line: SIPLine
    private let trunk: Trunk
    private let code: SecretDigits
    private let signals: AsyncStream<Signal>.Continuation
    private var flow = CallFlow()
    private var timer = 0
    /// What is still to be played.
    private var clips: ArraySlice<Clip> = []
    private var gaveUp = false
    private var isAnswered = false
    /// Why the call can't go on; nil while it can.
    private var failure: Attempted?

    /// Seconds of silence after the question before it is asked again.
    private static let patience = Duration.seconds(8)
    /// Between two pieces.
    private static let gap = Duration.milliseconds(300)

    init(_ line: SIPLine, _ trunk: Trunk, code: SecretDigits, _ signals: AsyncStream<Signal>.Continuation) {
        self.line = line
        self.trunk = trunk
        self.code = code
        self.signals = signals
    }

    /// Follows the call to its end.
    func run(_ heard: AsyncStream<Signal>) async -> Attempted {
        await withTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            var call = self
            call.start(.seconds(trunk.ringing), &group)
            for await signal in heard {
                if let end = await call.take(signal, &group) { return end }
            }
            // The process is asked to end: the engine ends with it, and with the engine the call.
            return Attempted(.stopped)
        }
    }

    /// What a signal leads to; the result once the call is over.
    private mutating func take(_ signal: Signal, _ group: inout TaskGroup<Void>) async -> Attempted? {
        switch signal {
        case .lost: return Attempted(.engineLost)
        case .closed(let reason):
            if let failure { return failure }
            guard isAnswered else { return .unanswered(reason, gaveUp: gaveUp) }
            _ = flow.take(.hungUp)
            return flow.ending?.attempted ?? Attempted(.unknown)
        case .established:
            isAnswered = true
            let (signals, longest) = (signals, trunk.longest)
            group.addTask {
                do { try await Task.sleep(for: .seconds(longest)) } catch { return }
                signals.yield(.overtime)
            }
            await follow(flow.take(.answered), &group)
        case .key(let key): await follow(flow.take(.key(key)), &group)
        case .overtime: await follow(flow.take(.overtime), &group)
        case .timer(let number):
            guard number == timer else { return nil }
            return await next(&group)
        }
        return nil
    }

    /// A piece was played to its end, or a wait is over.
    private mutating func next(_ group: inout TaskGroup<Void>) async -> Attempted? {
        if gaveUp || failure != nil || flow.ending != nil {
            // Told to hang up, and it doesn't.
            await line.drop()
            return failure ?? flow.ending?.attempted ?? Attempted(.noAnswer)
        }
        guard isAnswered else {
            gaveUp = true
            await hangUp(&group)
            return nil
        }
        guard clips.isEmpty else {
            await playNext(&group)
            return nil
        }
        await follow(flow.take(flow.asked > 0 ? .silence : .spoken), &group)
        return nil
    }

    private mutating func follow(_ command: CallFlow.Command?, _ group: inout TaskGroup<Void>) async {
        switch command {
        case .ask(let clip): clips = [clip]
        case .speak(let round): clips = CallFlow.clips(code, round: round)[...]
        case .hangUp: return await hangUp(&group)
        case nil: return
        }
        await playNext(&group)
    }

    private mutating func playNext(_ group: inout TaskGroup<Void>) async {
        guard let clip = clips.popFirst() else { return }
        guard let length = await line.play(clip) else {
            failure = Attempted(.engineLost, cause: "sound")
            return await hangUp(&group)
        }
        let isQuestion = flow.asked > 0
        start(length + (isQuestion && clips.isEmpty ? Self.patience : Self.gap), &group)
    }

    private mutating func hangUp(_ group: inout TaskGroup<Void>) async {
        start(.seconds(3), &group)
        _ = await line.command("hangup")
    }

    /// Starts the one timer anew.
    private mutating func start(_ wait: Duration, _ group: inout TaskGroup<Void>) {
        timer += 1
        let (number, signals) = (timer, signals)
        group.addTask {
            do { try await Task.sleep(for: wait) } catch { return }
            signals.yield(.timer(number))
        }
    }
}

extension CallFlow.Ending {
    /// What the ledger says of it.
    var attempted: Attempted {
        switch self {
        case .heard: Attempted(.heard)
        case .heardPart(let rounds): Attempted(.heardPart, cause: "rounds-\(rounds)")
        case .noKey: Attempted(.noKey)
        case .hungUp: Attempted(.hungUp)
        case .notAnswered: Attempted(.noAnswer)
        }
    }
}
