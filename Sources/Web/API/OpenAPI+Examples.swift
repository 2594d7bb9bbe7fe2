// Examples that work: a test files the notification as it stands here.

extension OpenAPI {
    /// Examples of bodies by name.
    static let examples: [String: JSON] = [
        "notification": notificationExample,
        "total": totalExample,
        "return": ["reason": "検体採取年月日を確かめてください。"],
        "deletion": ["reason": "同じ方の発生届が二重に登録されていたため。"],
    ]

    private static let notificationExample: JSON = [
        "form": "2020-02",
        "items": JSON.object([]).with(paper + person + illness),
        "tests": [
            [
                "method": "pcr", "specimen": "saliva", "specimen_on": "2020-06-03", "result_on": "2020-06-04",
                "result": "positive",
            ]
        ],
    ]

    private static let paper: [(String, JSON)] = [
        ("notified_on", "2020-06-05"),
        ("notifier_name", "港 一郎"),
        ("notifier_institution", ["name": "みなと病院", "code": "1310000011"]),
        ("notifier_address", "東京都港区芝1-1-1"),
        ("notifier_phone", "03-1234-5678"),
        ("case_class", "confirmed"),
    ]

    private static let person: [(String, JSON)] = [
        ("family_name", "山田"),
        ("given_name", "太郎"),
        ("family_kana", "ヤマダ"),
        ("given_kana", "タロウ"),
        ("sex", "male"),
        ("birth_date", "1980-02-29"),
        ("occupation", "調理師"),
        ("address_line", "港区芝2-2-2"),
        ("stay_line", "港区芝2-2-2"),
    ]

    private static let illness: [(String, JSON)] = [
        ("notified_symptoms", ["fever", "cough"]),
        ("diagnosis_method", ["pcr"]),
        ("first_visit_on", "2020-06-03"),
        ("diagnosed_on", "2020-06-04"),
        ("infected_on", "2020-05-25"),
        ("onset_on", "2020-06-01"),
        ("route_certainty", "presumed"),
        ("route_kind", ["droplet"]),
        ("region_certainty", "confirmed"),
        ("region_place", "domestic"),
        ("region_prefecture", "13"),
    ]
}
