import Catalogue

/// The keys of the items of repeating records, taken from the catalogue once.
enum Key {
    static let admittedOn = Item.admittedOn.key
    static let attendingPhysician = Item.attendingPhysician.key
    static let closeContact = Item.closeContact.key
    static let contactCase = Item.contactCase.key
    static let contactFirstOn = Item.contactFirstOn.key
    static let contactLastOn = Item.contactLastOn.key
    static let contactReached = Item.contactReached.key
    static let contactReachedOn = Item.contactReachedOn.key
    static let contactRelation = Item.contactRelation.key
    static let dischargedOn = Item.dischargedOn.key
    static let hospital = Item.hospital.key
    static let laboratory = Item.laboratory.key
    static let method = Item.method.key
    static let placeFrom = Item.placeFrom.key
    static let placeKind = Item.placeKind.key
    static let placeOrganisation = Item.placeOrganisation.key
    static let placeTo = Item.placeTo.key
    static let result = Item.result.key
    static let resultOn = Item.resultOn.key
    static let severity = Item.severity.key
    static let severityAt = Item.severityAt.key
    static let specimen = Item.specimen.key
    static let specimenOn = Item.specimenOn.key
    static let testInstitution = Item.testInstitution.key
}
