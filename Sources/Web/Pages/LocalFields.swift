import Access
import Casework
import Catalogue
import Storage

/// Local items where cases are shown and edited.
enum LocalFields {
    /// A section's local items that are asked about a case, and those that it holds from before.
    static func items(
        of file: CaseFile,
        _ section: Section,
        _ words: CaseWords,
        today: CalendarDate
    ) -> [ItemDefinition] {
        let asked = words.localItems(of: file.jurisdiction, on: today).map(\.definition).filter {
            $0.section == section
        }
        let known = Set(asked.map(\.key))
        return asked + stored(file, section, words).filter { !known.contains($0.key) }
    }

    /// A section's local items that a case holds.
    static func stored(_ file: CaseFile, _ section: Section, _ words: CaseWords) -> [ItemDefinition] {
        file.items.keys.filter { LocalItem.section(of: $0) == section }.sorted().compactMap(words.item)
    }
}
