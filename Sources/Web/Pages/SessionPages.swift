import Casework
import Hummingbird

/// The list of one's own sessions, and ending them.
enum SessionPages {
    static let routes: [Route] = [
        .form("/account/sessions/end", confirms: true) { form, _, site, staff in
            try await site.casework.endSession(form["session"] ?? "", by: staff.session)
            return Redirect.to("/account?done=session#sessions")
        },
        .form("/account/sessions/end-others", confirms: true) { _, _, site, staff in
            try await site.casework.endOtherSessions(by: staff.session)
            return Redirect.to("/account?done=sessions#sessions")
        },
        leave,
    ]

    /// The one session of a page that was left alone to its end.
    static let leave = Route.form("/account/leave") { _, _, site, staff in
        try await site.casework.leaveSession(staff.session)
        return Response(status: .noContent)
    }

    /// What is said above the list once a session has been ended.
    private static func words(_ done: String?) -> HTML {
        switch done {
        case "session"?: Components.banner(.success, title: "選んだログインを終了しました")
        case "sessions"?: Components.banner(.success, title: "ほかのログインをすべて終了しました")
        default: .empty
        }
    }

    /// The sessions as a part of /account; `done` is what its address says to have just been done.
    static func list(_ sessions: [OwnSession], _ staff: Staff, done: String?) -> HTML {
        let rows: [HTML] = sessions.map { session in
            let name = session.browser.isEmpty ? "ブラウザー不明" : session.browser
            let end: HTML =
                session.isThis
                ? Components.chip("この画面", .info)
                : """
                <form method="post" action="/account/sessions/end">\(Components.csrf(staff))
                <input type="hidden" name="session" value="\(session.handle)">
                <button type="submit" class="button button-secondary button-small">終了する\
                <span class="hidden-text">（\(name)、\(Components.time(session.startedAt))から）</span></button></form>
                """
            return """
                <tr><td data-label="ブラウザー">\(name)</td>
                <td data-label="接続元">\(session.place.isEmpty ? "不明" : session.place)</td>
                <td data-label="ログイン">\(Components.time(session.startedAt))</td>
                <td data-label="最後の操作">\(Components.time(session.usedAt))</td>
                <td>\(end)</td></tr>
                """
        }
        let others: HTML =
            sessions.count < 2
            ? .empty
            : """
            <form method="post" action="/account/sessions/end-others">\(Components.csrf(staff))
            <p class="actions"><button type="submit" class="button button-secondary">ほかのログインを終える</button></p></form>
            """
        return """
            <section id="sessions">
            <h2>いまログインしている画面</h2>
            \(words(done))
            <p>このユーザーIDでいまログインしている画面です。心当たりのないものがあれば終了し、利用者認証実施者に連絡してください。</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="いまログインしている画面"><table class="table">
            <thead><tr><th scope="col">ブラウザー</th><th scope="col">接続元</th><th scope="col">ログイン</th>\
            <th scope="col">最後の操作</th><th scope="col"><span class="hidden-text">操作</span></th></tr></thead>
            <tbody>\(rows)</tbody></table></div>
            \(others)
            </section>
            """
    }
}
