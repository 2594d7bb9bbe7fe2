extension CodeList {
    /// Relation of a contact (関係).
    public static let relation = CodeList(
        "relation",
        [
            .init("household", "同居家族", "Household member"),
            .init("relative", "親族", "Relative"),
            .init("friend", "友人・知人", "Friend"),
            .init("work", "職場", "Workplace"),
            .init("school", "学校・保育所", "School or nursery"),
            .init("medical", "医療機関", "Medical institution"),
            .init("facility", "施設", "Facility"),
            .init("dining", "会食", "Dining"),
            .init("transport", "交通機関", "Transport"),
            .init("other", "その他", "Other"),
        ]
    )

    /// Whether a contact was reached (連絡の状況).
    public static let reached = CodeList(
        "reached",
        [
            .init("not_yet", "未連絡", "Not yet contacted"),
            .init("reached", "連絡済", "Reached"),
            .init("no_answer", "不在", "No answer"),
            .init("unreachable", "連絡不能", "Cannot be reached"),
            .init("refused", "拒否", "Refused"),
        ]
    )

    /// Certainty of a link (感染リンクの確度).
    public static let linkCertainty = CodeList(
        "link_certainty",
        [
            .init("confirmed", "確定", "Confirmed"),
            .init("presumed", "推定", "Presumed"),
            .init("unknown", "不明", "Unknown"),
        ]
    )

    /// Kinds of facility (施設区分).
    public static let facilityKind = CodeList(
        "facility_kind",
        [
            .init("home", "自宅", "Home"),
            .init("workplace", "職場", "Workplace"),
            .init("school", "学校・教育施設等", "School"),
            .init("nursery", "保育所等", "Nursery"),
            .init("medical", "医療機関", "Medical institution"),
            .init("elderly", "高齢者福祉施設", "Facility for the elderly"),
            .init("disability", "障害者福祉施設", "Facility for the disabled"),
            .init("restaurant", "飲食店", "Restaurant or bar"),
            .init("nightlife", "接待を伴う飲食店", "Night-life venue"),
            .init("karaoke", "カラオケ", "Karaoke"),
            .init("sports", "運動施設", "Sports facility"),
            .init("event", "イベント会場", "Event venue"),
            .init("transport", "交通機関", "Transport"),
            .init("shop", "商業施設", "Shop"),
            .init("other", "その他", "Other"),
            .init("unknown", "不明", "Unknown"),
        ]
    )
}
