/// One report of health (健康観察情報).
enum ObservationItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.observedAt.definition,
        Item.observedAs.definition,
        Item.reportedBy.definition,
        Item.bodyTemperature.definition,
        Item.spo2.definition,
        Item.pulse.definition,
        Item.symptomFace.definition,
        Item.symptomCough.definition,
        Item.symptomBreath.definition,
        Item.symptomFatigue.definition,
        Item.symptomNausea.definition,
        Item.symptomDiarrhoea.definition,
        Item.symptomConsciousness.definition,
        Item.symptomEating.definition,
        Item.symptomUrine.definition,
        Item.symptomTaste.definition,
        Item.antipyretic.definition,
        Item.observationNote.definition,
        Item.physicianFinding.definition,
    ]
}

extension Item where Content == String {
    /// Message to the health centre (保健所への連絡事項).
    public static let observationNote = Item(
        "observation_note",
        .observation,
        "保健所への連絡事項",
        "Message to the health centre",
        .longText,
        asked: Question(
            "保健所に伝えたいこと",
            "Message to the public health centre",
            hint: Wording(
                "ここに書いてもすぐには返事ができません。急ぐときは電話してください。",
                "We cannot answer right away. If it is urgent, please call."
            )
        )
    )

    /// Physician's finding (医師所見).
    public static let physicianFinding = Item(
        "physician_finding",
        .observation,
        "医師所見",
        "Physician's finding",
        .longText,
        note: "staff only"
    )
}

extension Item where Content == Code {
    /// As contact or as infected (区分).
    public static let observedAs = Item(
        "observed_as",
        .observation,
        "区分",
        "As contact or as infected",
        .code(.observedAs)
    )

    /// Reported by (入力者区分).
    public static let reportedBy = Item(
        "reported_by",
        .observation,
        "入力者区分",
        "Reported by",
        .code(.reporter),
        note: "who entered it: the person; a family member for the person; the automatic call; staff",
        asked: Question("入力している方", "Who is filling this in?")
    )

    /// Looks ill (表情・顔色が悪い).
    public static let symptomFace = Item(
        "symptom_face",
        .observation,
        "表情・顔色が悪い",
        "Looks ill",
        .code(.yesNoUnknown),
        asked: Question("顔色が悪い、くちびるが紫色になっている", "Face looks pale, or lips have turned purple")
    )

    /// Cough or runny nose (咳・鼻水).
    public static let symptomCough = Item(
        "symptom_cough",
        .observation,
        "咳・鼻水",
        "Cough or runny nose",
        .code(.yesNoUnknown),
        asked: Question("せきや鼻水が出る", "Cough or runny nose")
    )

    /// Short of breath (息苦しさ).
    public static let symptomBreath = Item(
        "symptom_breath",
        .observation,
        "息苦しさ",
        "Short of breath",
        .code(.yesNoUnknown),
        asked: Question("息が苦しい、息が荒い", "Hard to breathe, or breathing fast")
    )

    /// Fatigue (全身倦怠感).
    public static let symptomFatigue = Item(
        "symptom_fatigue",
        .observation,
        "全身倦怠感",
        "Fatigue",
        .code(.yesNoUnknown),
        asked: Question("体がだるい", "Feeling weak or very tired")
    )

    /// Nausea or vomiting (嘔気・嘔吐).
    public static let symptomNausea = Item(
        "symptom_nausea",
        .observation,
        "嘔気・嘔吐",
        "Nausea or vomiting",
        .code(.yesNoUnknown),
        asked: Question("はき気がする、はいた", "Feeling sick, or vomiting")
    )

    /// Diarrhoea (下痢).
    public static let symptomDiarrhoea = Item(
        "symptom_diarrhoea",
        .observation,
        "下痢",
        "Diarrhoea",
        .code(.yesNoUnknown),
        asked: Question("下痢をしている", "Diarrhoea")
    )

    /// Impaired consciousness (意識障害).
    public static let symptomConsciousness = Item(
        "symptom_consciousness",
        .observation,
        "意識障害",
        "Impaired consciousness",
        .code(.yesNoUnknown),
        asked: Question("ぼんやりする、呼びかけへの反応が弱い", "Drowsy or confused, or slow to respond when spoken to")
    )

    /// Cannot eat (食事困難).
    public static let symptomEating = Item(
        "symptom_eating",
        .observation,
        "食事困難",
        "Cannot eat",
        .code(.yesNoUnknown),
        asked: Question("食事がとれない", "Cannot eat")
    )

    /// No urine (排尿がない).
    public static let symptomUrine = Item(
        "symptom_urine",
        .observation,
        "排尿がない",
        "No urine",
        .code(.yesNoUnknown),
        asked: Question("半日以上、尿（おしっこ）が出ていない", "No urine for half a day or longer")
    )

    /// Loss of smell or taste (嗅覚・味覚障害).
    public static let symptomTaste = Item(
        "symptom_taste",
        .observation,
        "嗅覚・味覚障害",
        "Loss of smell or taste",
        .code(.yesNoUnknown),
        asked: Question("においや味が分からない", "Cannot smell or taste")
    )

    /// Took a fever reducer (解熱剤の使用).
    public static let antipyretic = Item(
        "antipyretic",
        .observation,
        "解熱剤の使用",
        "Took a fever reducer",
        .code(.yesNoUnknown),
        note: "needed for the release rule",
        asked: Question("今日、熱を下げる薬（解熱剤）を使った", "Took medicine to bring down a fever today")
    )
}

extension Item where Content == Timestamp {
    /// Observed at (健康観察日時).
    public static let observedAt = Item("observed_at", .observation, "健康観察日時", "Observed at", .time)
}

extension Item where Content == Int {
    /// SpO2 (酸素飽和度).
    public static let spo2 = Item(
        "spo2",
        .observation,
        "酸素飽和度",
        "SpO2",
        .integer,
        range: 50...100,
        unit: "%",
        asked: Question(
            "酸素飽和度（％）",
            "Oxygen level, SpO2 (%)",
            hint: Wording("パルスオキシメーターがあるときだけ。例：97", "Only if you have a pulse oximeter. Example: 97")
        )
    )

    /// Pulse (脈拍).
    public static let pulse = Item("pulse", .observation, "脈拍", "Pulse", .integer, range: 20...250, unit: "回/分")
}

extension Item where Content == DecimalNumber {
    /// Temperature (体温).
    public static let bodyTemperature = Item(
        "body_temperature",
        .observation,
        "体温",
        "Temperature",
        .decimal,
        range: 30...45,
        unit: "℃",
        asked: Question(
            "体温（℃）",
            "Temperature (°C)",
            hint: Wording("例：36.5", "Example: 36.5. In degrees Celsius.")
        )
    )
}
