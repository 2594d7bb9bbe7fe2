import Catalogue

/// The single-valued items of a case that is being made.
///
/// A dictionary hashes every key it is given, which took half of the time in which a case is made. Here the values
/// lie in an array, and the dictionary of the items that nearly every case has is copied whole: `mapValues` keeps the
/// places of the keys.
struct Draft {
    /// The items that the demonstration fills, named as their handles in the catalogue.
    enum Slot: Int, CaseIterable {
        case familyName
        case givenName
        case familyKana
        case givenKana
        case latinName
        case birthDate
        case ageAtDiagnosis
        case ageMonths
        case ageBand
        case sex
        case nationality
        case postalCode
        case addressMunicipality
        case addressLine
        case stayMunicipality
        case stayLine
        case phone
        case mobilePhone
        case preferredLanguage
        case occupation
        case occupationClass
        case guardianName
        case guardianAddress
        case guardianPhone
        case sourceCase
        case livesWith
        case householdSize
        case interviewedOn
        case interviewInstitution
        case interviewPhysician
        case interviewSymptoms
        case interviewTemperature
        case conditions
        case smoking
        case pregnancy
        case notifiedOn
        case notifierName
        case notifierInstitution
        case notifierAddress
        case notifierPhone
        case caseClass
        case notifiedSymptoms
        case diagnosisMethod
        case firstVisitOn
        case diagnosedOn
        case infectedOn
        case infectedUnknown
        case onsetOn
        case diedOn
        case routeCertainty
        case routeKind
        case routeDetail
        case regionCertainty
        case regionPlace
        case regionPrefecture
        case regionCountry
        case departedOn
        case arrivedOn
        case outcome
        case outcomeOn
        case causeOfDeath
        case followUpOrganisation
        case releaseToldOn
        case infectionLink
        case linkCase
        case routePrefecture
        case routeFacility
        case cluster
        case hersysId
        case status
        case jurisdiction
        case relatedOffices
        case entryRoute
        case faxReceivedAt
        case submittedAt
        case confirmedAt
        case publishedOn

        /// The item's key: `family_name` for `familyName`.
        var key: String {
            var key = ""
            for letter in String(describing: self) {
                if letter.isUppercase { key += "_" }
                key += letter.lowercased()
            }
            return key
        }
    }

    private static let keys = Slot.allCases.map(\.key)

    /// Items that more than four of five cases have.
    private static let usual: [Slot] = [
        .familyName, .givenName, .familyKana, .givenKana, .birthDate, .ageAtDiagnosis, .ageBand, .sex, .nationality,
        .postalCode, .addressMunicipality, .addressLine, .stayMunicipality, .stayLine, .phone, .mobilePhone,
        .occupation, .occupationClass, .interviewedOn, .interviewInstitution, .interviewPhysician, .interviewSymptoms,
        .interviewTemperature, .conditions, .notifiedOn, .notifierName, .notifierInstitution, .notifierAddress,
        .notifierPhone, .caseClass, .notifiedSymptoms, .diagnosisMethod, .firstVisitOn, .diagnosedOn, .onsetOn,
        .routeCertainty, .regionCertainty, .infectionLink, .outcome, .outcomeOn, .releaseToldOn, .hersysId, .status,
        .jurisdiction, .entryRoute, .submittedAt, .confirmedAt, .publishedOn,
    ]

    private static let prototype: [String: Int] = {
        var places: [String: Int] = [:]
        // Room for the others: the copies need not grow.
        places.reserveCapacity(90)
        for slot in usual { places[slot.key] = slot.rawValue }
        return places
    }()

    private static let others = Set(Slot.allCases).subtracting(usual).map(\.rawValue).sorted()

    private var slots = [Value?](repeating: nil, count: Slot.allCases.count)

    /// The value of an item.
    subscript(slot: Slot) -> Value? {
        get { slots[slot.rawValue] }
        set { slots[slot.rawValue] = newValue }
    }

    /// All that was filled in.
    var record: Record {
        var values = Self.prototype.mapValues { slots[$0] ?? .integer(0) }
        for slot in Self.usual where slots[slot.rawValue] == nil { values[Self.keys[slot.rawValue]] = nil }
        for place in Self.others {
            if let value = slots[place] { values[Self.keys[place]] = value }
        }
        return Record(values)
    }
}
