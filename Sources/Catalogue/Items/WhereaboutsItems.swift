/// One stay (居所情報).
enum WhereaboutsItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.placeKind.definition,
        Item.placeOther.definition,
        Item.placeFrom.definition,
        Item.placeTo.definition,
        Item.placeOrganisation.definition,
        Item.placeRoom.definition,
    ]
}

extension Item where Content == String {
    /// Place: other (居所（その他）).
    public static let placeOther = Item("place_other", .whereabouts, "居所（その他）", "Place: other", .text, national: true)

    /// Room (部屋番号).
    public static let placeRoom = Item("place_room", .whereabouts, "部屋番号", "Room", .text)
}

extension Item where Content == Code {
    /// Kind of place (居所区分).
    public static let placeKind = Item(
        "place_kind",
        .whereabouts,
        "居所区分",
        "Kind of place",
        .code(.placeKind),
        national: true
    )
}

extension Item where Content == CalendarDate {
    /// There since (居所の開始日).
    public static let placeFrom = Item(
        "place_from",
        .whereabouts,
        "居所の開始日",
        "There since",
        .date,
        national: true,
        note: "the newest row is the present place"
    )

    /// There until (居所の終了日).
    public static let placeTo = Item("place_to", .whereabouts, "居所の終了日", "There until", .date, national: true)
}

extension Item where Content == InstitutionName {
    /// Facility (施設・医療機関名).
    public static let placeOrganisation = Item(
        "place_organisation",
        .whereabouts,
        "施設・医療機関名",
        "Facility",
        .institution,
        note: "a lodging facility named here becomes a party of the case"
    )
}
