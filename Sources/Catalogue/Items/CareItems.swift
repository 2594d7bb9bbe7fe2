/// Whom to call, release and severity (連絡先情報・待機解除・重症度).
enum CareItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.emergencyHospital.definition,
        Item.familyDoctor.definition,
        Item.followUpOrganisation.definition,
        Item.releaseToldOn.definition,
        Item.releaseDueOn.definition,
        Item.severity.definition,
        Item.severityAt.definition,
    ]
}

extension Item where Content == Code {
    /// Severity (重症度).
    public static let severity = Item("severity", .severity, "重症度", "Severity", .code(.severity), national: true)
}

extension Item where Content == CalendarDate {
    /// Told of the end of waiting on (待機解除連絡年月日).
    public static let releaseToldOn = Item(
        "release_told_on",
        .release,
        "待機解除連絡年月日",
        "Told of the end of waiting on",
        .date,
        national: true
    )

    /// Waiting ends on (待機解除予定日).
    public static let releaseDueOn = Item(
        "release_due_on",
        .release,
        "待機解除予定日",
        "Waiting ends on",
        .date,
        note: "computed by the rule in force; a reason is asked where it is changed by hand"
    )
}

extension Item where Content == Timestamp {
    /// Severity as of (重症度の時点).
    public static let severityAt = Item("severity_at", .severity, "重症度の時点", "Severity as of", .time, national: true)
}

extension Item where Content == InstitutionName {
    /// Hospital for an emergency (緊急搬送先医療機関).
    public static let emergencyHospital = Item(
        "emergency_hospital",
        .careContact,
        "緊急搬送先医療機関",
        "Hospital for an emergency",
        .institution
    )

    /// Family doctor (かかりつけ医療機関).
    public static let familyDoctor = Item("family_doctor", .careContact, "かかりつけ医療機関", "Family doctor", .institution)

    /// Follow-up organisation (健康フォローアップ実施機関).
    public static let followUpOrganisation = Item(
        "follow_up_organisation",
        .careContact,
        "健康フォローアップ実施機関",
        "Follow-up organisation",
        .institution,
        note: "the organisation named here becomes a party of the case"
    )
}
