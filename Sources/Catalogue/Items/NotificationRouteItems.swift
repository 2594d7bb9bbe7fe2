/// Route of infection and what else the physician notifies (発生届情報, items 18 to 20).
enum NotificationRouteItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.routeCertainty.definition,
        Item.routeKind.definition,
        Item.routeDetail.definition,
        Item.regionCertainty.definition,
        Item.regionPlace.definition,
        Item.regionPrefecture.definition,
        Item.regionMunicipality.definition,
        Item.regionCountry.definition,
        Item.regionDetail.definition,
        Item.departedOn.definition,
        Item.arrivedOn.definition,
        Item.vaccinations.definition,
        Item.admittedAtNotification.definition,
        Item.riskFactors.definition,
        Item.severityAtNotification.definition,
        Item.admissionNeeded.definition,
        Item.oxygenOrDrugNeeded.definition,
        Item.physicianRemarks.definition,
        Item.remarks.definition,
    ]
}

extension Item where Content == String {
    /// Source and circumstances (感染源の種類・状況), item 18 of 別記様式6-1.
    public static let routeDetail = Item(
        "route_detail",
        .notification,
        "感染源の種類・状況",
        "Source and circumstances",
        .longText,
        form: "18",
        nesid: true
    )

    /// Region: municipality (感染地域（市区町村）), item 18 of 別記様式6-1.
    public static let regionMunicipality = Item(
        "region_municipality",
        .notification,
        "感染地域（市区町村）",
        "Region: municipality",
        .municipality,
        form: "18",
        nesid: true
    )

    /// Region: detail (感染地域（詳細）), item 18 of 別記様式6-1.
    public static let regionDetail = Item(
        "region_detail",
        .notification,
        "感染地域（詳細）",
        "Region: detail",
        .text,
        form: "18",
        nesid: true
    )

    /// Vaccination history (ワクチン接種歴), item 18 of 別記様式6-1.
    public static let vaccinations = Item(
        "vaccinations",
        .notification,
        "ワクチン接種歴",
        "Vaccination history",
        .longText,
        form: "18",
        note: "from the 2021 form: number of doses with date and maker each"
    )

    /// Other matters the physician finds necessary (その他医師が必要と認める事項), item 19 of 別記様式6-1.
    public static let physicianRemarks = Item(
        "physician_remarks",
        .notification,
        "その他医師が必要と認める事項",
        "Other matters the physician finds necessary",
        .longText,
        form: "19",
        nesid: true
    )

    /// Remarks (備考), item 20 of 別記様式6-1.
    public static let remarks = Item(
        "remarks",
        .notification,
        "備考",
        "Remarks",
        .longText,
        form: "20",
        nesid: true,
        note: "NESID item 20: 再陽性 and the earlier NESID number stand here in migrated data"
    )
}

extension Item where Content == Code {
    /// Certainty of the route (感染原因・感染経路の確度), item 18 of 別記様式6-1.
    public static let routeCertainty = Item(
        "route_certainty",
        .notification,
        "感染原因・感染経路の確度",
        "Certainty of the route",
        .code(.certainty),
        form: "18",
        nesid: true
    )

    /// Certainty of the region (感染地域の確度), item 18 of 別記様式6-1.
    public static let regionCertainty = Item(
        "region_certainty",
        .notification,
        "感染地域の確度",
        "Certainty of the region",
        .code(.certainty),
        form: "18",
        nesid: true
    )

    /// Region of infection (感染地域), item 18 of 別記様式6-1.
    public static let regionPlace = Item(
        "region_place",
        .notification,
        "感染地域",
        "Region of infection",
        .code(.domesticForeign),
        form: "18",
        nesid: true
    )

    /// Region: prefecture (感染地域（都道府県）), item 18 of 別記様式6-1.
    public static let regionPrefecture = Item(
        "region_prefecture",
        .notification,
        "感染地域（都道府県）",
        "Region: prefecture",
        .code(.prefecture),
        form: "18",
        nesid: true
    )

    /// Region: country (感染地域（国）), item 18 of 別記様式6-1.
    public static let regionCountry = Item(
        "region_country",
        .notification,
        "感染地域（国）",
        "Region: country",
        .code(.country),
        form: "18",
        nesid: true
    )

    /// In hospital when notified (届出時点の入院の有無), item 19 of 別記様式6-1.
    public static let admittedAtNotification = Item(
        "admitted_at_notification",
        .notification,
        "届出時点の入院の有無",
        "In hospital when notified",
        .code(.yesNoUnknown),
        form: "19",
        note: "from the 2021 form"
    )

    /// Severity when notified (届出時点の重症度), item 19 of 別記様式6-1.
    public static let severityAtNotification = Item(
        "severity_at_notification",
        .notification,
        "届出時点の重症度",
        "Severity when notified",
        .code(.severity),
        form: "19",
        note: "from the 2021 form"
    )

    /// Needs admission (入院の必要性), item 19 of 別記様式6-1.
    public static let admissionNeeded = Item(
        "admission_needed",
        .notification,
        "入院の必要性",
        "Needs admission",
        .code(.yesNoUnknown),
        form: "19",
        note: "from the 2021 form"
    )
}

extension Item where Content == [Code] {
    /// Route of infection (感染原因・感染経路), item 18 of 別記様式6-1.
    public static let routeKind = Item(
        "route_kind",
        .notification,
        "感染原因・感染経路",
        "Route of infection",
        .codes(.route),
        form: "18",
        nesid: true
    )

    /// Risk factors for severe illness (重症化のリスク因子), item 19 of 別記様式6-1.
    public static let riskFactors = Item(
        "risk_factors",
        .notification,
        "重症化のリスク因子",
        "Risk factors for severe illness",
        .codes(.riskFactor),
        form: "19",
        note: "from the 2021 form; has a single 「なし」"
    )

    /// Needs drug or oxygen (治療薬・酸素投与の必要性), item 19 of 別記様式6-1.
    public static let oxygenOrDrugNeeded = Item(
        "oxygen_or_drug_needed",
        .notification,
        "治療薬・酸素投与の必要性",
        "Needs drug or oxygen",
        .codes(.treatmentNeed),
        form: "19",
        note: "from the form of 2022-09-26"
    )
}

extension Item where Content == CalendarDate {
    /// Left Japan on (渡航（出国日）), item 18 of 別記様式6-1.
    public static let departedOn = Item(
        "departed_on",
        .notification,
        "渡航（出国日）",
        "Left Japan on",
        .date,
        form: "18",
        nesid: true
    )

    /// Entered Japan on (渡航（入国日）), item 18 of 別記様式6-1.
    public static let arrivedOn = Item(
        "arrived_on",
        .notification,
        "渡航（入国日）",
        "Entered Japan on",
        .date,
        form: "18",
        nesid: true
    )
}
