extension CodeList {
    /// Class of the person diagnosed (診断（検案）した者（死体）の類型).
    public static let caseClass = CodeList(
        "case_class",
        [
            .init("confirmed", "患者（確定例）", "Confirmed patient"),
            .init("asymptomatic", "無症状病原体保有者", "Asymptomatic carrier"),
            .init("suspected", "疑似症患者", "Suspected patient"),
            .init("death", "感染症死亡者の死体", "Body of a person who died of the infection"),
            .init("suspected_death", "感染症死亡疑い者の死体", "Body of a person suspected to have died of the infection"),
        ]
    )

    /// Certainty of a route or region (確度).
    ///
    /// `unknown` was added to the list of the notice: 「不明」 is an answer (docs/decisions/0002-unknown-answers.md).
    public static let certainty = CodeList(
        "certainty",
        [
            .init("confirmed", "確定", "Confirmed"),
            .init("presumed", "推定", "Presumed"),
            .init("unknown", "不明", "Unknown"),
        ]
    )

    /// Routes of infection (感染経路).
    public static let route = CodeList(
        "route",
        [
            .init("droplet", "飛沫・飛沫核感染", "Droplet or droplet nuclei"),
            .init("contact", "接触感染", "Contact"),
            .init("other", "その他", "Other"),
        ]
    )

    /// In Japan or abroad (国内・国外).
    public static let domesticForeign = CodeList(
        "domestic_foreign",
        [
            .init("domestic", "日本国内", "In Japan"),
            .init("foreign", "国外", "Abroad"),
        ]
    )
}
