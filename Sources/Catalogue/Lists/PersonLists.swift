extension CodeList {
    /// Yes, no or unknown (はい・いいえ・不明).
    public static let yesNoUnknown = CodeList(
        "yes_no_unknown",
        [
            .init("yes", "はい（有）", "Yes", offered: Wording("はい", "Yes")),
            .init("no", "いいえ（無）", "No", offered: Wording("いいえ", "No")),
            .init("unknown", "不明", "Unknown", offered: Wording("わからない", "Not sure")),
        ]
    )

    /// Sex (性別).
    public static let sex = CodeList(
        "sex",
        [
            .init("male", "男", "Male"),
            .init("female", "女", "Female"),
            .init("other", "その他", "Other"),
            .init("unknown", "不明", "Unknown"),
        ]
    )

    /// Age band (年代).
    public static let ageBand = CodeList(
        "age_band",
        [
            .init("u10", "10歳未満", "Under 10"),
            .init("10s", "10代", "10–19"),
            .init("20s", "20代", "20–29"),
            .init("30s", "30代", "30–39"),
            .init("40s", "40代", "40–49"),
            .init("50s", "50代", "50–59"),
            .init("60s", "60代", "60–69"),
            .init("70s", "70代", "70–79"),
            .init("80s", "80代", "80–89"),
            .init("90plus", "90歳以上", "90 and over"),
            .init("unknown", "不明", "Unknown"),
        ]
    )

    /// Occupation class (職業区分).
    public static let occupationClass = CodeList(
        "occupation_class",
        [
            .init("medical", "医療従事者", "Health care"),
            .init("care", "介護・福祉従事者", "Nursing care and welfare"),
            .init("school_staff", "教職員・保育士", "School and nursery staff"),
            .init("pupil", "未就学児・児童・生徒", "Child or pupil"),
            .init("student", "学生", "Student"),
            .init("food", "飲食・接客業", "Food service and hospitality"),
            .init("transport", "運輸・交通", "Transport"),
            .init("public", "公務員", "Public servant"),
            .init("office", "会社員", "Company employee"),
            .init("self_employed", "自営業", "Self-employed"),
            .init("none", "無職", "Not working"),
            .init("other", "その他", "Other"),
            .init("unknown", "不明", "Unknown"),
        ]
    )

    /// Welfare services needed (福祉部門との連携の要否).
    public static let welfareNeed = CodeList(
        "welfare_need",
        [
            .init("disability", "障害", "Disability"),
            .init("public_assistance", "生活保護", "Public assistance"),
            .init("childcare", "保育者確保", "Somebody to care for the children"),
            .init("carer", "介護者確保", "Somebody to nurse"),
            .init("other", "その他", "Other"),
        ]
    )

    /// People at risk in the household (同居者の区分).
    ///
    /// 「同居者なし」 excludes all others.
    public static let householdRisk = CodeList(
        "household_risk",
        exclusive: "none",
        [
            .init("elderly", "高齢者", "Elderly person"),
            .init("condition", "基礎疾患のある者", "Person with an underlying condition"),
            .init("immunosuppressed", "免疫抑制状態である者", "Immunosuppressed person"),
            .init("pregnant", "妊娠中の者", "Pregnant person"),
            .init("health_worker", "医療従事者", "Health worker"),
            .init("other", "その他の同居者", "Other"),
            .init("none", "同居者なし", "Lives alone"),
        ]
    )

    /// Languages (言語).
    public static let language = CodeList(
        "language",
        [
            .init("ja", "日本語", "Japanese"),
            .init("ja_easy", "やさしい日本語", "Easy Japanese"),
            .init("en", "英語", "English"),
            .init("zh_hans", "中国語（簡体字）", "Chinese (simplified)"),
            .init("zh_hant", "中国語（繁体字）", "Chinese (traditional)"),
            .init("ko", "韓国語", "Korean"),
            .init("vi", "ベトナム語", "Vietnamese"),
            .init("pt", "ポルトガル語", "Portuguese"),
            .init("tl", "タガログ語", "Tagalog"),
            .init("ne", "ネパール語", "Nepali"),
            .init("es", "スペイン語", "Spanish"),
        ]
    )
}
