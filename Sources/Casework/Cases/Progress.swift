import Access
import Catalogue

/// 現在のステータス as it follows from the outcome, the stays, the admissions and the severity.
enum Progress {
    /// Sections of which a change moves the status.
    static let moves: Set<Section> = [.whereabouts, .admission, .outcome, .release, .severity]

    /// The status that a case has on a day; nil where nothing says one.
    static func status(_ file: CaseFile, on day: CalendarDate) -> Code? {
        switch file.items[.outcome] {
        case "died": return "died"
        case "discharged", "released": return "released"
        default: break
        }
        if let told = file.items[.releaseToldOn], told <= day { return "released" }
        guard let place = place(file, on: day) else { return nil }
        guard place == "hospital" else { return CodeList.status[place] == nil ? nil : place }
        return isSevere(file) ? "hospital_severe" : "hospital"
    }

    /// Where the person is: the newest stay that has begun and hasn't ended, or an admission.
    private static func place(_ file: CaseFile, on day: CalendarDate) -> Code? {
        let stays = (file.entries[.whereabouts] ?? []).map(\.items).filter { stay in
            guard let from = stay[.placeFrom], from <= day else { return false }
            return stay[.placeTo].map { day <= $0 } ?? true
        }
        let newest = stays.max { ($0[.placeFrom] ?? day) < ($1[.placeFrom] ?? day) }
        let isAdmitted = (file.entries[.admission] ?? []).map(\.items).contains { admission in
            guard let from = admission[.admittedOn], from <= day else { return false }
            return admission[.dischargedOn].map { day < $0 } ?? true
        }
        return newest?[.placeKind] ?? (isAdmitted ? "hospital" : nil)
    }

    private static func isSevere(_ file: CaseFile) -> Bool {
        let records = (file.entries[.severity] ?? []).map(\.items).filter { $0[.severityAt] != nil }
        let newest = records.max { ($0[.severityAt] ?? .init(seconds: 0)) < ($1[.severityAt] ?? .init(seconds: 0)) }
        return newest?[.severity] == "severe"
    }
}
