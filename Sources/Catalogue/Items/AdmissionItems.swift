/// One admission, and the outcome (入院情報・転帰).
enum AdmissionItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.admittedOn.definition,
        Item.dischargedOn.definition,
        Item.hospital.definition,
        Item.attendingPhysician.definition,
        Item.transferFrom.definition,
        Item.transferTo.definition,
        Item.ards.definition,
        Item.chestXray.definition,
        Item.chestCt.definition,
        Item.icuFrom.definition,
        Item.icuTo.definition,
        Item.ventilatorFrom.definition,
        Item.ventilatorTo.definition,
        Item.ecmoFrom.definition,
        Item.ecmoTo.definition,
        Item.outcome.definition,
        Item.outcomeOn.definition,
        Item.causeOfDeath.definition,
    ]
}

extension Item where Content == String {
    /// Physician (医師名).
    public static let attendingPhysician = Item("attending_physician", .admission, "医師名", "Physician", .name)

    /// Chest X-ray finding (胸部X線所見).
    public static let chestXray = Item("chest_xray", .admission, "胸部X線所見", "Chest X-ray finding", .longText)

    /// Chest CT finding (胸部CT所見).
    public static let chestCt = Item("chest_ct", .admission, "胸部CT所見", "Chest CT finding", .longText)

    /// Cause of death (死因).
    public static let causeOfDeath = Item("cause_of_death", .outcome, "死因", "Cause of death", .text, national: true)
}

extension Item where Content == Code {
    /// ARDS (急性呼吸窮迫症候群).
    public static let ards = Item("ards", .admission, "急性呼吸窮迫症候群", "ARDS", .code(.yesNoUnknown))

    /// Outcome (転帰).
    public static let outcome = Item("outcome", .outcome, "転帰", "Outcome", .code(.outcome), national: true)
}

extension Item where Content == CalendarDate {
    /// Admitted on (入院年月日).
    public static let admittedOn = Item("admitted_on", .admission, "入院年月日", "Admitted on", .date, national: true)

    /// Discharged on (退院年月日).
    public static let dischargedOn = Item(
        "discharged_on",
        .admission,
        "退院年月日",
        "Discharged on",
        .date,
        national: true
    )

    /// ICU from (ICU入室日).
    public static let icuFrom = Item("icu_from", .admission, "ICU入室日", "ICU from", .date, national: true)

    /// ICU to (ICU退室日).
    public static let icuTo = Item("icu_to", .admission, "ICU退室日", "ICU to", .date, national: true)

    /// Ventilator from (人工呼吸器開始日).
    public static let ventilatorFrom = Item(
        "ventilator_from",
        .admission,
        "人工呼吸器開始日",
        "Ventilator from",
        .date,
        national: true
    )

    /// Ventilator to (人工呼吸器終了日).
    public static let ventilatorTo = Item(
        "ventilator_to",
        .admission,
        "人工呼吸器終了日",
        "Ventilator to",
        .date,
        national: true
    )

    /// ECMO from (ECMO開始日).
    public static let ecmoFrom = Item("ecmo_from", .admission, "ECMO開始日", "ECMO from", .date, national: true)

    /// ECMO to (ECMO終了日).
    public static let ecmoTo = Item("ecmo_to", .admission, "ECMO終了日", "ECMO to", .date, national: true)

    /// Date of the outcome (転帰年月日).
    public static let outcomeOn = Item(
        "outcome_on",
        .outcome,
        "転帰年月日",
        "Date of the outcome",
        .date,
        national: true,
        note: "date of death for 死亡"
    )
}

extension Item where Content == InstitutionName {
    /// Hospital (入院先医療機関名).
    public static let hospital = Item(
        "hospital",
        .admission,
        "入院先医療機関名",
        "Hospital",
        .institution,
        national: true,
        note: "an admission makes the hospital a party of the case"
    )

    /// Transferred from (転院元).
    public static let transferFrom = Item("transfer_from", .admission, "転院元", "Transferred from", .institution)

    /// Transferred to (転院先).
    public static let transferTo = Item("transfer_to", .admission, "転院先", "Transferred to", .institution)
}
