public import Catalogue

/// Who reads and writes 日次総数報告.
///
/// The institution its own, its health centre and headquarters what is below them, the ministry all. They are figures
/// without anybody's identity; nobody else has a use for a single institution's.
public enum TotalsRights {
    /// What an organisation may enter for an institution.
    public enum Entry: Sendable, Hashable {
        /// Nothing.
        case none
        /// Its own numbers, and correct them on the day on which they were first entered.
        case own
        /// Corrections at any time, each with its reason.
        case correction
    }

    /// The first day that is counted.
    public static let firstDay = FormVersion.all.last { $0.onlyFourGroups }?.from ?? CalendarDate(dayNumber: 0)

    /// Whether an organisation reads an institution's numbers.
    /// - Parameters:
    ///   - organisation: who asks.
    ///   - institution: whose numbers.
    ///   - office: the health centre that they are reported to.
    ///   - headquarters: the headquarters above that health centre.
    /// - Returns: whether they may be shown to it.
    public static func reads(
        _ organisation: Organisation,
        _ institution: OrganisationKey,
        of office: OrganisationKey,
        below headquarters: [OrganisationKey]
    ) -> Bool {
        organisation.key == institution || readsSums(organisation, of: office, below: headquarters)
    }

    /// Whether an organisation reads the sums of a health centre.
    public static func readsSums(
        _ organisation: Organisation,
        of office: OrganisationKey,
        below headquarters: [OrganisationKey]
    ) -> Bool {
        switch organisation.kind {
        case .ministry: true
        case .prefecture, .city: headquarters.contains(organisation.key)
        case .healthCentre: organisation.key == office
        case .medical, .followUp, .lodging, .analysis: false
        }
    }

    /// What an organisation may enter for an institution.
    public static func entry(
        _ organisation: Organisation,
        _ institution: OrganisationKey,
        below headquarters: [OrganisationKey]
    ) -> Entry {
        switch organisation.kind {
        case .medical: organisation.key == institution ? .own : .none
        case .prefecture, .city: headquarters.contains(organisation.key) ? .correction : .none
        case .healthCentre, .ministry, .followUp, .lodging, .analysis: .none
        }
    }

    /// Whether an organisation has anything to do with the totals.
    public static func takesPart(_ organisation: Organisation) -> Bool {
        switch organisation.kind {
        case .medical, .healthCentre, .prefecture, .city, .ministry: true
        case .followUp, .lodging, .analysis: false
        }
    }
}
