import Access
import Casework
import Catalogue

/// One section of a case as it is being edited: only items that the writer may write are fields.
///
/// Each field brings along what stood in it when the page was made. What differs was typed and is sent to `Casework`;
/// the rest isn't, so that a colleague's change to another item stands.
struct CaseEdit: Sendable {
    let file: CaseFile
    let permission: Permission
    let section: Section
    let words: CaseWords
    let organisation: OrganisationKey
    let today: CalendarDate
    /// The version the writer has seen.
    var seen: Int
    /// What stands in the fields.
    var form: ItemForm
    /// What stood in them when the page was made.
    var was: [String: String]
    /// What was typed into fields that the section doesn't have (any more).
    var lost: [LostField] = []
    /// Rows of records by their place in the form: a record's number, nil for a new one.
    var rows: [Int?]

    /// A section as it stands; nil where the viewer may not write any of it.
    init?(_ disclosed: Disclosed<CaseFile>, _ section: Section, words: CaseWords, staff: Staff, today: CalendarDate) {
        guard CaseSections.editable.contains(section), disclosed.permission.writes(section) else { return nil }
        file = disclosed.subject
        permission = disclosed.permission
        self.section = section
        self.words = words
        organisation = staff.organisation.key
        self.today = today
        seen = file.version
        rows = []
        form = ItemForm([:])
        was = [:]
        if section.repeats {
            rows = entries.map(\.id) + [nil]
        }
        for (row, item) in places {
            let name = ItemForm.name(item.key, row: row)
            form.fields[name] = stored(item, row: row)
        }
        was = form.fields
    }

    /// Records that the writer may change.
    private var entries: [Entry] {
        (file.entries[section] ?? []).filter { entry in
            Catalogue.items(in: section).contains { permission.writes($0, owner: entry.owner) }
        }
    }

    /// A row's field that is no item: its number, whether it is taken away.
    func field(_ name: String, _ row: Int) -> String {
        "\(section.records ?? "").\(row).\(name)"
    }

    /// Whether a row's record is to be taken away.
    func isRemoved(_ row: Int) -> Bool { form.fields[field("remove", row)] == "1" }

    /// The items that are fields.
    var items: [ItemDefinition] {
        (Catalogue.items(in: section) + LocalFields.items(of: file, section, words, today: today)).filter {
            permission.writes($0, owner: organisation) && permission.reads($0, owner: organisation)
        }
    }

    /// Every field: in a repeating section each item in each row.
    var places: [(row: Int?, item: ItemDefinition)] {
        guard section.repeats else { return items.map { (nil, $0) } }
        return rows.indices.flatMap { row in items.map { (row, $0) } }
    }

    /// What stands in the case, as it stands in a field.
    private func stored(_ item: ItemDefinition, row: Int?) -> String {
        let record: Record
        if let row {
            guard rows.indices.contains(row), let id = rows[row] else { return "" }
            record = entries.first { $0.id == id }?.items ?? Record()
        } else {
            record = file.items
        }
        return record[item.key].map { words.editable($0, of: item) } ?? ""
    }

    /// Takes over what was sent; fields the form didn't hold show what stands in the case.
    mutating func take(_ sent: FormData) {
        let fields = sent.dictionary
        seen = Int(fields["seen"] ?? "") ?? seen
        if section.repeats {
            let count = ItemForm(fields).rows(of: section, most: 500)
            rows = (0..<count).map { Int(fields[field("id", $0)] ?? "") }
        }
        form = ItemForm([:])
        was = [:]
        for (row, item) in places {
            let name = ItemForm.name(item.key, row: row)
            let now = stored(item, row: row)
            form.fields[name] = fields[name] ?? now
            was[name] = fields[name] == nil ? now : fields["was.\(name)"] ?? now
        }
        for row in rows.indices where fields[field("remove", row)] == "1" { form.fields[field("remove", row)] = "1" }
        lost = lostFields(in: fields)
        form.fields["reason"] = fields["reason"]
    }

    /// Whether a field was changed since the page was made.
    private func isTyped(_ item: ItemDefinition, row: Int?) -> Bool {
        let name = ItemForm.name(item.key, row: row)
        guard let text = form.fields[name] else { return false }
        return Self.plain(text, item) != Self.plain(was[name] ?? "", item)
    }

    /// Browsers send line breaks as CR LF and choices in any order.
    static func plain(_ text: String, _ item: ItemDefinition) -> String {
        switch item.type {
        case .codes, .offices, .caseReferences: ItemForm.codes(text).sorted().joined(separator: " ")
        default: text.replacing("\r\n", with: "\n")
        }
    }

    /// What the writer wants changed, and what couldn't be read.
    func revision(_ sent: FormData) -> (revision: Revision, findings: [Finding]) {
        let conflicts = conflicts(sent)
        let theirs = Set(conflicts.map(\.name).filter { sent["resolve.\($0)"] == "theirs" })
        let reads = { (row: Int?) in
            let typed = items.filter {
                isTyped($0, row: row) && !theirs.contains(ItemForm.name($0.key, row: row))
            }
            return form.read(typed, row: row, words: words, today: today)
        }
        var revision = Revision(
            seen: seen,
            items: [:],
            keepsWarnings: sent["keeps_warnings"] == "1",
            reason: sent["reason"]
        )
        var findings: [Finding] = conflicts.filter { sent["resolve.\($0.name)"] == nil }.map {
            let place = Finding.Place(item: $0.item.key, index: $0.row)
            return Finding(place, "conflict", "「\(label($0.item, row: $0.row))」をどちらの内容にするか選んでください。")
        }
        guard section.repeats else {
            let reading = reads(nil)
            revision.items = reading.values
            return (revision, findings + reading.findings)
        }
        for (row, id) in rows.enumerated() {
            let isRemoved = id != nil && isRemoved(row)
            let reading = reads(row)
            if isRemoved || !reading.values.isEmpty {
                revision.entries.append(
                    EntryRevision(section, id: id, items: isRemoved ? [:] : reading.values, isRemoved: isRemoved)
                )
            }
            if !isRemoved { findings += reading.findings }
        }
        return (revision, findings)
    }

    /// A field by its place and its name.
    struct Place: Sendable {
        let row: Int?
        let item: ItemDefinition

        var name: String { ItemForm.name(item.key, row: row) }
    }

    /// Fields that a page before this one showed as changed by two.
    func conflicts(_ sent: FormData) -> [Place] {
        let named = Set(sent.all("conflict"))
        return named.isEmpty ? [] : places.map { Place(row: $0.row, item: $0.item) }.filter { named.contains($0.name) }
    }

    /// Where a conflict of `Casework` stands in the form.
    func place(of conflict: Conflict) -> Place? {
        guard let item = items.first(where: { $0.key == conflict.item }) else { return nil }
        guard let entry = conflict.entry else { return Place(row: nil, item: item) }
        return rows.firstIndex(of: entry).map { Place(row: $0, item: item) }
    }

    /// A field's name for its reader, with its record's where there are several.
    func label(_ item: ItemDefinition, row: Int?) -> String {
        row.map { "\(section.recordLabel) \($0 + 1)の\(item.ja)" } ?? item.ja
    }

    /// Finds the rows that findings about records mean: `Casework` counts the records that the case would have.
    func placed(_ findings: [Finding]) -> [Finding] {
        guard section.repeats else { return findings }
        var order: [Int?] = []
        for entry in file.entries[section] ?? [] {
            let row = rows.firstIndex(of: entry.id)
            if let row, isRemoved(row) { continue }
            order.append(row)
        }
        for (row, id) in rows.enumerated() where id == nil {
            if items.contains(where: { isTyped($0, row: row) }) { order.append(row) }
        }
        return findings.map { finding in
            guard let index = finding.place.index, order.indices.contains(index),
                Catalogue.item(finding.place.item)?.section == section
            else { return finding }
            let place = Finding.Place(item: finding.place.item, index: order[index])
            return Finding(place, finding.code, finding.message, severity: finding.severity)
        }
    }

    /// The same typing on top of the case as it stands now: what was typed stays, the rest shows what others made of it.
    func rebased(_ disclosed: Disclosed<CaseFile>, staff: Staff) -> CaseEdit? {
        guard var fresh = CaseEdit(disclosed, section, words: words, staff: staff, today: today) else { return nil }
        let typed = places.filter { isTyped($0.item, row: $0.row) }
        fresh.rows = rows
        fresh.form = form
        fresh.lost = lost
        let left = Set(fresh.places.map { ItemForm.name($0.item.key, row: $0.row) })
        for (row, item) in typed where !left.contains(ItemForm.name(item.key, row: row)) {
            let name = ItemForm.name(item.key, row: row)
            fresh.lost.append(fresh.lostField(name, item, form.fields[name] ?? "", was: was[name] ?? ""))
        }
        for (row, item) in fresh.places {
            let name = ItemForm.name(item.key, row: row)
            let now = fresh.stored(item, row: row)
            fresh.was[name] = now
            if !isTyped(item, row: row) { fresh.form.fields[name] = now }
        }
        return fresh
    }
}
