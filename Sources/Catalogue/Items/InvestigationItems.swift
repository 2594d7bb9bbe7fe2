/// Activities, contacts, link and route (積極的疫学調査関連情報).
enum InvestigationItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.activityFrom.definition,
        Item.activityTo.definition,
        Item.activityPlace.definition,
        Item.activityPlaceKind.definition,
        Item.activityPhone.definition,
        Item.activityNote.definition,
        Item.activityContacts.definition,
        Item.contactCase.definition,
        Item.contactRelation.definition,
        Item.contactReached.definition,
        Item.contactReachedOn.definition,
        Item.closeContact.definition,
        Item.contactFirstOn.definition,
        Item.contactLastOn.definition,
        Item.contactSetting.definition,
        Item.infectionLink.definition,
        Item.linkCase.definition,
        Item.routePrefecture.definition,
        Item.routeMunicipality.definition,
        Item.routeFacility.definition,
        Item.routePlace.definition,
        Item.cluster.definition,
    ]
}

extension Item where Content == String {
    /// Place (場所).
    public static let activityPlace = Item("activity_place", .activity, "場所", "Place", .text)

    /// Telephone of the place (当該場所の電話番号).
    public static let activityPhone = Item("activity_phone", .activity, "当該場所の電話番号", "Telephone of the place", .phone)

    /// What was done (行動の内容).
    public static let activityNote = Item("activity_note", .activity, "行動の内容", "What was done", .longText)

    /// The contact's HER-SYS ID (接触者のＩＤ).
    public static let contactCase = Item(
        "contact_case",
        .contact,
        "接触者のＩＤ",
        "The contact's HER-SYS ID",
        .caseReference,
        note: "name and telephone are the contact's own items"
    )

    /// Setting (接触の状況).
    public static let contactSetting = Item("contact_setting", .contact, "接触の状況", "Setting", .longText)

    /// Case thought to be the source (感染源と考えられる感染者のＩＤ).
    public static let linkCase = Item(
        "link_case",
        .infectionLink,
        "感染源と考えられる感染者のＩＤ",
        "Case thought to be the source",
        .caseReference
    )

    /// Place of infection: municipality (latest) (感染地域（市町村）最新).
    public static let routeMunicipality = Item(
        "route_municipality",
        .route,
        "感染地域（市町村）最新",
        "Place of infection: municipality (latest)",
        .municipality,
        national: true
    )

    /// Name of the place (場所の名称).
    public static let routePlace = Item("route_place", .route, "場所の名称", "Name of the place", .text, national: true)

    /// Cluster (クラスター).
    public static let cluster = Item(
        "cluster",
        .route,
        "クラスター",
        "Cluster",
        .text,
        note: "name of the cluster the case belongs to"
    )
}

extension Item where Content == Code {
    /// Kind of place (場所の区分).
    public static let activityPlaceKind = Item(
        "activity_place_kind",
        .activity,
        "場所の区分",
        "Kind of place",
        .code(.facilityKind)
    )

    /// Relation (関係).
    public static let contactRelation = Item("contact_relation", .contact, "関係", "Relation", .code(.relation))

    /// Reached (連絡の状況).
    public static let contactReached = Item("contact_reached", .contact, "連絡の状況", "Reached", .code(.reached))

    /// Is a close contact (濃厚接触に該当).
    public static let closeContact = Item(
        "close_contact",
        .contact,
        "濃厚接触に該当",
        "Is a close contact",
        .code(.yesNoUnknown)
    )

    /// Link to another case (感染リンクの有無).
    public static let infectionLink = Item(
        "infection_link",
        .infectionLink,
        "感染リンクの有無",
        "Link to another case",
        .code(.linkCertainty),
        national: true
    )

    /// Place of infection: prefecture (latest) (感染地域（都道府県）最新).
    public static let routePrefecture = Item(
        "route_prefecture",
        .route,
        "感染地域（都道府県）最新",
        "Place of infection: prefecture (latest)",
        .code(.prefecture),
        national: true,
        note: "what was found after the notification; does not change the notification"
    )

    /// Place of infection: kind of facility (感染場所（施設区分）).
    public static let routeFacility = Item(
        "route_facility",
        .route,
        "感染場所（施設区分）",
        "Place of infection: kind of facility",
        .code(.facilityKind),
        national: true
    )
}

extension Item where Content == [Code] {
    /// Contacts met there (その際の接触者).
    public static let activityContacts = Item(
        "activity_contacts",
        .activity,
        "その際の接触者",
        "Contacts met there",
        .caseReferences,
        note: "links to contacts"
    )
}

extension Item where Content == CalendarDate {
    /// Reached on (連絡年月日).
    public static let contactReachedOn = Item("contact_reached_on", .contact, "連絡年月日", "Reached on", .date)

    /// First contact (最初の接触日).
    public static let contactFirstOn = Item("contact_first_on", .contact, "最初の接触日", "First contact", .date)

    /// Last contact (最終接触日).
    public static let contactLastOn = Item(
        "contact_last_on",
        .contact,
        "最終接触日",
        "Last contact",
        .date,
        note: "day 0 of the observation"
    )
}

extension Item where Content == Timestamp {
    /// Activity from (行動日時（開始）).
    public static let activityFrom = Item(
        "activity_from",
        .activity,
        "行動日時（開始）",
        "Activity from",
        .time,
        note: "before or after the onset; until the day of confirmation"
    )

    /// Activity to (行動日時（終了）).
    public static let activityTo = Item("activity_to", .activity, "行動日時（終了）", "Activity to", .time)
}
