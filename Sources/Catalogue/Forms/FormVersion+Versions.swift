// The four papers as data. What each adds and drops: behaviour.md §4 of the specification.

extension FormVersion {
    /// 別記様式6-1 as the notice of 2020-05-22 knows it, in force with the designation of 2020-02-01.
    static let february2020 = FormVersion(
        id: "2020-02",
        from: day(2020, 2, 1),
        groups: head + person + guardian + [
            Group("11", "症状", ["notified_symptoms", "notified_symptoms_other"]),
            tests,
        ] + days + [
            Group("18", "感染原因・感染経路・感染地域", route),
            Group("19", "その他", ["physician_remarks"]),
        ],
        requirements: headRequired + personRequired + residenceRequired + stayRequired
            + guardianRequired("guardian_address") + medicalRequired,
        testRequirement: .eachMethod(["specimen", "specimen_on", "method", "result"]),
        onlyFourGroups: false
    )

    /// Adds SpO2, vaccination, risk factors, severity and admission, none of them required.
    static let february2021 = FormVersion(
        id: "2021-02",
        from: day(2021, 2, 13),
        groups: head + person + guardian + [
            Group("11", "症状", ["notified_symptoms", "notified_symptoms_other", "spo2_room_air"]),
            tests,
        ] + days + [
            Group("18", "感染原因・感染経路・感染地域", route + ["vaccinations"]),
            Group(
                "19",
                "その他",
                [
                    "admitted_at_notification", "risk_factors", "severity_at_notification", "admission_needed",
                    "physician_remarks",
                ]
            ),
        ],
        requirements: february2020.requirements,
        testRequirement: february2020.testRequirement,
        onlyFourGroups: false
    )

    /// Drops occupation, address, symptoms, method, days of infection and onset, and route.
    static let june2022 = FormVersion(
        id: "2022-06-30",
        from: day(2022, 6, 30),
        groups: shortHead + [
            Group(nil, "診断日", ["first_visit_on", "diagnosed_on", "died_on"]),
            Group(nil, "検体採取日", [], tests: ["specimen_on"]),
            Group(nil, "ワクチン接種歴", ["vaccinations"]),
            Group(nil, "重症化のリスク因子・重症度", ["risk_factors", "severity_at_notification", "spo2_room_air"]),
            Group(nil, "入院", ["admitted_at_notification", "admission_needed"]),
            Group(nil, "その他", ["physician_remarks"]),
        ],
        requirements: shortRequired,
        testRequirement: .one(["specimen_on"]),
        onlyFourGroups: false
    )

    /// Only people of four groups: 65 or over, in need of admission, at risk and in need of drug or oxygen, pregnant.
    ///
    /// Whether the person is one of them stands first: for whoever isn't, the rest need not be written.
    static let september2022 = FormVersion(
        id: "2022-09-26",
        from: day(2022, 9, 26),
        groups: [
            shortHead[0],
            Group(
                nil,
                "届出の対象（65歳以上・入院・リスク因子と治療・妊娠）",
                [
                    "birth_date", "age_at_diagnosis", "age_months", "admission_needed", "risk_factors",
                    "oxygen_or_drug_needed", "pregnancy",
                ]
            ),
            shortHead[1],
            name2022,
            Group(nil, "性別", ["sex"]),
        ] + shortHead.suffix(2) + [
            Group(nil, "診断日", ["first_visit_on", "diagnosed_on", "died_on"]),
            Group(nil, "検体採取日", [], tests: ["specimen_on"]),
            Group(nil, "ワクチン接種歴", ["vaccinations"]),
            Group(nil, "重症度", ["severity_at_notification", "spo2_room_air", "admitted_at_notification"]),
            Group(nil, "その他", ["physician_remarks"]),
        ],
        requirements: shortRequired + [Requirement("admission_needed")],
        testRequirement: .one(["specimen_on"]),
        onlyFourGroups: true
    )

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> CalendarDate {
        CalendarDate(year: year, month: month, day: day) ?? CalendarDate(dayNumber: 0)
    }
}

extension FormVersion {
    private static let head: [Group] = [
        Group(
            nil,
            "届出",
            ["notified_on", "notifier_name", "notifier_institution", "notifier_address", "notifier_phone"]
        ),
        Group("1", "診断（検案）した者（死体）の類型", ["case_class"]),
    ]

    private static let name = Group(
        "2",
        "当該者氏名",
        ["family_name", "given_name", "family_kana", "given_kana", "latin_name"]
    )

    private static let name2022 = Group(nil, name.title, name.items)

    private static let person: [Group] = [
        name,
        Group("3", "性別", ["sex"]),
        Group("4", "生年月日", ["birth_date"]),
        Group("5", "診断時の年齢", ["age_at_diagnosis", "age_months"]),
        Group("6", "当該者職業", ["occupation"]),
        Group("7", "当該者住所", ["postal_code", "address_municipality", "address_line", "phone"]),
        Group("8", "当該者所在地", ["stay_municipality", "stay_line"]),
    ]

    private static let guardian: [Group] = [
        Group("9", "保護者氏名", ["guardian_name"]),
        Group("10", "保護者住所・電話番号", ["guardian_address", "guardian_phone"]),
    ]

    private static let tests = Group(
        "12",
        "診断方法",
        ["diagnosis_method"],
        tests: ["method", "specimen", "specimen_other", "specimen_on", "result_on", "result"]
    )

    private static let days: [Group] = [
        Group("13", "初診年月日", ["first_visit_on"]),
        Group("14", "診断（検案）年月日", ["diagnosed_on"]),
        Group("15", "感染したと推定される年月日", ["infected_on", "infected_unknown"]),
        Group("16", "発病年月日", ["onset_on"]),
        Group("17", "死亡年月日", ["died_on"]),
    ]

    private static let route: [String] = [
        "route_certainty", "route_kind", "route_detail", "region_certainty", "region_place", "region_prefecture",
        "region_municipality", "region_country", "region_detail", "departed_on", "arrived_on",
    ]

    /// The papers of 2022 number their boxes anew; headings are enough to find them.
    private static let shortHead: [Group] = [
        Group(head[0].number, head[0].title, head[0].items),
        Group(nil, head[1].title, head[1].items),
        name2022,
        Group(nil, "性別・生年月日・年齢", ["sex", "birth_date", "age_at_diagnosis", "age_months"]),
        Group(nil, "当該者所在地・電話番号", ["postal_code", "stay_municipality", "stay_line", "phone"]),
        Group(nil, "保護者", ["guardian_name", "guardian_phone"]),
    ]
}

extension FormVersion {
    private static let headRequired: [Requirement] = [
        Requirement("notified_on"),
        Requirement("notifier_name"),
        Requirement("notifier_institution"),
        Requirement("notifier_address"),
        Requirement("notifier_phone"),
        Requirement("case_class"),
    ]

    private static let personRequired: [Requirement] = [
        Requirement("family_name", or: ["latin_name"]),
        Requirement("given_name", or: ["latin_name"]),
        Requirement("family_kana", or: ["latin_name"]),
        Requirement("given_kana", or: ["latin_name"]),
        Requirement("sex"),
        Requirement("birth_date", or: ["age_at_diagnosis", "age_months"]),
    ]

    /// The municipality is part of the address, but an address abroad has none.
    private static let residenceRequired: [Requirement] = [
        Requirement("occupation"),
        Requirement("address_line"),
    ]

    private static let stayRequired: [Requirement] = [Requirement("stay_line")]

    private static func guardianRequired(_ contact: String) -> [Requirement] {
        [Requirement("guardian_name", .minor), Requirement(contact, .minor)]
    }

    private static let medicalRequired: [Requirement] = [
        Requirement("notified_symptoms"),
        Requirement("diagnosis_method"),
        Requirement("first_visit_on"),
        Requirement("diagnosed_on"),
        Requirement("infected_on", or: ["infected_unknown"]),
        Requirement("onset_on", .patient),
        Requirement("died_on", .body),
        Requirement("route_certainty"),
        Requirement("route_kind", .answered("route_certainty", ["confirmed", "presumed"])),
        Requirement("region_certainty"),
        Requirement("region_place", .answered("region_certainty", ["confirmed", "presumed"])),
        Requirement("region_prefecture", .answered("region_place", ["domestic"])),
        Requirement("region_country", .answered("region_place", ["foreign"])),
    ]

    private static let shortRequired: [Requirement] =
        headRequired + personRequired + stayRequired + guardianRequired("guardian_phone") + [
            Requirement("first_visit_on"),
            Requirement("diagnosed_on"),
            Requirement("died_on", .body),
            Requirement("risk_factors"),
        ]
}
