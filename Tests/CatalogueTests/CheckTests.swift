import Catalogue
import Testing

@Suite struct `Checks of dates and likelihood` {
    private func found(_ changes: [String: Value?]) -> [String] {
        Samples.form("2020-02")
            .findings(
                items: Samples.changed(Samples.patient, changes),
                tests: [Samples.test],
                today: Samples.day("2020-06-10")
            )
            .map(\.brief)
    }

    private static func date(_ iso: String) -> Value? { .date(Samples.day(iso)) }

    /// Every pair of neighbours of every sequence, the later a day before the earlier.
    static let pairs: [(String, String, Finding.Severity)] = DateOrder.all.flatMap { order in
        zip(order.items, order.items.dropFirst()).map { ($0, $1, order.severity) }
    }

    @Test(arguments: pairs)
    func `a day before the one it follows is found, the same day is in order`(
        earlier: String,
        later: String,
        severity: Finding.Severity
    ) throws {
        let isTime = try #require(Catalogue.item(earlier)).type == .time
        #expect(try #require(Catalogue.item(later)).type == Catalogue.item(earlier)?.type)
        func value(_ iso: String) -> Value {
            isTime ? .time(Timestamp(Samples.day(iso))) : .date(Samples.day(iso))
        }
        let wrong = Record([earlier: value("2020-06-02"), later: value("2020-06-01")])
        let same = Record([earlier: value("2020-06-02"), later: value("2020-06-02")])
        let found = DateOrder.findings(in: wrong, index: 2, today: Samples.today)
        #expect(found.map(\.place) == [Finding.Place(item: later, index: 2)])
        #expect(found.map(\.code) == ["order"] && found.map(\.severity) == [severity])
        #expect(DateOrder.findings(in: same, today: Samples.today) == [])
    }

    /// Changes to the complete notification and what is then found.
    static let table: [([String: Value?], [String])] = [
        (["infected_on": date("2020-06-02")], ["onset_on order"]),
        (["infected_on": nil, "infected_unknown": .code("yes"), "onset_on": date("2020-06-04")], []),
        (["onset_on": date("2020-06-05")], ["diagnosed_on order"]),
        (["diagnosed_on": date("2020-06-06")], ["notified_on order"]),
        (["first_visit_on": date("2020-06-05")], ["diagnosed_on order"]),
        (["notified_on": date("2020-06-10")], []),
        (["notified_on": date("2020-06-11")], ["notified_on future"]),
        (["died_on": date("1979-01-01"), "case_class": .code("death"), "onset_on": nil], ["died_on order"]),
        (["departed_on": date("2020-02-02"), "arrived_on": date("2020-02-01")], ["arrived_on order"]),
        (["age_at_diagnosis": .integer(40)], []),
        (["age_at_diagnosis": .integer(41)], ["age_at_diagnosis unlikely?"]),
        (["birth_date": date("1909-01-01")], ["birth_date unlikely?"]),
        (["birth_date": nil, "age_at_diagnosis": .integer(111)], ["age_at_diagnosis unlikely?"]),
        (["age_months": .integer(3)], ["age_months consistency"]),
        (
            [
                "birth_date": date("2020-01-01"), "age_months": .integer(5), "smoking": .code("current"),
                "guardian_name": .text("山田"), "guardian_address": .text("港区"),
            ], ["smoking unlikely?"]
        ),
        (["smoking": .code("current"), "smoking_start_age": .integer(41)], ["smoking_start_age unlikely?"]),
        (["pregnancy": .code("yes")], ["pregnancy unlikely?"]),
        (["pregnancy": .code("yes"), "sex": .code("female")], []),
        (["onset_on": date("2020-04-05"), "infected_on": date("2020-04-01")], []),
        (["onset_on": date("2020-04-04"), "infected_on": date("2020-04-01")], ["onset_on unlikely?"]),
        (["died_on": date("2020-06-04")], ["died_on unlikely?"]),
    ]

    @Test(arguments: table)
    func `what is wrong is refused and what is unlikely warns`(changes: [String: Value?], expected: [String]) {
        #expect(found(changes) == expected)
    }

    @Test func `plans may lie in the future and nothing else`() {
        for item in Catalogue.items where item.type == .date || item.type == .time {
            let value: Value =
                item.type == .date ? .date(Samples.day("2020-06-11")) : .time(Timestamp(Samples.day("2020-06-11")))
            let found = DateOrder.findings(in: Record([item.key: value]), today: Samples.day("2020-06-10"))
            #expect(found.map(\.code) == (DateOrder.planned.contains(item.key) ? [] : ["future"]), "\(item.key)")
        }
    }

    @Test func `a result before its specimen is found at its test`() {
        let wrong = Samples.changed(Samples.test, ["result_on": Self.date("2020-06-02")])
        let found = Samples.form("2020-02")
            .findings(items: Samples.patient, tests: [Samples.test, wrong], today: Samples.today)
        #expect(found.map(\.brief) == ["result_on[1] order"])
    }

    @Test func `findings stand in the order of the paper`() {
        let form = Samples.form("2020-02")
        let places = form.findings(items: Record(), tests: [], today: Samples.today).map(\.place.item)
        let order = form.groups.flatMap { $0.items + $0.testItems }
        #expect(places == order.filter { places.contains($0) })
        #expect(places.count > 15)
    }

    @Test func `every message names the item or its fellow and ends as a sentence`() {
        for (changes, _) in Self.table {
            let findings = Samples.form("2020-02").findings(
                items: Samples.changed(Samples.patient, changes),
                tests: [],
                today: Samples.day("2020-06-10")
            )
            #expect(findings.allSatisfy { $0.message.hasSuffix("ください。") })
            #expect(findings.allSatisfy { !$0.message.contains(where: \.isASCII) || !$0.message.contains("2020") })
        }
    }

    /// Birth date, day of diagnosis, age, months, age band.
    static let ages: [(String, String, Int, Int?, Code)] = [
        ("2020-01-15", "2020-06-14", 0, 4, "u10"), ("2020-01-15", "2020-06-15", 0, 5, "u10"),
        ("2019-06-04", "2020-06-04", 1, nil, "u10"), ("2010-06-05", "2020-06-04", 9, nil, "u10"),
        ("2010-06-04", "2020-06-04", 10, nil, "10s"),
        ("1980-02-29", "2020-02-28", 39, nil, "30s"), ("1980-02-29", "2020-02-29", 40, nil, "40s"),
        ("1930-06-05", "2020-06-04", 89, nil, "80s"), ("1930-06-04", "2020-06-04", 90, nil, "90plus"),
        ("1900-01-01", "2020-06-04", 120, nil, "90plus"),
    ]

    @Test(arguments: ages)
    func `age, months and band follow from the birth date`(
        birth: String,
        diagnosed: String,
        age: Int,
        months: Int?,
        band: Code
    ) {
        var record = Record()
        record[.birthDate] = Samples.day(birth)
        record[.diagnosedOn] = Samples.day(diagnosed)
        record[.ageAtDiagnosis] = 77
        record[.ageMonths] = 11
        let done = Completion.completed(record, on: Samples.today)
        #expect(done[.ageAtDiagnosis] == age && done[.ageMonths] == months && done[.ageBand] == band)
        #expect(Completion.completed(done, on: Samples.today) == done)
        #expect(CodeList.ageBand[band] != nil)
    }

    @Test func `without a birth date the age decides, without an age the band stays`() {
        var record = Record()
        record[.ageBand] = "30s"
        #expect(Completion.completed(record, on: Samples.today) == record)
        record[.ageAtDiagnosis] = 45
        #expect(Completion.completed(record, on: Samples.today)[.ageBand] == "40s")
        var infant = Record()
        infant[.ageMonths] = 7
        #expect(Completion.completed(infant, on: Samples.today)[.ageAtDiagnosis] == 0)
    }
}
