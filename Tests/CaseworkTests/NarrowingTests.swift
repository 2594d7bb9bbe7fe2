import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// What a list is narrowed and put in order by tells of every row: it has to be read in every row.
@Suite struct NarrowingTests {
    private static func found(
        _ key: OrganisationKey,
        _ office: Office,
        _ change: (inout ListRequest) -> Void = { _ in }
    ) async throws -> CaseListing {
        var request = ListRequest()
        change(&request)
        return try await office.casework.list(request, by: office.caller(key))
    }

    @Test func `the ministry, which reads no institution, finds nothing by one`() async throws {
        let office = try await Office()
        _ = try await office.casework.notify(Office.report(), by: office.caller("med-1"))
        for (key, count) in [("mhlw", 0), ("pref-13", 1), ("hc-13104", 1), ("med-1", 1), ("med-2", 0)] {
            #expect(try await Self.found(key, office) { $0.reporter = "med-1" }.rows.count == count, "\(key)")
        }
        let seen = try await Self.found("mhlw", office).rows
        #expect(seen.count == 1 && seen[0].subject.items[.notifierInstitution] == nil)
        #expect(try await Self.found("mhlw", office) { $0.intake = .submitted }.rows.count == 1)
    }

    /// A case that an organisation follows up for hc-13104, and one of its own.
    private static func followed(
        by key: OrganisationKey
    ) async throws -> (Office, followed: CaseNumber, own: CaseNumber) {
        let office = try await Office()
        let organisation = try #require(Office.organisations.first { $0.key == key })
        let followed = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        var report = Office.report("鈴木", "スズキ")
        report.items[.addressMunicipality] = "131130"
        report.items[.stayMunicipality] = "131130"
        let own = try await office.casework.notify(report, by: office.caller("med-2")).subject.number
        let name = InstitutionName(name: organisation.name, code: key)
        let revision = Revision(seen: 1, items: ["follow_up_organisation": .institution(name)])
        _ = try await office.casework.revise(followed, revision, by: office.caller("hc-13104"))
        return (office, followed, own)
    }

    @Test(arguments: ["hc-13113", "med-2"])
    func `who only follows somebody up has the case in the plain list and in none that would tell more of it`(
        key: OrganisationKey
    ) async throws {
        let (office, followed, own) = try await Self.followed(by: key)
        let plain = try await Self.found(key, office)
        #expect(plain.rows.map(\.subject.number) == [own, followed])
        #expect(plain.rows[1].permission.roles == [.followUp] && !plain.leavesOutFollowUp)
        let file = try await office.casework.read(followed, by: office.caller("hc-13104")).subject
        #expect(file.intake == .submitted)
        let submitted = try await Self.found(key, office) { $0.intake = .submitted }
        #expect(submitted.rows.map(\.subject.number) == [own] && submitted.leavesOutFollowUp)
        if key == "hc-13113" {
            let status = try await Self.found(key, office) { $0.status = file.items[.status] }
            #expect(status.rows.map(\.subject.number) == [own] && status.leavesOutFollowUp)
            #expect(try await Self.found(key, office) { $0.reporter = "med-1" }.rows.isEmpty)
        }
        for name in ["submitted_at", "-submitted_at"] {
            let sorted = try await Self.found(key, office) { $0.sort = ListSort(name: name) }
            #expect(sorted.rows.map(\.subject.number) == [own], "\(name)")
            // Nor is it where a page can begin: what comes after it would tell where it stands.
            let behind = try await Self.found(key, office) {
                $0.sort = ListSort(name: name)
                $0.after = followed
            }
            #expect(behind.rows.isEmpty, "\(name)")
        }
        // By what it reads of the case it is found and put in order.
        for (count, change) in [
            (2, { $0.sort = ListSort(name: "name") }), (2, { $0.sort = ListSort(name: "jurisdiction") }),
            (2, { $0.order = .updated }), (1, { $0.jurisdiction = "hc-13104" }), (1, { $0.words = "佐藤" }),
        ] as [(Int, (inout ListRequest) -> Void)] {
            let listing = try await Self.found(key, office, change)
            #expect(listing.rows.count == count && !listing.leavesOutFollowUp)
            #expect(listing.rows.contains { $0.subject.number == followed })
        }
        // What stands sealed is put in order by what the row shows: a hidden value is none.
        for name in ["occupation", "-occupation"] {
            let sealed = try await Self.found(key, office) { $0.sort = ListSort(name: name) }
            #expect(sealed.rows.map(\.subject.number) == [own, followed], "\(name)")
        }
    }

    @Test func `who is in charge and follows up itself has lost nothing`() async throws {
        let (office, followed, _) = try await Self.followed(by: "hc-13104")
        let listing = try await Self.found("hc-13104", office) {
            $0.intake = .submitted
            $0.sort = ListSort(name: "onset_on")
        }
        #expect(listing.rows.map(\.subject.number) == [followed] && !listing.leavesOutFollowUp)
        #expect(listing.rows.first?.permission.roles == [.inCharge, .followUp])
    }
}
