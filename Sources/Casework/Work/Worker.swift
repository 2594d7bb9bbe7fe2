import Catalogue
import Storage

/// Runs jobs: claims what is due, holds on to what takes long, notes what became of it.
///
/// Any number of workers share one database, in a server's process or alone. A job has one worker at a time as long as
/// the machines' clocks agree to some seconds.
public struct Worker: Sendable {
    private let casework: Casework
    private let kinds: [String: JobKind]
    private let schedule: Schedule
    private let lease: Int64
    private let renewal: Duration
    private let pause: @Sendable () -> Duration
    private let tell: @Sendable (WorkNote) -> Void
    private let stopping: AsyncStream<Never>
    private let stopSignal: AsyncStream<Never>.Continuation

    /// Sound jobs that run at the same time.
    private static let together = 4

    /// A worker on casework's database.
    ///
    /// - Parameters:
    ///   - casework: what the jobs work on.
    ///   - kinds: kinds that it knows; jobs of others are left to newer programs.
    ///   - schedule: jobs that it puts in by itself.
    ///   - lease: seconds after which a job whose worker is silent belongs to nobody.
    ///   - renewal: how often the lease of a running job is renewed.
    ///   - pause: how long it waits when there is nothing to do; by chance, so that workers don't come all at once.
    ///   - tell: what it has to say.
    public init(
        _ casework: Casework,
        kinds: [JobKind] = JobKind.all,
        schedule: Schedule = .standard,
        lease: Int64 = 60,
        renewal: Duration = .seconds(20),
        pause: @escaping @Sendable () -> Duration = { .milliseconds(Int.random(in: 1000...2000)) },
        tell: @escaping @Sendable (WorkNote) -> Void = { _ in }
    ) {
        self.casework = casework
        self.kinds = Dictionary(kinds.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.schedule = schedule
        self.lease = lease
        self.renewal = renewal
        self.pause = pause
        self.tell = tell
        (stopping, stopSignal) = AsyncStream.makeStream(of: Never.self)
    }

    /// Works until ``stop()`` is called or its task is cancelled; what ran then was finished or given back.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await work() }
            for await _ in stopping {}
            // Jobs are asked to end: each ends its present step and is given back, or done.
            group.cancelAll()
        }
    }

    /// Ends ``run()`` in order.
    public func stop() { stopSignal.finish() }

    /// What is under way in a worker.
    private struct Places {
        var sound = Worker.together
        /// Jobs that nobody answered for run one at a time: if it ends the process again, it takes no other along.
        var suspect = 1

        mutating func take(_ claimed: JobStore.Claimed, _ count: Int = 1) {
            if claimed == .sound { sound -= count } else { suspect -= count }
        }
    }

    /// What a worker waits for.
    private enum Turn: Sendable {
        case ended(JobStore.Claimed)
        case rested
    }

    private func work() async {
        await withTaskGroup(of: Turn.self) { group in
            var (places, scheduled) = (Places(), Set<String>())
            var (isAway, isResting) = (false, false)
            while !Task.isCancelled {
                do {
                    try await putScheduled(&scheduled)
                    let begun = try await begin(&places, &group)
                    if isAway { tell(.back) }
                    isAway = false
                    // Where there was something, there may be more.
                    if begun > 0 { continue }
                } catch {
                    if !isAway { tell(.away(code: failureCode(error))) }
                    isAway = true
                }
                if !isResting {
                    group.addTask {
                        try? await Task.sleep(for: pause())
                        return .rested
                    }
                    isResting = true
                }
                switch await group.next() {
                case .ended(let claimed): places.take(claimed, -1)
                case .rested, nil: isResting = false
                }
            }
        }
    }

    private func putScheduled(_ known: inout Set<String>) async throws {
        let wanted = schedule.jobs(at: casework.clock()).filter { kinds[$0.kind] != nil }
        let names = Set(wanted.map(\.name))
        guard names != known else { return }
        let (jobs, fresh) = (casework.jobs, wanted.filter { [known] in !known.contains($0.name) })
        try await casework.engine.write { connection in
            for job in fresh { try jobs.put(kind: job.kind, name: job.name, due: job.due, connection) }
        }
        known = names
    }

    /// Claims what there is room for and begins it; returns how many jobs it took on or gave up.
    private func begin(_ places: inout Places, _ group: inout TaskGroup<Turn>) async throws -> Int {
        guard places.sound > 0 || places.suspect > 0 else { return 0 }
        let (jobs, names, lease, room) = (casework.jobs, kinds.keys.sorted(), lease, places)
        let (dialect, now) = (casework.engine.dialect, casework.clock())
        let claims = try await casework.engine.write { connection in
            try [(JobStore.Claimed.sound, room.sound), (.suspect, room.suspect)].filter { $0.1 > 0 }.map {
                claimed,
                most in
                let claim = try jobs.claim(
                    claimed,
                    kinds: names,
                    most: most,
                    now: now,
                    lease: lease,
                    dialect,
                    connection
                )
                return (claimed: claimed, jobs: claim.jobs, givenUp: claim.givenUp)
            }
        }
        for claim in claims {
            places.take(claim.claimed, claim.jobs.count)
            for job in claim.givenUp { tell(.givenUp(kind: job.kind, id: job.id, code: "lost")) }
            for job in claim.jobs {
                group.addTask {
                    await run(job, until: now.adding(seconds: lease))
                    return .ended(claim.claimed)
                }
            }
        }
        return claims.reduce(0) { $0 + $1.jobs.count + $1.givenUp.count }
    }

    // MARK: One job

    private enum Ending: Sendable {
        case done
        case failed(String)
        case givenBack
        case lost
    }

    private func run(_ job: Job, until: Timestamp) async {
        let ending = await withTaskGroup(of: Ending?.self) { group in
            group.addTask { await carryOut(job) }
            group.addTask { await hold(job, until: until) ? nil : .lost }
            group.addTask {
                do { try await Task.sleep(for: kinds[job.kind]?.limit ?? .zero) } catch { return nil }
                return .failed("overdue")
            }
            var endings: [Ending] = []
            for await ending in group {
                if let ending { endings.append(ending) }
                // Whoever ends first ends the other; a lease that ends because the worker stops says nothing.
                if ending != nil { group.cancelAll() }
            }
            // A job that was done all the same is noted, if nobody else has it yet.
            let isDone = endings.contains { if case .done = $0 { true } else { false } }
            return isDone ? .done : endings.first ?? .lost
        }
        await note(job, ending)
    }

    private func carryOut(_ job: Job) async -> Ending {
        do {
            guard let kind = kinds[job.kind] else { return .givenBack }
            let payload = try casework.jobs.payload(of: job)
            try await kind.run(JobRun(casework: casework, payload: payload, tell: tell))
            return .done
        } catch is CancellationError where Task.isCancelled {
            return .givenBack
        } catch {
            return .failed(failureCode(error))
        }
    }

    /// Renews a running job's lease until it has ended; false where it was lost.
    private func hold(_ job: Job, until: Timestamp) async -> Bool {
        var until = until
        var wait = renewal
        while true {
            do { try await Task.sleep(for: wait) } catch { return true }
            let (jobs, next) = (casework.jobs, casework.clock().adding(seconds: lease))
            do {
                let isHeld = try await casework.engine.write { try jobs.renew(job, until: next, $0) }
                guard isHeld else { return Task.isCancelled }
                (until, wait) = (next, renewal)
            } catch {
                // Before another worker may begin, this one has to have ended.
                if casework.clock().adding(seconds: lease / 4) >= until { return false }
                wait = min(renewal, pause())
            }
        }
    }

    /// Stores what became of a job; where that can't be done, its lease runs out and it is run again.
    private func note(_ job: Job, _ ending: Ending) async {
        let (jobs, now) = (casework.jobs, casework.clock())
        for _ in 0..<3 {
            do {
                let isHeld = try await casework.engine.write { connection in
                    switch ending {
                    case .done: try jobs.done(job, at: now, connection)
                    case .failed(let code): try jobs.failed(job, code: code, at: now, connection)
                    case .givenBack: try jobs.giveBack(job, connection)
                    case .lost: false
                    }
                }
                return say(job, isHeld ? ending : .lost)
            } catch {
                try? await Task.sleep(for: pause())
            }
        }
        say(job, .lost)
    }

    private func say(_ job: Job, _ ending: Ending) {
        switch ending {
        case .done: tell(.done(kind: job.kind, id: job.id))
        case .failed(let code) where job.attempt < JobStore.mostAttempts:
            tell(.failed(kind: job.kind, id: job.id, attempt: job.attempt, code: code))
        case .failed(let code): tell(.givenUp(kind: job.kind, id: job.id, code: code))
        case .givenBack: tell(.givenBack(kind: job.kind, id: job.id))
        case .lost: tell(.lost(kind: job.kind, id: job.id))
        }
    }
}
