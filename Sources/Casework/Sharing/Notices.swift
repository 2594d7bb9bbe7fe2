public import Access
import Catalogue
public import Storage

/// A deed that somebody is told of.
struct Told {
    /// Whom and of what.
    var notices: [(organisation: OrganisationKey, kind: Notice.Kind)] = []
    /// What the history says of it, where the deed itself says nothing.
    var reason: String?
}

/// A line of the notice box as it is shown.
public struct ShownNotice: Sendable {
    /// The line.
    public let notice: Notice
    /// Whether the organisation may see the case now; what is of no case isn't hidden from anybody.
    public let isReachable: Bool
}

/// One page of the notice box.
public struct NoticePage: Sendable {
    /// The lines, latest first.
    public let lines: [ShownNotice]
    /// Where the next page begins, nil on the last one.
    public let next: Int64?
    /// How many are unread in all, up to ``NoticeStore/mostCounted``.
    public let unread: Int
}

extension Casework {
    /// Lines on a page of the notice box.
    public static let noticesOnPage = 50

    /// A page of the caller's organisation's notices.
    public func notices(before: Int64? = nil, by caller: Caller) async throws -> NoticePage {
        let directory = try await directory()
        let today = today
        guard let organisation = directory.number(caller.organisation.key) else {
            return NoticePage(lines: [], next: nil, unread: 0)
        }
        let (box, cases) = (noticeBox, cases)
        return try await engine.read { connection in
            let found = try box.page(
                of: organisation,
                before: before,
                limit: Self.noticesOnPage + 1,
                directory: directory,
                connection
            )
            var known: [CaseNumber: Bool] = [:]
            let lines = try found.prefix(Self.noticesOnPage).map { notice in
                guard let number = notice.number else { return ShownNotice(notice: notice, isReachable: true) }
                let isReachable =
                    try known[number]
                    ?? cases.load(number, connection).map {
                        Gate.permission($0, caller.viewer, on: today) != nil
                    } ?? false
                known[number] = isReachable
                return ShownNotice(notice: notice, isReachable: isReachable)
            }
            return NoticePage(
                lines: lines,
                next: found.count > lines.count ? lines.last?.notice.id : nil,
                unread: try box.unread(of: organisation, connection)
            )
        }
    }

    /// How many unread notices the caller's organisation has, up to ``NoticeStore/mostCounted``.
    public func unreadNotices(of organisation: OrganisationKey) async throws -> Int {
        guard let number = try await directory().number(organisation) else { return 0 }
        let box = noticeBox
        return try await engine.read { try box.unread(of: number, $0) }
    }

    /// Marks a notice as read, or all up to it: for the whole organisation.
    public func markNoticeRead(_ id: Int64, andEarlier: Bool, by caller: Caller) async throws {
        let directory = try await directory()
        let now = clock()
        guard let number = directory.number(caller.organisation.key) else { return }
        let box = noticeBox
        try await engine.write { try box.markRead(of: number, id, andEarlier: andEarlier, at: now, $0) }
        events.publishNotice(to: [caller.organisation.key])
    }

    /// Puts notices of a change into the boxes, in its transaction: those that the deed names and those that follow
    /// from what changed.
    ///
    /// - Returns: the organisations that are told.
    func tell(
        _ told: Told?,
        of change: (earlier: CaseFile, stored: CaseFile),
        _ action: String,
        _ caller: Caller,
        _ now: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Set<OrganisationKey> {
        let (earlier, stored) = change
        var lines = told?.notices ?? []
        if !action.hasPrefix("transfer-") {
            lines += Set(stored.related).subtracting(earlier.related).sorted().map { ($0, .related) }
        }
        if action == "return" {
            lines += stored.parties.filter { $0.role == .reporting }.map { ($0.organisation, .returned) }
        }
        let given = stored.grants.filter { !earlier.grants.contains($0) }.map(\.organisation)
        lines += Set(given).sorted().map { ($0, .grant) }
        return try put(lines, stored.number, caller, now, directory: directory, connection)
    }

    /// Tells the health centres that a new case names as related.
    func tellRelated(
        _ file: CaseFile,
        _ caller: Caller,
        _ now: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws {
        let lines = file.related.map { (organisation: $0, kind: Notice.Kind.related) }
        _ = try put(lines, file.number, caller, now, directory: directory, connection)
    }

    func put(
        _ lines: [(organisation: OrganisationKey, kind: Notice.Kind)],
        _ number: CaseNumber,
        _ caller: Caller,
        _ now: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Set<OrganisationKey> {
        // Nobody needs to be told of what they did themselves.
        let others = lines.filter { $0.organisation != caller.organisation.key }
        for line in others {
            let notice = Notice(
                organisation: line.organisation,
                at: now,
                kind: line.kind,
                number: number,
                sender: caller.organisation.key
            )
            try noticeBox.put(notice, directory: directory, connection)
        }
        return Set(others.map(\.organisation))
    }
}

extension CaseFile {
    /// The related health centres (関係保健所).
    var related: [OrganisationKey] { parties.filter { $0.role == .related }.map(\.organisation) }

    /// The grants of one organisation.
    func grants(to organisation: OrganisationKey) -> [Grant] { grants.filter { $0.organisation == organisation } }
}

extension CaseStore.Deed {
    /// The same deed with what the history says of it.
    func saying(_ reason: String?) -> CaseStore.Deed {
        var deed = self
        deed.reason = reason ?? deed.reason
        return deed
    }
}
