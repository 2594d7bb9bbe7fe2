public import Access
public import Catalogue
import Storage

/// A case that may be about the same person, and why.
public struct SimilarCase: Sendable {
    /// The case as the caller may see it.
    public let file: Disclosed<CaseFile>
    /// What the two have in common, for the screen.
    public let reasons: [String]
}

extension Casework {
    /// Candidates for a duplicate among the cases the caller's organisation knows, shown before confirming.
    public func similar(to number: CaseNumber, by caller: Caller) async throws -> [SimilarCase] {
        let directory = try await directory()
        let today = clock().japanDate
        let scope = scope(of: caller)
        let (file, others) = try await engine.read { connection -> (CaseFile?, [CaseFile]) in
            guard let file = try self.cases.load(number, connection) else { return (nil, []) }
            return (file, try self.alike(file, scope, directory, today, connection))
        }
        guard let file, let own = Gate.disclose(file, to: caller.viewer, on: today) else { throw Refusal.notFound }
        let found = others.compactMap { other -> SimilarCase? in
            guard let disclosed = Gate.disclose(other, to: caller.viewer, on: today) else { return nil }
            let reasons = Self.reasons(own.subject, disclosed.subject)
            return reasons.isEmpty ? nil : SimilarCase(file: disclosed, reasons: reasons)
        }
        try await log(found.map(\.file), what: "similar", caller, clock())
        return found
    }

    /// Whether somebody may be reported twice, in this case and in another that the caller's organisation knows.
    func hasLikeness(
        _ file: CaseFile,
        _ caller: Caller,
        _ directory: Directory,
        _ now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Bool {
        try alike(file, scope(of: caller), directory, now.japanDate, connection).contains { other in
            guard let shown = Gate.disclose(other, to: caller.viewer, on: now.japanDate) else { return false }
            return !Self.reasons(file, shown.subject).isEmpty
        }
    }

    /// Cases that share a pair of facts with one, in the order of their numbers.
    private func alike(
        _ file: CaseFile,
        _ scope: CaseQuery.Scope,
        _ directory: Directory,
        _ today: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> [CaseFile] {
        var found: [CaseNumber: CaseFile] = [:]
        for terms in Self.likeness(file) {
            var query = CaseQuery(scope)
            query.terms = terms
            query.limit = 10
            let page = try cases.page(query, directory: directory, today: today, connection)
            for other in page.files where other.number != file.number { found[other.number] = other }
        }
        return found.values.sorted { $0.number < $1.number }
    }

    /// Pairs of facts that two people rarely share.
    private static func likeness(_ file: CaseFile) -> [[SearchTerm]] {
        let items = file.items
        let kana = [items[.familyKana], items[.givenKana]].compactMap { $0 }.joined()
        let name = [items[.familyName], items[.givenName]].compactMap { $0 }.joined()
        var result: [[SearchTerm]] = []
        for spelling in [kana, name, items[.latinName] ?? ""] where !spelling.isEmpty {
            if let birth = items[.birthDate] { result.append([.name(spelling), .birthDate(birth)]) }
            if let phone = items[.phone] ?? items[.mobilePhone] { result.append([.name(spelling), .phone(phone)]) }
        }
        return result
    }

    private static func reasons(_ one: CaseFile, _ other: CaseFile) -> [String] {
        var reasons: [String] = []
        func same(_ item: Item<String>, _ form: (String) -> String) -> Bool {
            guard let left = one.items[item].map(form), let right = other.items[item].map(form) else { return false }
            return !left.isEmpty && left == right
        }
        if same(.familyKana, SearchForm.kana), same(.givenKana, SearchForm.kana) {
            reasons.append("フリガナが同じです")
        }
        if same(.familyName, SearchForm.name), same(.givenName, SearchForm.name) { reasons.append("氏名が同じです") }
        if let birth = one.items[.birthDate], birth == other.items[.birthDate] { reasons.append("生年月日が同じです") }
        if same(.phone, SearchForm.phone) || same(.mobilePhone, SearchForm.phone) {
            reasons.append("電話番号が同じです")
        }
        return reasons.count >= 2 ? reasons : []
    }
}
