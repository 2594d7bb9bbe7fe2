import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Storage
import Synchronization
import Testing

@testable import Web

/// Places and lines by themselves.
@Suite struct AdmissionPlacesTests {
    /// Places that a test's expectations may change.
    private final class Room {
        private var places: Places

        init(common: Int = 2, mostWaiting: Int = 10) {
            places = Places(
                Capacity(common: common, mostWaiting: mostWaiting) {
                    Capacity.Terms(reserved: 2, borrows: $0 != .password)
                }
            )
        }

        var isAnyoneWaiting: Bool { places.isAnyoneWaiting }

        func take(_ share: Share) -> Bool { places.take(share) }
        func arrive(_ share: Share, at now: Duration) -> Places.Arrival { places.arrive(share, at: now) }
        func giveUp(_ number: Int) -> Bool { places.giveUp(number) }
        func leave(_ share: Share) { places.leave(share) }
        func standing(_ share: Share) -> Places.Standing { places.standing(share) }
        func turnAway(_ share: Share, at now: Duration) -> Bool { places.turnAway(share, at: now) }

        /// Who enters next, or is sent away, for all who do.
        func next(at now: Duration) -> [Next] {
            var all: [Next] = []
            while let next = places.next(at: now) { all.append(Next(number: next.number, enters: next.enters)) }
            return all
        }
    }

    private struct Next: Equatable {
        let number: Int
        let enters: Bool
    }

    private static func seconds(_ seconds: Double) -> Duration { .milliseconds(Int(seconds * 1000)) }

    private static func number(_ arrival: Places.Arrival) -> Int? {
        if case .waits(let turn) = arrival { turn.number } else { nil }
    }

    private static func patience(_ arrival: Places.Arrival) -> Duration? {
        if case .waits(let turn) = arrival { turn.patience } else { nil }
    }

    @Test func `a share takes its own places and then the common ones`() {
        let places = Room()
        let taken = (0..<6).map { _ in places.take(.pages) }
        #expect(taken == [true, true, true, true, false, false])
        #expect(places.standing(.pages).held == 4)
    }

    @Test(arguments: Share.allCases)
    func `nobody takes the places of another, however many come`(share: Share) {
        let places = Room()
        for other in Share.allCases where other != share { while places.take(other) {} }
        #expect(places.take(share))
        #expect(places.take(share))
        #expect(!places.take(share))
    }

    @Test func `what hashes passwords borrows nothing`() {
        let places = Room()
        while places.take(.password) {}
        #expect(places.standing(.password).held == 2)
    }

    @Test func `a borrowed place that comes back is common again`() {
        let places = Room()
        while places.take(.pages) {}
        #expect(places.take(.api) && places.take(.api) && !places.take(.api))
        places.leave(.pages)
        #expect(places.take(.api))
        places.leave(.pages)
        #expect(places.take(.api))
        // Now pages hold what is theirs and the API all that is common.
        places.leave(.pages)
        #expect(!places.take(.api))
        #expect(places.take(.pages))
    }

    @Test func `whoever waits longer enters first`() throws {
        let places = Room()
        while places.take(.pages) {}
        let first = try #require(Self.number(places.arrive(.pages, at: .zero)))
        let second = try #require(Self.number(places.arrive(.pages, at: .zero)))
        places.leave(.pages)
        // Somebody new doesn't overtake.
        #expect(!places.take(.pages))
        #expect(places.next(at: Self.seconds(0.1)) == [Next(number: first, enters: true)])
        places.leave(.pages)
        #expect(places.next(at: Self.seconds(0.1)) == [Next(number: second, enters: true)])
        #expect(!places.isAnyoneWaiting)
    }

    @Test func `a common place goes to the share that holds least of its own`() throws {
        let places = Room(common: 3)
        for _ in 0..<2 { _ = places.take(.api) }
        while places.take(.pages) {}
        _ = places.arrive(.pages, at: .zero)
        let api = try #require(Self.number(places.arrive(.api, at: .zero)))
        places.leave(.pages)
        #expect(places.next(at: .zero) == [Next(number: api, enters: true)])
    }

    @Test func `whoever gives up is gone and counted`() throws {
        let places = Room()
        while places.take(.pages) {}
        let first = try #require(Self.number(places.arrive(.pages, at: .zero)))
        let second = try #require(Self.number(places.arrive(.pages, at: .zero)))
        #expect(places.giveUp(first))
        #expect(!places.giveUp(first))
        places.leave(.pages)
        #expect(places.next(at: .zero) == [Next(number: second, enters: true)])
        #expect(!places.giveUp(second))
        #expect(places.standing(.pages) == Places.Standing(held: 4, waiting: 0, admitted: 5, refused: 1))
    }

    @Test func `whoever has waited for too long is sent away when a place is free`() throws {
        let places = Room()
        while places.take(.pages) {}
        let late = try #require(Self.number(places.arrive(.pages, at: .zero)))
        let early = try #require(Self.number(places.arrive(.pages, at: Self.seconds(0.4))))
        places.leave(.pages)
        #expect(
            places.next(at: Self.seconds(0.6)) == [
                Next(number: late, enters: false), Next(number: early, enters: true),
            ]
        )
    }

    @Test func `a burst may wait for half a second, a crowd that doesn't end for a tenth`() {
        let places = Room()
        func empty(at seconds: Double) {
            places.leave(.pages)
            while !places.next(at: Self.seconds(seconds)).isEmpty { places.leave(.pages) }
            while places.take(.pages) {}
        }
        while places.take(.pages) {}
        #expect(Self.patience(places.arrive(.pages, at: .zero)) == .milliseconds(500))
        #expect(Self.patience(places.arrive(.pages, at: Self.seconds(0.4))) == .milliseconds(500))
        #expect(Self.patience(places.arrive(.pages, at: Self.seconds(0.6))) == .milliseconds(100))
        empty(at: 0.7)
        // Once empty doesn't end it …
        #expect(Self.patience(places.arrive(.pages, at: Self.seconds(0.8))) == .milliseconds(100))
        #expect(Self.patience(places.arrive(.pages, at: Self.seconds(0.9))) == .milliseconds(100))
        empty(at: 1.0)
        // … but half a second in which nobody came behind another does.
        #expect(Self.patience(places.arrive(.pages, at: Self.seconds(1.5))) == .milliseconds(500))
    }

    @Test func `who would find neither place nor turn is turned away, and nobody else`() {
        let places = Room(mostWaiting: 2)
        #expect(!places.turnAway(.pages, at: .zero))
        while places.take(.pages) {}
        // No place, but turns: coming in may be worth it.
        #expect(!places.turnAway(.pages, at: .zero))
        for _ in 0..<2 { _ = places.arrive(.pages, at: .zero) }
        #expect(places.turnAway(.pages, at: .zero))
        #expect(!places.turnAway(.api, at: .zero))
        #expect(places.standing(.pages).refused == 1)
    }

    @Test func `a line has an end`() {
        let places = Room(mostWaiting: 3)
        while places.take(.pages) {}
        let arrivals = (0..<5).map { _ in places.arrive(.pages, at: .zero) }
        #expect(arrivals.filter { $0 == .refused }.count == 2)
        #expect(places.standing(.pages).waiting == 3)
        #expect(places.arrive(.api, at: .zero) == .enters)
    }

    @Test(arguments: [1, 8, 9, 32, 77, 1024])
    func `half of the places are reserved, none is lost`(count: Int) {
        let capacity = Capacity(places: count)
        let shares = Share.allCases.filter { $0 != .password }
        let reserved = shares.map { capacity[$0].reserved }
        #expect(reserved.allSatisfy { $0 >= 1 })
        #expect(reserved.reduce(capacity.common, +) == max(8, count))
        #expect(capacity.common > 0)
    }
}

/// What comes of the rules when too much is asked, in a world where time is a number.
@Suite struct AdmissionCrowdTests {
    /// What each share got and how long it waited.
    private struct Outcome {
        var served: [Share: Int] = [:]
        var waits: [Share: [Duration]] = [:]
    }

    /// So many requests a second of each share, for so many seconds, at a server that needs the same time for each.
    private static func run(
        _ rates: [(Share, Int)],
        seconds: Double = 10,
        work: Duration = .milliseconds(16)
    ) -> Outcome {
        var places = Places(Capacity(places: 16))
        var outcome = Outcome()
        var arrivals: [(at: Duration, share: Share)] = rates.flatMap { share, rate in
            (0..<Int(Double(rate) * seconds)).map { (.microseconds($0 * 1_000_000 / rate), share) }
        }
        arrivals.sort { $0.at > $1.at }
        var working: [(until: Duration, share: Share)] = []
        var came: [Int: (at: Duration, share: Share)] = [:]
        func enter(_ share: Share, since: Duration, now: Duration) {
            working.append((now + work, share))
            outcome.served[share, default: 0] += 1
            outcome.waits[share, default: []].append(now - since)
        }
        func finish(until now: Duration) {
            while let first = working.indices.min(by: { working[$0].until < working[$1].until }),
                working[first].until <= now
            {
                let done = working.remove(at: first)
                places.leave(done.share)
                while let next = places.next(at: done.until) {
                    guard let waited = came.removeValue(forKey: next.number), next.enters else { continue }
                    enter(waited.share, since: waited.at, now: done.until)
                }
            }
        }
        while let arrival = arrivals.popLast() {
            finish(until: arrival.at)
            switch places.arrive(arrival.share, at: arrival.at) {
            case .enters: enter(arrival.share, since: arrival.at, now: arrival.at)
            case .waits(let turn): came[turn.number] = arrival
            case .refused: break
            }
        }
        finish(until: .seconds(3600))
        return outcome
    }

    @Test func `three times what can be done is done as fast as what can be done`() {
        // 16 places of 16 ms: of pages alone 12 are theirs to take.
        let once = Self.run([(.pages, 600)]).served[.pages] ?? 0
        let thrice = Self.run([(.pages, 1800)])
        #expect(once >= 5900)
        #expect(Double(thrice.served[.pages] ?? 0) >= 0.95 * Double(once))
        let waits = (thrice.waits[.pages] ?? []).sorted()
        #expect(waits[waits.count / 2] <= .milliseconds(120))
        #expect((waits.last ?? .zero) <= .milliseconds(500))
    }

    @Test func `self-report and sign-in don't notice that pages and programs are crowded`() {
        let outcome = Self.run([(.pages, 3000), (.api, 3000), (.selfReport, 100), (.signIn, 100)])
        #expect(outcome.served[.selfReport] == 1000)
        #expect(outcome.served[.signIn] == 1000)
        #expect((outcome.waits[.signIn] ?? []).allSatisfy { $0 == .zero })
        // Both that are crowded get something.
        #expect((outcome.served[.pages] ?? 0) > 3000)
        #expect((outcome.served[.api] ?? 0) > 1500)
    }

    @Test func `a burst of half a second is served whole, within half a second`() {
        let outcome = Self.run([(.pages, 1100)], seconds: 0.5)
        #expect(outcome.served[.pages] == 550)
        #expect((outcome.waits[.pages] ?? []).allSatisfy { $0 <= .milliseconds(500) })
    }
}
