public import Access
public import Catalogue
import Synchronization

/// Something that open pages want to know; it names a case and carries no value of it.
public struct CaseEvent: Sendable, Hashable {
    /// The case.
    public let number: CaseNumber
    /// Its version now.
    public let version: Int
    /// What was done: `notify`, `revise`, `confirm`, `return`, `related`.
    public let action: String
}

/// Hands events to the open pages of the organisations that are parties of the case.
public final class EventHub: Sendable {
    private struct Listener {
        let organisation: OrganisationKey
        let continuation: AsyncStream<CaseEvent>.Continuation
    }

    private let listeners = Mutex<(next: Int, open: [Int: Listener])>((0, [:]))

    /// Events for an organisation until the stream is dropped.
    ///
    /// A page that doesn't read loses the oldest ones: it
    /// reloads its list as a whole anyway.
    public func events(for organisation: OrganisationKey) -> AsyncStream<CaseEvent> {
        AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
            let id = listeners.withLock { listeners in
                listeners.next += 1
                listeners.open[listeners.next] = Listener(organisation: organisation, continuation: continuation)
                return listeners.next
            }
            continuation.onTermination = { [weak self] _ in
                self?.listeners.withLock { _ = $0.open.removeValue(forKey: id) }
            }
        }
    }

    /// Ends all streams: the server stops.
    public func finish() {
        let open = listeners.withLock { Array($0.open.values) }
        for listener in open { listener.continuation.finish() }
    }

    func publish(_ event: CaseEvent, to organisations: Set<OrganisationKey>) {
        let hearing = listeners.withLock { listeners in
            listeners.open.values.filter { organisations.contains($0.organisation) }
        }
        for listener in hearing { listener.continuation.yield(event) }
    }
}
