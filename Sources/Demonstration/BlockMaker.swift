import Access
import Catalogue

/// Makes one block: its share of the epidemic's time, so that cases come in order of time over all blocks.
///
/// Chains of infection hold within a block: the more blocks, the shorter each one's time and its chains.
struct BlockMaker {
    /// A case made so far that may have infected a later one.
    private struct Source {
        let number: CaseNumber
        let centre: Int
        let infectious: ClosedRange<CalendarDate>
    }

    private let network: Network
    private let curve: Curve
    private let count: Int
    private let first: Int
    private let total: Int
    private let numberOf: (Int) -> CaseNumber
    private var chance: Chance
    private var sources: [String: [Source]] = [:]
    private var cases: [DemonstrationCase] = []

    init(
        _ network: Network,
        _ curve: Curve,
        seed: UInt64,
        block: Int,
        count: Int,
        first: Int,
        total: Int,
        number: @escaping (Int) -> CaseNumber
    ) {
        self.network = network
        self.curve = curve
        self.count = count
        self.first = first
        self.total = total
        numberOf = number
        chance = Chance(seed: seed, stream: UInt64(block))
        cases.reserveCapacity(count)
    }

    mutating func make() -> [DemonstrationCase] {
        while cases.count < count { addHousehold() }
        return cases
    }

    private static let sizes = Weighted<Int>([(1, 760), (2, 160), (3, 55), (4, 25)])

    private mutating func addHousehold() {
        let size = min(chance.pick(Self.sizes), count - cases.count)
        let day = curve.day(at: (Double(first + cases.count) + 0.5) / Double(total))
        let municipality = Municipalities.all[chance.pick(Municipalities.weighted)]
        let household = PeopleMaker.household(municipality, size: size, &chance)
        let (institution, centre) = institution(for: municipality)
        let headNumber = numberOf(cases.count)
        let headPlace = cases.count
        var head: Person?
        var headSource: Source?
        var contacts: [Entry] = []
        for member in 0..<size {
            let notified = member == 0 ? day : day.adding(days: chance.number(0...min(5, curve.today.days(since: day))))
            let person = PeopleMaker.person(of: household, head: head, year: notified.parts.year, &chance)
            let source = member == 0 ? source(notified, municipality) : headSource
            var infected: CalendarDate?
            if let source { infected = infection(by: source, before: notified) }
            let course = Course.course(
                notified: notified,
                age: person.age,
                infectedOn: infected,
                today: curve.today,
                &chance
            )
            let number = member == 0 ? headNumber : numberOf(cases.count)
            let link: CaseLink? =
                if let source { CaseLink(number: source.number, isHousehold: member > 0) } else { nil }
            var maker = CaseMaker(
                network: network,
                number: number,
                person: person,
                head: head,
                household: household,
                course: course,
                institution: institution,
                centre: network.centres[centre],
                link: link,
                today: curve.today
            )
            cases.append(maker.make(&chance))
            let made = Source(number: number, centre: municipality.healthCentre, infectious: course.infectious)
            sources[municipality.prefecture, default: []].append(made)
            if member == 0 {
                head = person
                headSource = made
            } else if cases[headPlace].file.intake == .confirmed {
                contacts.append(contact(number, owner: network.centres[centre].organisation.key, course))
            }
        }
        addContacts(contacts, to: headPlace)
    }

    /// Most go to an institution of their own place, some to one near their work.
    private mutating func institution(for municipality: Municipality) -> (Network.Institution, Int) {
        var centre = municipality.healthCentre
        if chance.happens(110) {
            let other = Municipalities.all[chance.pick(Municipalities.weighted)]
            if other.prefecture == municipality.prefecture { centre = other.healthCentre }
        }
        return (chance.pick(network.centres[centre].institutions), centre)
    }

    /// Somebody of the neighbourhood who could have been the source, for about two cases in five.
    private mutating func source(_ notified: CalendarDate, _ municipality: Municipality) -> Source? {
        guard chance.happens(330), let known = sources[municipality.prefecture] else { return nil }
        let recent = known.suffix(80)
        for attempt in 0..<8 {
            let candidate = recent[recent.startIndex + chance.below(recent.count)]
            let lag = notified.days(since: candidate.infectious.lowerBound)
            if (5...14).contains(lag), attempt > 4 || candidate.centre == municipality.healthCentre {
                return candidate
            }
        }
        return nil
    }

    private mutating func infection(by source: Source, before notified: CalendarDate) -> CalendarDate {
        let days = source.infectious.upperBound.days(since: source.infectious.lowerBound)
        let day = source.infectious.lowerBound.adding(days: chance.delay(upTo: days))
        return min(day, notified.adding(days: -2))
    }

    private func contact(_ number: CaseNumber, owner: OrganisationKey, _ course: Course) -> Entry {
        let met = course.infectedOn
        return Entry(
            id: 0,
            owner: owner,
            items: Record([
                Key.contactCase: .text(number.digits), Key.contactRelation: .code("household"),
                Key.contactReached: .code("reached"), Key.contactReachedOn: .date(course.notifiedOn),
                Key.closeContact: .code("yes"), Key.contactLastOn: .date(max(met, course.visitOn)),
                Key.contactFirstOn: .date(met),
            ])
        )
    }

    private mutating func addContacts(_ contacts: [Entry], to place: Int) {
        guard !contacts.isEmpty else { return }
        var next = cases[place].file.nextEntryID
        var numbered: [Entry] = []
        for var contact in contacts {
            contact.id = next
            next += 1
            numbered.append(contact)
        }
        cases[place].file.entries[.contact] = numbered
    }
}

/// The case from which a person was infected.
struct CaseLink {
    let number: CaseNumber
    let isHousehold: Bool
}
