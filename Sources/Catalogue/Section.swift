/// A group of items that is read, written and disclosed together, after the table on page 3 of the notice.
///
/// Rights are given by section (see `Access`), forms and pages are built by section.
public enum Section: String, Sendable, Hashable, CaseIterable, Codable {
    /// 個人基本情報.
    case person
    /// 福祉部門との連携の要否.
    case welfare
    /// 同居者情報.
    case household
    /// メモ欄.
    case memo
    /// 問診関連情報.
    case interview
    /// 基礎疾患の有無等.
    case condition
    /// 過去の入院に関する情報.
    case pastAdmission = "past_admission"
    /// 検査記録.
    case test
    /// 発生届情報.
    case notification
    /// 入院情報.
    case admission
    /// 転帰.
    case outcome
    /// 居所情報.
    case whereabouts
    /// 健康観察情報.
    case observation
    /// 連絡先情報.
    case careContact = "care_contact"
    /// 待機解除.
    case release
    /// 重症度.
    case severity
    /// 行動歴.
    case activity
    /// 接触者情報.
    case contact
    /// 感染リンクの有無.
    case infectionLink = "link"
    /// 感染経路情報.
    case route
    /// 管理 (who handles the case).
    case management

    /// Whether a case holds any number of records of this section rather than one.
    public var repeats: Bool { records != nil }

    /// What the section's records are called in the API and in forms (`tests.0.specimen_on`); nil where it has none.
    public var records: String? {
        switch self {
        case .test: "tests"
        case .admission: "admissions"
        case .whereabouts: "whereabouts"
        case .severity: "severities"
        case .observation: "observations"
        case .activity: "activities"
        case .contact: "contacts"
        default: nil
        }
    }

    /// One of the section's records, as a person calls it: 検査, 入院.
    public var recordLabel: String {
        switch self {
        case .test: "検査"
        case .admission: "入院"
        case .whereabouts: "居所"
        case .severity: "重症度"
        case .observation: "健康観察"
        case .activity: "行動"
        case .contact: "接触者"
        default: label
        }
    }

    /// The section's name on the screen and in print.
    public var label: String {
        switch self {
        case .person: "個人基本情報"
        case .welfare: "福祉部門との連携"
        case .household: "同居者情報"
        case .memo: "メモ"
        case .interview: "問診関連情報"
        case .condition: "基礎疾患等"
        case .pastAdmission: "過去の入院"
        case .test: "検査記録"
        case .notification: "発生届情報"
        case .admission: "入院情報"
        case .outcome: "転帰"
        case .whereabouts: "居所情報"
        case .observation: "健康観察情報"
        case .careContact: "連絡先情報"
        case .release: "待機解除"
        case .severity: "重症度"
        case .activity: "行動歴"
        case .contact: "接触者情報"
        case .infectionLink: "感染リンク"
        case .route: "感染経路情報"
        case .management: "管理情報"
        }
    }
}
