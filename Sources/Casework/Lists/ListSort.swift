public import Access
import Catalogue
import Storage

/// An order of a list: the arrival, the latest change, or an item by its key.
public struct ListSort: Sendable, Hashable {
    /// `newest`, `updated`, `name` or the key of an item.
    public let key: String
    /// Whether the greatest comes first.
    public let isDescending: Bool

    /// An order.
    public init(_ key: String, isDescending: Bool) {
        self.key = key
        self.isDescending = isDescending
    }

    /// Reads the name of an order: `onset_on`, and `-onset_on` with the greatest first.
    public init?(name: String) {
        let key = name.hasPrefix("-") ? String(name.dropFirst()) : name
        guard key == Self.person || Catalogue.item(key).map({ !$0.section.repeats }) == true else { return nil }
        self.init(key, isDescending: name.hasPrefix("-"))
    }

    /// The name that ``init(name:)`` reads.
    public var name: String { isDescending ? "-\(key)" : key }

    /// The order by the person's name as it is read.
    public static let person = "name"

    /// Cases that are put in order by what stands sealed: their contents have to be opened for that.
    public static let mostSealed = 1000
    /// Cases that the database puts in order where no index holds the order.
    public static let mostUnindexed = 20_000

    /// Whether the people of a kind of organisation can put a list in this order.
    ///
    /// By what none of them may see they can't: the order would tell it.
    public func isOffered(to kind: OrganisationKind) -> Bool {
        let listable = Gate.listable(kind).some
        return listable.contains(key == Self.person ? Item.familyName.key : key)
    }

    /// Whether the list has to be narrowed first where it is long, for the people of a kind of organisation.
    public func needsFew(_ kind: OrganisationKind) -> Bool { fact(kind) == nil }

    /// The fact by which the database can sort for them.
    func fact(_ kind: OrganisationKind) -> CaseFact? {
        Gate.listable(kind).every.contains(key) ? CaseFact(rawValue: key) : nil
    }
}

/// How a list is put in order.
enum ListOrder: Equatable {
    /// By the database, with the page's last case as its cursor.
    case database(CaseQuery.Order)
    /// By opening every case.
    case memory(ListSort)
    /// Not: there are too many.
    case tooMany
}

extension Casework {
    /// Decides who puts a list in order.
    func order(
        _ request: ListRequest,
        _ query: CaseQuery,
        _ directory: Directory,
        _ caller: Caller
    ) async throws -> ListOrder {
        let kind = caller.organisation.kind
        guard let sort = request.sort, sort.isOffered(to: kind) else { return .database(request.order) }
        let today = clock().japanDate
        if let fact = sort.fact(kind) {
            let order = CaseQuery.Order(.fact(fact), isDescending: sort.isDescending)
            if order.isIndexed || !query.terms.isEmpty { return .database(order) }
            let size = try await engine.read { connection in
                try self.cases.size(
                    of: query.scope,
                    upTo: ListSort.mostUnindexed + 1,
                    directory: directory,
                    connection
                )
            }
            if size <= ListSort.mostUnindexed { return .database(order) }
        }
        var counted = query
        counted.after = nil
        counted.order = .newest
        counted.limit = ListSort.mostSealed + 1
        let ready = counted
        let count = try await engine.read { connection in
            try self.cases.numbers(ready, directory: directory, today: today, connection).count
        }
        return count <= ListSort.mostSealed ? .memory(sort) : .tooMany
    }

    /// A page of a list that is put in order by values as the caller may see them: what is hidden stands last and its
    /// order tells nothing.
    func list(
        _ query: CaseQuery,
        by sort: ListSort,
        _ showing: ListShowing,
        _ directory: Directory,
        _ caller: Caller
    ) async throws -> CaseListing {
        let now = clock()
        var whole = query
        whole.after = nil
        whole.order = .newest
        whole.limit = ListSort.mostSealed
        let ready = whole
        let page = try await engine.read { connection in
            try self.cases.page(ready, directory: directory, today: now.japanDate, connection)
        }
        var known: [(place: SortPlace, row: Disclosed<CaseFile>, at: Timestamp)] = []
        for (file, at) in zip(page.files, page.updatedAt) {
            guard let row = Gate.disclose(file, to: caller.viewer, on: now.japanDate) else { continue }
            known.append((SortPlace(row.subject.items, sort), row, at))
        }
        // Empty ones last either way; equal ones stay newest first.
        let sorted = known.enumerated().sorted { left, right in
            let (one, other) = (left.element.place, right.element.place)
            if one == other { return left.offset < right.offset }
            if one == .nothing || other == .nothing { return other == .nothing }
            return sort.isDescending ? other < one : one < other
        }.map(\.element)
        var start = 0
        if let after = query.after {
            guard let last = sorted.firstIndex(where: { $0.row.subject.number == after }) else {
                return .empty(query.terms)
            }
            start = last + 1
        }
        let shown = sorted[start...].prefix(query.limit)
        try await log(shown.map(\.row), what: showing.what, showing: showing.sections, caller, now)
        return CaseListing(
            rows: shown.map(\.row),
            updatedAt: shown.map(\.at),
            next: start + shown.count < sorted.count ? shown.last?.row.subject.number : nil,
            terms: query.terms
        )
    }
}

/// Where a case stands in an order.
enum SortPlace: Equatable, Comparable {
    case number(Int64)
    /// Unicode scalars one by one: Swift's own order of texts takes some that differ for equal.
    case text([UInt32])
    case nothing

    init(_ items: Record, _ sort: ListSort) {
        if sort.key == ListSort.person {
            let kana = [items[.familyKana], items[.givenKana]].compactMap { $0 }.map(SearchForm.kanaExact)
            let name = [items[.familyName] ?? items[.latinName], items[.givenName]].compactMap { $0 }
            // As it is read; whoever has no reading comes after.
            self =
                kana.isEmpty
                ? Self.text(of: "\u{FFFF}" + name.joined(separator: " ")) : Self.text(of: kana.joined(separator: " "))
            if kana.isEmpty, name.isEmpty { self = .nothing }
            return
        }
        guard let item = Catalogue.item(sort.key), let value = items[sort.key] else {
            self = .nothing
            return
        }
        self =
            switch value {
            case .integer(let number): .number(Int64(number))
            case .decimal(let number): .number(Int64((Double(number.text) ?? 0) * 1000))
            case .date(let date): .number(Int64(date.dayNumber))
            case .time(let time): .number(time.seconds)
            case .code(let code):
                item.type.codeList?.entries.firstIndex { $0.code == code }.map { .number(Int64($0)) }
                    ?? Self.text(of: code.rawValue)
            case .codes(let codes): Self.text(of: codes.map(\.rawValue).joined(separator: " "))
            case .text(let text): Self.text(of: item.type == .kana ? SearchForm.kanaExact(text) : text)
            case .institution(let institution): Self.text(of: institution.name)
            }
    }

    private static func text(of text: String) -> SortPlace { .text(text.unicodeScalars.map(\.value)) }

    static func < (left: SortPlace, right: SortPlace) -> Bool {
        switch (left, right) {
        case (.number(let one), .number(let other)): one < other
        case (.text(let one), .text(let other)): one.lexicographicallyPrecedes(other)
        case (.number, .text): true
        case (.text, .number), (.nothing, _): false
        case (_, .nothing): true
        }
    }
}
