public import Access
public import Catalogue
public import Storage

/// A hospital's beds or a facility's rooms of one kind, as a headquarters sees them.
public struct PlacementRoom: Sendable {
    /// Whose.
    public let organisation: Organisation
    /// Of which kind.
    public let kind: RoomKind
    /// The count.
    public let count: RoomCapacity
    /// Whether it is too old to be relied on.
    public let isStale: Bool
}

/// A case that waits for a place.
public struct PlacementCase: Sendable {
    /// The case.
    public let file: Disclosed<CaseFile>
    /// Since when it waits.
    public let since: Timestamp
}

/// What a headquarters places by (入院・療養先の調整).
public struct PlacementPage: Sendable {
    /// Cases that wait, the most urgent first.
    public let waiting: [PlacementCase]
    /// How many wait in all.
    public let count: Int
    /// Beds and rooms, those with most left first.
    public let rooms: [PlacementRoom]
}

extension Casework {
    private static let shownWaiting = 50
    /// Beds and rooms on a screen: the largest prefecture's hospitals and facilities with something left.
    private static let shownRooms = 300
    /// Those that wait are counted up to here at each health centre.
    static let mostWaiting = 10_000

    /// The cases of a headquarters' health centres that wait for a place, and where there is room.
    ///
    /// - Throws: ``Refusal/notFound`` for whoever is no headquarters.
    public func placement(by caller: Caller) async throws -> PlacementPage {
        let own = caller.organisation
        guard own.kind == .prefecture || own.kind == .city else { throw Refusal.notFound }
        let directory = try await directory()
        let now = clock()
        let numbers = Self.offices(of: own, directory)
        let (cases, store) = (cases, capacities)
        let (count, files, counts) = try await engine.read { connection in
            let waiting = try cases.waitingForPlace(jurisdictions: numbers, limit: Self.shownWaiting, connection)
            let files = try waiting.compactMap { one in
                try cases.load(one, connection).map { (file: $0, since: one.since) }
            }
            let count =
                waiting.count < Self.shownWaiting
                ? waiting.count
                : try cases.waitingForPlaceCount(jurisdictions: numbers, upTo: Self.mostWaiting, connection)
            let counts = try store.present(
                prefecture: own.prefecture,
                limit: Self.shownRooms,
                directory: directory,
                connection
            )
            return (count, files, counts)
        }
        let shown = files.compactMap { one in
            Gate.disclose(one.file, to: caller.viewer, on: now.japanDate).map {
                PlacementCase(file: $0, since: one.since)
            }
        }
        try await log(shown.map(\.file), what: "list", showing: [.person, .severity], caller, now)
        return PlacementPage(waiting: shown, count: count, rooms: Self.rooms(counts, directory, now))
    }

    /// One case to be placed, and where there is room.
    ///
    /// - Throws: ``Refusal/notFound``, also for whoever may not write the whereabouts.
    public func placement(
        of number: CaseNumber,
        by caller: Caller
    ) async throws -> (file: Disclosed<CaseFile>, rooms: [PlacementRoom]) {
        let own = caller.organisation
        guard own.kind == .prefecture || own.kind == .city else { throw Refusal.notFound }
        let file = try await read(number, by: caller)
        guard file.permission.writes(.whereabouts) else { throw Refusal.notFound }
        let (directory, now, store) = (try await directory(), clock(), capacities)
        let counts = try await engine.read {
            try store.present(prefecture: own.prefecture, limit: Self.shownRooms, directory: directory, $0)
        }
        return (file, Self.rooms(counts, directory, now))
    }

    /// The numbers of the health centres below a headquarters.
    static func offices(of headquarters: Organisation, _ directory: Directory) -> [Int64] {
        directory.all(.healthCentre).filter { office in
            directory.headquarters(above: office.key).contains { $0.key == headquarters.key }
        }.compactMap { directory.number($0.key) }
    }

    private static func rooms(_ counts: [RoomCapacity], _ directory: Directory, _ now: Timestamp) -> [PlacementRoom] {
        counts.compactMap { count -> PlacementRoom? in
            guard let organisation = directory[count.organisation], let kind = RoomKind(rawValue: count.kind),
                RoomKind.kinds(of: organisation.kind).contains(kind)
            else { return nil }
            return PlacementRoom(
                organisation: organisation,
                kind: kind,
                count: count,
                isStale: now.seconds - count.at.seconds > staleRooms
            )
        }
    }
}
