extension CodeList {
    /// Specimens (検体材料).
    public static let specimen = CodeList(
        "specimen",
        [
            .init("sputum", "喀痰", "Sputum"),
            .init("tracheal_aspirate", "気管吸引液", "Tracheal aspirate"),
            .init("bal", "肺胞洗浄液", "Bronchoalveolar lavage"),
            .init("throat_swab", "咽頭拭い液", "Throat swab"),
            .init("nasal_aspirate", "鼻腔吸引液", "Nasal aspirate"),
            .init("nasal_swab", "鼻腔拭い液", "Nasal swab"),
            .init("nasopharyngeal_swab", "鼻咽頭拭い液", "Nasopharyngeal swab"),
            .init("saliva", "唾液", "Saliva"),
            .init("stool", "便", "Stool"),
            .init("autopsy", "剖検材料", "Autopsy material"),
            .init("other", "その他", "Other"),
        ]
    )

    /// Methods of a test (検査方法).
    public static let testMethod = CodeList(
        "test_method",
        [
            .init("isolation", "分離・同定", "Isolation and identification"),
            .init("pcr", "核酸増幅法（PCR法・LAMP法など）", "Nucleic acid amplification (PCR LAMP etc.)"),
            .init("antigen_qualitative", "抗原定性検査", "Antigen test (qualitative)"),
            .init("antigen_quantitative", "抗原定量検査", "Antigen test (quantitative)"),
            .init("other", "その他", "Other"),
        ]
    )

    /// Results of a test (検査結果).
    public static let testResult = CodeList(
        "test_result",
        [
            .init("positive", "陽性", "Positive"),
            .init("negative", "陰性", "Negative"),
            .init("inconclusive", "判定保留", "Inconclusive"),
            .init("pending", "検査中", "Pending"),
        ]
    )

    /// Methods of diagnosis (診断方法).
    public static let diagnosisMethod = CodeList(
        "diagnosis_method",
        [
            .init("isolation", "分離・同定による病原体の検出", "Pathogen isolated and identified"),
            .init("pcr", "検体から核酸増幅法による病原体遺伝子の検出", "Pathogen gene detected by nucleic acid amplification"),
            .init("antigen_qualitative", "抗原定性検査による病原体の抗原の検出", "Antigen detected (qualitative)"),
            .init("antigen_quantitative", "抗原定量検査による病原体の抗原の検出", "Antigen detected (quantitative)"),
            .init("clinical", "臨床診断", "Clinical diagnosis"),
        ]
    )

    /// Other pathogens (他の菌・ウイルス).
    public static let pathogen = CodeList(
        "pathogen",
        [
            .init("influenza_a", "インフルエンザA", "Influenza A"),
            .init("influenza_b", "インフルエンザB", "Influenza B"),
            .init("rs", "RSウイルス", "RS virus"),
            .init("adeno", "アデノウイルス", "Adenovirus"),
            .init("pneumococcus", "肺炎球菌", "Pneumococcus"),
            .init("legionella", "レジオネラ", "Legionella"),
            .init("hmpv", "ヒトメタニューモウイルス", "Human metapneumovirus"),
            .init("rhino", "ライノウイルス", "Rhinovirus"),
            .init("other", "その他", "Other"),
        ]
    )
}
