public import Access
public import Catalogue
public import Storage

/// A kind of bed or room that is counted (病床・居室の種類).
public enum RoomKind: String, Sendable, CaseIterable {
    /// 重症者用病床.
    case severeBed = "severe_bed"
    /// 病床 for anybody else.
    case bed
    /// 居室 of a lodging facility.
    case room

    /// Name on the screen.
    public var label: String {
        switch self {
        case .severeBed: "重症者用の病床"
        case .bed: "重症者用以外の病床"
        case .room: "居室"
        }
    }

    /// What is counted in it.
    public var unit: String { self == .room ? "室" : "床" }

    /// The kinds that a kind of organisation has; none for those that take nobody in.
    public static func kinds(of organisation: OrganisationKind) -> [RoomKind] {
        switch organisation {
        case .medical: [.severeBed, .bed]
        case .lodging: [.room]
        case .ministry, .prefecture, .city, .healthCentre, .followUp, .analysis: []
        }
    }
}

/// What an organisation counts of one kind.
public struct RoomCount: Sendable, Hashable {
    /// All.
    public var total: Int
    /// Those with somebody in them.
    public var used: Int
    /// Those that somebody could come into; nil for all others.
    public var free: Int?
    /// What the organisation's last count was when this one was made; nil where there was none.
    public var seen: Seen?

    /// The count that stood when another was made.
    public struct Seen: Sendable, Hashable {
        /// When it was made.
        public var at: Timestamp
        /// How many were promised since: the new count takes account of these and of no others.
        public var promised: Int

        /// A count that was seen.
        public init(at: Timestamp, promised: Int) {
            self.at = at
            self.promised = promised
        }
    }

    /// A count.
    public init(total: Int, used: Int, free: Int? = nil, seen: Seen? = nil) {
        self.total = total
        self.used = used
        self.free = free
        self.seen = seen
    }
}

/// An organisation's own counts.
public struct RoomPage: Sendable {
    /// The present ones.
    public let present: [RoomCapacity]
    /// All, the latest first.
    public let history: [RoomCapacity]
    /// How many are to come on later days: they aren't among those in use.
    public let coming: Int
}

extension Casework {
    var capacities: CapacityStore { CapacityStore() }

    /// Seconds after which a count is no longer to be relied on.
    public static let staleRooms: Int64 = 86_400
    private static let mostRooms = 9999
    private static let shownCounts = 60

    /// What the caller's organisation has counted.
    ///
    /// - Throws: ``Refusal/notFound`` for an organisation that takes nobody in.
    public func rooms(by caller: Caller) async throws -> RoomPage {
        guard !RoomKind.kinds(of: caller.organisation.kind).isEmpty else { throw Refusal.notFound }
        let (directory, key, store) = (try await directory(), caller.organisation.key, capacities)
        let holder = Self.caringRole(of: caller.organisation.kind).map { Self.holder($0, caller, directory, clock()) }
        let cases = cases
        return try await engine.read { connection in
            RoomPage(
                present: try store.present(of: key, directory: directory, connection),
                history: try store.history(of: key, limit: Self.shownCounts, directory: directory, connection),
                coming: try holder.map { try cases.coming($0, connection).map(\.count).reduce(0, +) } ?? 0
            )
        }
    }

    /// Stores what the caller's organisation counts now (空床・空室の報告).
    ///
    /// The same numbers sent again change nothing; promises made since the form was opened stand.
    ///
    /// - Throws: ``Refusal/notFound`` for an organisation that takes nobody in, ``Refusal/findings(_:)`` for numbers
    ///   that can't be, at the places `severe_bed_total` and so on, and for a count that somebody else has stored since
    ///   the form was opened.
    public func countRooms(_ counts: [RoomKind: RoomCount], by caller: Caller) async throws {
        let kinds = RoomKind.kinds(of: caller.organisation.kind)
        guard !kinds.isEmpty else { throw Refusal.notFound }
        var findings: [Finding] = []
        for kind in kinds {
            guard let count = counts[kind] else { continue }
            let before = findings.count
            for (name, number) in [("total", count.total), ("used", count.used), ("free", count.free ?? 0)]
            where !(0...Self.mostRooms).contains(number) {
                findings.append(
                    Finding("\(kind.rawValue)_\(name)", "range", "\(kind.label)：0から\(Self.mostRooms)までの数字で入力してください。")
                )
            }
            if findings.count == before, count.used + (count.free ?? 0) > count.total {
                let words = "\(kind.label)：使用中と受け入れられる数の合計が、全体の数を超えています。"
                findings.append(Finding("\(kind.rawValue)_total", "sum", words))
            }
        }
        if !findings.isEmpty { throw Refusal.findings(findings) }
        let (directory, now, store) = (try await directory(), clock(), capacities)
        try await engine.write { connection in
            for kind in kinds {
                guard let count = counts[kind] else { continue }
                let capacity = RoomCapacity(
                    organisation: caller.organisation.key,
                    kind: kind.rawValue,
                    at: now,
                    account: caller.viewer.account,
                    total: count.total,
                    used: count.used,
                    free: count.free ?? count.total - count.used,
                    promised: min(max(count.seen?.promised ?? 0, 0), Self.mostRooms)
                )
                if try store.put(capacity, seen: count.seen?.at, directory: directory, connection) { continue }
                let present = try store.present(of: caller.organisation.key, directory: directory, connection)
                guard present.contains(where: { $0.counts(as: capacity) }) else {
                    let words = "\(kind.label)：この画面を開いた後に、別の報告がありました。下の「これまでの報告」を確かめて、必要ならもう一度報告してください。"
                    throw Refusal.findings([Finding("\(kind.rawValue)_total", "changed", words)])
                }
            }
        }
        tellRooms(prefecture: caller.organisation.prefecture, directory)
    }

    /// Tells the headquarters of a prefecture that beds or rooms were counted or promised.
    func tellRooms(prefecture: String, _ directory: Directory) {
        let headquarters = (directory.all(.prefecture) + directory.all(.city)).filter { $0.prefecture == prefecture }
        events.publishRooms(to: Set(headquarters.map(\.key)))
    }
}

extension RoomCapacity {
    /// Whether two counts say the same.
    fileprivate func counts(as other: RoomCapacity) -> Bool {
        (kind, total, used, free) == (other.kind, other.total, other.used, other.free)
    }
}
