/// Answers of 「不明」 that the notice names but has no item for; see docs/decisions/0002-unknown-answers.md.
enum UnknownAnswerItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.infectedUnknown.definition
    ]
}

extension Item where Content == Code {
    /// Date of infection unknown (感染年月日不明), item 15 of 別記様式6-1.
    public static let infectedUnknown = Item(
        "infected_unknown",
        .notification,
        "感染年月日不明",
        "Date of infection unknown",
        .code(.yesNoUnknown),
        form: "15",
        note: "yes where the presumed date of infection is 「不明」; added to the items of the notice"
    )
}
