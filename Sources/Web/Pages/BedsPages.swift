import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// A hospital's or facility's own counts of beds and rooms (病床・居室の報告).
enum BedsPages {
    static let routes: [Route] = [
        .page("/beds") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            return .page(try await show(site, staff, nil, done: query["done"] ?? ""))
        },
        .form("/beds") { sent, _, site, staff in
            do {
                try await site.casework.countRooms(try read(sent, staff), by: staff.caller)
                return Redirect.to("/beds?done=1")
            } catch Refusal.findings(let findings) {
                return .page(try await show(site, staff, sent, findings), status: .unprocessableContent)
            }
        },
    ]

    /// Kinds of which nothing was typed are left as they are.
    private static func read(_ sent: FormData, _ staff: Staff) throws -> [RoomKind: RoomCount] {
        var counts: [RoomKind: RoomCount] = [:]
        var findings: [Finding] = []
        for kind in RoomKind.kinds(of: staff.organisation.kind) {
            func text(_ name: String) -> String {
                halfWidth(sent["\(kind.rawValue)_\(name)"] ?? "")
            }
            if ["total", "used", "free"].allSatisfy({ text($0).isEmpty }) { continue }
            func number(_ name: String, _ label: String) -> Int? {
                if let number = Int(text(name)), number >= 0, text(name).utf8.count <= 5 { return number }
                findings.append(
                    Finding("\(kind.rawValue)_\(name)", "number", "\(kind.label)：\(label)を数字で入力してください。")
                )
                return nil
            }
            let (total, used) = (number("total", "全体の数"), number("used", "使用中の数"))
            let free = text("free").isEmpty ? nil : number("free", "受け入れられる数")
            if let total, let used {
                counts[kind] = RoomCount(total: total, used: used, free: free, seen: seen(kind, sent))
            }
        }
        if counts.isEmpty, findings.isEmpty, let kind = RoomKind.kinds(of: staff.organisation.kind).first {
            findings.append(Finding("\(kind.rawValue)_total", "required", "数を入力してください。"))
        }
        if !findings.isEmpty { throw Refusal.findings(findings) }
        return counts
    }

    /// What the form showed of the last count.
    private static func seen(_ kind: RoomKind, _ sent: FormData) -> RoomCount.Seen? {
        guard let at = sent["\(kind.rawValue)_seen_at"].flatMap(Int64.init) else { return nil }
        let promised = sent["\(kind.rawValue)_promised"].flatMap(Int.init) ?? 0
        return RoomCount.Seen(at: Timestamp(seconds: at), promised: promised)
    }

    /// Digits of an input method (１２) as digits.
    private static func halfWidth(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
            let isWide = ("０"..."９").contains(scalar)
            result.append(isWide ? Unicode.Scalar(scalar.value - 0xfee0) ?? scalar : scalar)
        }
        return String(result)
    }

    private static func show(
        _ site: Site,
        _ staff: Staff,
        _ sent: FormData?,
        _ findings: [Finding] = [],
        done: String = ""
    ) async throws -> HTML {
        let page = try await site.casework.rooms(by: staff.caller)
        let now = site.casework.clock()
        let isLodging = staff.organisation.kind == .lodging
        let title = isLodging ? "居室の報告" : "病床の報告"
        return Layout.page(
            title: title,
            staff: staff,
            current: "/cared-for",
            site: site,
            main: """
                \(done.isEmpty ? .empty : Components.banner(.success, title: "報告しました", body: "<p>調整本部の画面に表示されます。</p>"))
                <p class="back"><a href="/cared-for">\(CaredForPages.title(staff.organisation.kind))</a></p>
                <h1>\(title)</h1>
                <p>調整本部は、この数を見て入院・療養先を決めます。数が変わったとき、少なくとも1日1回、報告してください。\
                受け入れられる数には、入院・入所が決まっていてこれから来る方の分を入れないでください。</p>
                \(newest(page, now))
                \(coming(page))
                <form method="post" action="/beds" novalidate>\(Components.csrf(staff))
                \(RoomKind.kinds(of: staff.organisation.kind).map { group($0, page, sent, findings) })
                <p class="actions"><button type="submit" class="button button-primary">この数を報告する</button></p></form>
                \(history(page))
                """,
            errors: findings,
            styles: ["care.css"]
        )
    }

    private static func newest(_ page: RoomPage, _ now: Timestamp) -> HTML {
        guard let oldest = page.present.map(\.at).min() else {
            return Components.banner(.warning, title: "まだ報告がありません", body: "<p>報告があるまで、調整本部の画面には表示されません。</p>")
        }
        let seconds = now.seconds - oldest.seconds
        let words: HTML = "前回の報告：\(Components.time(oldest))（\(HomeView.elapsed(seconds))前）"
        return seconds > Casework.staleRooms
            ? Components.banner(.warning, title: "前回の報告から1日以上たっています", body: "<p>\(words)</p>")
            : "<p>\(words)</p>"
    }

    private static func coming(_ page: RoomPage) -> HTML {
        guard page.coming > 0 else { return .empty }
        return "<p><strong>明日からの予定が\(page.coming)人あります。</strong>受け入れられる数から、この方の分を引いてください。</p>"
    }

    private static func group(_ kind: RoomKind, _ page: RoomPage, _ sent: FormData?, _ findings: [Finding]) -> HTML {
        let known = page.present.first { $0.kind == kind.rawValue }
        func field(_ name: String, _ label: String, _ hint: String, _ value: Int?) -> HTML {
            let key = "\(kind.rawValue)_\(name)"
            return Components.textField(
                name: key,
                label: "\(label)（\(kind.unit)）",
                value: sent?[key] ?? value.map(String.init) ?? "",
                hint: hint,
                errors: findings.at(key),
                attributes: #" inputmode="numeric" autocomplete="off" maxlength="5""#
            )
        }
        return """
            <fieldset class="counts-group"><legend>\(kind.label)</legend><div class="counts">
            \(field("total", "全体", "確保しているすべての数", known?.total))
            \(field("used", "使用中", "いま人がいる数", known?.used))
            \(field("free", "受け入れられる数", "空欄なら全体引く使用中", known.flatMap(Self.typed)))
            </div>\(shown(kind, known, sent, findings))</fieldset>
            """
    }

    /// What the writer sees of the last count: promises made after this page are none of those that they count in.
    ///
    /// A page that comes back goes on from what it showed first, unless that is no longer the last count.
    private static func shown(
        _ kind: RoomKind,
        _ known: RoomCapacity?,
        _ sent: FormData?,
        _ findings: [Finding]
    ) -> HTML {
        let isFresh = sent == nil || findings.contains { $0.code == "changed" }
        let seen =
            isFresh
            ? known.map { RoomCount.Seen(at: $0.at, promised: $0.promised) } : sent.flatMap { Self.seen(kind, $0) }
        guard let seen else { return .empty }
        let note: HTML =
            seen.promised > 0
            ? "<p class=\"support\">前回の報告の後に、調整本部が\(seen.promised)人の受け入れを決めています。</p>" : .empty
        return """
            \(note)<input type="hidden" name="\(kind.rawValue)_seen_at" value="\(String(seen.at.seconds))">\
            <input type="hidden" name="\(kind.rawValue)_promised" value="\(String(seen.promised))">
            """
    }

    /// What was typed into 受け入れられる数 last time; nothing where it followed from the others.
    private static func typed(_ count: RoomCapacity) -> Int? {
        count.free == count.total - count.used ? nil : count.left
    }

    private static func history(_ page: RoomPage) -> HTML {
        guard !page.history.isEmpty else { return .empty }
        let rows: [HTML] = page.history.map { count in
            let kind = RoomKind(rawValue: count.kind)
            return """
                <tr><th scope="row" data-label="報告">\(Components.time(count.at))</th>\
                <td data-label="種類">\(kind?.label ?? count.kind)</td><td class="quantity" data-label="全体">\(count.total)</td>\
                <td class="quantity" data-label="使用中">\(count.used)</td>\
                <td class="quantity" data-label="受け入れ可">\(count.free)</td></tr>
                """
        }
        return """
            <h2>これまでの報告</h2><table class="table"><caption>新しい順</caption><thead><tr><th scope="col">報告</th>\
            <th scope="col">種類</th><th scope="col" class="quantity">全体</th><th scope="col" class="quantity">使用中</th>\
            <th scope="col" class="quantity">受け入れ可</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }
}
