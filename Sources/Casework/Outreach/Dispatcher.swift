import Catalogue
public import Outreach
import Storage
import Synchronization

/// What a dispatcher has to say: kinds, numbers of messages and codes, never a telephone number or a code.
public enum DispatchNote: Sendable, Hashable {
    /// The database can't be reached; said once until it is back.
    case away(code: String)
    /// The database is back.
    case back
    /// An attempt has come to something.
    case attempted(message: Int64, driver: String, outcome: String, cause: String)
    /// Messages whose sender never answered for them: they may have been sent, and aren't sent again.
    case lost(Int)
}

/// Takes messages from the outbox and hands them to the drivers: one-time codes by voice and SMS.
///
/// Any number of dispatchers share one outbox. That a message is taken is committed before it is sent, so that it is
/// sent at most once, whoever dies when.
public struct Dispatcher: Sendable {
    private let casework: Casework
    private let ways: Ways
    private let lease: Int64
    private let pause: @Sendable () -> Duration
    private let delay: @Sendable (_ attempt: Int) -> Int64
    private let tell: @Sendable (DispatchNote) -> Void
    private let stopping: AsyncStream<Never>
    private let stopSignal: AsyncStream<Never>.Continuation
    private let flag = StopFlag()

    /// Seconds for which a one-time code is of use: what is older isn't sent.
    public static let lifetime: Int64 = 300
    /// Attempts of one message at most.
    static let mostAttempts = 6
    /// How long calls may go on when the process is asked to end.
    private static let drain = Duration.seconds(25)

    /// A dispatcher.
    ///
    /// - Parameters:
    ///   - casework: whose outbox.
    ///   - ways: the drivers.
    ///   - lease: seconds after which a message whose dispatcher is silent counts as sent and lost; longer than any
    ///     call takes.
    ///   - pause: how long it waits when there is nothing to do.
    ///   - delay: seconds until a message that nobody has taken is tried again.
    ///   - tell: what it has to say.
    public init(
        _ casework: Casework,
        ways: Ways,
        lease: Int64 = 300,
        pause: @escaping @Sendable () -> Duration = { .milliseconds(Int.random(in: 400...800)) },
        delay: @escaping @Sendable (_ attempt: Int) -> Int64 = { (1 << Int64(min($0, 6))) + Int64.random(in: 0...2) },
        tell: @escaping @Sendable (DispatchNote) -> Void = { _ in }
    ) {
        self.casework = casework
        self.ways = ways
        self.lease = lease
        self.pause = pause
        self.delay = delay
        self.tell = tell
        (stopping, stopSignal) = AsyncStream.makeStream(of: Never.self)
    }

    /// Works until ``stop()`` is called and what was under way has ended, or its task is cancelled.
    public func run() async {
        await withTaskGroup(of: Bool.self) { group in
            for driver in ways.drivers {
                group.addTask {
                    await driver.run()
                    return false
                }
            }
            group.addTask {
                await work()
                return true
            }
            group.addTask {
                for await _ in stopping {}
                try? await Task.sleep(for: Self.drain)
                return true
            }
            for await isOver in group where isOver { break }
            group.cancelAll()
        }
    }

    /// Ends ``run()`` in order: nothing new is taken, calls go on for some seconds.
    public func stop() {
        flag.value.withLock { $0 = true }
        stopSignal.finish()
    }

    private enum Turn: Sendable {
        case ended(driver: String)
        case rested
    }

    private func work() async {
        await withTaskGroup(of: Turn.self) { group in
            var busy: [String: Int] = [:]
            var (isAway, isResting) = (false, false)
            while !Task.isCancelled {
                let isStopping = flag.value.withLock { $0 }
                if isStopping, busy.values.allSatisfy({ $0 == 0 }) { break }
                if !isStopping {
                    do {
                        let begun = try await begin(&busy, &group)
                        if isAway { tell(.back) }
                        isAway = false
                        if begun > 0 { continue }
                    } catch {
                        if !isAway { tell(.away(code: failureCode(error))) }
                        isAway = true
                    }
                }
                if !isResting {
                    group.addTask {
                        try? await Task.sleep(for: pause())
                        return .rested
                    }
                    isResting = true
                }
                switch await group.next() {
                case .ended(let driver): busy[driver, default: 1] -= 1
                case .rested, nil: isResting = false
                }
            }
            group.cancelAll()
        }
    }

    /// Takes what there is room for and begins it; returns how many.
    private func begin(_ busy: inout [String: Int], _ group: inout TaskGroup<Turn>) async throws -> Int {
        var wanted: [(kinds: [String], driver: any Driver)] = [([Medium.call.rawValue], ways.call)]
        wanted.append(([Medium.sms.rawValue], ways.sms ?? ways.call))
        let (attempts, engine, now, lease) = (casework.attempts, casework.engine, casework.clock(), lease)
        // Looked at on a reader first: the writer's time is everybody's.
        guard try await engine.read({ try attempts.isWaiting(at: now, $0) }) else { return 0 }
        let lost = try await engine.write { try attempts.giveUp(at: now, engine.dialect, $0) }
        if lost > 0 { tell(.lost(lost)) }
        var begun = 0
        for (kinds, driver) in wanted {
            let (name, room) = (driver.name, driver.places - busy[driver.name, default: 0])
            guard room > 0 else { continue }
            let taken = try await engine.write { connection in
                try attempts.take(
                    kinds: kinds,
                    driver: name,
                    most: room,
                    now: now,
                    lease: lease,
                    engine.dialect,
                    connection
                )
            }
            for held in taken {
                busy[name, default: 0] += 1
                group.addTask {
                    await send(held)
                    return .ended(driver: name)
                }
            }
            begun += taken.count
        }
        return begun
    }

    // MARK: One message

    private func send(_ held: HeldMessage) async {
        let (attempted, driver) = await attempt(held)
        let (attempts, now) = (casework.attempts, casework.clock())
        let (news, next) = after(attempted, held, now)
        for _ in 0..<5 {
            do {
                try await casework.engine.write { try attempts.note(held, news, next, at: now, $0) }
                break
            } catch {
                // Where it can't be noted at all, the lease runs out and the ledger says that nobody knows.
                try? await Task.sleep(for: pause())
            }
        }
        tell(.attempted(message: held.message.id, driver: driver, outcome: news.outcome, cause: news.cause))
    }

    /// Makes the attempt, unless the message can't or mustn't be sent any more.
    private func attempt(_ held: HeldMessage) async -> (Attempted, driver: String) {
        let message = held.message
        let medium = Medium(rawValue: message.kind) ?? .call
        let destination: Destination
        switch Destination.read(message.to) {
        case .success(let read): destination = read
        case .failure(let blocked): return (Attempted(.blocked, cause: blocked.rawValue), ways.call.name)
        }
        let way = ways.way(medium, to: destination)
        let left = message.at.seconds + Self.lifetime - casework.clock().seconds
        guard left > 0 else { return (Attempted(.expired), way.driver.name) }
        guard let code = SecretDigits(message.code) ?? SecretDigits(in: message.text) else {
            return (Attempted(.failed, cause: "no-code"), way.driver.name)
        }
        if way.medium != medium {
            let (attempts, kind, name) = (casework.attempts, way.medium.rawValue, way.driver.name)
            do {
                try await casework.engine.write { try attempts.reroute(held, kind: kind, driver: name, $0) }
            } catch {
                // Nothing was sent: it waits for the database like everything else.
                return (Attempted(.postponed, cause: failureCode(error)), name)
            }
        }
        let outgoing = Outgoing(key: held.key, medium: way.medium, to: destination, code: code, lifetime: Int(left))
        return (await way.driver.send(outgoing), way.driver.name)
    }

    /// What is written down of an attempt, and what happens to its message.
    private func after(
        _ attempted: Attempted,
        _ held: HeldMessage,
        _ now: Timestamp
    ) -> (AttemptNews, AttemptStore.Next) {
        let end = held.message.at.adding(seconds: Self.lifetime)
        var news = AttemptNews(attempted)
        // What the practice telephone has shown, or would not have called, stays to be looked at.
        let gone: AttemptStore.Next = ways.call is OutboxDriver ? .keep : .remove
        switch attempted.outcome {
        case .postponed:
            let moment = now.adding(seconds: delay(held.attempt))
            guard held.attempt < Self.mostAttempts, moment < end else {
                news = AttemptNews(Attempted(.failed, cause: attempted.cause))
                return (news, gone)
            }
            return (news, .again(moment))
        // The provider asks what to say, and tells how it goes: as long as the code is of use and one call takes.
        case .accepted, .underway, .answered, .speaking, .unknown, .begun:
            return (news, .wait(end.adding(seconds: 180)))
        default: return (news, gone)
        }
    }
}

/// Whether a dispatcher is asked to end.
private final class StopFlag: Sendable {
    let value = Mutex(false)
}

extension AttemptNews {
    /// What a driver or a provider said, for the ledger.
    init(_ attempted: Attempted) {
        self.init(
            outcome: attempted.outcome.rawValue,
            rank: attempted.outcome.rank,
            isFinal: attempted.outcome.isFinal,
            cause: attempted.cause ?? "",
            reference: attempted.reference ?? ""
        )
    }
}
