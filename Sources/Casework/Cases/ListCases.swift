public import Access
public import Catalogue
public import Storage

/// What a list is asked for.
public struct ListRequest: Sendable {
    /// What was typed into the search box.
    public var words = ""
    /// Where the notification stands.
    public var intake: Intake?
    /// 現在のステータス.
    public var status: Code?
    /// The institution that entered the notification.
    public var reporter: OrganisationKey?
    /// The health centre in charge.
    public var jurisdiction: OrganisationKey?
    /// Only cases changed since.
    public var updatedSince: Timestamp?
    /// Order, where it is the arrival or the latest change.
    public var order = CaseQuery.Order.newest
    /// Another order, by an item; it goes before ``order``.
    public var sort: ListSort?
    /// The last case of the page before.
    public var after: CaseNumber?
    /// Cases on a page, at most 500.
    public var limit = 50

    /// All the caller's cases, newest first.
    public init() {}
}

/// One page of a list as the caller may see it.
public struct CaseListing: Sendable {
    /// The cases.
    public let rows: [Disclosed<CaseFile>]
    /// When each was changed last.
    public let updatedAt: [Timestamp]
    /// Where the next page begins, nil on the last one.
    public let next: CaseNumber?
    /// How the words were understood.
    public let terms: [SearchTerm]
    /// Too many cases match for the order that was asked for: they come newest first instead.
    public var isUnsorted = false

    static func empty(_ terms: [SearchTerm] = []) -> CaseListing {
        CaseListing(rows: [], updatedAt: [], next: nil, terms: terms)
    }
}

extension Casework {
    /// One page of the cases that the caller's organisation is a party of.
    public func list(_ request: ListRequest, by caller: Caller) async throws -> CaseListing {
        let directory = try await directory()
        let now = clock()
        let (asked, terms) = query(request, by: caller)
        guard var query = asked else { return .empty(terms) }
        let order = try await order(request, query, directory, caller)
        switch order {
        case .database(let order): query.order = order
        case .memory(let sort): return try await list(query, by: sort, directory, caller)
        case .tooMany: break
        }
        let ready = query
        let page = try await engine.read { connection -> CasePage? in
            // The end of the page before has to be a case of the caller's: any other number would tell of itself.
            if let after = ready.after {
                // A case deleted while somebody turns the pages doesn't end the list for them.
                let deleted = try self.cases.deleted(after, connection)
                guard let last = try deleted?.file ?? self.cases.load(after, connection),
                    Gate.permission(last, caller.viewer, on: now.japanDate) != nil
                else { return nil }
            }
            return try self.cases.page(ready, directory: directory, today: now.japanDate, connection)
        }
        guard let page else { return .empty(terms) }
        var rows: [Disclosed<CaseFile>] = []
        var updatedAt: [Timestamp] = []
        for (file, at) in zip(page.files, page.updatedAt) {
            guard let disclosed = Gate.disclose(file, to: caller.viewer, on: now.japanDate) else { continue }
            rows.append(disclosed)
            updatedAt.append(at)
        }
        if !rows.isEmpty { try await log(rows, what: "list", caller, now) }
        var listing = CaseListing(rows: rows, updatedAt: updatedAt, next: page.next, terms: terms)
        listing.isUnsorted = order == .tooMany
        return listing
    }

    /// What the database is asked for, nil where the caller may not ask that; and how the words were understood.
    func query(_ request: ListRequest, by caller: Caller) -> (CaseQuery?, [SearchTerm]) {
        var query = CaseQuery(scope(of: caller))
        // De-identified viewers search nothing that identifies.
        let identifies = caller.organisation.kind != .ministry && caller.organisation.kind != .analysis
        query.terms = Self.understand(request.words, today: clock().japanDate).filter {
            if case .number = $0 { true } else { identifies }
        }
        if !identifies, query.terms.isEmpty, !request.words.allSatisfy(\.isWhitespace) { return (nil, []) }
        query.status = statusMayFilter(caller) ? request.status : nil
        if request.status != nil, query.status == nil { return (nil, query.terms) }
        // A filter by what isn't shown would tell it.
        let own = caller.organisation
        let isHidden =
            (request.reporter != nil && request.reporter != own.key && !own.kind.isAdministration)
            || (request.intake != nil && (own.kind == .followUp || own.kind == .lodging))
        if isHidden { return (nil, query.terms) }
        query.intake = request.intake
        query.reporter = request.reporter
        query.jurisdiction = request.jurisdiction
        query.updatedSince = request.updatedSince
        query.order = request.order
        query.after = request.after
        query.limit = min(max(request.limit, 1), 500)
        return (query, query.terms)
    }

    func scope(of caller: Caller) -> CaseQuery.Scope {
        caller.organisation.kind == .ministry ? .all : .party(caller.organisation.key)
    }

    /// A filter by a hidden item would tell its value.
    private func statusMayFilter(_ caller: Caller) -> Bool {
        switch caller.organisation.kind {
        case .ministry, .prefecture, .city, .healthCentre, .analysis: true
        case .medical, .followUp, .lodging: false
        }
    }

    /// What the words of a search box may mean: a HER-SYS ID, a telephone, a birth date, else a name.
    public static func understand(_ words: String, today: CalendarDate) -> [SearchTerm] {
        guard let text = try? TextCleaning.clean(words, multiline: false).get(), !text.isEmpty else { return [] }
        if let term = exact(text, today: today) { return [term] }
        // 「佐藤 花子」 is one name; 「佐藤 1985/3/2」 is a name and a birth date.
        var terms: [SearchTerm] = []
        var name = ""
        for part in text.split(whereSeparator: { $0 == " " || $0 == "\u{3000}" }) {
            if let term = exact(String(part), today: today) {
                terms.append(term)
            } else {
                name += name.isEmpty ? String(part) : " \(part)"
            }
        }
        if !name.isEmpty { terms.append(.name(name)) }
        return terms
    }

    private static func exact(_ text: String, today: CalendarDate) -> SearchTerm? {
        guard text.unicodeScalars.contains(where: { ("0"..."9").contains($0) || ("０"..."９").contains($0) }) else {
            return nil
        }
        if case .success(let number) = CaseNumber.read(text) { return .number(number) }
        if case .success(let date) = JapaneseDate.read(text, today: today) { return .birthDate(date) }
        if case .success(let phone) = PhoneNumber.read(text) { return .phone(phone.digits) }
        return nil
    }
}
