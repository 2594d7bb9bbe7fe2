import Catalogue
import Testing

@Suite struct `Form versions` {
    @Test(arguments: [
        ("2019-12-31", "2020-02"), ("2020-02-01", "2020-02"), ("2021-02-12", "2020-02"), ("2021-02-13", "2021-02"),
        ("2022-06-29", "2021-02"), ("2022-06-30", "2022-06-30"), ("2022-09-25", "2022-06-30"),
        ("2022-09-26", "2022-09-26"), ("2030-01-01", "2022-09-26"),
    ])
    func `are in force from their day`(day: String, id: String) {
        #expect(FormVersion.inForce(on: Samples.day(day)).id == id)
    }

    @Test(arguments: FormVersion.all)
    func `name only items of the catalogue, each once`(form: FormVersion) {
        let keys = form.items + form.testItems
        #expect(keys.filter { Catalogue.item($0) == nil } == [])
        #expect(Set(keys).count == keys.count)
        #expect(form.testItems.allSatisfy { Catalogue.item($0)?.section == .test })
        for requirement in form.requirements {
            #expect(form.items.contains(requirement.item), "\(requirement.item)")
            #expect(requirement.alternatives.allSatisfy { form.items.contains($0) }, "\(requirement.item)")
        }
        #expect(FormVersion.version(form.id)?.from == form.from)
        #expect(FormVersion.version("1999-01") == nil)
    }

    @Test func `have the items that each added and dropped`() {
        let items = FormVersion.all.map { Set($0.items + $0.testItems) }
        let added: Set = [
            "spo2_room_air", "vaccinations", "risk_factors", "severity_at_notification", "admitted_at_notification",
            "admission_needed",
        ]
        #expect(items[1].subtracting(items[0]) == added)
        #expect(items[0].subtracting(items[1]) == [])
        for dropped in [
            "occupation", "address_line", "address_municipality", "notified_symptoms", "method", "diagnosis_method",
            "infected_on", "onset_on", "route_certainty",
        ] {
            #expect(!items[2].contains(dropped), "\(dropped)")
            #expect(!items[3].contains(dropped), "\(dropped)")
        }
        #expect(items[3].subtracting(items[2]) == ["oxygen_or_drug_needed", "pregnancy"])
        #expect(items[2].isSuperset(of: ["specimen_on", "guardian_phone"]))
    }

    @Test func `carry every numbered item of the paper up to 19`() {
        let form = Samples.form("2021-02")
        let numbered = Catalogue.items.filter { $0.formNumber.map { $0 != "20" } ?? false }.map(\.key)
        let missing = Set(numbered).subtracting(form.items + form.testItems)
        #expect(missing == ["oxygen_or_drug_needed"])
        for group in form.groups where group.number != nil {
            for key in group.items where key != "infected_unknown" {
                let number = Catalogue.item(key)?.formNumber
                #expect(number == nil || number == group.number, "\(key)")
            }
        }
    }

    @Test(arguments: FormVersion.all)
    func `accept a complete notification`(form: FormVersion) {
        let (items, tests) = Samples.complete(form.id)
        #expect(form.findings(items: items, tests: tests, today: Samples.today).map(\.brief) == [])
    }

    static let required2020 = [
        "notified_on", "notifier_name", "notifier_institution", "notifier_address", "notifier_phone", "case_class",
        "family_name", "given_name", "family_kana", "given_kana", "sex", "birth_date", "occupation", "address_line",
        "stay_line", "notified_symptoms", "diagnosis_method", "first_visit_on", "diagnosed_on", "infected_on",
        "onset_on", "route_certainty", "route_kind", "region_certainty", "region_place", "region_prefecture",
    ]
    static let required2022 = [
        "notified_on", "notifier_name", "notifier_institution", "notifier_address", "notifier_phone", "case_class",
        "family_name", "given_name", "family_kana", "given_kana", "sex", "birth_date", "stay_line", "first_visit_on",
        "diagnosed_on", "risk_factors",
    ]

    @Test(arguments: required2020)
    func `of 2020-02 require`(item: String) { expectRequired(item, "2020-02") }

    @Test(arguments: required2020)
    func `of 2021-02 require`(item: String) { expectRequired(item, "2021-02") }

    @Test(arguments: required2022)
    func `of 2022-06-30 require`(item: String) { expectRequired(item, "2022-06-30") }

    @Test(arguments: required2022 + ["admission_needed"])
    func `of 2022-09-26 require`(item: String) { expectRequired(item, "2022-09-26") }

    private func expectRequired(_ item: String, _ id: String) {
        let form = Samples.form(id)
        let (items, tests) = Samples.complete(id)
        let without = Samples.changed(items, [item: nil])
        let findings = form.findings(items: without, tests: tests, today: Samples.today)
        // Without its class nothing tells a patient from a body.
        #expect(findings.map(\.brief) == ["\(item) required"])
        #expect(form.isRequired(item, record: items, tests: tests, today: Samples.today))
        #expect(findings.allSatisfy { $0.message.contains(Catalogue.item(item)?.ja ?? "?") })
    }

    @Test(arguments: FormVersion.all)
    func `require nothing of a complete notification but what the tables say`(form: FormVersion) {
        let (items, tests) = Samples.complete(form.id)
        let marked = form.items.filter { form.isRequired($0, record: items, tests: tests, today: Samples.today) }
        let table = form.id.hasPrefix("2022") ? Self.required2022 : Self.required2020
        #expect(Set(marked) == Set(table + (form.id == "2022-09-26" ? ["admission_needed"] : [])))
    }

    @Test(arguments: [("specimen", 0), ("specimen_on", 0), ("method", 0), ("result", 0)])
    func `of 2020-02 require of a test`(item: String, index: Int) {
        let form = Samples.form("2020-02")
        for tests in [[Samples.changed(Samples.test, [item: nil])], []] {
            let found = form.findings(items: Samples.patient, tests: tests, today: Samples.today).map(\.brief)
            #expect(found.contains("\(item)[\(index)] required"))
            #expect(found.count == (tests.isEmpty ? 4 : 1))
        }
        #expect(form.isRequired(item, record: Samples.patient, today: Samples.today))
    }

    @Test(arguments: ["2022-06-30", "2022-09-26"])
    func `of 2022 require the day of one specimen but of a suspected case`(id: String) {
        let form = Samples.form(id)
        let record = Samples.shortPatient
        #expect(
            form.findings(items: record, tests: [], today: Samples.today).map(\.brief) == ["specimen_on[0] required"]
        )
        let suspected = Samples.changed(record, ["case_class": .code("suspected")])
        #expect(form.findings(items: suspected, tests: [], today: Samples.today).map(\.brief) == [])
    }

    @Test func `want a test for each method of diagnosis but the clinical one`() {
        let form = Samples.form("2020-02")
        func found(_ methods: [Code], _ tests: [Record]) -> [String] {
            let record = Samples.changed(Samples.patient, ["diagnosis_method": .codes(methods)])
            return form.findings(items: record, tests: tests, today: Samples.today).map(\.brief)
        }
        let other = Samples.changed(Samples.test, ["method": .code("antigen_qualitative")])
        #expect(found(["clinical"], []) == [])
        #expect(found(["pcr", "clinical"], [Samples.test]) == [])
        #expect(found(["pcr", "antigen_qualitative"], [Samples.test, other]) == [])
        #expect(found(["pcr", "antigen_qualitative"], [Samples.test]) == ["diagnosis_method consistency"])
        #expect(found(["pcr"], [Samples.changed(other, ["result": nil]), Samples.test]) == [])
        let second = Samples.changed(Samples.test, ["specimen": nil])
        #expect(found(["pcr"], [other, second]) == ["specimen[1] required"])
        let negative = Samples.changed(Samples.test, ["result": .code("negative")])
        #expect(found(["pcr"], [negative]) == ["result[0] unlikely?"])
        #expect(found(["pcr"], [negative, Samples.test]) == [])
    }
}
