import Access
import Catalogue
import Synchronization

/// A page that somebody has open on a case.
struct OpenPage: Sendable, Hashable {
    /// The case.
    let number: CaseNumber
    /// The page's own token, made up by its script: letters and digits.
    let token: String
    /// Whose page it is.
    let account: Int64
    let organisation: OrganisationKey
    let standing: Standing
    /// The section that is being edited.
    let section: Section?

    /// Pages of two accounts never meet, whatever token they choose.
    fileprivate var key: Key { Key(account: account, token: token) }

    fileprivate struct Key: Hashable {
        let account: Int64
        let token: String
    }

    static let tokenLength = 8...32

    /// Whether a text may be a page's token.
    static func isToken(_ text: String) -> Bool {
        tokenLength.contains(text.utf8.count)
            && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
    }
}

/// Who has which case open, here and at the other servers.
///
/// Nothing of it is a row: a page gives a sign every 20 seconds, which at a thousand open pages would be fifty writes
/// a second of something that nobody needs a minute later. Each server keeps what it hears; a page that comes or goes
/// is told to the others at once, the signs in between together every few seconds, so that a server that has just
/// started, or has missed a line, knows all open pages within half a minute. What gives no sign for a minute is gone,
/// whichever server knew of it.
final class PresenceBoard: Sendable {
    private struct Held {
        var page: OpenPage
        /// The person's name where they are signed in here; others are looked up when they are shown.
        var name: String?
        var seen: Timestamp
    }

    private struct State {
        var cases: [CaseNumber: [OpenPage.Key: Held]] = [:]
        /// Where a key's page is: a page shows one case at a time.
        var places: [OpenPage.Key: CaseNumber] = [:]
        /// Signs that the others haven't been told yet.
        var untold: Set<OpenPage> = []
        var toldAt = Timestamp(seconds: 0)
    }

    /// Without a sign for so many seconds a page is gone.
    static let patience: Int64 = 60
    /// Signs are told together after so many seconds.
    private static let together: Int64 = 10
    /// More pages than this are no people: the oldest of one account go first.
    private static let mostOfAccount = 40

    private let state = Mutex(State())
    private let tell: @Sendable (String) -> Void
    /// Tells open pages of a case here that somebody came or went.
    private let deliver: @Sendable (CaseNumber, Set<OrganisationKey>) -> Void

    init(
        tell: @escaping @Sendable (String) -> Void,
        deliver: @escaping @Sendable (CaseNumber, Set<OrganisationKey>) -> Void
    ) {
        self.tell = tell
        self.deliver = deliver
    }

    /// A page's sign of life.
    func sign(_ page: OpenPage, name: String, now: Timestamp) {
        let isNews = put(page, name: name, now: now)
        let lines = state.withLock { state -> [OpenPage] in
            if isNews { return [page] }
            state.untold.insert(page)
            guard now.seconds - state.toldAt.seconds >= Self.together || now < state.toldAt else { return [] }
            defer { state.untold = [] }
            state.toldAt = now
            return Array(state.untold)
        }
        for line in lines { tell(EventLine.present(line).text) }
    }

    /// What another server tells of a page there.
    func hear(_ page: OpenPage, now: Timestamp) {
        put(page, name: nil, now: now)
    }

    /// A page was closed here.
    func leave(account: Int64, token: String) {
        drop(account: account, token: token)
        tell(EventLine.gone(account: account, token: token).text)
    }

    /// A page was closed, here or elsewhere.
    func drop(account: Int64, token: String) {
        let gone = state.withLock { state in
            Self.remove(OpenPage.Key(account: account, token: token), &state)
        }
        if let gone { announce(gone) }
    }

    /// The other pages that have a case open, in a steady order; names of those who are signed in here.
    func others(of page: OpenPage, now: Timestamp) -> [(page: OpenPage, name: String?)] {
        state.withLock { state in
            let old = (state.cases[page.number] ?? [:]).filter {
                now.seconds - $0.value.seen.seconds >= Self.patience
            }
            for key in old.keys { _ = Self.remove(key, &state) }
            return (state.cases[page.number] ?? [:]).values
                .filter { $0.page.account != page.account }
                .sorted { ($0.page.account, $0.page.token) < ($1.page.account, $1.page.token) }
                .map { ($0.page, $0.name) }
        }
    }

    /// Remembers a page; true where it came, or went from reading to editing.
    @discardableResult
    private func put(_ page: OpenPage, name: String?, now: Timestamp) -> Bool {
        let (isNews, gone) = state.withLock { state -> (Bool, OpenPage?) in
            let key = page.key
            let before = state.places[key].flatMap { state.cases[$0]?[key] }
            let isFresh = before.map { now.seconds - $0.seen.seconds < Self.patience } ?? false
            var gone: OpenPage?
            if let before, before.page.number != page.number { gone = Self.remove(key, &state) }
            let held = Held(page: page, name: name ?? before?.name, seen: now)
            state.cases[page.number, default: [:]][key] = held
            state.places[key] = page.number
            if before == nil { Self.limit(page.account, &state) }
            return (!isFresh || before?.page != page, gone)
        }
        if let gone { announce(gone) }
        if isNews { announce(page) }
        return isNews
    }

    private static func limit(_ account: Int64, _ state: inout State) {
        let own = state.places.filter { $0.key.account == account }
        guard own.count > mostOfAccount else { return }
        let oldest = own.min { left, right in
            let seen = [left, right].map { state.cases[$0.value]?[$0.key]?.seen ?? Timestamp(seconds: 0) }
            return seen[0] < seen[1]
        }
        if let oldest { _ = remove(oldest.key, &state) }
    }

    private static func remove(_ key: OpenPage.Key, _ state: inout State) -> OpenPage? {
        guard let number = state.places.removeValue(forKey: key) else { return nil }
        let gone = state.cases[number]?.removeValue(forKey: key)
        if state.cases[number]?.isEmpty ?? false { state.cases[number] = nil }
        if let page = gone?.page { state.untold.remove(page) }
        return gone?.page
    }

    /// Tells pages of the case that somebody came or went; only those who are told of them, so that nobody learns of
    /// the others by the moment at which nothing changes.
    private func announce(_ page: OpenPage) {
        let organisations = state.withLock { state in
            Set(
                (state.cases[page.number] ?? [:]).values.map(\.page).filter { other in
                    let isColleague = other.organisation == page.organisation
                    return other.standing.told(of: page.standing, isColleague: isColleague) != .nothing
                }.map(\.organisation)
            )
        }
        if !organisations.isEmpty { deliver(page.number, organisations) }
    }
}
