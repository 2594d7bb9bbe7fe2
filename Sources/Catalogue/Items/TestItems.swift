/// One test (検査記録).
enum TestItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.specimenOn.definition,
        Item.testInstitution.definition,
        Item.contactPlannedOn.definition,
        Item.resultOn.definition,
        Item.laboratory.definition,
        Item.specimen.definition,
        Item.specimenOther.definition,
        Item.method.definition,
        Item.result.definition,
        Item.ctValue.definition,
        Item.variant.definition,
        Item.otherPathogens.definition,
        Item.otherPathogensNote.definition,
    ]
}

extension Item where Content == String {
    /// Specimen: other (検体材料（その他）), item 12 of 別記様式6-1.
    public static let specimenOther = Item(
        "specimen_other",
        .test,
        "検体材料（その他）",
        "Specimen: other",
        .text,
        form: "12",
        nesid: true
    )

    /// Variant (変異株検査結果).
    public static let variant = Item("variant", .test, "変異株検査結果", "Variant", .text)

    /// Other pathogens: other (他の菌・ウイルス（その他）).
    public static let otherPathogensNote = Item(
        "other_pathogens_note",
        .test,
        "他の菌・ウイルス（その他）",
        "Other pathogens: other",
        .text
    )
}

extension Item where Content == Code {
    /// Specimen (検体材料), item 12 of 別記様式6-1.
    public static let specimen = Item(
        "specimen",
        .test,
        "検体材料",
        "Specimen",
        .code(.specimen),
        form: "12",
        nesid: true
    )

    /// Method (検査方法), item 12 of 別記様式6-1.
    public static let method = Item("method", .test, "検査方法", "Method", .code(.testMethod), form: "12", nesid: true)

    /// Result (検査結果), item 12 of 別記様式6-1.
    public static let result = Item("result", .test, "検査結果", "Result", .code(.testResult), form: "12", nesid: true)
}

extension Item where Content == [Code] {
    /// Other pathogens found (他の菌・ウイルスの検査結果).
    public static let otherPathogens = Item(
        "other_pathogens",
        .test,
        "他の菌・ウイルスの検査結果",
        "Other pathogens found",
        .codes(.pathogen),
        note: "each with its own result"
    )
}

extension Item where Content == CalendarDate {
    /// Date of specimen (検体採取年月日), item 12 of 別記様式6-1.
    public static let specimenOn = Item(
        "specimen_on",
        .test,
        "検体採取年月日",
        "Date of specimen",
        .date,
        form: "12",
        nesid: true
    )

    /// Date on which the result is to be told (連絡予定年月日).
    public static let contactPlannedOn = Item(
        "contact_planned_on",
        .test,
        "連絡予定年月日",
        "Date on which the result is to be told",
        .date
    )

    /// Date of the result (結果判明年月日).
    public static let resultOn = Item("result_on", .test, "結果判明年月日", "Date of the result", .date, nesid: true)
}

extension Item where Content == DecimalNumber {
    /// Ct value (Ct値).
    public static let ctValue = Item("ct_value", .test, "Ct値", "Ct value", .decimal, range: 0...50)
}

extension Item where Content == InstitutionName {
    /// Where the specimen was taken (検査実施機関（外来名等）).
    public static let testInstitution = Item(
        "test_institution",
        .test,
        "検査実施機関（外来名等）",
        "Where the specimen was taken",
        .institution,
        nesid: true
    )

    /// Laboratory (検査機関名).
    public static let laboratory = Item("laboratory", .test, "検査機関名", "Laboratory", .institution, nesid: true)
}
