import Access
import Casework
import Catalogue
import Storage

/// The words of sharing: transfers, grants, 緊急閲覧, readings.
enum SharingWords {
    /// What was done, in a case's history.
    static func action(_ action: String) -> String {
        switch action {
        case "transfer-offer": "移管の申入れ"
        case "transfer-accept": "移管の承諾"
        case "transfer-refuse": "移管の辞退"
        case "transfer-withdraw": "移管の申入れの取下げ"
        case "grant": "閲覧・入力の許可"
        case "grant-end": "許可の終了"
        case "open": "緊急閲覧"
        default: action
        }
    }

    /// What was just done, over a case's page; nil for what is none of sharing.
    static func done(_ done: String) -> String? {
        switch done {
        case "transfer-offer": "移管を申し入れました。承諾されるまで、管轄はこの保健所のままです。"
        case "transfer-accept": "移管を承諾しました。この保健所が管轄になりました。"
        case "transfer-refuse": "移管を辞退しました。"
        case "transfer-withdraw": "移管の申入れを取り下げました。"
        default: nil
        }
    }

    /// A line of the notice box.
    static func notice(_ kind: Notice.Kind) -> String {
        switch kind {
        case .related: "関係保健所に設定されました"
        case .transferOffer: "移管の申入れがありました"
        case .transferAccept: "移管が承諾されました"
        case .transferRefuse: "移管が辞退されました"
        case .transferWithdraw: "移管の申入れが取り下げられました"
        case .open: "緊急閲覧されました"
        case .returned: "発生届が差し戻されました"
        case .grant: "閲覧・入力が許可されました"
        case .place: "入院・入所する方が決まりました（入院・入所の日から閲覧できます）"
        case .readiness: "導入準備状況（利用開始の時期）が未回答です。回答してください"
        }
    }

    /// Where an offer stands.
    static func state(_ state: CaseTransfer.State) -> HTML {
        switch state {
        case .open: Components.chip("回答待ち", .info)
        case .accepted: Components.chip("承諾", .success)
        case .refused: Components.chip("辞退", .error)
        case .withdrawn: Components.chip("取下げ", .neutral)
        }
    }

    /// What was read.
    static func reading(_ what: String) -> String {
        switch what {
        case "case": "対象者の画面"
        case "history": "履歴"
        case "list": "一覧・検索結果"
        case "export": "一覧の保存（CSV）"
        case "print": "印刷"
        case "similar": "同じ方かもしれない対象者"
        case "deleted": "削除した記録"
        case "report_link": "健康観察用のURLの発行"
        case "open": "緊急閲覧"
        default: what
        }
    }

    /// Why a day's reading is unusual.
    static func reasons(_ day: UnusualDay) -> [String] {
        var result: [String] = []
        let counted = day.day
        if day.reasons.contains(.many) { result.append("閲覧した人数が多い（\(counted.cases)人、ふだんは\(counted.usual)人）") }
        if day.reasons.contains(.night) { result.append("夜間に開いた人数が多い（\(counted.night)人）") }
        if day.reasons.contains(.namesake) { result.append("本人と同じ姓の対象者を開いた（\(counted.namesakes)人）") }
        if day.reasons.contains(.opened) { result.append("緊急閲覧が多い（\(counted.opened)件）") }
        return result
    }

    /// A moment with its year.
    static func moment(_ at: Timestamp) -> HTML {
        let (year, month, day) = at.japanDate.parts
        let (hour, minute, _) = at.japanTime
        let clock = "\(hour):\(minute < 10 ? "0" : "")\(minute)"
        return #"<time datetime="\#(at.rfc3339)">\#(year)年\#(month)月\#(day)日 \#(clock)</time>"#
    }
}
