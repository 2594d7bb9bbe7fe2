public import Access
public import Catalogue
import Storage
import Synchronization

/// Something that open pages want to know; it names a case and carries no value of it.
public struct CaseEvent: Sendable, Hashable {
    /// The case.
    public let number: CaseNumber
    /// Its version now.
    public let version: Int
    /// What was done, in the word that who hears it may know: `notify`, `revise`, `confirm`, `return`, `related`;
    /// `health` for a report of the person's, which is no version of the case.
    public let action: String
}

/// What an open page is told.
public enum PageEvent: Sendable, Hashable {
    /// A case of its organisation has changed.
    case changed(CaseEvent)
    /// Somebody has opened the case that the page shows, or closed it.
    case presence(CaseNumber)
    /// There is something new in its organisation's notice box.
    case notice
    /// Beds or rooms in its prefecture were counted or promised.
    case rooms
    /// Something may have changed that nobody heard of: whatever the page shows is read anew.
    case missed
}

/// Hands events to the open pages of the organisations that are parties of the case, here and at other servers.
public final class EventHub: Sendable {
    private struct Listener {
        let organisation: OrganisationKey
        /// The case that the page shows, nil for a list.
        let number: CaseNumber?
        /// Whose page it is; nil for what nobody's session ends.
        let session: WatchedSession?
        let continuation: AsyncStream<PageEvent>.Continuation
    }

    private let listeners = Mutex<(next: Int, open: [Int: Listener], isFinished: Bool)>((0, [:], false))
    /// Tells the other processes on the database; best effort.
    private let tell: @Sendable (String) -> Void

    init(tell: @escaping @Sendable (String) -> Void) {
        self.tell = tell
    }

    /// Open streams.
    public var open: Int { listeners.withLock { $0.open.count } }

    /// Events for an organisation until the stream is dropped.
    ///
    /// A page that doesn't read loses the oldest ones: it reloads its list as a whole anyway. A page that shows a case
    /// names it, to hear who else has it open.
    public func events(
        for organisation: OrganisationKey,
        showing number: CaseNumber? = nil
    ) -> AsyncStream<PageEvent> {
        events(for: organisation, showing: number, of: nil)
    }

    /// As ``events(for:showing:)``, until ``end(_:)``.
    func events(
        for organisation: OrganisationKey,
        showing number: CaseNumber?,
        of session: WatchedSession?
    ) -> AsyncStream<PageEvent> {
        AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
            let id = listeners.withLock { listeners -> Int? in
                // A page that asks in the server's last moment would keep it from ending.
                guard !listeners.isFinished else { return nil }
                listeners.next += 1
                listeners.open[listeners.next] = Listener(
                    organisation: organisation,
                    number: number,
                    session: session,
                    continuation: continuation
                )
                return listeners.next
            }
            guard let id else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in
                self?.listeners.withLock { _ = $0.open.removeValue(forKey: id) }
            }
        }
    }

    /// The sessions of the open streams, by the streams' numbers.
    func watched() -> [Int: WatchedSession] {
        listeners.withLock { $0.open.compactMapValues(\.session) }
    }

    /// Ends some streams.
    func end(_ numbers: Set<Int>) {
        guard !numbers.isEmpty else { return }
        let over = listeners.withLock { listeners in
            numbers.compactMap { listeners.open.removeValue(forKey: $0) }
        }
        for listener in over { listener.continuation.finish() }
    }

    /// Ends all streams, and those that are asked for from now on at once: the server stops.
    public func finish() {
        let open = listeners.withLock { listeners in
            listeners.isFinished = true
            return Array(listeners.open.values)
        }
        for listener in open { listener.continuation.finish() }
    }

    /// Tells the pages here and everybody else.
    func publish(_ event: CaseEvent, to organisations: Set<OrganisationKey>) {
        deliver(event, to: organisations)
        tell(EventLine.changed(event, organisations).text)
    }

    /// Tells the pages here.
    func deliver(_ event: CaseEvent, to organisations: Set<OrganisationKey>) {
        let hearing = listeners.withLock { listeners in
            listeners.open.values.filter { organisations.contains($0.organisation) }
        }
        for listener in hearing { listener.continuation.yield(.changed(event)) }
    }

    /// Tells the pages here that show a case that somebody came or went.
    func deliverPresence(_ number: CaseNumber, to organisations: Set<OrganisationKey>) {
        let hearing = listeners.withLock { listeners in
            listeners.open.values.filter { $0.number == number && organisations.contains($0.organisation) }
        }
        for listener in hearing { listener.continuation.yield(.presence(number)) }
    }

    /// Tells the pages of organisations, here and everywhere, that their notice boxes have something new.
    func publishNotice(to organisations: Set<OrganisationKey>) {
        guard !organisations.isEmpty else { return }
        deliverNotice(to: organisations)
        tell(EventLine.notice(organisations).text)
    }

    /// Tells the pages here of new notices.
    func deliverNotice(to organisations: Set<OrganisationKey>) {
        let hearing = listeners.withLock { listeners in
            listeners.open.values.filter { organisations.contains($0.organisation) }
        }
        for listener in hearing { listener.continuation.yield(.notice) }
    }

    /// Tells the pages of headquarters, here and everywhere, that beds or rooms are counted anew.
    func publishRooms(to organisations: Set<OrganisationKey>) {
        guard !organisations.isEmpty else { return }
        deliverRooms(to: organisations)
        tell(EventLine.rooms(organisations).text)
    }

    /// Tells the pages here of beds or rooms.
    func deliverRooms(to organisations: Set<OrganisationKey>) {
        let hearing = listeners.withLock { listeners in
            listeners.open.values.filter { organisations.contains($0.organisation) }
        }
        for listener in hearing { listener.continuation.yield(.rooms) }
    }

    /// Tells all pages here that they may have missed something.
    func deliverMissed() {
        let all = listeners.withLock { Array($0.open.values) }
        for listener in all { listener.continuation.yield(.missed) }
    }
}

extension Casework {
    /// Hears what other processes on the database tell, and passes it on, until its task is cancelled.
    ///
    /// One call for each process that has pages; without it events stay in the process in which they happen.
    public func hear() async {
        for await broadcast in engine.broadcasts() {
            switch broadcast {
            case .missed:
                directories.drop()
                events.deliverMissed()
            case .said(let line):
                switch EventLine(line) {
                case .changed(let event, let organisations): events.deliver(event, to: organisations)
                case .notice(let organisations): events.deliverNotice(to: organisations)
                case .rooms(let organisations): events.deliverRooms(to: organisations)
                case .directory: directories.drop()
                case .much: events.deliverMissed()
                case .present(let page): presence.hear(page, now: clock())
                case .gone(let account, let token): presence.drop(account: account, token: token)
                case nil: continue
                }
            }
        }
    }
}
