import Access
import Casework
import Catalogue
import Hummingbird

/// Forms that were half filled when their session ended: kept by `idle.js`, shown again after the next sign-in.
enum UnfinishedFormPages {
    static let routes: [Route] = [
        // What stood in a form whose user has gone; answers with the name under which it waits.
        .form("/account/forms") { sent, _, site, staff in
            let action = SignInPages.safeReturn(sent["action"])
            guard action != "/" else { throw Refusal.notFound }
            let kept = try await site.casework.keepForm(
                action: action,
                body: cleaned(sent["body"] ?? ""),
                by: staff.caller
            )
            return .json(#"{"kept":"\#(kept.id)"}"#)
        },
        .page("/account/forms/{form}") { _, context, site, staff in
            let form = try await site.casework.unfinishedForm(id(context), by: staff.caller)
            return .json(try json(form))
        },
        // Where the page no longer has all of the fields: nothing that was typed is lost for it.
        .page("/account/forms/{form}/text") { _, context, site, staff in
            let form = try await site.casework.unfinishedForm(id(context), by: staff.caller)
            return .page(text(try FormData.parse(Array(form.body.utf8)), staff, site))
        },
    ]

    private static func id(_ context: WebContext) -> String { context.parameters.get("form") ?? "" }

    /// The attribute by which `idle.js` knows that a form holds already what was kept.
    static func mark(_ kept: String?) -> HTML {
        kept.map { #" data-kept="\#($0)""# } ?? .empty
    }

    /// What stands above a form that was filled again.
    static var note: HTML {
        Components.banner(
            .info,
            title: "入力の途中だった内容を戻しました",
            body: "<p>まだ保存されていません。内容を確かめて、続きを入力してください。</p>"
        )
    }

    /// Without the token of a session that has ended, and without what may stand in no form: passwords and codes.
    private static func cleaned(_ body: String) throws -> String {
        let form = try FormData.parse(Array(body.utf8))
        return form.fields.filter { $0.name != "csrf" && $0.name != "secret" && !BusyPage.isSecret($0.name) }.map {
            "\(Redirect.percentEncoded($0.name))=\(Redirect.percentEncoded($0.value))"
        }.joined(separator: "&")
    }

    private static func json(_ form: UnfinishedForm) throws -> String {
        var writer = JSONWriter()
        let fields = try FormData.parse(Array(form.body.utf8)).fields
        writer.json(
            .object([
                JSON.Member(name: "action", value: .text(form.action)),
                JSON.Member(
                    name: "fields",
                    value: .list(fields.map { .list([.text($0.name), .text($0.value)]) })
                ),
            ])
        )
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func text(_ form: FormData, _ staff: Staff, _ site: Site) -> HTML {
        let typed = form.fields.filter { !$0.value.isEmpty && !$0.name.hasPrefix("was.") }
        let rows: [HTML] = typed.map { field in
            let key = field.name.split(separator: ".").last.map(String.init) ?? field.name
            return "<dt>\(Catalogue.item(key)?.ja ?? field.name)</dt><dd>\(field.value)</dd>"
        }
        return Layout.page(
            title: "入力の途中だった内容",
            staff: staff,
            site: site,
            main: """
                <div class="narrow">
                <h1>入力の途中だった内容</h1>
                <p>操作がなくログアウトしたときに、入力欄にあった内容です。保存はされていません。\
                必要なものを元の画面に入力し直してください。1週間で消えます。</p>
                <dl class="facts">\(rows)</dl>
                </div>
                """
        )
    }
}

extension Site {
    /// The form kept under the `kept` of an address, where it belongs to that very address; nil for none.
    func unfinishedForm(_ request: Request, _ staff: Staff) async throws -> (id: String, fields: FormData)? {
        let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
        guard let id = query["kept"] else { return nil }
        // Somebody else may have signed in here: to them there is no such form.
        guard let form = try? await casework.unfinishedForm(id, by: staff.caller), form.action == request.uri.path
        else { return nil }
        return (id, try FormData.parse(Array(form.body.utf8)))
    }
}
