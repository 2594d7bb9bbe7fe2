extension CodeList {
    /// Symptoms (症状).
    ///
    /// 「なし」 excludes all others.
    public static let symptom = CodeList(
        "symptom",
        exclusive: "none",
        [
            .init("fever", "発熱", "Fever"),
            .init("cough", "咳", "Cough"),
            .init("acute_respiratory", "咳以外の急性呼吸器症状", "Acute respiratory symptoms other than cough"),
            .init("pneumonia_image", "肺炎像", "Pneumonia on imaging"),
            .init("severe_pneumonia", "重篤な肺炎", "Severe pneumonia"),
            .init("ards", "急性呼吸窮迫症候群", "ARDS"),
            .init("multi_organ_failure", "多臓器不全", "Multiple organ failure"),
            .init("fatigue", "全身倦怠感", "Fatigue"),
            .init("headache", "頭痛", "Headache"),
            .init("nausea", "嘔気・嘔吐", "Nausea or vomiting"),
            .init("diarrhoea", "下痢", "Diarrhoea"),
            .init("conjunctivitis", "結膜炎", "Conjunctivitis"),
            .init("smell_taste", "嗅覚・味覚障害", "Loss of smell or taste"),
            .init("other", "その他", "Other"),
            .init("none", "なし", "None"),
        ]
    )

    /// Underlying conditions (基礎疾患).
    ///
    /// 「なし」 excludes all others.
    public static let condition = CodeList(
        "condition",
        exclusive: "none",
        [
            .init("respiratory", "呼吸器疾患（COPD等）", "Respiratory disease (COPD etc.)"),
            .init("diabetes", "糖尿病", "Diabetes"),
            .init("hypertension", "高血圧", "Hypertension"),
            .init("dyslipidaemia", "脂質異常症", "Dyslipidaemia"),
            .init("cerebrovascular", "脳血管疾患", "Cerebrovascular disease"),
            .init("dementia", "認知症", "Dementia"),
            .init("heart", "心疾患", "Heart disease"),
            .init("kidney", "慢性腎臓病", "Chronic kidney disease"),
            .init("malignancy", "悪性腫瘍", "Malignant tumour"),
            .init("other", "その他の基礎疾患", "Other"),
            .init("none", "なし", "None"),
        ]
    )

    /// Smoking (喫煙).
    public static let smoking = CodeList(
        "smoking",
        [
            .init("never", "なし", "Never"),
            .init("former", "過去にあり", "Former"),
            .init("current", "現在あり", "Current"),
            .init("unknown", "不明", "Unknown"),
        ]
    )

    /// Risk factors for severe illness (重症化のリスク因子).
    ///
    /// 「なし」 excludes all others.
    public static let riskFactor = CodeList(
        "risk_factor",
        exclusive: "none",
        [
            .init("malignancy", "悪性腫瘍", "Malignant tumour"),
            .init("copd", "慢性閉塞性肺疾患（COPD）", "COPD"),
            .init("kidney", "慢性腎臓病", "Chronic kidney disease"),
            .init("hypertension", "高血圧", "Hypertension"),
            .init("diabetes", "糖尿病", "Diabetes"),
            .init("dyslipidaemia", "脂質異常症", "Dyslipidaemia"),
            .init("obesity", "肥満（BMI 30以上）", "Obesity (BMI 30 or more)"),
            .init("smoking", "喫煙歴", "Smoking history"),
            .init("immunodeficiency", "臓器移植・免疫抑制剤・抗がん剤等による免疫の機能の低下", "Lowered immunity"),
            .init("other", "その他", "Other"),
            .init("none", "なし", "None"),
        ]
    )

    /// Severity (重症度).
    public static let severity = CodeList(
        "severity",
        [
            .init("asymptomatic", "無症状", "No symptoms"),
            .init("mild", "軽症", "Mild"),
            .init("moderate_1", "中等症Ⅰ", "Moderate I"),
            .init("moderate_2", "中等症Ⅱ", "Moderate II"),
            .init("moderate", "中等症（区分なし）", "Moderate (not divided)"),
            .init("severe", "重症", "Severe"),
            .init("unknown", "不明", "Unknown"),
        ]
    )

    /// Treatment needed (治療薬・酸素投与の必要性).
    ///
    /// 「なし」 excludes all others.
    public static let treatmentNeed = CodeList(
        "treatment_need",
        exclusive: "none",
        [
            .init("drug", "治療薬の投与が必要", "Needs an antiviral drug"),
            .init("oxygen", "新たな酸素投与が必要", "Newly needs oxygen"),
            .init("none", "なし", "None"),
        ]
    )

    /// Outcome (転帰).
    public static let outcome = CodeList(
        "outcome",
        [
            .init("discharged", "退院", "Discharged"),
            .init("released", "療養解除", "Released from isolation"),
            .init("died", "死亡", "Died"),
            .init("ongoing", "療養中", "Under care"),
            .init("unknown", "不明", "Unknown"),
        ]
    )
}
