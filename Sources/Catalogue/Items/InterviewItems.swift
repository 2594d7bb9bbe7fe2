/// The medical interview (問診関連情報).
enum InterviewItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.interviewedOn.definition,
        Item.interviewInstitution.definition,
        Item.interviewPhysician.definition,
        Item.referringInstitution.definition,
        Item.referringPhysician.definition,
        Item.insuranceNumber.definition,
        Item.interviewSymptoms.definition,
        Item.interviewSymptomsOther.definition,
        Item.interviewTemperature.definition,
    ]
}

extension Item where Content == String {
    /// Physician (医師名).
    public static let interviewPhysician = Item(
        "interview_physician",
        .interview,
        "医師名",
        "Physician",
        .name,
        nesid: true
    )

    /// Referring physician (紹介元医師名).
    public static let referringPhysician = Item(
        "referring_physician",
        .interview,
        "紹介元医師名",
        "Referring physician",
        .name
    )

    /// Health insurance number (医療保険証被保険者番号).
    public static let insuranceNumber = Item(
        "insurance_number",
        .interview,
        "医療保険証被保険者番号",
        "Health insurance number",
        .text,
        sensitivity: .identifying
    )

    /// Symptoms: other (症状（その他）).
    public static let interviewSymptomsOther = Item(
        "interview_symptoms_other",
        .interview,
        "症状（その他）",
        "Symptoms: other",
        .longText,
        nesid: true
    )
}

extension Item where Content == [Code] {
    /// Symptoms (症状).
    public static let interviewSymptoms = Item(
        "interview_symptoms",
        .interview,
        "症状",
        "Symptoms",
        .codes(.symptom),
        nesid: true
    )
}

extension Item where Content == CalendarDate {
    /// Date of the medical interview (問診年月日).
    public static let interviewedOn = Item(
        "interviewed_on",
        .interview,
        "問診年月日",
        "Date of the medical interview",
        .date,
        nesid: true
    )
}

extension Item where Content == DecimalNumber {
    /// Temperature (体温).
    public static let interviewTemperature = Item(
        "interview_temperature",
        .interview,
        "体温",
        "Temperature",
        .decimal,
        range: 30...45,
        unit: "℃"
    )
}

extension Item where Content == InstitutionName {
    /// Diagnosing institution (診断医療機関名).
    public static let interviewInstitution = Item(
        "interview_institution",
        .interview,
        "診断医療機関名",
        "Diagnosing institution",
        .institution,
        nesid: true
    )

    /// Referring institution (紹介元医療機関名).
    public static let referringInstitution = Item(
        "referring_institution",
        .interview,
        "紹介元医療機関名",
        "Referring institution",
        .institution
    )
}
