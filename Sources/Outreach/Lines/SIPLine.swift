import NIOCore
import NIOPosix

/// One line: an engine that is started again whenever it ends, and at most one call.
///
/// An actor, for the engine's events, the call's timers and the answers to commands meet here.
actor SIPLine {
    private let number: Int
    private let trunk: Trunk
    private let folder: LineFolder
    private let lengths: [Clip: Duration]
    private let tell: @Sendable (OutreachNote) -> Void

    /// The connection to the engine, nil while there is none.
    private var control: (any NIOCore.Channel)?
    private var answers: [String: CheckedContinuation<Bool, Never>] = [:]
    private var commands = 0
    /// Where the present call hears what happens.
    private var call: AsyncStream<LineCall.Signal>.Continuation?
    private var isSaidDown = false

    init(
        _ number: Int,
        trunk: Trunk,
        folder: LineFolder,
        lengths: [Clip: Duration],
        tell: @escaping @Sendable (OutreachNote) -> Void
    ) {
        self.number = number
        self.trunk = trunk
        self.folder = folder
        self.lengths = lengths
        self.tell = tell
    }

    // MARK: The engine

    /// Keeps an engine running until the task is cancelled.
    func run() async {
        var wait = 1
        while !Task.isCancelled {
            let began = ContinuousClock.now
            let cause = await live()
            guard !Task.isCancelled else { return }
            if !isSaidDown { tell(.lineDown(number, cause: cause)) }
            isSaidDown = true
            // An engine that has worked for a while is started again at once, one that can't start later and later.
            wait = began.duration(to: .now) > .seconds(60) ? 1 : min(wait * 2, 30)
            try? await Task.sleep(for: .milliseconds(wait * 250))
        }
    }

    /// Starts an engine and listens to it until it is gone; says why.
    private func live() async -> String {
        // On a port that somebody else has, our commands would reach a stranger.
        guard LinePorts.areFree(trunk, line: number) else { return "port-taken" }
        guard let home = try? folder.prepare(line: number, trunk) else { return "folder" }
        guard let process = EngineProcess(folder: home) else { return "no-process" }
        let cause = await listen()
        lose()
        await process.end()
        return cause
    }

    private func listen() async -> String {
        guard let connection = await connect() else { return "no-engine" }
        do {
            try await connection.executeThenClose { inbound, _ in
                control = connection.channel
                if isSaidDown || commands == 0 { tell(.lineUp(number)) }
                isSaidDown = false
                var reader = NetstringReader()
                for try await bytes in inbound {
                    reader.append(bytes.readableBytesView)
                    while let frame = try reader.next() { hear(EngineEvent(frame)) }
                }
            }
        } catch {
            return "connection"
        }
        return "ended"
    }

    private func connect() async -> NIOAsyncChannel<ByteBuffer, ByteBuffer>? {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(.seconds(1))
        // The engine needs some hundredths of a second until it listens, more on a busy machine.
        for _ in 0..<100 {
            let made = try? await bootstrap.connect(host: "127.0.0.1", port: trunk.controlPort(line: number)) {
                channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
            if let made { return made }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return nil }
        }
        return nil
    }

    /// The engine is gone: nobody answers any more.
    private func lose() {
        control = nil
        call?.yield(.lost)
        for answer in answers.values { answer.resume(returning: false) }
        answers = [:]
    }

    private func hear(_ event: EngineEvent) {
        switch event {
        case .answer(let token, let isOK): answers.removeValue(forKey: token)?.resume(returning: isOK)
        case .incoming: send("hangup", "")
        case .registrationFailed(let cause):
            tell(.refused(driver: "sip", cause: Int(cause.prefix(3)).map(String.init) ?? "register"))
        case .ringing, .other: break
        case .established: call?.yield(.established)
        case .key(let key): call?.yield(.key(key))
        case .closed(let reason): call?.yield(.closed(reason))
        }
    }

    // MARK: Commands

    @discardableResult
    private func send(_ name: String, _ parameters: String) -> String? {
        guard let control else { return nil }
        commands += 1
        let token = "\(commands)"
        let frame = EngineEvent.command(name, parameters, token: token)
        control.writeAndFlush(control.allocator.buffer(string: frame), promise: nil)
        return token
    }

    /// Gives a command; false where the engine refuses it, is gone, or says nothing for five seconds.
    func command(_ name: String, _ parameters: String = "") async -> Bool {
        guard let token = send(name, parameters) else { return false }
        async let _: Void = giveUp(token)
        return await withCheckedContinuation { answers[token] = $0 }
    }

    private func giveUp(_ token: String) async {
        do { try await Task.sleep(for: .seconds(5)) } catch { return }
        answers.removeValue(forKey: token)?.resume(returning: false)
    }

    /// Plays a piece from its beginning, whatever is being played; how long it takes, nil where the engine refuses.
    func play(_ clip: Clip) async -> Duration? {
        guard await command("ausrc", "aufile,\(folder.sound(clip))") else { return nil }
        return lengths[clip] ?? .zero
    }

    /// Drops the engine where it doesn't do as it is told; ``run()`` starts another.
    func drop() {
        control?.close(promise: nil)
    }

    // MARK: A call

    /// Whether the engine is there; waits some seconds for one that is being started.
    private func isReady() async -> Bool {
        for _ in 0..<100 {
            if control != nil { return true }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return false }
        }
        return false
    }

    /// Makes a call and says how it ended.
    func place(_ message: Outgoing) async -> Attempted {
        guard await isReady() else { return Attempted(.postponed, cause: "no-engine") }
        let (signals, continuation) = AsyncStream.makeStream(of: LineCall.Signal.self)
        call = continuation
        defer { call = nil }
        // Silence first: whatever was played in the last call must not be heard in this one.
        guard await command("ausrc", "aufile,\(folder.silence)") else {
            drop()
            return Attempted(.postponed, cause: "no-engine")
        }
        // From here on nobody knows what an engine that is lost has done.
        guard await command("dial", trunk.target(message.to)) else {
            drop()
            return Attempted(.engineLost, cause: "dial")
        }
        return await LineCall(self, trunk, code: message.code, continuation).run(signals)
    }
}
