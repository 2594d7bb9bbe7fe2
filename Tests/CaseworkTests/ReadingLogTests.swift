import Access
import Catalogue
import Testing

@testable import Casework
@testable import Storage

/// What the reading log says of lists, files and repeated reports.
@Suite struct ReadingLogTests {
    private static func lines(_ office: Office) async throws -> [String] {
        try await office.engine.read { connection in
            try connection.rows("SELECT what, sections FROM readings", []) { "\($0.text(0)): \($0.text(1))" }
        }
    }

    @Test func `a list is written down with the sections of its columns, a file as one, a program's as all it got`()
        async throws
    {
        let columns = ["name", "status", "occupation", "onset_on"].compactMap(ListColumn.init(id:))
        let sections = columns.flatMap(\.cells).compactMap { Catalogue.item($0)?.section }
        let shown = Section.allCases.filter(sections.contains).map(\.rawValue).joined(separator: ",")
        #expect(shown.split(separator: ",").count > 2)
        for sort in [nil, ListSort(name: "occupation")] {
            let office = try await Office()
            _ = try await office.casework.notify(Office.report(), by: office.caller("med-1"))
            let centre = try office.caller("hc-13104")
            var request = ListRequest()
            request.sort = sort
            for showing in [ListShowing.page(columns, of: .healthCentre), .file(columns), .everything] {
                _ = try await office.casework.list(request, showing: showing, by: centre)
            }
            let all = Section.allCases.map(\.rawValue).joined(separator: ",")
            let expected = ["list: \(shown)", "export: \(shown)", "list: \(all)"]
            #expect(try await Self.lines(office).sorted() == expected.sorted())
        }
    }

    @Test func `what an institution is given by a program is all that it reads in any of the cases`() async throws {
        let office = try await Office()
        _ = try await office.casework.notify(Office.report(), by: office.caller("med-1"))
        let clinic = try office.caller("med-1", through: .api)
        _ = try await office.casework.list(ListRequest(), showing: .everything, by: clinic)
        let line = try #require(try await Self.lines(office).first)
        #expect(line.contains("notification") && line.contains("test"))
        #expect(!line.contains("contact") && !line.contains("route"))
    }

    @Test func `a file taken along at night is unusual as if its cases had been opened, a list isn't`() async throws {
        let office = try await Office()
        _ = try await BulkTests.reports(UnusualReading.leastAtNight, office)
        let directory = try await office.casework.directory()
        let ids = try await office.engine.write { connection in
            try ["a", "b"].map { login in
                let account = Account(login: login, organisation: "hc-13104", name: "佐藤 緑", password: "", phone: "")
                return try AccountStore(Vault(office.keys))
                    .insert(account, at: office.clock.now, directory: directory, connection)
            }
        }
        office.clock.advance(13 * 3600)
        let columns = ListColumn.standard(.healthCentre)
        for (id, showing) in zip(ids, [ListShowing.page(columns, of: .healthCentre), .file(columns)]) {
            let listing = try await office.casework.list(
                ListRequest(),
                showing: showing,
                by: office.caller("hc-13104", id)
            )
            #expect(listing.rows.count == UnusualReading.leastAtNight)
        }
        office.clock.advance(86_400)
        try await office.casework.reviewReadings()
        let found = try await office.casework.unusualReadings(by: office.caller("hc-13104"))
        #expect(found.map(\.day.account) == [ids[1]])
        #expect(found.map(\.reasons) == [[.night, .namesake]])
    }

    @Test func `a report sent again shows what the case has become, and that is a reading`() async throws {
        let office = try await Office()
        let clinic = try office.caller("med-1", through: .api)
        var report = Office.report()
        report.repeatKey = ("key", [1])
        let number = try await office.casework.notify(report, by: clinic).subject.number
        func readings() async throws -> [String] {
            try await office.casework.readings(of: number, by: office.caller("hc-13104")).rows
                .filter { $0.organisation == "med-1" }.map { "\($0.reading.through) \($0.reading.what)" }
        }
        #expect(try await readings().isEmpty)
        #expect(try await office.casework.notify(report, by: clinic).subject.number == number)
        #expect(try await readings() == ["api case"])
    }
}
