extension CodeList {
    /// Kinds of place (居所区分).
    public static let placeKind = CodeList(
        "place_kind",
        [
            .init("home", "自宅", "Home"),
            .init("hospital", "医療機関", "Hospital"),
            .init("lodging", "宿泊療養施設", "Lodging facility"),
            .init("welfare_facility", "社会福祉施設", "Welfare facility"),
            .init("other", "その他", "Other"),
            .init("arranging", "調整中", "Being arranged"),
        ]
    )

    /// As contact or as infected (接触者・感染者の区分).
    public static let observedAs = CodeList(
        "observed_as",
        [
            .init("contact", "接触者", "As a contact"),
            .init("infected", "感染者", "As an infected person"),
        ]
    )

    /// Who reports (入力者区分).
    public static let reporter = CodeList(
        "reporter",
        [
            .init("self", "本人", "The person", offered: Wording("本人", "The person")),
            .init("family", "家族", "Family member", offered: Wording("家族など", "Family or someone else")),
            .init("call", "自動電話", "Automatic call"),
            .init("health_centre", "保健所", "Health centre"),
            .init("follow_up", "健康フォローアップ受託機関", "Follow-up organisation"),
            .init("lodging", "宿泊療養施設", "Lodging facility"),
            .init("medical", "医療機関", "Medical institution"),
        ]
    )
}
