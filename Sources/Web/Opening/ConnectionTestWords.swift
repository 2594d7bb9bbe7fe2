import Casework

/// What each check of a connection means, and what an IT department has to allow for it.
enum ConnectionTestWords {
    /// What a check is about, for whoever sits at the machine.
    static func meaning(_ check: ConnectionCheck) -> String {
        switch check {
        case .tls: "HER-SYSとの間の通信が、盗み見られない方式で行われているか"
        case .javascript: "入力を助ける機能が動くか"
        case .cookie: "ログインした状態を保てるか"
        case .clock: "日時の入力や表示がずれないか"
        case .events: "ほかの人の変更が、開いている画面にすぐ届くか"
        case .upload: "受信FAXの画像などの大きなファイルを送れるか"
        case .latency: "画面が待たずに開くか"
        case .display: "一覧が読める幅があり、氏名の漢字が表示されるか"
        case .print: "発生届や通知書を印刷できるか"
        }
    }

    /// What an IT department (情報政策部門) has to allow or set, with the host's name.
    static func demand(_ check: ConnectionCheck, host: String) -> String {
        switch check {
        case .tls: "\(host) のポート443へのHTTPS通信（TLS 1.2以上）を許可してください。"
        case .javascript: "\(host) でJavaScriptの実行を許可してください。"
        case .cookie: "\(host) のCookie（名前が __Host- で始まるもの）を許可してください。"
        case .clock: "パソコンの時計を時刻サーバー（NTP）に合わせてください。ずれは30秒以内です。"
        case .events:
            "\(host) からの text/event-stream の応答を、プロキシやウイルス対策の装置でためずに、すぐに端末へ流してください。10分間続く接続を途中で切らないでください。"
        case .upload: "\(host) への10MBまでの送信（POST）を許可してください。"
        case .latency: "\(host) への通信が遠回りしていないか、回線が混んでいないかを確かめてください。"
        case .display: "画面の幅は1024ピクセル以上、ブラウザの拡大率は100%を目安にしてください。日本語の文字（JIS第3・第4水準を含むもの）を入れてください。"
        case .print: "この端末から、A4の紙に印刷できるプリンターを使えるようにしてください。"
        }
    }

    /// What the server says of what it sees itself; nil for what only the browser can tell.
    static func found(_ check: ConnectionCheck, _ seen: ConnectionSeen) -> String? {
        switch check {
        case .tls:
            guard let transport = seen.transport else {
                return "不明です（プロキシ経由）。このサーバーの前の装置が暗号化しています。ブラウザのアドレスが https:// で始まることを確かめてください。"
            }
            let version =
                switch transport.version {
                case .tls13: "TLS 1.3"
                case .tls12: "TLS 1.2"
                case .older: "TLS 1.1以前"
                }
            return "\(version)で通信しています\(transport.isHTTP2 ? "（HTTP/2）" : "（HTTP/1.1）")。"
        case .cookie:
            return seen.hasCookie
                ? "Cookieを保存し、読み出せました。"
                : seen.hasAskedAgain ? "Cookieが保存されていません。" : nil
        case .javascript, .clock, .events, .upload, .latency, .display, .print: return nil
        }
    }
}

/// What the server sees of a machine by itself.
struct ConnectionSeen: Sendable {
    /// How it is encrypted; nil where a proxy does that.
    var transport: Transport?
    /// Whether the test's cookie came back.
    var hasCookie: Bool
    /// Whether it was set before.
    var hasAskedAgain: Bool
    /// The machine's address.
    var address: String
    /// The host's name as the browser asked for it.
    var host: String

    /// What it means.
    func outcome(_ check: ConnectionCheck) -> ConnectionCheck.Outcome {
        switch check {
        case .tls:
            switch transport?.version {
            case .tls13, .tls12: .ok
            case .older: .fail
            case nil: .unknown
            }
        case .cookie: hasCookie ? .ok : hasAskedAgain ? .fail : .unknown
        case .javascript, .clock, .events, .upload, .latency, .display, .print: .unknown
        }
    }
}
