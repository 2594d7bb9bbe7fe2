import Access
import Catalogue
import Foundation
import Storage
import Testing

@testable import Casework

/// 接続環境の確認: results in the ministry's list.
@Suite struct ConnectionTests {
    private static let good: [ConnectionCheck: ConnectionCheck.Outcome] = Dictionary(
        uniqueKeysWithValues: ConnectionCheck.allCases.map { ($0, .ok) }
    )

    private static func report(
        _ machine: String,
        _ outcomes: [ConnectionCheck: ConnectionCheck.Outcome] = good,
        of organisation: OrganisationKey = "hc-13104"
    ) -> ConnectionReport {
        ConnectionReport(organisation: organisation, machine: machine, outcomes: outcomes)
    }

    private static func standing(
        _ office: Office,
        _ key: OrganisationKey = "hc-13104"
    ) async throws -> ConnectionStanding? {
        try await office.casework.connectionStandings(by: office.caller("mhlw")).first { $0.organisation.key == key }
    }

    @Test func `the same machine again replaces its result, another name or address is another machine`() async throws {
        let office = try await Office()
        var bad = Self.good
        bad[.events] = .fail
        bad[.display] = .warn
        try await office.casework.reportConnection(Self.report("窓口1", bad), address: "192.0.2.1")
        #expect(try await Self.standing(office)?.troubles[.events]?.failed == 1)
        #expect(try await Self.standing(office)?.troubles[.display]?.warned == 1)
        office.clock.advance(60)
        try await office.casework.reportConnection(Self.report(" 窓口１ "), address: "192.0.2.1")
        var standing = try await Self.standing(office)
        #expect(standing?.machines == 1)
        #expect(standing?.troubles.isEmpty == true)
        #expect(standing?.lastAt == office.clock.now)
        try await office.casework.reportConnection(Self.report("窓口2"), address: "192.0.2.1")
        try await office.casework.reportConnection(Self.report("窓口1"), address: "192.0.2.2")
        standing = try await Self.standing(office)
        #expect(standing?.machines == 3)
        let machines = try await office.casework.testedMachines(of: "hc-13104", by: office.caller("mhlw"))
        #expect(
            Set(machines.map { "\($0.name) \($0.address)" }) == ["窓口１ 192.0.2.1", "窓口2 192.0.2.1", "窓口1 192.0.2.2"]
        )
        #expect(machines.allSatisfy { $0.outcomes == Self.good })
    }

    @Test func `all organisations of the administration stand in the list, tested or not`() async throws {
        let office = try await Office()
        let standings = try await office.casework.connectionStandings(by: office.caller("mhlw"))
        #expect(
            standings.map(\.organisation.key) == ["pref-13", "city-13104", "hc-13104", "hc-13113", "hc-14100"]
        )
        #expect(standings.allSatisfy { $0.machines == 0 && $0.lastAt == nil })
        let chosen = try await office.casework.testedOrganisations(in: "13").map(\.key)
        #expect(chosen == ["pref-13", "city-13104", "hc-13104", "hc-13113"])
    }

    @Test(arguments: [
        ("med-1", "窓口", "organisation"), ("mhlw", "窓口", "organisation"), ("nowhere", "窓口", "organisation"),
        ("hc-13104", "　", "machine"), ("hc-13104", String(repeating: "長", count: 41), "machine"),
        ("hc-13104", "a\u{0}b", "machine"),
    ])
    func `what can't be stored is refused at its place`(key: String, machine: String, place: String) async throws {
        let office = try await Office()
        let found = await findings {
            try await office.casework.reportConnection(Self.report(machine, of: key), address: "192.0.2.1")
        }
        #expect(found.map(\.place.item) == [place])
        let stored = try await office.engine.read { try $0.number("SELECT count(*) FROM connection_tests") }
        #expect(stored == 0)
    }

    @Test func `an address sends so many an hour, and another one isn't hindered`() async throws {
        let office = try await Office()
        for number in 1...Casework.sendingsInAnHour {
            try await office.casework.reportConnection(Self.report("端末\(number)"), address: "192.0.2.1")
        }
        await #expect(throws: Refusal.self) {
            try await office.casework.reportConnection(Self.report("端末"), address: "192.0.2.1")
        }
        try await office.casework.reportConnection(Self.report("端末"), address: "192.0.2.2")
        #expect(try await Self.standing(office)?.machines == Casework.sendingsInAnHour + 1)
        office.clock.advance(3600)
        try await office.casework.reportConnection(Self.report("端末"), address: "192.0.2.1")
        office.clock.advance(3 * 3600)
        try await office.casework.reportConnection(Self.report("端末"), address: "192.0.2.3")
        let senders = try await office.engine.read { try $0.number("SELECT count(*) FROM connection_senders") }
        #expect(senders == 1)
    }

    @Test func `an organisation that is full forgets the machine that was tested longest ago`() async throws {
        let office = try await Office()
        let tests = office.casework.connectionTests
        for number in 1...5 {
            office.clock.advance(60)
            try await office.casework.reportConnection(Self.report("端末\(number)"), address: "192.0.2.1")
        }
        let number = try #require(try await office.casework.directory().number("hc-13104"))
        try await office.engine.write { try tests.keep(3, of: number, $0) }
        let left = try await office.engine.read { try tests.tests(of: number, $0).map(\.name) }
        #expect(left == ["端末5", "端末4", "端末3"])
    }

    @Test(arguments: ["pref-13", "hc-13104", "med-1", "fol-1"])
    func `nobody but the ministry sees the list`(key: String) async throws {
        let office = try await Office()
        let caller = try office.caller(key)
        await #expect(throws: Refusal.self) { _ = try await office.casework.connectionStandings(by: caller) }
        await #expect(throws: Refusal.self) { _ = try await office.casework.testedMachines(of: "hc-13104", by: caller) }
        await #expect(throws: Refusal.self) { _ = try await office.casework.connectionsCSV(by: caller) }
    }

    @Test func `a machine's name and address are stored sealed`() async throws {
        let office = try await Office()
        try await office.casework.reportConnection(Self.report("奥の部屋の端末"), address: "198.51.100.77")
        let everything = try await office.everything()
        #expect(everything.range(of: Data("奥の部屋".utf8)) == nil)
        #expect(everything.range(of: Data("198.51.100.77".utf8)) == nil)
    }

    @Test func `outcomes are read as they were written, and what is unknown is passed over`() {
        var outcomes = Self.good
        outcomes[.upload] = .fail
        outcomes[.print] = .unknown
        #expect(ConnectionCheck.outcomes(ConnectionCheck.text(outcomes)) == outcomes)
        #expect(ConnectionCheck.outcomes("tls=ok smell=ok clock=odd =ok print") == [.tls: .ok])
    }

    @Test func `the list goes out as a file`() async throws {
        let office = try await Office()
        var bad = Self.good
        bad[.tls] = .fail
        try await office.casework.reportConnection(Self.report("窓口", bad), address: "192.0.2.1")
        let text = String(decoding: try await office.casework.connectionsCSV(by: office.caller("mhlw")), as: UTF8.self)
        let lines = text.split(separator: "\r\n")
        #expect(lines.count == 6)
        #expect(lines.contains { $0.hasPrefix("13,hc-13104,新宿区保健所,保健所,1,2020-05-22T10:00:00+09:00,1,0,0,0") })
        #expect(lines.contains { $0.hasPrefix("14,hc-14100,横浜市保健所,保健所,0,,0") })
    }
}
