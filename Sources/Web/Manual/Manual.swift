import Access

/// The manual as a whole: its chapters in the order of the contents, and who reads which first.
enum Manual {
    static let chapters: [ManualChapter] = [
        .common, .medical, .healthCentre, .healthCentreCare, .headquarters, .care, .analysis, .issuer, .technician,
    ]

    /// 印刷して使う資料: sheets that stand elsewhere, by the words of their links.
    static let sheets: [ManualLink] = [
        ManualLink("患者の方へ：HER-SYSの説明（日本語・英語）", "/leaflets/patients"),
        ManualLink("情報セキュリティのお願い（壁に貼る1枚）", "/leaflets/security"),
        ManualLink("接続環境の確認の結果（情報システム担当に渡すもの）", "/connection-test"),
    ]

    /// Where the manual speaks of a key that nobody has, there is nothing.
    static func chapter(_ key: String) -> ManualChapter? {
        chapters.first { $0.key == key }
    }

    /// The chapters that are somebody's own, the first first; whoever isn't signed in has none.
    static func own(_ staff: Staff?) -> [ManualChapter] {
        guard let staff else { return [] }
        let chapters: [ManualChapter] =
            switch staff.organisation.kind {
            case .medical: [.medical]
            case .healthCentre: [.healthCentre, .healthCentreCare]
            case .prefecture, .city: [.headquarters]
            case .followUp, .lodging: [.care]
            case .ministry, .analysis: [.analysis]
            }
        return chapters + (staff.duties.isEmpty ? [] : [.issuer])
    }
}
