import Access
import Catalogue
public import Storage

/// What stands on the first page of those who place people or look after them.
public struct CareFigures: Sendable {
    /// What is left in the prefecture of one kind.
    public struct Room: Sendable, Hashable {
        /// Of which kind.
        public let kind: RoomKind
        /// How many are left.
        public let left: Int
        /// How many hospitals or facilities have counted.
        public let organisations: Int
        /// How many of their counts are too old to be relied on.
        public let stale: Int
    }

    /// How many wait for a place, for a headquarters.
    public var waiting: Int?
    /// What is left in the prefecture, for a headquarters.
    public var rooms: [Room] = []
    /// How many are looked after, for a hospital, a facility, a contractor.
    public var held: HeldNumber?
    /// How many come on later days.
    public var coming = 0
    /// A hospital's or facility's own counts.
    public var own: [RoomCapacity] = []
}

extension Casework {
    /// The figures of the caller's organisation; nil for one that neither places people nor looks after any.
    public func careFigures(by caller: Caller) async throws -> CareFigures? {
        let own = caller.organisation
        let directory = try await directory()
        let now = clock()
        let (cases, store) = (cases, capacities)
        switch own.kind {
        case .prefecture, .city:
            let numbers = Self.offices(of: own, directory)
            return try await engine.read { connection in
                var figures = CareFigures()
                figures.waiting = try cases.waitingForPlaceCount(
                    jurisdictions: numbers,
                    upTo: Self.mostWaiting,
                    connection
                )
                let stale = now.adding(seconds: -Self.staleRooms)
                let sums = try store.sums(prefecture: own.prefecture, staleBefore: stale, connection)
                figures.rooms = RoomKind.allCases.compactMap { kind in
                    sums.first { $0.kind == kind.rawValue }.map { sum in
                        CareFigures.Room(
                            kind: kind,
                            left: sum.left,
                            organisations: sum.organisations,
                            stale: sum.stale
                        )
                    }
                }
                return figures
            }
        case .medical, .lodging, .followUp:
            guard let role = Self.caringRole(of: own.kind) else { return nil }
            let holder = Self.holder(role, caller, directory, now)
            return try await engine.read { connection in
                var figures = CareFigures()
                figures.held = try self.heldNumber(holder, now, connection)
                figures.coming = try cases.coming(holder, connection).map(\.count).reduce(0, +)
                figures.own = try store.present(of: own.key, directory: directory, connection)
                return figures
            }
        case .ministry, .healthCentre, .analysis: return nil
        }
    }
}
