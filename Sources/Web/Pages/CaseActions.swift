import Access
import Casework
import Catalogue

/// What the viewer may do with the case now.
struct CaseActions {
    let view: CaseView
    let similar: [SimilarCase]
    let findings: [Finding]
    let reason: String

    private var file: CaseFile { view.disclosed.subject }
    private var permission: Permission { view.disclosed.permission }
    private var address: String { "/cases/\(file.number.digits)" }
    private var csrf: HTML { Components.csrf(view.staff) }

    /// Whether the organisation enters 発生届 at all.
    static func mayNotify(_ staff: Staff) -> Bool {
        staff.organisation.kind == .medical || staff.organisation.kind == .healthCentre
    }

    var html: HTML {
        """
        \(permission.decidesIntake && file.intake == .submitted ? decision : .empty)
        <div class="case-actions">
        \(permission.decidesIntake ? related : .empty)
        \(SharingBlock.links(view.disclosed))
        \(Self.mayNotify(view.staff) && knowsHousehold ? household : .empty)
        <a class="button button-secondary button-small" href="\(address)/history">履歴</a>
        \(permission.roles.contains(.inCharge) ? delete : .empty)
        \(PrintLinks.html(file, permission))
        </div>
        """
    }

    private var knowsHousehold: Bool {
        !permission.roles.isDisjoint(with: [.inCharge, .related, .reporting]) && !file.isPublishedData
    }

    private var delete: HTML {
        #"<a class="button button-danger button-small" href="\#(address)/delete">記録を削除</a>"#
    }

    private var household: HTML {
        #"<a class="button button-secondary button-small" href="/cases/new?household=\#(file.number.digits)">同居家族を続けて入力</a>"#
    }

    /// The version on the screen: a decision is on what was seen.
    private var seen: HTML {
        #"<input type="hidden" name="seen" value="\#(file.version)">"#
    }

    /// 受理の判断: duplicates first, then confirming or sending back.
    private var decision: HTML {
        let canSendBack = file.parties.contains { $0.role == .reporting }
        return """
            <section class="decision" aria-labelledby="decision-title">
            <h2 id="decision-title">この発生届は保健所確認を待っています</h2>
            \(duplicates)
            <div class="decision-buttons">
            <form method="post" action="\(address)/confirm">\(csrf)\(seen)\
            <button type="submit" class="button button-primary">保健所確認済にする</button></form>
            \(canSendBack ? sendBack : .empty)
            </div>
            </section>
            """
    }

    private var duplicates: HTML {
        guard !similar.isEmpty else {
            return #"<p class="support">所管内に、同じ方と思われる届はありません。</p>"#
        }
        let rows: [HTML] = similar.map { candidate in
            let other = candidate.file.subject
            return """
                <tr><th scope="row" data-label="HER-SYS ID"><a href="/cases/\(other.number.digits)">\
                \(other.number.display)</a></th><td data-label="氏名">\(CaseHeader.name(other.items))</td>\
                <td data-label="生年月日">\(other.items[.birthDate].map(JapaneseDate.display) ?? "")</td>\
                <td data-label="診断日">\(other.items[.diagnosedOn].map(JapaneseDate.display) ?? "")</td>\
                <td data-label="届出">\(Components.intakeChip(other.intake))</td>\
                <td data-label="一致">\(candidate.reasons.joined(separator: "、"))</td></tr>
                """
        }
        return """
            <div class="duplicates"><p><strong>同じ方の届かもしれない記録が\(similar.count)件あります。\
            </strong>確認済にする前に見比べてください。</p>
            <table class="table"><thead><tr><th scope="col">HER-SYS ID</th><th scope="col">氏名</th>\
            <th scope="col">生年月日</th><th scope="col">診断日</th><th scope="col">届出</th><th scope="col">一致</th></tr>\
            </thead><tbody>\(rows)</tbody></table></div>
            """
    }

    private var sendBack: HTML {
        let errors = findings.at("reason")
        return """
            <details class="send-back"\(errors.isEmpty && reason.isEmpty ? HTML.empty : " open")><summary>差し戻す</summary>
            <form method="post" action="\(address)/return" novalidate>\(csrf)\(seen)
            \(Components.textArea(
                name: "reason", label: "差し戻しの理由", value: reason, required: true,
                hint: "医療機関の画面にそのまま表示されます。直してほしい項目と内容を書いてください。", errors: errors))
            <button type="submit" class="button button-secondary">理由を付けて差し戻す</button>
            </form></details>
            """
    }

    /// 関係保健所: any health centre but the one in charge; a search field narrows the list where there is a script.
    private var related: HTML {
        let chosen = Set((file.items[.relatedOffices] ?? []).map(\.rawValue))
        let errors = findings.at("related_offices")
        let options = view.words.offices.filter { $0.value != file.jurisdiction }
        // Those already chosen first: they are looked for most.
        let ordered = options.filter { chosen.contains($0.value) } + options.filter { !chosen.contains($0.value) }
        let names = chosen.sorted().map(view.words.organisation).joined(separator: "、")
        return """
            <details class="related"\(errors.isEmpty ? HTML.empty : " open")><summary>関係保健所：\
            \(names.isEmpty ? "なし" : names)（変更）</summary>
            <form method="post" action="\(address)/related" novalidate data-narrow>\(csrf)\(seen)
            <div class="field" data-narrow-search hidden><label class="label" for="related-search">保健所を探す</label>\
            <input class="input" id="related-search" type="search" autocomplete="off"></div>
            <div class="related-list">\(Components.checkboxes(
                name: "related_offices", label: "関係保健所", values: chosen, options: ordered,
                hint: "選んだ保健所は、この対象者のすべての情報を閲覧できるようになります。", errors: errors))</div>
            <button type="submit" class="button button-secondary">関係保健所を設定する</button>
            </form></details>
            """
    }
}
