import Access
import Casework
import Catalogue

/// What a viewer's lists and searches are measured with: a far page, and people who are found.
struct Walk {
    /// Somebody to search for.
    struct Person: Sendable {
        let number: CaseNumber
        let kana: String
        let familyKana: String
        let phone: String
        let birthDate: String
    }

    static let pageSize = 50
    private static let farPage = 1000

    private(set) var people: [Person] = []
    /// The page that was reached, counted from 1.
    let page: Int
    /// The last case of the page before it.
    let cursor: CaseNumber?

    /// Walks along a viewer's list, by cursor, to page 1,000 or to their last whole page.
    init(_ casework: Casework, _ caller: Caller) async throws {
        var request = ListRequest()
        request.limit = 500
        var seen = 0
        var lastOfPage: [CaseNumber] = []
        var people: [CaseFile] = []
        repeat {
            let listing = try await casework.list(request, by: caller)
            for row in listing.rows {
                if seen % 50 == 7 || (seen < 500 && seen % 5 == 0) { people.append(row.subject) }
                seen += 1
                if seen % Self.pageSize == 0 { lastOfPage.append(row.subject.number) }
            }
            request.after = listing.next
        } while request.after != nil && lastOfPage.count < Self.farPage
        page = max(1, min(lastOfPage.count, Self.farPage))
        cursor = page > 1 ? lastOfPage[page - 2] : nil
        for file in people { note(file) }
    }

    private mutating func note(_ file: CaseFile) {
        let items = file.items
        guard let family = items[.familyKana], let given = items[.givenKana], let birth = items[.birthDate],
            let phone = items[.phone] ?? items[.mobilePhone]
        else { return }
        people.append(
            Person(
                number: file.number,
                kana: "\(family) \(given)",
                familyKana: family,
                phone: phone,
                birthDate: birth.iso
            )
        )
    }
}

/// Lists, searches and cases as restricted users see them.
struct Reading {
    let casework: Casework
    let calls: Int

    /// What one viewer waits for: names in order with their latencies.
    func measure(_ caller: Caller, _ who: String) async throws -> [(what: String, latencies: Latencies)] {
        let walk = try await Walk(casework, caller)
        var result: [(String, Latencies)] = []
        func list(_ what: String, _ change: (inout ListRequest, Int) -> Void) async throws {
            let latencies = try await Measure.latencies(calls: calls) { call in
                var request = ListRequest()
                request.limit = Walk.pageSize
                change(&request, call)
                _ = try await casework.list(request, by: caller)
            }
            result.append(("\(who): \(what)", latencies))
        }
        func person(_ call: Int) -> Walk.Person { walk.people[call % walk.people.count] }
        try await list("list, first page") { _, _ in }
        // The page's number differs between sizes of database; the row keeps one name.
        try await list("list, far page") { request, _ in request.after = walk.cursor }
        Measure.say("\(who): the far page is page \(walk.page)")
        try await list("list of what waits") { request, _ in request.intake = .submitted }
        guard !walk.people.isEmpty else { return result }
        try await list("search by kana, whole name") { $0.words = person($1).kana }
        try await list("search by kana, family name") { $0.words = person($1).familyKana }
        try await list("search by telephone") { $0.words = person($1).phone }
        try await list("search by birth date") { $0.words = person($1).birthDate }
        try await list("search by HER-SYS ID") { $0.words = person($1).number.display }
        let read = try await Measure.latencies(calls: calls) { call in
            _ = try await casework.read(person(call).number, by: caller)
        }
        result.append(("\(who): a case", read))
        let history = try await Measure.latencies(calls: calls) { call in
            _ = try await casework.history(person(call).number, by: caller)
        }
        result.append(("\(who): a case's history", history))
        let similar = try await Measure.latencies(calls: calls) { call in
            _ = try await casework.similar(to: person(call).number, by: caller)
        }
        result.append(("\(who): candidates for a duplicate", similar))
        let first = try await Measure.latencies(calls: calls) { _ in _ = try await casework.firstPage(by: caller) }
        result.append(("\(who): what waits (first page)", first))
        return result
    }

    static func goal(of what: String) -> String? {
        if what.contains("list") { return "p99 ≤ 20 ms, ratio ≤ 1.2" }
        if what.contains("search") { return "p99 ≤ 20 ms" }
        if what.contains("duplicate") { return "≤ 5 ms" }
        return nil
    }

    /// Cases read by many at a time: each reading is written down durably before the case is shown.
    func throughput(_ caller: Caller) async throws -> Double {
        let people = try await Walk(casework, caller).people
        let casework = casework
        let calls = calls * 10
        let seconds = try await Measure.seconds {
            try await Measure.concurrently(callers: 64, calls: calls) { call in
                _ = try await casework.read(people[call % people.count].number, by: caller)
            }
        }
        return Double(calls) / seconds
    }
}
