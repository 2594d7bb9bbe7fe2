public import Access
public import Catalogue

/// How a section of a case stands at a glance.
public struct SectionState: Sendable, Hashable {
    /// Items with a value, or records of a repeating section.
    public let filled: Int
    /// How many items the case's form requires in it, nil where it requires none.
    public let required: Int?
    /// How many of those have a value.
    public let answered: Int
    /// Whether a next step lies in it, or the form asks for more than there is.
    public let needsAttention: Bool

    /// How a section stands.
    ///
    /// - Parameters:
    ///   - section: the section.
    ///   - disclosed: the case as its viewer may see it: items that aren't read aren't counted.
    ///   - steps: what is due in the case.
    ///   - today: Japan's day now.
    public init(_ section: Section, in disclosed: Disclosed<CaseFile>, steps: [NextStep], today: CalendarDate) {
        let (file, permission) = (disclosed.subject, disclosed.permission)
        let isDue = steps.contains { $0.section == section }
        if section.repeats {
            filled = (file.entries[section] ?? []).count
            required = nil
            answered = 0
            needsAttention = isDue
            return
        }
        let items = Catalogue.items(in: section).filter { permission.reads($0) }
        let tests = (file.entries[.test] ?? []).map(\.items)
        // What the form asks only of those who read it as the report's writers or its health centre.
        let form = permission.readsIntake ? file.form.flatMap(FormVersion.version) : nil
        let asked = items.filter { item in
            form?.isRequired(item.key, record: file.items, tests: tests, today: today) ?? false
        }
        filled =
            items.count { file.items[$0.key] != nil }
            + file.items.keys.count { LocalItem.section(of: $0) == section }
        answered = asked.count { file.items[$0.key] != nil }
        required = asked.isEmpty ? nil : asked.count
        needsAttention = isDue || (answered < asked.count && permission.writes(section))
    }
}
