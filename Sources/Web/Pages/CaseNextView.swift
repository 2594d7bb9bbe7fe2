import Access
import Casework
import Catalogue

/// 次にすること: what waits to be done with a case, each a line with a link to the place.
struct CaseNextView {
    let disclosed: Disclosed<CaseFile>
    let steps: [NextStep]
    /// Sections that have a place on the page.
    let places: Set<Section>
    let today: CalendarDate

    var html: HTML {
        guard !steps.isEmpty else { return .empty }
        let lines: [HTML] = steps.map { step in
            let words = Self.words(step, today)
            let chip = Components.chip(words.chip, Self.isPressing(step) ? .error : .warning)
            let text: HTML = address(step).map { #"<a href="\#($0)">\#(words.text)</a>"# } ?? "\(words.text)"
            return #"<li data-step="\#(String(describing: step.kind))">\#(chip)\#(text)</li>"#
        }
        return """
            <section class="next-steps" aria-labelledby="next-title"><h2 id="next-title">次にすること</h2>\
            <ul>\(lines)</ul></section>
            """
    }

    /// Where it is done: the section's own page where there is one, else its place on the case's page.
    private func address(_ step: NextStep) -> String? {
        switch step.kind {
        case .confirm: return "#decision-title"
        case .mend, .awaitMending: return "#returned"
        case .release, .silent, .place, .stayEnded, .result:
            guard let section = step.section else { return nil }
            if CaseSections.editable.contains(section), disclosed.permission.writes(section) {
                return "/cases/\(disclosed.subject.number.digits)/\(section.rawValue)"
            }
            return places.contains(section) ? "#section-\(section.rawValue)" : nil
        }
    }

    private static func isPressing(_ step: NextStep) -> Bool {
        switch step.kind {
        case .mend, .release, .silent: true
        case .confirm, .awaitMending, .place, .stayEnded, .result: false
        }
    }

    private static func words(_ step: NextStep, _ today: CalendarDate) -> (chip: String, text: String) {
        let since = step.since.map { "（\(day($0))から\(waited($0, today))）" } ?? ""
        switch step.kind {
        case .mend: return ("差し戻し", "保健所から差し戻されています。直して再提出してください。")
        case .confirm: return ("確認待ち", "発生届の保健所確認を待っています\(since)。")
        case .awaitMending: return ("差し戻し中", "医療機関の修正を待っています。")
        case .release:
            let due = step.since ?? today
            return due < today
                ? ("解除予定日超過", "待機解除予定日（\(day(due))）を\(today.days(since: due))日過ぎています。体調を確かめて、待機解除の連絡を登録してください。")
                : ("本日解除予定", "待機解除予定日です。体調を確かめて、待機解除の連絡を登録してください。")
        case .silent:
            return ("報告なし", "健康観察の報告がありません（最後の報告は\(step.since.map(day) ?? "不明")）。電話で確かめてください。")
        case .place: return ("居所未登録", "陽性ですが、居所が登録されていません。")
        case .stayEnded:
            return ("居所終了", "居所が\(step.since.map(day) ?? "")に終わっています。次の居所か待機解除を登録してください。")
        case .result:
            let count = step.count > 1 ? "\(step.count)件の" : ""
            return ("結果待ち", "\(count)検査の結果を待っています\(since)。")
        }
    }

    private static func day(_ day: CalendarDate) -> String { "\(day.parts.month)月\(day.parts.day)日" }

    private static func waited(_ since: CalendarDate, _ today: CalendarDate) -> String {
        let days = today.days(since: since)
        return days > 0 ? "\(days)日" : "本日"
    }
}

extension SectionState {
    /// The state as it stands beside the section's name in the page's list of sections.
    func html(of section: Section) -> HTML {
        let attention: HTML = needsAttention ? #"　<strong>要確認</strong>"# : .empty
        let words =
            if section.repeats {
                filled == 0 ? "なし" : "\(filled)件"
            } else if let required {
                "必須 \(answered)/\(required)"
            } else {
                filled == 0 ? "入力なし" : "\(filled)項目"
            }
        return #"<span class="nav-state">\#(words)\#(attention)</span>"#
    }
}
