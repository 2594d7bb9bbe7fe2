import Access
import Casework
import Catalogue

/// A dense table of cases; on a narrow screen its rows become cards.
///
/// A column is there only where its items may be read in one of the rows at least: whoever sees cases de-identified
/// finds no column of names.
struct CaseTable {
    /// A row as it is shown.
    struct Row {
        let file: CaseFile
        let permission: Permission
        var updatedAt: Timestamp?

        func reads(_ item: ItemDefinition) -> Bool { permission.reads(item) }
    }

    struct Column {
        /// Its name among the columns to choose from.
        var id = ""
        let label: String
        let isShown: ([Row]) -> Bool
        let cell: (Row) -> HTML
        var isHeading = false
    }

    let words: CaseWords
    /// Whose page it is: its own key in the column 管轄保健所 says nothing.
    let organisation: Organisation
    /// Whether each row leads to the decision on its report.
    var hasDecision = false
    /// Whether the reason of a report sent back stands in its row.
    var hasReason = false
    /// Whether the time shown is that of the submission rather than of the last change.
    var hasSubmission = false
    /// Whether it is told where each report stands; in a table of those that wait all stand alike.
    var hasIntake = true

    /// The columns that the viewer has chosen, in their order; nil for the usual ones.
    var chosen: [ListColumn]?
    /// The heading that puts the list in another order, for a list that can be.
    var heading: ((ListColumn) -> HTML?)?
    /// The cases that are selected; nil where none can be.
    var ticked: Set<CaseNumber>?

    /// The table; an empty one isn't worth its head: the caller says what there is not.
    func render(_ cases: [Disclosed<CaseFile>], updatedAt: [Timestamp] = [], caption: String) -> HTML {
        let rows = cases.enumerated().map { index, one in
            Row(
                file: one.subject,
                permission: one.permission,
                updatedAt: updatedAt.indices.contains(index) ? updatedAt[index] : nil
            )
        }
        let shown = arranged.filter { $0.isShown(rows) }
        let heads = shown.map(head)
        let lines: [HTML] = rows.map { row in
            let cells: [HTML] = shown.map { column in
                let label: HTML = column.label.isEmpty ? .empty : #" data-label="\#(column.label)""#
                return column.isHeading
                    ? #"<th scope="row"\#(label)>\#(column.cell(row))</th>"#
                    : "<td\(label)>\(column.cell(row))</td>"
            }
            return #"<tr data-case="\#(row.file.number.digits)" data-version="\#(row.file.version)">\#(cells)</tr>"#
        }
        return """
            <table class="table table-cases"><caption>\(caption)</caption><thead><tr>\(heads)</tr></thead>
            <tbody>\(lines)</tbody></table>
            """
    }

    var columns: [Column] {
        let (own, ownName) = (organisation.key, organisation.name)
        let words = words
        return [
            Column(
                id: "hersys_id",
                label: "HER-SYS ID",
                isShown: { _ in true },
                cell: { row in
                    #"<a class="number" href="\#(Self.address(row.file))">\#(row.file.number.display)</a>"#
                },
                isHeading: true
            ),
            Column(id: "name", label: "氏名", isShown: Self.reading(Item.familyName.definition), cell: Self.name),
            Column(
                id: "sex_age",
                label: "性別・年齢",
                isShown: Self.reading(Item.sex.definition, Item.ageBand.definition),
                cell: { "\(Self.sexAndAge($0.file))" }
            ),
            Column(
                id: "residence",
                label: "居住地",
                isShown: { rows in
                    !rows.contains { $0.reads(Item.familyName.definition) }
                        && rows.contains { $0.reads(Item.addressMunicipality.definition) }
                },
                cell: { row in
                    "\(row.file.items[.addressMunicipality].map { words.municipality($0) ?? $0 } ?? "―")"
                }
            ),
            Column(
                id: "institution",
                label: "届出医療機関",
                isShown: { rows in
                    rows.contains { row in row.file.items[.notifierInstitution].map { $0.name != ownName } ?? false }
                },
                cell: { "\($0.file.items[.notifierInstitution]?.name ?? "―")" }
            ),
            Column(
                id: "days",
                label: "診断日・発病日",
                isShown: Self.reading(Item.diagnosedOn.definition, Item.onsetOn.definition),
                cell: Self.days
            ),
            Column(
                id: "office",
                label: "管轄保健所",
                isShown: { rows in
                    rows.contains { row in row.file.items[.jurisdiction].map { $0.rawValue != own } ?? false }
                },
                cell: { "\($0.file.items[.jurisdiction].map { words.organisation($0.rawValue) } ?? "―")" }
            ),
            Column(
                id: "intake",
                label: "発生届",
                isShown: { rows in hasIntake && Self.reading(Item.submittedAt.definition)(rows) },
                cell: { Self.intake($0, hasReason: hasReason) }
            ),
            Column(
                id: "status",
                label: "状況",
                isShown: Self.reading(Item.status.definition),
                cell: { "\($0.file.items[.status].map(CodeList.status.label) ?? "―")" }
            ),
            Column(
                label: "提出",
                isShown: { _ in hasSubmission },
                cell: { $0.file.items[.submittedAt].map(Components.time) ?? "―" }
            ),
            Column(
                id: "updated",
                label: "更新",
                isShown: { rows in rows.contains { $0.updatedAt != nil } },
                cell: { $0.updatedAt.map(Components.time) ?? "―" }
            ),
            Column(
                label: "",
                isShown: { rows in hasDecision && rows.contains { $0.permission.decidesIntake } },
                cell: Self.decision
            ),
        ]
    }

    // MARK: Cells

    static func reading(_ items: ItemDefinition...) -> ([Row]) -> Bool {
        { rows in rows.contains { row in items.contains { row.reads($0) } } }
    }

    static func address(_ file: CaseFile) -> String { "/cases/\(file.number.digits)" }

    /// The name in kanji, or in Latin letters where that is all there is.
    static func fullName(_ items: Record) -> String {
        let kanji = [items[.familyName], items[.givenName]].compactMap { $0 }.joined(separator: " ")
        return kanji.isEmpty ? items[.latinName] ?? "" : kanji
    }

    private static func name(_ row: Row) -> HTML {
        let kana = [row.file.items[.familyKana], row.file.items[.givenKana]].compactMap { $0 }.joined(separator: " ")
        let name = fullName(row.file.items)
        guard !name.isEmpty || !kana.isEmpty else { return "―" }
        let reading: HTML = kana.isEmpty ? .empty : #"<span class="kana">\#(kana)</span>"#
        return #"<span><span class="name">\#(name)</span>\#(reading)</span>"#
    }

    /// 「女 35歳」; months for an infant, the age band where no more may be seen.
    static func sexAndAge(_ file: CaseFile) -> String {
        let items = file.items
        let sex = items[.sex].map(CodeList.sex.label)
        var age: String?
        if let months = items[.ageMonths], items[.ageAtDiagnosis] ?? 0 == 0 {
            age = "\(months)か月"
        } else if let years = items[.ageAtDiagnosis] {
            age = "\(years)歳"
        } else if let band = items[.ageBand] {
            age = CodeList.ageBand.label(band)
        }
        let parts = [sex, age].compactMap { $0 }
        return parts.isEmpty ? "―" : parts.joined(separator: " ")
    }

    private static func days(_ row: Row) -> HTML {
        let lines: [HTML] = [("診断", row.file.items[.diagnosedOn]), ("発病", row.file.items[.onsetOn])]
            .compactMap { label, day in
                day.map { #"<span class="line">\#(label) \#(Components.date($0))</span>"# }
            }
        return lines.isEmpty ? "―" : "<span>\(lines)</span>"
    }

    private static func intake(_ row: Row, hasReason: Bool) -> HTML {
        let chip = Components.intakeChip(row.file.intake)
        guard hasReason, let reason = row.file.returnReason else { return "<span>\(chip)</span>" }
        return #"<span>\#(chip)<span class="line reason">\#(Components.shortened(reason, 60))</span></span>"#
    }

    private static func decision(_ row: Row) -> HTML {
        guard row.permission.decidesIntake, row.file.intake == .submitted else { return .empty }
        return """
            <a class="button button-secondary button-small" href="\(address(row.file))#decision-title">確認\
            <span class="hidden-text">：HER-SYS ID \(row.file.number.display)</span></a>
            """
    }
}
