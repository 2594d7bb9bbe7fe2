import Access
import Catalogue
import Testing

/// What lists may show and be put in order by.
@Suite struct ListableTests {
    @Test(arguments: [
        (OrganisationKind.ministry, "family_name"), (.analysis, "phone"), (.ministry, "address_line"),
        (.medical, "status"), (.medical, "source_case"), (.medical, "related_offices"), (.medical, "memo"),
        (.followUp, "status"), (.followUp, "onset_on"), (.lodging, "submitted_at"), (.lodging, "address_municipality"),
        (.medical, "activity_on"), (.medical, "contact_name"),
    ])
    func `an item that no role of a kind reads is none of its columns`(kind: OrganisationKind, key: String) {
        #expect(!Gate.listable(kind).some.contains(key))
        #expect(!Gate.listable(kind).every.contains(key))
    }

    @Test func `the database sorts only by what every role of the kind reads`() {
        let institution = Gate.listable(.medical)
        // The reporting institution reads the onset, one that only tested doesn't.
        #expect(institution.some.contains("onset_on"))
        #expect(!institution.every.contains("onset_on"))
        #expect(institution.every.contains("submitted_at"))
        #expect(Gate.listable(.healthCentre).every.contains("onset_on"))
        for kind in OrganisationKind.allCases {
            #expect(Gate.listable(kind).every.isSubset(of: Gate.listable(kind).some))
            #expect(Gate.listable(kind).some.allSatisfy { Catalogue.item($0)?.section.repeats == false })
        }
    }
}
