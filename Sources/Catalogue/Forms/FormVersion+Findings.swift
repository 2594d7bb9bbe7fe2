extension FormVersion {
    /// What is missing, wrong or unlikely in a notification on this form, in the order of the paper.
    /// - Parameters:
    ///   - items: the single-valued items of the case.
    ///   - tests: its test records; a finding's index is the position here.
    ///   - today: the day in Japan.
    /// - Returns: one finding for each thing to mend; empty where the notification can be accepted as it is.
    public func findings(items: Record, tests: [Record], today: CalendarDate) -> [Finding] {
        var result = requirements.compactMap { requirement -> Finding? in
            guard !items.answers(requirement.item), requirement.applies(to: items, today: today) else { return nil }
            return missing(Finding.Place(item: requirement.item), alternatives: requirement.alternatives)
        }
        result += missingTestItems(items: items, tests: tests).map { missing($0) }
        result += methodsWithoutTest(items: items, tests: tests)
        result += fourGroups(items, today: today)
        result += DateOrder.findings(in: items, today: today)
        result += Likelihood.findings(in: items, today: today)
        for (index, test) in tests.enumerated() {
            result += DateOrder.findings(in: test, index: index, today: today)
        }
        result += unlikelyTests(items: items, tests: tests)
        return inOrderOfPaper(result)
    }

    /// Whether an item must be filled in, as ※必須 says beside it on the screen.
    /// - Parameters:
    ///   - item: the item's key.
    ///   - record: what has been entered so far.
    ///   - tests: the test records entered so far.
    ///   - today: the day in Japan.
    /// - Returns: true while the item is asked and nothing else stands in its place.
    public func isRequired(_ item: String, record: Record, tests: [Record] = [], today: CalendarDate) -> Bool {
        if requirements.contains(where: { $0.item == item && $0.applies(to: record, today: today) }) { return true }
        guard expectsTest(record) else { return false }
        switch testRequirement {
        case .eachMethod(let keys), .one(let keys): return keys.contains(item)
        }
    }

    private func missing(_ place: Finding.Place, alternatives: [String] = []) -> Finding {
        let labels = alternatives.compactMap { Catalogue.item($0)?.ja }
        let other = labels.isEmpty ? "" : "（\(labels.joined(separator: "・"))でも構いません）"
        let label = Catalogue.item(place.item)?.ja ?? place.item
        return Finding(place, "required", "\(label)を入力してください\(other)。")
    }

    private func inOrderOfPaper(_ findings: [Finding]) -> [Finding] {
        let keys = groups.flatMap { $0.items + $0.testItems }
        let places = Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return findings.enumerated()
            .sorted { left, right in
                let a = places[left.element.place.item] ?? .max
                let b = places[right.element.place.item] ?? .max
                return (a, left.element.place.index ?? 0, left.offset) < (
                    b, right.element.place.index ?? 0, right.offset
                )
            }
            .map(\.element)
    }
}

extension FormVersion {
    /// Whether a record like this needs a test at all.
    private func expectsTest(_ record: Record) -> Bool {
        switch testRequirement {
        case .eachMethod: !methods(record).isEmpty
        case .one: record[.caseClass] != "suspected" && record[.caseClass] != "suspected_death"
        }
    }

    /// The methods of diagnosis that a test stands behind.
    private func methods(_ record: Record) -> [Code] {
        (record[.diagnosisMethod] ?? []).filter { $0 != "clinical" }
    }

    /// The gaps in the test that comes nearest to what is required.
    private func missingTestItems(items: Record, tests: [Record]) -> [Finding.Place] {
        guard expectsTest(items) else { return [] }
        switch testRequirement {
        case .one(let keys):
            return gaps(keys, among: Array(tests.enumerated()))
        case .eachMethod(let keys):
            if tests.isEmpty { return gaps(keys, among: []) }
            // A method that no test is by is told at 診断方法: none of the tests is the one to mend.
            let missing = methods(items).map { candidates(for: $0, in: tests) }.filter { !$0.isEmpty }
            return missing.flatMap { gaps(keys, among: $0) }.withoutRepeats
        }
    }

    /// Tests by a method, or else those of which the method isn't known yet.
    private func candidates(for method: Code, in tests: [Record]) -> [(offset: Int, element: Record)] {
        let numbered = Array(tests.enumerated())
        let same = numbered.filter { $0.element[.method] == method }
        return same.isEmpty ? numbered.filter { $0.element[.method] == nil } : same
    }

    private func gaps(_ keys: [String], among tests: [(offset: Int, element: Record)]) -> [Finding.Place] {
        let each = tests.map { test in
            keys.filter { !test.element.answers($0) }.map { Finding.Place(item: $0, index: test.offset) }
        }
        return each.min { $0.count < $1.count } ?? keys.map { Finding.Place(item: $0, index: 0) }
    }

    private func methodsWithoutTest(items: Record, tests: [Record]) -> [Finding] {
        guard case .eachMethod = testRequirement, !tests.isEmpty else { return [] }
        guard methods(items).contains(where: { candidates(for: $0, in: tests).isEmpty }) else { return [] }
        return [
            Finding(
                "diagnosis_method",
                "consistency",
                "診断方法に選んだ検査の記録がありません。その検査の検体・採取日・結果を検査記録に加えるか、診断方法を直してください。"
            )
        ]
    }

    private func unlikelyTests(items: Record, tests: [Record]) -> [Finding] {
        guard items[.caseClass] == "confirmed" || items[.caseClass] == "asymptomatic", expectsTest(items) else {
            return []
        }
        let results = tests.enumerated().filter { $0.element[.result] != nil }
        guard let first = results.first, results.allSatisfy({ $0.element[.result] != "positive" }) else { return [] }
        return [
            Finding(
                Finding.Place(item: "result", index: first.offset),
                "unlikely",
                "確定例・無症状病原体保有者ですが、陽性の検査結果がありません。検査結果か類型を確かめてください。",
                severity: .warning
            )
        ]
    }

    /// 2022-09-26: whoever is in none of the four groups is counted in the day's total and not notified.
    private func fourGroups(_ record: Record, today: CalendarDate) -> [Finding] {
        guard onlyFourGroups, record.age(today) != nil, record[.admissionNeeded] != nil,
            record[.caseClass]?.isBody != true, FourGroups.reasons(record, today: today).isEmpty
        else { return [] }
        return [Finding("admission_needed", "group", FourGroups.notNeeded)]
    }
}

extension [Finding.Place] {
    fileprivate var withoutRepeats: [Finding.Place] {
        reduce(into: []) { places, place in
            if !places.contains(place) { places.append(place) }
        }
    }
}
