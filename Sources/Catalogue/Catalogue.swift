/// Everything a case is made of: the items, their code lists, and how they are found by name.
///
/// Pages, checks, rights, the API, exports and print are derived from here; a second list of item names anywhere
/// else is a mistake.
public enum Catalogue {
    /// All items in the order of the dictionary.
    public static let items: [ItemDefinition] = [
        PersonItems.all, PersonLifeItems.all, HouseholdItems.all, InterviewItems.all, ConditionItems.all, TestItems.all,
        NotificationItems.all, NotificationRouteItems.all, AdmissionItems.all, WhereaboutsItems.all,
        ObservationItems.all, CareItems.all, InvestigationItems.all, ManagementItems.all, UnknownAnswerItems.all,
    ].flatMap(\.self)

    /// All code lists in the order of the dictionary.
    public static let lists: [CodeList] = [
        .yesNoUnknown, .sex, .ageBand, .occupationClass, .welfareNeed, .householdRisk, .symptom, .condition, .smoking,
        .specimen, .testMethod, .testResult, .diagnosisMethod, .pathogen, .caseClass, .certainty, .route,
        .domesticForeign, .riskFactor, .severity, .treatmentNeed, .outcome, .placeKind, .observedAs, .reporter,
        .relation, .reached, .linkCertainty, .facilityKind, .status, .entryRoute, .language, .prefecture, .country,
    ]

    private static let byKey = Dictionary(items.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    private static let places = Dictionary(
        items.enumerated().map { ($1.key, $0) },
        uniquingKeysWith: { first, _ in first }
    )
    private static let bySection = Dictionary(grouping: items, by: \.section)

    /// The item of that name, or nil where there is none.
    public static func item(_ key: String) -> ItemDefinition? {
        byKey[key]
    }

    /// Where an item stands in the dictionary; items it doesn't know come last.
    public static func place(of key: String) -> Int {
        places[key] ?? items.count
    }

    /// The items of a section in the order of the dictionary.
    public static func items(in section: Section) -> [ItemDefinition] {
        bySection[section] ?? []
    }
}
