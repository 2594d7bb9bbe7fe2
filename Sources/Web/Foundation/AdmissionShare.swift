import FoundationEssentials
import HTTPTypes
import NIOCore

/// Who competes for places of work; each share has places that no other can take.
public enum Share: Int, CaseIterable, Sendable {
    /// 画面: pages and forms of staff.
    case pages
    /// API: calls of programs and their tokens.
    case api
    /// 自己申告: what people send of their own health.
    case selfReport
    /// ログイン: its pages and the one-time password.
    case signIn
    /// パスワードの確認: it hashes for long and by twos, see `PasswordHasher`, and so waits by itself.
    case password

    /// The share of an address whose route says nothing else; nil is always let in and holds no place.
    static func usual(_ method: HTTPRequest.Method, _ path: String, _ policy: Route.Policy) -> Share? {
        func isBelow(_ folder: String) -> Bool { path == folder || path.hasPrefix("\(folder)/") }
        // An event stream stays open for minutes: with a place it would soon be the only one served.
        if path == "/events" || isBelow("/assets") { return nil }
        if path == "/sign-in", method == .post { return .password }
        // Somebody who signs in waits at the telephone.
        if policy == .provider { return .signIn }
        if isBelow("/sign-in") || isBelow("/connection-test") || path == "/sign-out" { return .signIn }
        if isBelow("/r") { return .selfReport }
        if policy == .client || isBelow("/api") || isBelow("/oauth") || isBelow("/fhir") { return .api }
        return .pages
    }
}

/// How many places there are, and how long one waits for them.
public struct Capacity: Sendable, Equatable {
    /// What a share has.
    struct Terms: Sendable, Equatable {
        /// Places that no other share takes.
        let reserved: Int
        /// Whether it takes common places beyond its own.
        var borrows = true
        /// How long it waits for a place while the line before it moves.
        var patience = Duration.milliseconds(500)

        /// The wait in a line that hasn't been empty for the whole of ``patience``: then more come than can be served,
        /// and waiting long would serve nobody more.
        var shortPatience: Duration { patience / 5 }
    }

    /// Places that any share may take once its own are taken.
    let common: Int
    private let terms: [Terms]
    /// Waiting for longer than its patience ends a request's wait; beyond this many it doesn't begin.
    let mostWaiting: Int

    subscript(share: Share) -> Terms { terms[share.rawValue] }

    /// Capacity by hand: tests.
    init(common: Int, mostWaiting: Int = 1000, _ terms: (Share) -> Terms) {
        self.common = common
        self.mostWaiting = mostWaiting
        self.terms = Share.allCases.map(terms)
    }

    /// So many places: half of them reserved, a half lent to whoever comes.
    ///
    /// Places of ``Share/password`` come on top: what they wait for is two threads and not what the others need.
    public init(places: Int) {
        let places = max(8, places)
        let eighth = places / 8
        let reserved = [eighth * 2, eighth, eighth, eighth]
        // A line of sixteen times as many is worked off in about half a second: whoever comes behind it waits in vain.
        self.init(common: places - reserved.reduce(0, +), mostWaiting: 16 * places) { share in
            share == .password
                ? Terms(reserved: 24, borrows: false, patience: .seconds(4))
                : Terms(reserved: reserved[share.rawValue])
        }
    }

    /// The capacity of a machine with so many cores, as measured: see docs/decisions/0009-overload.md.
    public init(cores: Int) {
        self.init(places: 16 * max(1, cores))
    }

    /// What `HERSYS_PLACES` says, else the capacity of this machine.
    public static var usual: Capacity {
        if let text = ProcessInfo.processInfo.environment["HERSYS_PLACES"], let places = Int(text), places > 0 {
            return Capacity(places: places)
        }
        return Capacity(cores: System.coreCount)
    }
}
