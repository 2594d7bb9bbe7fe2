public import Access
public import Catalogue
import Storage

/// What an open page of a case is told when it gives its sign of life.
public struct PageNews: Sendable {
    /// Who else has the case open.
    public let present: [Presence]
    /// The last change since the version that the page shows, as the viewer may know of it; nil where there is none.
    public let change: HistoryEntry?
}

extension Casework {
    /// Takes a page's sign of life, and says who else has the case open and what was saved meanwhile.
    ///
    /// Nothing of the case is shown by it, so that it isn't written down as a reading.
    /// - Parameters:
    ///   - number: the case.
    ///   - section: the section that the page edits, nil for one that only shows.
    ///   - page: the page's own token; an unknown kind of text stands for a page that isn't announced.
    ///   - seen: the version that the page shows.
    ///   - caller: whose page it is.
    /// - Returns: who is there, and what was saved.
    /// - Throws: ``Refusal/notFound`` where the case doesn't exist for the caller.
    public func present(
        at number: CaseNumber,
        editing section: Section?,
        page: String,
        seen: Int?,
        by caller: Caller
    ) async throws -> PageNews {
        let directory = try await directory()
        let now = clock()
        let found = try await engine.read { connection -> (CaseFile, [HistoryEntry])? in
            guard let file = try self.cases.load(number, connection),
                Gate.permission(file, caller.viewer, on: now.japanDate) != nil
            else { return nil }
            guard let seen, file.version > seen else { return (file, []) }
            return (file, try self.cases.history(of: number, directory: directory, connection))
        }
        guard let (file, lines) = found,
            let permission = Gate.permission(file, caller.viewer, on: now.japanDate),
            let history = Gate.disclose(lines, of: file, to: caller.viewer, on: now.japanDate)
        else { throw Refusal.notFound }
        let change = history.subject.last { $0.version > (seen ?? .max) }
        guard let standing = Standing(permission), OpenPage.isToken(page) else {
            return PageNews(present: [], change: change)
        }
        let own = OpenPage(
            number: number,
            token: page,
            account: caller.viewer.account,
            organisation: caller.organisation.key,
            standing: standing,
            section: section.flatMap { permission.writes($0) ? $0 : nil }
        )
        presence.sign(own, name: caller.viewer.name, now: now)
        return PageNews(present: try await others(of: own, permission, now), change: change)
    }

    /// A page was closed.
    public func leave(page: String, by caller: Caller) {
        guard OpenPage.isToken(page) else { return }
        presence.leave(account: caller.viewer.account, token: page)
    }

    /// Who else is there, each once for each section, those who edit first.
    private func others(of own: OpenPage, _ permission: Permission, _ now: Timestamp) async throws -> [Presence] {
        let pages = presence.others(of: own, now: now)
        guard !pages.isEmpty else { return [] }
        let unknown = Set(pages.filter { $0.name == nil && $0.page.standing != .party }.map(\.page.account))
        let names = try await names(of: unknown)
        var result: [Presence] = []
        for (page, name) in pages {
            let isColleague = page.organisation == own.organisation
            let who: Presence.Who
            switch own.standing.told(of: page.standing, isColleague: isColleague) {
            case .nothing: continue
            case .name:
                let known = name ?? names[page.account]
                who =
                    known.map { .person(name: $0, organisation: page.organisation) }
                    ?? .organisation(page.organisation)
            case .organisation: who = .organisation(page.organisation)
            case .office: who = .office
            case .colleague: who = .colleague
            }
            let section = page.section.flatMap { permission.reads($0) ? $0 : nil }
            let presence = Presence(who: who, section: section)
            if !result.contains(presence) { result.append(presence) }
        }
        // Whoever edits one section needn't be named again as a reader.
        return result.filter { one in
            one.section != nil || !result.contains { $0.who == one.who && $0.section != nil }
        }.sorted { ($0.section == nil ? 1 : 0) < ($1.section == nil ? 1 : 0) }
    }

    private func names(of accounts: Set<Int64>) async throws -> [Int64: String] {
        guard !accounts.isEmpty else { return [:] }
        return try await engine.read { connection in
            var names: [Int64: String] = [:]
            for account in accounts.sorted() {
                names[account] = try self.accounts.find(id: account, connection)?.name
            }
            return names
        }
    }
}
