import Casework
import Catalogue
import Hummingbird
import Storage

/// The demonstration telephone: messages that would have gone out.
enum OutboxPages {
    /// A message as programs read it.
    private struct Line: Encodable {
        let at: String
        let kind: String
        let to: String
        let text: String
    }

    static let routes: [Route] = [
        .demonstration(.get, "/outbox") { _, _, site in
            .page(page(try await site.casework.messages(), site))
        },
        .demonstration(.get, "/outbox.json") { _, _, site in
            try .json(
                encoding: try await site.casework.messages().map {
                    Line(at: $0.at.rfc3339, kind: $0.kind, to: $0.to, text: $0.text)
                }
            )
        },
    ]

    private static func page(_ messages: [Message], _ site: Site) -> HTML {
        let lines: [HTML] = messages.map { message in
            """
            <li class="message">
            <p class="message-head">\(Components.chip(kind(message.kind), .info))<span>\(message.to)</span>\
            \(Components.time(message.at))</p>
            <p class="message-text">\(message.text)</p>
            </li>
            """
        }
        let list: HTML =
            lines.isEmpty
            ? "<p>まだメッセージはありません。ログインすると、ここにワンタイムパスワードが届きます。</p>" : "<ol class=\"messages\">\(lines)</ol>"
        return Layout.page(
            title: "練習用の電話",
            staff: nil,
            site: site,
            main: """
                <div class="narrow">
                <h1>練習用の電話</h1>
                <p>実際には送信されないSMSと自動音声の内容を、新しい順に表示しています。</p>
                <p class="actions"><a class="button button-secondary" href="/outbox">最新の状態にする</a></p>
                \(list)
                </div>
                """
        )
    }

    private static func kind(_ kind: String) -> String {
        switch kind {
        case "sms": "SMS"
        case "call": "自動音声"
        default: kind
        }
    }
}
