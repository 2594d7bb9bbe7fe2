import Access
import Casework
import Catalogue

/// Health reports of a case as a series, the newest first: what stands out, the figures, the signs in one cell.
///
/// Every value that the gate let through stands in it; sixteen columns of いいえ would hide the one はい.
struct ObservationTable {
    let entries: [Entry]
    let words: CaseWords

    /// Signs that share a cell.
    private static let signs = Catalogue.items(in: .observation).filter { $0.key.hasPrefix("symptom_") }
    private static let signKeys = Set(signs.map(\.key))

    /// A column: its heading and what stands in it for a report.
    private struct Column {
        let title: String
        let cell: (Entry) -> HTML
    }

    var html: HTML {
        let rows = Array(entries.reversed())
        let shown = columns.filter { column in rows.contains { !column.cell($0).bytes.isEmpty } }
        let head: [HTML] = shown.map { #"<th scope="col">\#($0.title)</th>"# }
        let lines: [HTML] = rows.map { entry in
            let cells: [HTML] = shown.map { #"<td data-label="\#($0.title)">\#($0.cell(entry))</td>"# }
            return "<tr>\(cells)</tr>"
        }
        // Whoever has no mouse scrolls it by the arrows.
        return """
            <div class="table-scroll" tabindex="0" role="region" aria-label="健康観察の記録">\
            <table class="table"><thead><tr>\(head)</tr></thead><tbody>\(lines)</tbody></table></div>
            """
    }

    private var columns: [Column] {
        let alarm = Column(title: "警報") { Self.chip(Alarm.of($0.items)) }
        let signs = Column(title: "症状") { "\(symptoms($0.items))" }
        let owner = Column(title: "入力") { "\($0.owner.map(words.organisation) ?? "")" }
        let others = Catalogue.items(in: .observation).filter { !Self.signKeys.contains($0.key) }.map { item in
            Column(title: item.ja) { entry in "\(entry.items[item.key].map { words.text($0, of: item) } ?? "")" }
        }
        let first = others.firstIndex { $0.title == Item.antipyretic.definition.ja } ?? others.endIndex
        return [alarm] + others[..<first] + [signs] + others[first...] + [owner]
    }

    /// 「息苦しさ、下痢（不明：咳・鼻水）」; 「なし」 where every answer was no.
    private func symptoms(_ items: Record) -> String {
        func named(_ code: String) -> String {
            Self.signs.filter { items[$0.key] == .code(Code(code)) }.map(\.ja).joined(separator: "、")
        }
        let known: Set<Value> = [.code("yes"), .code("no"), .code("unknown")]
        // A code of a newer version is shown as it came.
        let strange = Self.signs.compactMap { item in
            items[item.key].flatMap { known.contains($0) ? nil : "\(item.ja)：\(words.text($0, of: item))" }
        }
        let (yes, unknown) = (named("yes"), named("unknown"))
        var text = ([yes] + strange).filter { !$0.isEmpty }.joined(separator: "、")
        if text.isEmpty, !named("no").isEmpty { text = "なし" }
        return unknown.isEmpty ? text : "\(text)（不明：\(unknown)）"
    }

    private static func chip(_ alarm: Alarm) -> HTML {
        switch alarm {
        case .none: .empty
        case .watch: Components.chip(alarm.label, .warning)
        case .emergency: Components.chip(alarm.label, .error)
        }
    }
}
