public import Access
public import Catalogue
public import Storage
import Synchronization

/// What staff do with cases: each operation checks the right, changes, writes history and consequences in one
/// transaction, and hands out only what the gate lets through.
public struct Casework: Sendable {
    let engine: any Engine
    let vault: Vault
    let cases: CaseStore
    let accounts: AccountStore
    let accountEvents: AccountEventStore
    let accountBatches: AccountBatchStore
    let slips: SlipStore
    let drafts: DraftStore
    let outbox: OutboxStore
    let attempts: AttemptStore
    let readings: ReadingStore
    let repeats: RepeatStore
    let jobs: JobStore
    let kept: KeptStore
    let transfers: TransferStore
    let noticeBox: NoticeStore
    let openings: OpeningStore
    let totals: TotalsStore
    let faxes: FaxStore
    let readinessStore: ReadinessStore
    let connectionTests: ConnectionTestStore
    /// The time now; tests pass their own.
    public let clock: @Sendable () -> Timestamp
    /// Tells open pages what changed.
    public let events: EventHub
    let presence: PresenceBoard
    let directories: DirectoryCache
    let passwords: PasswordHasher
    let places = PlaceCache()
    let numbers = NumberReserve()
    let changes = ChangeClock()
    /// How often codes may go to one telephone number.
    public var sendLimit = SendLimit.standard

    /// Casework on a database.
    ///
    /// - Parameters:
    ///   - engine: the database, with the present schema.
    ///   - keys: the installation's secrets.
    ///   - passwordCost: log₂ of scrypt's N: 17 in use, less in tests.
    ///   - clock: the time now.
    public init(
        engine: any Engine,
        keys: KeyRing,
        passwordCost: Int = 17,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.engine = engine
        vault = Vault(keys)
        cases = CaseStore(vault)
        accounts = AccountStore(vault)
        accountEvents = AccountEventStore(vault)
        accountBatches = AccountBatchStore(vault)
        slips = SlipStore(vault)
        drafts = DraftStore(vault)
        outbox = OutboxStore(vault)
        attempts = AttemptStore(outbox)
        readings = ReadingStore(vault)
        repeats = RepeatStore(vault)
        jobs = JobStore(vault)
        kept = KeptStore(vault)
        transfers = TransferStore(vault)
        noticeBox = NoticeStore(vault)
        openings = OpeningStore(vault)
        totals = TotalsStore(vault)
        faxes = FaxStore(vault)
        readinessStore = ReadinessStore(vault)
        connectionTests = ConnectionTestStore(vault)
        self.clock = clock
        let tell: @Sendable (String) -> Void = { engine.broadcast($0) }
        let events = EventHub(tell: tell)
        self.events = events
        presence = PresenceBoard(tell: tell) { events.deliverPresence($0, to: $1) }
        directories = DirectoryCache(tell: tell)
        passwords = PasswordHasher(cost: passwordCost)
    }

    /// Japan's day now.
    public var today: CalendarDate { clock().japanDate }

    /// All organisations, as of at most a minute ago.
    public func directory() async throws -> Directory {
        let now = clock()
        if let known = directories.current(at: now) { return known }
        let age = directories.age
        let (fresh, newest) = try await engine.read { connection in
            (try DirectoryStore.load(connection), try CaseStore.newestChange(connection))
        }
        if let newest { changes.learn(newest, now: now) }
        directories.set(fresh, at: now, age)
        return fresh
    }

    /// Whether the database answers.
    public func isReady() async -> Bool {
        await engine.answers()
    }
}

/// Who asks: a viewer, through what, from where.
public struct Caller: Sendable, Hashable {
    /// Through what something is done, as the history shows it.
    public enum Channel: String, Sendable {
        /// 画面.
        case page
        /// API.
        case api
        /// ファイル取込.
        case file = "import"
    }

    /// Organisation, account, name.
    public let viewer: Viewer
    /// Through what.
    public let channel: Channel
    /// The network address, for the reading log.
    public let address: String

    /// A caller.
    public init(_ viewer: Viewer, through channel: Channel, address: String) {
        self.viewer = viewer
        self.channel = channel
        self.address = address
    }

    /// Its organisation.
    public var organisation: Organisation { viewer.organisation }
}

/// Why an operation was refused; a value with its reason, never a text of the engine's.
public enum Refusal: Error, Sendable {
    /// There is no such case for the caller: it doesn't exist, or they are no party.
    case notFound
    /// The caller sees the case but may not do this; the reason is for the screen.
    case forbidden(String)
    /// The entry is wrong, or unlikely and not yet looked at.
    case findings([Finding])
    /// Others changed the same items meanwhile.
    case conflict([Conflict])
    /// The request was repeated with other contents under the same key.
    case repeatedDifferently
    /// Asked too often; try again after so many seconds.
    case tooMany(seconds: Int)
}

/// The directory as last read.
final class DirectoryCache: Sendable {
    private struct Held {
        var directory: Directory?
        var at = Timestamp(seconds: 0)
        /// Counts up with every change: what was read before it is not kept after it.
        var age = 0
    }

    private let held = Mutex(Held())
    private let tell: @Sendable (String) -> Void

    init(tell: @escaping @Sendable (String) -> Void) {
        self.tell = tell
    }

    var age: Int { held.withLock { $0.age } }

    func current(at now: Timestamp) -> Directory? {
        held.withLock { held in
            guard now.seconds - held.at.seconds < 60, now >= held.at else { return nil }
            return held.directory
        }
    }

    func set(_ directory: Directory, at now: Timestamp, _ age: Int) {
        held.withLock { held in
            guard held.age == age else { return }
            (held.directory, held.at) = (directory, now)
        }
    }

    /// Organisations have changed: all processes read them anew.
    func forget() {
        drop()
        tell(EventLine.directory.text)
    }

    /// Reads them anew here.
    func drop() {
        held.withLock { held in
            held.directory = nil
            held.age += 1
        }
    }
}
