import Access
import Casework
import Catalogue

/// All sections of a case that the viewer may read, each with what is filled and how much isn't.
struct CaseSections {
    let disclosed: Disclosed<CaseFile>
    let words: CaseWords
    /// What is due in the case.
    var steps: [NextStep] = []
    /// Japan's day now.
    let today: CalendarDate

    /// Sections that are edited item by item; health reports, activities and contacts have pages of their own.
    static let editable = Casework.revisable.subtracting([.activity, .contact])

    /// Shown at the top of the page already.
    private static let shownElsewhere: Set<String> = ["hersys_id"]

    private var file: CaseFile { disclosed.subject }
    private var permission: Permission { disclosed.permission }

    /// The readable sections, those of the 発生届 first.
    private var readable: [Section] {
        let first: [Section] = [.person, .notification, .test]
        return (first + Section.allCases.filter { !first.contains($0) }).filter { section in
            permission.reads(section) || !(file.entries[section] ?? []).isEmpty
        }
    }

    private func mayEdit(_ section: Section) -> Bool {
        Self.editable.contains(section) && permission.writes(section)
    }

    private func isEmpty(_ section: Section) -> Bool {
        section.repeats
            ? (file.entries[section] ?? []).isEmpty
            : !(Catalogue.items(in: section) + LocalFields.stored(file, section, words)).contains {
                file.items[$0.key] != nil && !Self.shownElsewhere.contains($0.key)
            }
    }

    /// Sections with something in them, or that can be filled.
    var shown: [Section] { readable.filter { !isEmpty($0) || mayEdit($0) || mayIssueLink($0) } }

    /// Whether the viewer may give the person a link to report their health: it asks them for their birth date.
    private func mayIssueLink(_ section: Section) -> Bool {
        section == .observation && Casework.mayIssueReportLink(permission) && file.items[.birthDate] != nil
    }

    /// The list of sections beside them.
    var navigation: HTML {
        let lines: [HTML] = shown.map { section in
            """
            <li><a href="#section-\(section.rawValue)">\(section.label)\
            \(SectionState(section, in: disclosed, steps: steps, today: today).html(of: section))</a></li>
            """
        }
        return #"<nav class="case-nav" aria-label="この対象者の情報"><ol>\#(lines)</ol></nav>"#
    }

    /// The sections one after the other; those with nothing in them are named in one line.
    var html: HTML {
        let sections: [HTML] = shown.map(section)
        let empty = readable.filter { !shown.contains($0) }.map(\.label).joined(separator: "、")
        let rest: HTML = empty.isEmpty ? .empty : #"<p class="support case-empty">入力のない情報：\#(empty)</p>"#
        return "\(sections)\(rest)"
    }

    private func section(_ section: Section) -> HTML {
        let edit: HTML =
            mayEdit(section)
            ? """
            <a class="button button-secondary button-small" href="/cases/\(file.number.digits)/\(section.rawValue)">\
            編集<span class="hidden-text">：\(section.label)</span></a>
            """ : .empty
        let link: HTML =
            mayIssueLink(section)
            ? """
            <a class="button button-secondary button-small" href="/cases/\(file.number.digits)/report-link">\
            健康観察用のURLを発行</a>
            """ : .empty
        return """
            <section class="case-section" id="section-\(section.rawValue)" aria-labelledby="title-\(section.rawValue)">
            <div class="section-row"><h2 id="title-\(section.rawValue)">\(section.label)</h2>\(edit)\(link)</div>
            \(paper(section))\(section.repeats ? table(section) : list(section))
            </section>
            """
    }

    /// On which version of the paper the report was written.
    private func paper(_ section: Section) -> HTML {
        guard section == .notification, let form = file.form.flatMap(FormVersion.version) else { return .empty }
        return #"<p class="support">様式：\#(form.period)</p>"#
    }

    private func list(_ section: Section) -> HTML {
        let items = (Catalogue.items(in: section) + LocalFields.stored(file, section, words)).filter {
            permission.reads($0) && !Self.shownElsewhere.contains($0.key)
        }
        let filled: [HTML] = items.compactMap { item in
            text(item).map { "<div><dt>\(item.ja)</dt><dd>\($0)</dd></div>" }
        }
        let missing = items.filter { text($0) == nil && $0.key != "infected_unknown" }.map(\.ja)
        let values: HTML = filled.isEmpty ? .empty : #"<dl class="values">\#(filled)</dl>"#
        return values + Self.missing(missing)
    }

    /// A value as it is read; 「不明」 answers in place of its date rather than beside it.
    private func text(_ item: ItemDefinition) -> String? {
        let isUnknown = file.items[.infectedUnknown] == "yes"
        if isUnknown, item.key == "infected_unknown" { return nil }
        if isUnknown, item.key == "infected_on", file.items[item.key] == nil { return "不明" }
        return file.items[item.key].map { words.text($0, of: item) }
    }

    private static func missing(_ labels: [String]) -> HTML {
        guard !labels.isEmpty else { return .empty }
        return """
            <details class="missing"><summary>入力なし \(labels.count)項目</summary>\
            <p>\(labels.joined(separator: "、"))</p></details>
            """
    }

    /// Records of a repeating section, the newest first; only items that any of them has.
    private func table(_ section: Section) -> HTML {
        let entries = (file.entries[section] ?? []).reversed()
        guard !entries.isEmpty else { return #"<p class="support">入力はありません。</p>"# }
        if section == .observation { return ObservationTable(entries: entries.reversed(), words: words).html }
        let items = Catalogue.items(in: section).filter { item in entries.contains { $0.items[item.key] != nil } }
        let head: [HTML] = items.map { #"<th scope="col">\#($0.ja)</th>"# }
        let rows: [HTML] = entries.map { entry in
            let cells: [HTML] = items.map { item in
                let text = entry.items[item.key].map { words.text($0, of: item) } ?? ""
                return #"<td data-label="\#(item.ja)">\#(text)</td>"#
            }
            let owner = entry.owner.map(words.organisation) ?? ""
            return #"<tr>\#(cells)<td data-label="入力">\#(owner)</td></tr>"#
        }
        return """
            <div class="table-scroll"><table class="table"><thead><tr>\(head)<th scope="col">入力</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div>
            """
    }
}
