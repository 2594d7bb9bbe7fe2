public import Access
public import Catalogue
import Interchange
import Storage

/// A test of a connection as it is sent to the ministry's list.
public struct ConnectionReport: Sendable {
    /// Where the machine stands.
    public var organisation: OrganisationKey
    /// What somebody calls the place or the machine.
    public var machine: String
    /// What was found.
    public var outcomes: [ConnectionCheck: ConnectionCheck.Outcome]

    /// A report of a test.
    public init(
        organisation: OrganisationKey,
        machine: String,
        outcomes: [ConnectionCheck: ConnectionCheck.Outcome]
    ) {
        self.organisation = organisation
        self.machine = machine
        self.outcomes = outcomes
    }
}

/// How an organisation stands in the list of tests (接続環境の確認状況).
public struct ConnectionStanding: Sendable {
    /// The organisation.
    public let organisation: Organisation
    /// From how many machines it has tested.
    public let machines: Int
    /// When last; nil where it hasn't.
    public let lastAt: Timestamp?
    /// On how many machines something doesn't work, or works with something to know, by check.
    public let troubles: [ConnectionCheck: (failed: Int, warned: Int)]
}

/// A machine of an organisation in the list.
public struct TestedMachine: Sendable {
    /// What it is called.
    public let name: String
    /// Its address as the server saw it.
    public let address: String
    /// When it was tested last.
    public let at: Timestamp
    /// What was found.
    public let outcomes: [ConnectionCheck: ConnectionCheck.Outcome]
}

extension Casework {
    /// Characters of a machine's name.
    public static let longestMachineName = 40
    /// Results that may come from one address in an hour: an office shares one.
    static let sendingsInAnHour = 60
    /// Machines that one organisation may have in the list; beyond them the one tested longest ago goes.
    static let mostMachines = 2000

    /// Organisations that can be chosen for a test: local governments and health centres.
    ///
    /// An institution's machine is sent under its health centre.
    public func testedOrganisations(in prefecture: String) async throws -> [Organisation] {
        try await directory().organisations.values.filter { Self.isTested($0) && $0.prefecture == prefecture }
            .sorted(by: Self.isBefore)
    }

    private static func isTested(_ organisation: Organisation) -> Bool {
        organisation.isGovernment || organisation.kind == .healthCentre
    }

    private static func isBefore(_ one: Organisation, _ other: Organisation) -> Bool {
        let order: [OrganisationKind] = [.prefecture, .city, .healthCentre]
        func place(_ organisation: Organisation) -> Int { order.firstIndex(of: organisation.kind) ?? order.count }
        return (one.prefecture, place(one), one.key) < (other.prefecture, place(other), other.key)
    }

    /// Puts a test into the ministry's list, in place of an earlier one of the same machine.
    ///
    /// Anybody may send one: before there are accounts nobody can sign in. So it is bounded by address and by
    /// organisation, and nothing of it is shown to anybody but the ministry.
    /// - Throws: ``Refusal/findings(_:)`` for an unknown organisation or a machine without a name,
    ///   ``Refusal/tooMany(seconds:)`` where too many have come from the address in this hour.
    public func reportConnection(_ report: ConnectionReport, address: String) async throws {
        let directory = try await directory()
        let now = clock()
        var findings: [Finding] = []
        let organisation = directory[report.organisation].flatMap { Self.isTested($0) ? $0 : nil }
        let number = organisation.flatMap { directory.number($0.key) }
        if number == nil {
            findings.append(Finding("organisation", "required", "組織を選んでください。"))
        }
        var name = ""
        switch TextCleaning.clean(report.machine, multiline: false) {
        case .success(let cleaned): name = cleaned
        case .failure(let failure): findings.append(Finding("machine", failure.code, failure.message))
        }
        if findings.allSatisfy({ $0.place.item != "machine" }) {
            if name.isEmpty {
                findings.append(Finding("machine", "required", "場所や端末の名前を入力してください。例：2階執務室 3番のパソコン"))
            } else if name.count > Self.longestMachineName || name.utf8.count > 8 * Self.longestMachineName {
                findings.append(Finding("machine", "length", "名前は\(Self.longestMachineName)文字以内にしてください。"))
            }
        }
        guard findings.isEmpty, let number else { throw Refusal.findings(findings) }
        let machine = vault.digest("connection-machine", "\(address)\u{1F}\(name.nfkc.lowercased())".utf8)
        let sender = vault.digest("connection-sender", SharedAddress.key(address).utf8)
        let test = StoredConnectionTest(
            organisation: number,
            machine: machine,
            at: now,
            results: ConnectionCheck.text(report.outcomes),
            name: name,
            address: address
        )
        let tests = connectionTests
        let hour = now.seconds / 3600
        let isStored = try await engine.write { connection in
            guard try tests.countSending(sender, hour: hour, connection) <= Self.sendingsInAnHour else { return false }
            // Anybody may send: an organisation that is full of somebody's inventions still takes a real one.
            if try !tests.isKnown(number, machine, connection) {
                try tests.keep(Self.mostMachines - 1, of: number, connection)
            }
            try tests.put(test, connection)
            return true
        }
        if !isStored { throw Refusal.tooMany(seconds: Int((hour + 1) * 3600 - now.seconds)) }
    }

    /// How the administration's organisations stand in the list, from north to south.
    /// - Throws: ``Refusal/notFound`` for anybody but the ministry.
    public func connectionStandings(by caller: Caller) async throws -> [ConnectionStanding] {
        guard caller.organisation.kind == .ministry else { throw Refusal.notFound }
        let directory = try await directory()
        let tests = connectionTests
        let found = try await engine.read { connection in
            try tests.results(connection).map { (organisation: $0.organisation, at: $0.at, results: $0.results) }
        }
        let byOrganisation = Dictionary(grouping: found, by: \.organisation)
        return directory.organisations.values.filter(Self.isTested).sorted(by: Self.isBefore).map { organisation in
            let own = directory.number(organisation.key).flatMap { byOrganisation[$0] } ?? []
            var troubles: [ConnectionCheck: (failed: Int, warned: Int)] = [:]
            for one in own {
                for (check, outcome) in ConnectionCheck.outcomes(one.results) {
                    if outcome == .fail { troubles[check, default: (0, 0)].failed += 1 }
                    if outcome == .warn { troubles[check, default: (0, 0)].warned += 1 }
                }
            }
            return ConnectionStanding(
                organisation: organisation,
                machines: own.count,
                lastAt: own.map(\.at).max(),
                troubles: troubles
            )
        }
    }

    /// The machines of an organisation in the list, the latest first.
    /// - Throws: ``Refusal/notFound`` for anybody but the ministry, and for an unknown organisation.
    public func testedMachines(of key: OrganisationKey, by caller: Caller) async throws -> [TestedMachine] {
        guard caller.organisation.kind == .ministry, let number = try await directory().number(key) else {
            throw Refusal.notFound
        }
        let tests = connectionTests
        return try await engine.read { try tests.tests(of: number, $0) }.map {
            TestedMachine(
                name: $0.name,
                address: $0.address,
                at: $0.at,
                outcomes: ConnectionCheck.outcomes($0.results)
            )
        }
    }

    /// The list as CSV.
    /// - Throws: as ``connectionStandings(by:)``.
    public func connectionsCSV(by caller: Caller) async throws -> [UInt8] {
        let standings = try await connectionStandings(by: caller)
        let header = ["都道府県コード", "組織コード", "組織", "区分", "確認した端末数", "最後の確認"]
        let rows = standings.map { one in
            [
                one.organisation.prefecture, one.organisation.key, one.organisation.name,
                one.organisation.kind.label, String(one.machines), one.lastAt?.rfc3339 ?? "",
            ]
                + ConnectionCheck.allCases.flatMap { check in
                    [String(one.troubles[check]?.failed ?? 0), String(one.troubles[check]?.warned ?? 0)]
                }
        }
        let columns = ConnectionCheck.allCases.flatMap { ["\($0.label)：不可の台数", "\($0.label)：注意の台数"] }
        return CSVWriter().write(header: header + columns, rows: rows)
    }
}
