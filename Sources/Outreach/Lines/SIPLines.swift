/// Calls over a carrier's lines: a pool of engines, one for each line.
public struct SIPLines: Driver {
    /// What the ledger calls it.
    public let name = "sip"
    /// Calls only.
    public let media: Set<Medium> = [.call]
    /// As many as there are lines.
    public var places: Int { lines.count }

    private let lines: [SIPLine]
    private let free: FreeLines
    private let folder: LineFolder

    /// Lines over a trunk.
    ///
    /// - Parameters:
    ///   - trunk: the carrier's line and our ports.
    ///   - sounds: every piece of ``Clip/all``.
    ///   - tell: what there is to say of lines.
    /// - Throws: where no folder can be made for the engines.
    public init(
        _ trunk: Trunk,
        sounds: [Clip: Sound],
        tell: @escaping @Sendable (OutreachNote) -> Void
    ) throws {
        let folder = try LineFolder()
        try folder.fill(sounds)
        self.folder = folder
        let lengths = sounds.mapValues(\.length)
        lines = (0..<trunk.lines).map { SIPLine($0, trunk: trunk, folder: folder, lengths: lengths, tell: tell) }
        free = FreeLines(trunk.lines)
    }

    /// Keeps the engines running.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            for line in lines { group.addTask { await line.run() } }
        }
        folder.remove()
    }

    /// Makes a call over a free line.
    public func send(_ message: Outgoing) async -> Attempted {
        guard message.medium == .call else { return Attempted(.failed, cause: "no-sms") }
        guard let place = await free.take() else { return Attempted(.postponed, cause: "no-line") }
        let result = await lines[place].place(message)
        await free.giveBack(place)
        return result
    }
}

/// Which lines have no call.
private actor FreeLines {
    private var free: [Int]

    init(_ count: Int) { free = Array((0..<count).reversed()) }

    func take() -> Int? { free.popLast() }

    /// To the end of the row: a line that is in trouble isn't the next one again.
    func giveBack(_ line: Int) { free.insert(line, at: 0) }
}
