/// 接続環境の確認: what a machine needs so that all of the system works on it.
public enum ConnectionCheck: String, Sendable, Hashable, CaseIterable {
    /// 通信の暗号化: TLS 1.2 or later.
    case tls
    /// JavaScript.
    case javascript
    /// Cookie.
    case cookie
    /// 時計のずれ.
    case clock
    /// 画面の自動更新: server-sent events that no proxy keeps back.
    case events
    /// 大きなファイルの送信.
    case upload
    /// 応答の速さ.
    case latency
    /// 画面の幅と文字.
    case display
    /// 印刷.
    case print

    /// The check's name on the screen and in files.
    public var label: String {
        switch self {
        case .tls: "通信の暗号化（TLS）"
        case .javascript: "JavaScript"
        case .cookie: "Cookie（クッキー）"
        case .clock: "パソコンの時計"
        case .events: "画面の自動更新"
        case .upload: "大きなファイルの送信"
        case .latency: "応答の速さ"
        case .display: "画面の幅と文字"
        case .print: "印刷"
        }
    }

    /// What a check found.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// ○: it works.
        case ok
        /// △: it works with something to know.
        case warn
        /// ×: it doesn't work.
        case fail
        /// Nobody has looked yet, or nothing can look.
        case unknown

        /// The sign and the word on the screen, so that neither stands alone.
        public var label: String {
            switch self {
            case .ok: "○ 良好"
            case .warn: "△ 注意"
            case .fail: "× 不可"
            case .unknown: "－ 未確認"
            }
        }
    }

    /// Outcomes as they are stored: `tls=ok cookie=ok`.
    static func text(_ outcomes: [ConnectionCheck: Outcome]) -> String {
        allCases.map { "\($0.rawValue)=\((outcomes[$0] ?? .unknown).rawValue)" }.joined(separator: " ")
    }

    /// Reads stored outcomes; what another version of the program wrote and this one doesn't know is left out.
    static func outcomes(_ text: String) -> [ConnectionCheck: Outcome] {
        var result: [ConnectionCheck: Outcome] = [:]
        for pair in text.split(separator: " ") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let check = ConnectionCheck(rawValue: String(parts[0])),
                let outcome = Outcome(rawValue: String(parts[1]))
            else { continue }
            result[check] = outcome
        }
        return result
    }
}
