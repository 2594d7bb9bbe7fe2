import Access
import Catalogue

/// Puts one case together from a person, a course of illness and the organisations around them.
struct CaseMaker {
    let network: Network
    let number: CaseNumber
    let person: Person
    let head: Person?
    let household: Household
    let course: Course
    let institution: Network.Institution
    let centre: Network.Centre
    let link: CaseLink?
    let today: CalendarDate

    var values = Draft()
    var entries: [Section: [Entry]] = [:]
    var parties: [Party] = []
    var lastEntry = 0
    var route: EntryRoute = .direct
    var hospital: Network.Institution?
    var residence: Network.Centre?

    /// How the report came, and who entered it.
    enum EntryRoute {
        case direct
        case api
        case fax
        case phone

        var code: Code {
            switch self {
            case .direct: "direct"
            case .api: "api"
            case .fax: "fax"
            case .phone: "phone"
            }
        }

        /// Whether the institution has the report in the system itself.
        var isOwn: Bool { self == .direct || self == .api }
    }

    init(
        network: Network,
        number: CaseNumber,
        person: Person,
        head: Person?,
        household: Household,
        course: Course,
        institution: Network.Institution,
        centre: Network.Centre,
        link: CaseLink?,
        today: CalendarDate
    ) {
        self.network = network
        self.number = number
        self.person = person
        self.head = head
        self.household = household
        self.course = course
        self.institution = institution
        self.centre = centre
        self.link = link
        self.today = today
    }

    /// Who entered the report.
    var reporter: OrganisationKey { route.isOwn ? institution.organisation.key : centre.organisation.key }

    mutating func make(_ chance: inout Chance) -> DemonstrationCase {
        let point = chance.below(100)
        route = point < 55 ? .direct : point < 58 ? .api : point < 95 ? .fax : .phone
        let intake = IntakePlan.plan(course, route, today: today, &chance)
        let home = network.centres[household.municipality.healthCentre]
        if home.organisation.key != centre.organisation.key { residence = home }
        addPerson(&chance)
        addInterview(&chance)
        addNotification(&chance)
        addRoute(&chance)
        addTests(&chance)
        if intake.state == .confirmed { addCare(&chance) }
        addManagement(intake)
        addParties()
        let steps = steps(intake, &chance)
        return DemonstrationCase(
            file: CaseFile(
                number: number,
                version: steps.count,
                form: "2020-02",
                intake: intake.state,
                returnReason: intake.state == .returned ? intake.reason : nil,
                items: values.record,
                entries: entries,
                parties: parties
            ),
            steps: steps
        )
    }

    /// Adds a record of a repeating section.
    mutating func add(_ section: Section, owner: OrganisationKey, _ values: [String: Value]) {
        lastEntry += 1
        entries[section, default: []].append(Entry(id: lastEntry, owner: owner, items: Record(values)))
    }

    private mutating func addParties() {
        parties.reserveCapacity(8)
        parties.append(Party(centre.organisation.key, .inCharge))
        for key in centre.headquarters { parties.append(Party(key, .headquarters)) }
        parties.append(Party(centre.analysis, .analysis))
        // A related health centre is named when the report is confirmed.
        if let residence, values[.confirmedAt] != nil {
            parties.append(Party(residence.organisation.key, .related))
            for key in residence.headquarters where !centre.headquarters.contains(key) {
                parties.append(Party(key, .headquarters))
            }
            if residence.analysis != centre.analysis { parties.append(Party(residence.analysis, .analysis)) }
        }
        if route.isOwn { parties.append(Party(institution.organisation.key, .reporting)) }
        if let hospital, let from = course.stays.first(where: { $0.kind == "hospital" })?.from {
            parties.append(Party(hospital.organisation.key, .admitting, from: from))
        }
        for stay in course.stays where values[.confirmedAt] != nil {
            if stay.kind == "lodging", let lodging = lodging {
                parties.append(Party(lodging.organisation.key, .lodging, from: stay.from, until: stay.to))
            }
            if stay.kind == "home", let followUp, values[.followUpOrganisation] != nil {
                parties.append(Party(followUp.organisation.key, .followUp, from: stay.from, until: stay.to))
            }
        }
    }

    /// The lodging facility of the case: always the same one for a case.
    var lodging: Network.Facility? {
        let all = network.lodgings[centre.organisation.prefecture] ?? []
        return all.isEmpty ? nil : all[Int(number.payload % Int64(all.count))]
    }

    var followUp: Network.Facility? { network.followUps[centre.organisation.prefecture] }
}
