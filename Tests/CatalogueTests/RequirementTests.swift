import Catalogue
import Testing

@Suite struct `Requirements that depend on the person` {
    private func found(_ changes: [String: Value?], id: String = "2020-02") -> [String] {
        let (items, tests) = Samples.complete(id)
        return Samples.form(id)
            .findings(items: Samples.changed(items, changes), tests: tests, today: Samples.today).map(\.brief)
    }

    private let noName: [String: Value?] = [
        "family_name": nil, "given_name": nil, "family_kana": nil, "given_kana": nil,
    ]

    @Test func `a name in Latin letters stands for kanji and kana`() {
        #expect(found(noName).count == 4)
        #expect(found(noName.merging(["latin_name": .text("DOE JANE")]) { $1 }) == [])
    }

    @Test func `an age stands for a birth date`() {
        #expect(found(["birth_date": nil, "age_at_diagnosis": .integer(40)]) == [])
        #expect(found(["birth_date": nil, "age_months": .integer(3)]).contains("guardian_name required"))
    }

    @Test(arguments: [
        ("yes", [String]()), ("unknown", []), ("no", ["infected_on required"]),
    ])
    func `「不明」 answers for the date of infection`(code: String, expected: [String]) {
        #expect(found(["infected_on": nil, "infected_unknown": .code(Code(code))]) == expected)
    }

    @Test func `a date of infection and 「不明」 together are refused`() {
        #expect(found(["infected_unknown": .code("yes")]) == ["infected_unknown consistency"])
        #expect(found(["infected_unknown": .code("no")]) == [])
    }

    @Test func `「不明」 answers for route and region`() {
        let empty: [String: Value?] = [
            "route_kind": nil, "region_place": nil, "region_prefecture": nil,
            "route_certainty": .code("unknown"), "region_certainty": .code("unknown"),
        ]
        #expect(found(empty) == [])
    }

    @Test func `a region abroad needs its country and no prefecture`() {
        let abroad: [String: Value?] = ["region_place": .code("foreign"), "region_prefecture": nil]
        #expect(found(abroad) == ["region_country required"])
        #expect(found(abroad.merging(["region_country": .code("IT")]) { $1 }) == [])
    }

    @Test(arguments: [
        ("confirmed", ["onset_on required"]), ("suspected", ["onset_on required"]), ("asymptomatic", []),
        ("death", ["died_on required"]), ("suspected_death", ["died_on required"]),
    ])
    func `onset is asked of patients and death of bodies`(kind: String, expected: [String]) {
        let symptoms: [Code] = kind == "asymptomatic" ? ["none"] : ["fever"]
        #expect(
            found(["case_class": .code(Code(kind)), "onset_on": nil, "notified_symptoms": .codes(symptoms)]) == expected
        )
    }

    @Test func `a carrier has no symptoms`() {
        let carrier: [String: Value?] = ["case_class": .code("asymptomatic"), "onset_on": nil]
        #expect(found(carrier) == ["notified_symptoms consistency"])
        #expect(found(carrier.merging(["notified_symptoms": nil]) { $1 }) == ["notified_symptoms required"])
        #expect(found(carrier.merging(["notified_symptoms": .codes(["none"])]) { $1 }) == [])
        #expect(
            found(["case_class": .code("asymptomatic"), "notified_symptoms": .codes(["none"])]) == [
                "onset_on unlikely?"
            ]
        )
        #expect(found(["notified_symptoms": .codes(["none"])]) == ["notified_symptoms unlikely?"])
    }

    /// Birth date, day of diagnosis, form, what is missing of the guardian.
    static let minors: [(String, String, String, [String])] = [
        ("2000-06-04", "2020-06-04", "2020-02", []),
        ("2000-06-05", "2020-06-04", "2020-02", ["guardian_name required", "guardian_address required"]),
        ("2002-04-01", "2022-03-31", "2021-02", ["guardian_name required", "guardian_address required"]),
        ("2002-04-01", "2022-04-01", "2021-02", []),
        ("2004-04-01", "2022-04-01", "2021-02", []),
        ("2004-04-02", "2022-04-01", "2021-02", ["guardian_name required", "guardian_address required"]),
        ("2010-01-01", "2022-07-01", "2022-06-30", ["guardian_name required", "guardian_phone required"]),
    ]

    @Test(arguments: minors)
    func `a minor has a guardian: under 20 until 2022-03-31, under 18 after`(
        birth: String,
        diagnosed: String,
        id: String,
        expected: [String]
    ) {
        let day = Samples.day(diagnosed)
        var (items, _) = Samples.complete(id)
        items[.birthDate] = Samples.day(birth)
        for item in [Item.infectedOn, .onsetOn, .firstVisitOn, .diagnosedOn, .notifiedOn] where items[item] != nil {
            items[item] = day
        }
        let findings = Samples.form(id).findings(
            items: items,
            tests: id.hasPrefix("2022") ? [Samples.shortTest] : [Samples.test],
            today: Samples.today
        )
        #expect(findings.map(\.brief) == expected)
        #expect(
            Samples.form(id).isRequired("guardian_name", record: items, today: Samples.today) == !expected.isEmpty
        )
    }

    @Test func `an adult's guardian is unlikely and can be kept`() {
        #expect(found(["guardian_phone": .text("03-1234-5678")]) == ["guardian_phone unlikely?"])
    }

    /// Changes to somebody of 40 on the form of 2022-09-26, and whether they belong to one of the four groups.
    static let groups: [([String: Value?], Bool)] = [
        ([:], false),
        (["birth_date": .date(Samples.day("1957-10-03"))], true),
        (["birth_date": .date(Samples.day("1957-10-04"))], false),
        (["admission_needed": .code("yes")], true),
        (["risk_factors": .codes(["diabetes"])], false),
        (["oxygen_or_drug_needed": .codes(["drug"])], false),
        (["risk_factors": .codes(["diabetes"]), "oxygen_or_drug_needed": .codes(["none"])], false),
        (["risk_factors": .codes(["diabetes"]), "oxygen_or_drug_needed": .codes(["oxygen"])], true),
        (["pregnancy": .code("yes"), "sex": .code("female")], true),
        (["case_class": .code("death"), "died_on": .date(Samples.day("2022-10-03"))], true),
    ]

    @Test(arguments: groups)
    func `of 2022-09-26 only four groups are notified`(changes: [String: Value?], belongs: Bool) {
        let all = ["birth_date": Value.date(Samples.day("1982-01-01")) as Value?].merging(changes) { $1 }
        #expect(found(all, id: "2022-09-26") == (belongs ? [] : ["admission_needed group"]))
        #expect(found(all, id: "2022-06-30") == [])
    }
}
