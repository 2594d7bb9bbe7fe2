import Access
import Casework
import Catalogue
import Interchange

/// A 発生届 on paper: the layout and the numbers of 別記様式6-1, from the form's version.
struct NotificationSheet {
    let file: CaseFile
    let words: CaseWords
    let printedAt: Timestamp
    let printedBy: Staff

    private var version: FormVersion {
        file.form.flatMap(FormVersion.version)
            ?? FormVersion.inForce(on: file.items[.notifiedOn] ?? printedAt.japanDate)
    }

    private var tests: [Record] { (file.entries[.test] ?? []).map(\.items) }

    /// The report as the codes carry it: what stands on the paper.
    var report: PrintedReport {
        PrintedReport(number: file.number, form: version.id, items: file.items, tests: tests).onForm(version)
    }

    var html: HTML {
        let boxes = version.groups.dropFirst()
        let isNumbered = boxes.contains { $0.number != nil }
        // The paper's lower half: what was found on the left, where it came from on the right.
        let upper = boxes.filter { !isNumbered || Self.place($0) <= 10 }
        let left = boxes.filter { isNumbered && (11...17).contains(Self.place($0)) }
        let right = boxes.filter { isNumbered && Self.place($0) > 17 }
        let lower: HTML =
            isNumbered
            ? """
            <div class="paper-lower"><div class="paper-column">\(left.map(box))</div>\
            <div class="paper-column">\(right.map(box))</div></div>
            """ : .empty
        return """
            <article class="sheet paper">
            <header class="paper-head">
            <p class="paper-form">\(isNumbered ? "別記様式6-1" : "発生届（\(version.id)の様式）")</p>
            <h2>新型コロナウイルス感染症　発生届</h2>
            \(facts)
            <p class="paper-law">\(office)長　殿<br>感染症の予防及び感染症の患者に対する医療に関する法律第12条第1項\
            （同条第8項において準用する場合を含む。）の規定により、以下のとおり届け出る。</p>
            \(notifier)
            </header>
            <div class="paper-upper">\(upper.map(box))</div>
            \(lower)
            \(CodeStrip.html(report))
            <footer class="paper-foot"><span>HER-SYS ID \(file.number.display)</span>\
            <span>印刷 \(JapaneseDate.display(printedAt.japanDate)) \(clock)　\(printedBy.organisation.name)　\
            \(printedBy.caller.viewer.name)</span></footer>
            </article>
            """
    }

    private static func place(_ group: FormVersion.Group) -> Int { Int(group.number ?? "") ?? 0 }

    private var office: String { file.jurisdiction.map(words.organisation) ?? "保健所" }

    private var clock: String {
        let (hour, minute, _) = printedAt.japanTime
        return "\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// What the administration adds to the paper.
    private var facts: HTML {
        let received = file.items[.receivedOn].map(JapaneseDate.display) ?? ""
        return """
            <dl class="paper-facts"><div><dt>HER-SYS ID</dt><dd class="number">\(file.number.display)</dd></div>\
            <div><dt>受付日</dt><dd>\(received)</dd></div><div><dt>届出先</dt><dd>\(office)</dd></div></dl>
            """
    }

    /// The head of the paper: who notifies, from where, when.
    private var notifier: HTML {
        let lines: [HTML] = (version.groups.first?.items ?? []).compactMap(Catalogue.item).map { item in
            "<div><dt>\(item.ja)</dt><dd>\(text(item, file.items))</dd></div>"
        }
        return #"<dl class="paper-notifier">\#(lines)</dl>"#
    }

    private func box(_ group: FormVersion.Group) -> HTML {
        let items = group.items.filter { $0 != "infected_unknown" }.compactMap(Catalogue.item)
        let isPlain = items.count == 1 && group.testItems.isEmpty
        let lines: [HTML] = items.map { item in
            let label: HTML = isPlain || item.ja == group.title ? .empty : "<dt>\(item.ja)</dt>"
            return "<div>\(label)<dd>\(value(item))</dd></div>"
        }
        let rows: [HTML] =
            group.testItems.isEmpty
            ? []
            : tests.enumerated().map { index, test in
                let values: [HTML] = group.testItems.compactMap(Catalogue.item).filter { test[$0.key] != nil }.map {
                    item in
                    "<span>\(item.ja)：\(text(item, test))</span> "
                }
                return #"<li><span class="paper-row">検査\#(index + 1)</span> \#(values)</li>"#
            }
        let list: HTML = rows.isEmpty ? .empty : #"<ul class="paper-tests">\#(rows)</ul>"#
        let number: HTML = group.number.map { #"<span class="paper-number">\#($0)</span>"# } ?? .empty
        let kind: HTML = group.number.map { " box-\($0)" } ?? .empty
        return """
            <section class="box\(kind)"><h3>\(number)\(group.title)</h3><dl>\(lines)</dl>\(list)</section>
            """
    }

    /// A value as the paper has it: choices with a box before each where they are few.
    private func value(_ item: ItemDefinition) -> HTML {
        if item.key == "infected_on", file.items[.infectedUnknown] == "yes", file.items[item.key] == nil { return "不明" }
        switch item.type {
        case .code(let list) where list.entries.count <= 8:
            let chosen = file.items[item.key]
            return choices(list) { chosen == .code($0) }
        case .codes(let list) where list.entries.count <= 24:
            let chosen = file.items[item.key]
            return choices(list) { if case .codes(let codes) = chosen { codes.contains($0) } else { false } }
        default:
            return "\(text(item, file.items))"
        }
    }

    private func choices(_ list: CodeList, _ isChosen: (Code) -> Bool) -> HTML {
        let all: [HTML] = list.entries.map { entry in
            isChosen(entry.code)
                ? #"<span class="paper-chosen">■\#(entry.ja)</span> "#
                : #"<span class="paper-choice">□\#(entry.ja)</span> "#
        }
        return "\(all)"
    }

    private func text(_ item: ItemDefinition, _ record: Record) -> String {
        record[item.key].map { words.text($0, of: item) } ?? ""
    }
}
