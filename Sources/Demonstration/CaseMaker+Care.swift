import Access
import Catalogue

extension CaseMaker {
    /// 居所情報, 入院情報, 重症度, 転帰, 連絡先情報, 待機解除.
    mutating func addCare(_ chance: inout Chance) {
        // A hospital that notifies keeps half of its own patients; the others go to one of the neighbourhood.
        let hospital =
            institution.isHospital && chance.happens(500) ? institution : chance.pick(centre.hospitals)
        for stay in course.stays { addStay(stay, hospital, &chance) }
        addSeverity()
        values[.outcome] = .code(course.outcome)
        guard let day = course.outcomeOn else { return }
        values[.outcomeOn] = .date(day)
        if course.outcome == "died" {
            values[.causeOfDeath] = .text("COVID-19")
        } else {
            values[.releaseToldOn] = .date(day)
        }
    }

    private mutating func addStay(_ stay: Course.Stay, _ hospital: Network.Institution, _ chance: inout Chance) {
        var items: [String: Value] = [:]
        items.reserveCapacity(6)
        items[Key.placeKind] = .code(stay.kind)
        items[Key.placeFrom] = .date(stay.from)
        if let to = stay.to { items[Key.placeTo] = .date(to) }
        switch stay.kind {
        case "hospital":
            items[Key.placeOrganisation] = .institution(hospital.name)
            self.hospital = hospital
            addAdmission(stay, hospital, &chance)
        case "lodging":
            if let lodging { items[Key.placeOrganisation] = .institution(lodging.name) }
        case "home":
            if let followUp, chance.happens(600) {
                values[.followUpOrganisation] = .institution(followUp.name)
            }
        default: break
        }
        add(.whereabouts, owner: centre.headquarters[0], items)
    }

    private mutating func addAdmission(_ stay: Course.Stay, _ hospital: Network.Institution, _ chance: inout Chance) {
        var items: [String: Value] = [:]
        items.reserveCapacity(6)
        items[Key.admittedOn] = .date(stay.from)
        if let to = stay.to { items[Key.dischargedOn] = .date(to) }
        items[Key.hospital] = .institution(hospital.name)
        items[Key.attendingPhysician] = .text(chance.pick(hospital.physicians))
        add(.admission, owner: hospital.organisation.key, items)
    }

    /// As it was at the diagnosis, and at its worst some days after.
    private mutating func addSeverity() {
        let owner = centre.organisation.key
        let first: Code = course.severity == "severe" ? "moderate" : course.severity
        add(
            .severity,
            owner: owner,
            [Key.severity: .code(first), Key.severityAt: .time(Timestamp(course.diagnosedOn, hour: 9))]
        )
        let worst = course.diagnosedOn.adding(days: 3)
        if course.severity == "severe", worst <= course.outcomeOn ?? today {
            add(
                .severity,
                owner: owner,
                [Key.severity: .code("severe"), Key.severityAt: .time(Timestamp(worst, hour: 9))]
            )
        }
    }

    /// 管理.
    mutating func addManagement(_ intake: IntakePlan) {
        values[.hersysId] = .text(number.digits)
        values[.status] = .code(status(intake))
        values[.jurisdiction] = .code(Code(centre.organisation.key))
        values[.entryRoute] = .code(route.code)
        values[.submittedAt] = .time(intake.submittedAt)
        if let fax = intake.faxAt { values[.faxReceivedAt] = .time(fax) }
        guard let confirmed = intake.confirmedAt else { return }
        values[.confirmedAt] = .time(confirmed)
        let published = confirmed.japanDate.adding(days: 1)
        if published <= today { values[.publishedOn] = .date(published) }
        if let residence { values[.relatedOffices] = .codes([Code(residence.organisation.key)]) }
    }

    private func status(_ intake: IntakePlan) -> Code {
        if course.caseClass == "death" { return "died" }
        guard intake.state == .confirmed else { return "arranging" }
        switch course.outcome {
        case "died": return "died"
        case "discharged", "released": return "released"
        default: break
        }
        switch course.stays.last?.kind {
        case "hospital": return course.severity == "severe" ? "hospital_severe" : "hospital"
        case "lodging": return "lodging"
        case "home": return "home"
        case "welfare_facility": return "welfare_facility"
        default: return "arranging"
        }
    }
}
