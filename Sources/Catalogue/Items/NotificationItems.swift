/// The notification (発生届情報, header to item 17).
enum NotificationItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.notifiedOn.definition,
        Item.notifierName.definition,
        Item.notifierInstitution.definition,
        Item.notifierAddress.definition,
        Item.notifierPhone.definition,
        Item.caseClass.definition,
        Item.notifiedSymptoms.definition,
        Item.notifiedSymptomsOther.definition,
        Item.spo2RoomAir.definition,
        Item.diagnosisMethod.definition,
        Item.firstVisitOn.definition,
        Item.diagnosedOn.definition,
        Item.infectedOn.definition,
        Item.onsetOn.definition,
        Item.diedOn.definition,
    ]
}

extension Item where Content == String {
    /// Physician who notifies (医師の氏名), header of 別記様式6-1.
    public static let notifierName = Item(
        "notifier_name",
        .notification,
        "医師の氏名",
        "Physician who notifies",
        .name,
        form: "header",
        nesid: true
    )

    /// Address of the hospital or clinic (病院・診療所の所在地), header of 別記様式6-1.
    public static let notifierAddress = Item(
        "notifier_address",
        .notification,
        "病院・診療所の所在地",
        "Its address",
        .text,
        form: "header",
        nesid: true
    )

    /// Telephone of the hospital or clinic (病院・診療所の電話番号), header of 別記様式6-1.
    public static let notifierPhone = Item(
        "notifier_phone",
        .notification,
        "病院・診療所の電話番号",
        "Its telephone",
        .phone,
        form: "header",
        nesid: true
    )

    /// Symptoms: other (症状（その他）), item 11 of 別記様式6-1.
    public static let notifiedSymptomsOther = Item(
        "notified_symptoms_other",
        .notification,
        "症状（その他）",
        "Symptoms: other",
        .text,
        form: "11",
        nesid: true
    )
}

extension Item where Content == Code {
    /// Class of the person diagnosed (診断（検案）した者（死体）の類型), item 1 of 別記様式6-1.
    public static let caseClass = Item(
        "case_class",
        .notification,
        "診断（検案）した者（死体）の類型",
        "Class of the person diagnosed",
        .code(.caseClass),
        form: "1",
        nesid: true
    )
}

extension Item where Content == [Code] {
    /// Symptoms (症状), item 11 of 別記様式6-1.
    public static let notifiedSymptoms = Item(
        "notified_symptoms",
        .notification,
        "症状",
        "Symptoms",
        .codes(.symptom),
        form: "11",
        nesid: true
    )

    /// Method of diagnosis (診断方法), item 12 of 別記様式6-1.
    public static let diagnosisMethod = Item(
        "diagnosis_method",
        .notification,
        "診断方法",
        "Method of diagnosis",
        .codes(.diagnosisMethod),
        form: "12",
        nesid: true,
        note: "each with specimen date and result: links to test records"
    )
}

extension Item where Content == CalendarDate {
    /// Date of the notification (報告年月日), header of 別記様式6-1.
    public static let notifiedOn = Item(
        "notified_on",
        .notification,
        "報告年月日",
        "Date of the notification",
        .date,
        form: "header",
        nesid: true
    )

    /// Date of the first visit (初診年月日), item 13 of 別記様式6-1.
    public static let firstVisitOn = Item(
        "first_visit_on",
        .notification,
        "初診年月日",
        "Date of the first visit",
        .date,
        form: "13",
        nesid: true
    )

    /// Date of diagnosis (診断（検案）年月日), item 14 of 別記様式6-1.
    public static let diagnosedOn = Item(
        "diagnosed_on",
        .notification,
        "診断（検案）年月日",
        "Date of diagnosis",
        .date,
        form: "14",
        nesid: true
    )

    /// Presumed date of infection (感染したと推定される年月日), item 15 of 別記様式6-1.
    public static let infectedOn = Item(
        "infected_on",
        .notification,
        "感染したと推定される年月日",
        "Presumed date of infection",
        .date,
        form: "15",
        nesid: true
    )

    /// Date of onset (発病年月日), item 16 of 別記様式6-1.
    public static let onsetOn = Item(
        "onset_on",
        .notification,
        "発病年月日",
        "Date of onset",
        .date,
        form: "16",
        nesid: true,
        note: "of the first main symptom"
    )

    /// Date of death (死亡年月日), item 17 of 別記様式6-1.
    public static let diedOn = Item(
        "died_on",
        .notification,
        "死亡年月日",
        "Date of death",
        .date,
        form: "17",
        nesid: true,
        note: "only where a dead person was examined"
    )
}

extension Item where Content == DecimalNumber {
    /// SpO2 on room air (酸素飽和度（室内気）), item 11 of 別記様式6-1.
    public static let spo2RoomAir = Item(
        "spo2_room_air",
        .notification,
        "酸素飽和度（室内気）",
        "SpO2 on room air",
        .decimal,
        form: "11",
        range: 50...100,
        unit: "%",
        note: "from the 2021 form"
    )
}

extension Item where Content == InstitutionName {
    /// Hospital or clinic (従事する病院・診療所の名称), header of 別記様式6-1.
    public static let notifierInstitution = Item(
        "notifier_institution",
        .notification,
        "従事する病院・診療所の名称",
        "Hospital or clinic",
        .institution,
        form: "header",
        nesid: true,
        note: "10-digit code with Luhn check digit where known"
    )
}
