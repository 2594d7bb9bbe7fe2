/// Work, people to call and earlier cases of the person (個人基本情報).
enum PersonLifeItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.preferredLanguage.definition,
        Item.occupation.definition,
        Item.occupationClass.definition,
        Item.workplaceName.definition,
        Item.workplaceAddress.definition,
        Item.workplacePhone.definition,
        Item.emergencyName.definition,
        Item.emergencyRelation.definition,
        Item.emergencyPhone.definition,
        Item.guardianName.definition,
        Item.guardianAddress.definition,
        Item.guardianPhone.definition,
        Item.sourceCase.definition,
        Item.previousCase.definition,
        Item.previousNesid.definition,
        Item.nesidNumber.definition,
    ]
}

extension Item where Content == String {
    /// Occupation (職業), item 6 of 別記様式6-1.
    public static let occupation = Item(
        "occupation",
        .person,
        "職業",
        "Occupation",
        .text,
        form: "6",
        nesid: true,
        note: "the concrete work"
    )

    /// Workplace or school (勤務先／学校名).
    public static let workplaceName = Item(
        "workplace_name",
        .person,
        "勤務先／学校名",
        "Workplace or school",
        .text,
        nesid: true,
        sensitivity: .identifying
    )

    /// Workplace or school address (勤務先／学校所在地).
    public static let workplaceAddress = Item(
        "workplace_address",
        .person,
        "勤務先／学校所在地",
        "Workplace or school address",
        .text,
        sensitivity: .identifying
    )

    /// Workplace or school telephone (勤務先／学校電話番号).
    public static let workplacePhone = Item(
        "workplace_phone",
        .person,
        "勤務先／学校電話番号",
        "Workplace or school telephone",
        .phone,
        sensitivity: .identifying
    )

    /// Emergency contact name (緊急連絡先氏名).
    public static let emergencyName = Item(
        "emergency_name",
        .person,
        "緊急連絡先氏名",
        "Emergency contact name",
        .name,
        sensitivity: .identifying
    )

    /// Emergency contact relation (緊急連絡先続柄).
    public static let emergencyRelation = Item(
        "emergency_relation",
        .person,
        "緊急連絡先続柄",
        "Emergency contact relation",
        .text
    )

    /// Emergency contact telephone (緊急連絡先電話番号).
    public static let emergencyPhone = Item(
        "emergency_phone",
        .person,
        "緊急連絡先電話番号",
        "Emergency contact telephone",
        .phone,
        sensitivity: .identifying
    )

    /// Guardian's name (保護者氏名), item 9 of 別記様式6-1.
    public static let guardianName = Item(
        "guardian_name",
        .person,
        "保護者氏名",
        "Guardian's name",
        .name,
        form: "9",
        nesid: true,
        sensitivity: .identifying,
        note: "only for a minor"
    )

    /// Guardian's address (保護者住所), item 10 of 別記様式6-1.
    public static let guardianAddress = Item(
        "guardian_address",
        .person,
        "保護者住所",
        "Guardian's address",
        .text,
        form: "10",
        nesid: true,
        sensitivity: .identifying,
        note: "only for a minor"
    )

    /// Guardian's telephone (保護者電話番号), item 10 of 別記様式6-1.
    public static let guardianPhone = Item(
        "guardian_phone",
        .person,
        "保護者電話番号",
        "Guardian's telephone",
        .phone,
        form: "10",
        nesid: true,
        sensitivity: .identifying,
        note: "only for a minor"
    )

    /// Case that made this person a contact (契機となった感染者のＩＤ).
    public static let sourceCase = Item(
        "source_case",
        .person,
        "契機となった感染者のＩＤ",
        "Case that made this person a contact",
        .caseReference,
        note: "HER-SYS ID"
    )

    /// Earlier case of the same person (再陽性：前回のＩＤ).
    public static let previousCase = Item(
        "previous_case",
        .person,
        "再陽性：前回のＩＤ",
        "Earlier case of the same person",
        .caseReference,
        nesid: true,
        note: "HER-SYS ID; from the NESID remark"
    )

    /// Earlier NESID number (前回のNESID番号).
    public static let previousNesid = Item(
        "previous_nesid",
        .person,
        "前回のNESID番号",
        "Earlier NESID number",
        .text,
        nesid: true
    )

    /// NESID number (NESID番号).
    public static let nesidNumber = Item(
        "nesid_number",
        .person,
        "NESID番号",
        "NESID number",
        .text,
        nesid: true,
        note: "unique; an import with a known number changes that case and makes no second one"
    )
}

extension Item where Content == Code {
    /// Preferred language (希望言語).
    public static let preferredLanguage = Item(
        "preferred_language",
        .person,
        "希望言語",
        "Preferred language",
        .code(.language),
        note: "language of messages and of the self-report page"
    )

    /// Occupation class (職業区分).
    public static let occupationClass = Item(
        "occupation_class",
        .person,
        "職業区分",
        "Occupation class",
        .code(.occupationClass),
        note: "for statistics"
    )
}
