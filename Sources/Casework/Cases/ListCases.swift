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
    /// Cases that the caller's organisation only follows up are left out, for what the list is narrowed or put in order
    /// by is hidden in them.
    public var leavesOutFollowUp = false

    static func empty(_ terms: [SearchTerm] = []) -> CaseListing {
        CaseListing(rows: [], updatedAt: [], next: nil, terms: terms)
    }
}

extension Casework {
    /// One page of the cases that the caller's organisation is a party of.
    ///
    /// - Parameters:
    ///   - request: which, and in what order.
    ///   - showing: what of them is shown, for the reading log; nil for a page with the usual columns.
    ///   - caller: who asks.
    /// - Returns: the cases as the caller may see them; none where the request narrows by what they may not see.
    /// - Throws: what the database answers.
    public func list(
        _ request: ListRequest,
        showing: ListShowing? = nil,
        by caller: Caller
    ) async throws -> CaseListing {
        let showing = showing ?? .page(nil, of: caller.organisation.kind)
        let directory = try await directory()
        let now = clock()
        let (asked, terms) = query(request, by: caller)
        guard var query = asked else { return .empty(terms) }
        let order = try await order(request, query, directory, caller)
        switch order {
        case .database(let order):
            query.order = order
            if case .fact(let fact) = order.key {
                query.without.formUnion(Gate.roles(of: caller.organisation.kind, notReading: [fact.rawValue]))
            }
        case .memory(let sort):
            var listing = try await list(query, by: sort, showing, directory, caller)
            listing.leavesOutFollowUp = try await leavesOutFollowUp(query, directory)
            return listing
        case .tooMany: break
        }
        let ready = query
        let page = try await engine.read { connection -> CasePage? in
            // The end of the page before has to be a case of the caller's: any other number would tell of itself.
            // So would one that the list leaves out, of what it is left out for.
            if let after = ready.after {
                // A case deleted while somebody turns the pages doesn't end the list for them.
                let deleted = try self.cases.deleted(after, connection)
                guard let last = try deleted?.file ?? self.cases.load(after, connection),
                    let permission = Gate.permission(last, caller.viewer, on: now.japanDate),
                    !permission.roles.isSubset(of: ready.without)
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
        try await log(rows, what: showing.what, showing: showing.sections, caller, now)
        var listing = CaseListing(rows: rows, updatedAt: updatedAt, next: page.next, terms: terms)
        listing.isUnsorted = order == .tooMany
        listing.leavesOutFollowUp = try await leavesOutFollowUp(query, directory)
        return listing
    }

    /// Whether a list leaves out cases that the organisation follows up.
    private func leavesOutFollowUp(_ query: CaseQuery, _ directory: Directory) async throws -> Bool {
        guard query.without.contains(.followUp), case .party(let key) = query.scope,
            let number = directory.number(key)
        else { return false }
        return try await engine.read { try self.cases.takesPart(number, onlyIn: .followUp, $0) }
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
        // A filter by what isn't shown would tell it.
        let own = caller.organisation
        let (narrowing, listable) = (Self.narrowing(request, own), Gate.listable(own.kind))
        guard narrowing.allSatisfy({ listable.narrows(by: $0) }) else { return (nil, query.terms) }
        query.without = Gate.roles(of: own.kind, notReading: narrowing)
        query.status = request.status
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

    /// The keys of the items that a request narrows a list by; an institution's own reports are its own affair.
    private static func narrowing(_ request: ListRequest, _ own: Organisation) -> Set<String> {
        var keys: Set<String> = []
        if request.status != nil { keys.insert(Item.status.key) }
        if request.intake != nil { keys.insert(Item.submittedAt.key) }
        if request.jurisdiction != nil { keys.insert(Item.jurisdiction.key) }
        if let reporter = request.reporter, reporter != own.key { keys.insert(Item.notifierInstitution.key) }
        return keys
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
