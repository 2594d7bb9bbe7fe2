/// Underlying conditions and earlier admissions (基礎疾患の有無等・過去の入院).
enum ConditionItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.conditions.definition,
        Item.conditionsOther.definition,
        Item.medicines.definition,
        Item.immunosuppressant.definition,
        Item.anticancerDrug.definition,
        Item.dialysis.definition,
        Item.pregnancy.definition,
        Item.pregnancyWeeks.definition,
        Item.smoking.definition,
        Item.smokingStartAge.definition,
        Item.smokingPerDay.definition,
        Item.heightCm.definition,
        Item.weightKg.definition,
        Item.clinicalRemarks.definition,
        Item.pastAdmissions.definition,
    ]
}

extension Item where Content == String {
    /// Underlying conditions: other (基礎疾患（その他）).
    public static let conditionsOther = Item(
        "conditions_other",
        .condition,
        "基礎疾患（その他）",
        "Underlying conditions: other",
        .longText
    )

    /// Medicines taken (服薬中の薬剤).
    public static let medicines = Item("medicines", .condition, "服薬中の薬剤", "Medicines taken", .longText)

    /// Other remarks (その他特記事項).
    public static let clinicalRemarks = Item("clinical_remarks", .condition, "その他特記事項", "Other remarks", .longText)

    /// Earlier admissions for COVID-19 (過去の入院に関する情報).
    public static let pastAdmissions = Item(
        "past_admissions",
        .pastAdmission,
        "過去の入院に関する情報",
        "Earlier admissions for COVID-19",
        .longText
    )
}

extension Item where Content == Code {
    /// Takes immunosuppressants (免疫抑制剤の使用).
    public static let immunosuppressant = Item(
        "immunosuppressant",
        .condition,
        "免疫抑制剤の使用",
        "Takes immunosuppressants",
        .code(.yesNoUnknown)
    )

    /// Takes anticancer drugs (抗がん剤の使用).
    public static let anticancerDrug = Item(
        "anticancer_drug",
        .condition,
        "抗がん剤の使用",
        "Takes anticancer drugs",
        .code(.yesNoUnknown)
    )

    /// On dialysis (透析治療).
    public static let dialysis = Item("dialysis", .condition, "透析治療", "On dialysis", .code(.yesNoUnknown))

    /// Pregnant (妊娠).
    public static let pregnancy = Item("pregnancy", .condition, "妊娠", "Pregnant", .code(.yesNoUnknown))

    /// Smoking (喫煙).
    public static let smoking = Item("smoking", .condition, "喫煙", "Smoking", .code(.smoking))
}

extension Item where Content == [Code] {
    /// Underlying conditions (基礎疾患).
    public static let conditions = Item(
        "conditions",
        .condition,
        "基礎疾患",
        "Underlying conditions",
        .codes(.condition),
        note: "includes 「なし」: it excludes all others"
    )
}

extension Item where Content == Int {
    /// Weeks of pregnancy (妊娠週数).
    public static let pregnancyWeeks = Item(
        "pregnancy_weeks",
        .condition,
        "妊娠週数",
        "Weeks of pregnancy",
        .integer,
        range: 0...45,
        unit: "週"
    )

    /// Age at which smoking began (喫煙開始年齢).
    public static let smokingStartAge = Item(
        "smoking_start_age",
        .condition,
        "喫煙開始年齢",
        "Age at which smoking began",
        .integer,
        range: 0...130,
        unit: "歳"
    )

    /// Cigarettes a day (1日の喫煙本数).
    public static let smokingPerDay = Item(
        "smoking_per_day",
        .condition,
        "1日の喫煙本数",
        "Cigarettes a day",
        .integer,
        range: 0...200,
        unit: "本"
    )
}

extension Item where Content == DecimalNumber {
    /// Height (身長).
    public static let heightCm = Item("height_cm", .condition, "身長", "Height", .decimal, range: 30...250, unit: "cm")

    /// Weight (体重).
    public static let weightKg = Item("weight_kg", .condition, "体重", "Weight", .decimal, range: 0...300, unit: "kg")
}
