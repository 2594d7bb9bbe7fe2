import Access
import Catalogue
import Storage

extension Casework {
    /// Reports shown with a case: three weeks of three a day.
    private static let shownReports = 60

    /// A case with its newest health reports among its records, oldest first, as if they stood in its document.
    func withReports(
        _ file: CaseFile,
        now: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> CaseFile {
        let reports = try observations.observations(
            of: file.number,
            newest: Self.shownReports,
            now: now,
            directory: directory,
            connection
        )
        guard !reports.isEmpty else { return file }
        var entries = file.entries[.observation] ?? []
        for report in reports {
            var items = report.items
            items[.observedAt] = items[.observedAt] ?? report.at
            entries.append(Entry(id: report.id, owner: report.organisation, items: items))
        }
        func order(_ entry: Entry) -> (Int64, Int) { (entry.items[.observedAt]?.seconds ?? .min, entry.id) }
        entries.sort { order($0) < order($1) }
        var whole = file
        whole.entries[.observation] = entries
        return whole
    }
}
