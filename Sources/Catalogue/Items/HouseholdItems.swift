/// Welfare, household and memo (福祉部門との連携・同居者情報・メモ欄).
enum HouseholdItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.welfareNeeds.definition,
        Item.welfareOther.definition,
        Item.livesWith.definition,
        Item.householdSize.definition,
        Item.householdNote.definition,
        Item.memo.definition,
    ]
}

extension Item where Content == String {
    /// Welfare services: other (福祉部門との連携（その他）).
    public static let welfareOther = Item(
        "welfare_other",
        .welfare,
        "福祉部門との連携（その他）",
        "Welfare services: other",
        .longText
    )

    /// Note on the household (同居者メモ).
    public static let householdNote = Item(
        "household_note",
        .household,
        "同居者メモ",
        "Note on the household",
        .longText,
        note: "a member can be registered as a contact in one step"
    )

    /// Memo (メモ).
    public static let memo = Item("memo", .memo, "メモ", "Memo", .longText)
}

extension Item where Content == [Code] {
    /// Welfare services needed (福祉部門との連携の要否).
    public static let welfareNeeds = Item(
        "welfare_needs",
        .welfare,
        "福祉部門との連携の要否",
        "Welfare services needed",
        .codes(.welfareNeed)
    )

    /// People at risk in the household (同居者の有無・区分).
    public static let livesWith = Item(
        "lives_with",
        .household,
        "同居者の有無・区分",
        "People living together who are at risk",
        .codes(.householdRisk)
    )
}

extension Item where Content == Int {
    /// Number of people living together (同居人数).
    public static let householdSize = Item(
        "household_size",
        .household,
        "同居人数",
        "Number of people living together",
        .integer,
        range: 1...50,
        unit: "人"
    )
}
