public import Catalogue

extension Gate {
    /// What the open pages of an organisation are told of a change: the word for what was done, nil for nothing.
    ///
    /// The word tells as much as a value does. That somebody is placed is told to whoever sees all of the case and to
    /// the places themselves; others who take part hear at most that something which they read has changed.
    ///
    /// - Parameters:
    ///   - action: what was done, as the history has it.
    ///   - earlier: the case before: whoever was a party until now must see it go.
    ///   - later: the case now.
    ///   - organisation: who would hear.
    ///   - day: today.
    /// - Returns: `action`, or `revise` for whoever may not know what it was.
    public static func news(
        of action: String,
        from earlier: CaseFile,
        to later: CaseFile,
        for organisation: Organisation,
        on day: CalendarDate
    ) -> String? {
        let held = (earlier.parties + later.parties).filter {
            $0.organisation == organisation.key && $0.holds(on: day)
        }
        guard !held.isEmpty else { return nil }
        if held.contains(where: { seesWhole($0.role) }) { return action }
        switch action {
        case "assign":
            return held.contains { $0.role == .followUp } ? action : nil
        case "place":
            func parties(_ file: CaseFile) -> Set<Party> {
                Set(file.parties.filter { $0.organisation == organisation.key })
            }
            if parties(earlier) != parties(later) { return action }
            return shows(organisation, on: day, earlier) != shows(organisation, on: day, later) ? "revise" : nil
        case "transfer-accept":
            return action
        default:
            guard isAdministrative(action) else { return action }
            func grants(_ file: CaseFile) -> [Grant] {
                file.grants.filter { $0.organisation == organisation.key }
            }
            return grants(earlier) != grants(later) ? action : nil
        }
    }

    /// What an organisation is shown of a case, whatever its version.
    private static func shows(_ organisation: Organisation, on day: CalendarDate, _ file: CaseFile) -> CaseFile? {
        let viewer = Viewer(organisation: organisation, account: 0, name: "")
        var shown = disclose(file, to: viewer, on: day)?.subject
        shown?.version = 0
        return shown
    }
}
