/// The places of work, who holds them and who waits for one; values in, values out.
struct Places: Sendable {
    /// A place in a line.
    struct Turn: Sendable, Equatable {
        let number: Int
        let share: Share
        /// How long it is worth waiting.
        let patience: Duration
    }

    /// What a request gets that found no free place.
    enum Arrival: Sendable, Equatable {
        case enters
        case waits(Turn)
        case refused
    }

    /// How a share stands.
    struct Standing: Sendable, Equatable {
        /// Places it holds.
        var held = 0
        /// Requests that wait for one.
        var waiting = 0
        /// Let in so far.
        var admitted = 0
        /// Sent away so far.
        var refused = 0
    }

    /// Those who wait, the first at `head`; whoever has gone away meanwhile is no longer in ``Places/present``.
    private struct Line {
        var turns: [(number: Int, until: Duration)] = []
        var head = 0
        /// When somebody who came last found nobody waiting.
        var emptyAt = Duration.zero
        /// When somebody who came last found others waiting.
        var busyAt: Duration?
        /// Whether more come than can be served, and not only for a moment.
        private(set) var isStanding = false

        /// Notes that somebody comes.
        ///
        /// A line stands once it hasn't been empty for as long as one would wait in it, and until nobody has had to
        /// wait for as long: at the limit it is empty now and then, and each time some would wait in vain.
        mutating func note(isEmpty: Bool, patience: Duration, at now: Duration) {
            if isEmpty {
                emptyAt = now
                if let busyAt, now - busyAt > patience { isStanding = false }
            } else {
                busyAt = now
                if now - emptyAt > patience { isStanding = true }
            }
        }

        mutating func takeFirst() -> (number: Int, until: Duration)? {
            guard head < turns.count else { return nil }
            let first = turns[head]
            head += 1
            if head == turns.count {
                turns.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 256, head * 2 >= turns.count {
                turns.removeFirst(head)
                head = 0
            }
            return first
        }
    }

    let capacity: Capacity
    private var standings = Share.allCases.map { _ in Standing() }
    private var lines = Share.allCases.map { _ in Line() }
    private var borrowed = 0
    private var present: [Int: Share] = [:]
    private var lastNumber = 0

    init(_ capacity: Capacity) {
        self.capacity = capacity
    }

    func standing(_ share: Share) -> Standing { standings[share.rawValue] }

    /// Whether anybody waits.
    var isAnyoneWaiting: Bool { !present.isEmpty }

    /// Takes a free place, unless others of the share wait already.
    mutating func take(_ share: Share) -> Bool {
        guard standings[share.rawValue].waiting == 0, hasRoom(share) else { return false }
        occupy(share)
        return true
    }

    /// Takes a free place or a turn in the share's line.
    mutating func arrive(_ share: Share, at now: Duration) -> Arrival {
        if take(share) { return .enters }
        let terms = capacity[share]
        let isEmpty = standings[share.rawValue].waiting == 0
        lines[share.rawValue].note(isEmpty: isEmpty, patience: terms.patience, at: now)
        guard !isFull(share) else {
            standings[share.rawValue].refused += 1
            return .refused
        }
        let patience = lines[share.rawValue].isStanding ? terms.shortPatience : terms.patience
        lastNumber += 1
        lines[share.rawValue].turns.append((lastNumber, now + patience))
        standings[share.rawValue].waiting += 1
        present[lastNumber] = share
        return .waits(Turn(number: lastNumber, share: share, patience: patience))
    }

    /// Sends somebody away who would find neither a place nor a turn; false where they may come in and try.
    mutating func turnAway(_ share: Share, at now: Duration) -> Bool {
        guard standings[share.rawValue].waiting > 0 else { return false }
        lines[share.rawValue].note(isEmpty: false, patience: capacity[share].patience, at: now)
        guard isFull(share) else { return false }
        standings[share.rawValue].refused += 1
        return true
    }

    /// In a line that stands, who comes behind as many as there are places is hardly ever served in time: a turn and
    /// its alarm would cost more than sending them away.
    private func isFull(_ share: Share) -> Bool {
        let places = lines[share.rawValue].isStanding ? capacity[share].reserved + capacity.common : .max
        return standings[share.rawValue].waiting >= min(capacity.mostWaiting, places)
    }

    /// Takes somebody out of the line; false where they have been let in or sent away already.
    mutating func giveUp(_ number: Int) -> Bool {
        guard let share = present.removeValue(forKey: number) else { return false }
        standings[share.rawValue].waiting -= 1
        standings[share.rawValue].refused += 1
        return true
    }

    /// Gives a place back.
    mutating func leave(_ share: Share) {
        if standings[share.rawValue].held > capacity[share].reserved { borrowed -= 1 }
        standings[share.rawValue].held -= 1
    }

    /// The next who waits and either has a place now or has waited for too long; nil when there is none any more.
    mutating func next(at now: Duration) -> (number: Int, enters: Bool)? {
        while let share = nextShare() {
            guard let first = lines[share.rawValue].takeFirst() else { return nil }
            guard present[first.number] != nil else { continue }
            if now > first.until {
                _ = giveUp(first.number)
                return (first.number, false)
            }
            present[first.number] = nil
            standings[share.rawValue].waiting -= 1
            occupy(share)
            return (first.number, true)
        }
        return nil
    }

    private func hasRoom(_ share: Share) -> Bool {
        let terms = capacity[share]
        return standings[share.rawValue].held < terms.reserved || (terms.borrows && borrowed < capacity.common)
    }

    private mutating func occupy(_ share: Share) {
        if standings[share.rawValue].held >= capacity[share].reserved { borrowed += 1 }
        standings[share.rawValue].held += 1
        standings[share.rawValue].admitted += 1
    }

    /// Of the shares that wait and may enter, the one that holds the least of what is its own.
    private func nextShare() -> Share? {
        func filling(_ share: Share) -> Double {
            Double(standings[share.rawValue].held) / Double(max(1, capacity[share].reserved))
        }
        return Share.allCases.filter { standings[$0.rawValue].waiting > 0 && hasRoom($0) }
            .min { filling($0) < filling($1) }
    }
}
