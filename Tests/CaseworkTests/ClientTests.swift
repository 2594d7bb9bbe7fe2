import Access
import Catalogue
import Storage
import TestSupport
import Testing

@testable import Casework

@Suite struct ClientTests {
    /// A clinic below a health centre, an issuer there, and casework at any time.
    private struct Desk {
        let database: TemporaryDatabase
        let ring = KeyRing.generate()

        static let now = TemporaryDatabase.now

        static let organisations = [
            Organisation(key: "hc", kind: .healthCentre, name: "試験保健所", prefecture: "13"),
            Organisation(key: "med", kind: .medical, name: "試験医院", healthCentre: "hc", prefecture: "13"),
            Organisation(key: "other", kind: .healthCentre, name: "別の保健所", prefecture: "27"),
            Organisation(key: "mhlw", kind: .ministry, name: "厚生労働省"),
        ]

        init() async throws {
            database = try await TemporaryDatabase()
            try await database.engine.write { connection in
                for organisation in Self.organisations { try DirectoryStore.save(organisation, connection) }
            }
            for (login, organisation) in [
                ("issuer", "hc"), ("nurse", "hc"), ("foreign", "other"), ("ministry", "mhlw"),
            ] {
                try await at(0).issueAccount(
                    login: login,
                    name: "試験 \(login)",
                    organisation: organisation,
                    phone: "0312345678",
                    password: "tsukue-3-hon-no-ame",
                    duties: login == "nurse" ? [] : [.issuer]
                )
            }
        }

        func at(_ seconds: Int64) -> Casework {
            at(seconds, database.engine)
        }

        func at(_ seconds: Int64, _ engine: any Engine) -> Casework {
            Casework(engine: engine, keys: ring, passwordCost: 10) { Self.now.adding(seconds: seconds) }
        }

        /// Casework with somebody who is quicker: once, between what it reads and what it writes.
        func at(_ seconds: Int64, quicker: @escaping @Sendable () async throws -> Void) -> Casework {
            at(seconds, InterruptedEngine(database.engine, quicker))
        }

        func caller(_ login: String) async throws -> Caller {
            let casework = at(0)
            let directory = try await casework.directory()
            let account = try #require(
                try await database.engine.read { try casework.accounts.find(login: login, $0) }
            )
            let organisation = try #require(directory[account.organisation])
            let viewer = Viewer(organisation: organisation, account: account.id, name: account.name)
            return Caller(viewer, through: .page, address: "test")
        }
    }

    @Test func `the secret before works for a day after a change, and ends at once where that is asked`() async throws {
        let desk = try await Desk()
        let (id, first) = try await desk.at(0).issueClient(organisation: "med", name: "電子カルテ")
        let second = try await desk.at(10).rotateClient(id, endsEarlier: false)
        #expect(try await desk.at(20).token(client: id, secret: first) != nil)
        #expect(try await desk.at(20).token(client: id, secret: second) != nil)
        #expect(try await desk.at(86_500).token(client: id, secret: first) == nil)
        let token = try #require(try await desk.at(86_500).token(client: id, secret: second))
        #expect(try await desk.at(86_500).client(bearer: token.token)?.organisation.key == "med")
        let third = try await desk.at(86_600).rotateClient(id, endsEarlier: true)
        #expect(try await desk.at(86_600).client(bearer: token.token) == nil)
        #expect(try await desk.at(86_600).token(client: id, secret: second) == nil)
        let fresh = try #require(try await desk.at(86_600).token(client: id, secret: third))
        try await desk.at(86_601).stopClient(id)
        #expect(try await desk.at(86_602).client(bearer: fresh.token) == nil)
        #expect(try await desk.at(86_602).token(client: id, secret: third) == nil)
        await #expect(throws: Refusal.self) { try await desk.at(86_603).rotateClient(id, endsEarlier: false) }
    }

    @Test func `a client that only reads gets no more, and one that writes may ask for less`() async throws {
        let desk = try await Desk()
        let reader = try await desk.at(0).issueClient(organisation: "med", name: "集計", writes: false)
        let writer = try await desk.at(0).issueClient(organisation: "med", name: "電子カルテ")
        for (client, readsOnly, writes) in [(reader, false, false), (writer, true, false), (writer, false, true)] {
            let token = try #require(
                try await desk.at(1).token(client: client.id, secret: client.secret, readsOnly: readsOnly)
            )
            #expect(token.writes == writes)
            #expect(try await desk.at(2).client(bearer: token.token)?.writes == writes)
        }
    }

    @Test func `a bound client gets a token with its certificate only, and uses it with that only`() async throws {
        let desk = try await Desk()
        let (mine, other) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        let (id, secret) = try await desk.at(0).issueClient(organisation: "med", name: "電子カルテ", certificate: mine)
        for wrong in [nil, other] {
            #expect(try await desk.at(1).token(client: id, secret: secret, certificate: wrong) == nil)
        }
        let token = try #require(try await desk.at(1).token(client: id, secret: secret, certificate: mine)).token
        #expect(try await desk.at(2).client(bearer: token, certificate: mine) != nil)
        #expect(try await desk.at(2).client(bearer: token, certificate: other) == nil)
        #expect(try await desk.at(2).client(bearer: token) == nil)
        // Another certificate ends the tokens that were given on the one before.
        try await desk.at(3).bindClient(id, to: other)
        #expect(try await desk.at(4).client(bearer: token, certificate: mine) == nil)
        try await desk.at(5).bindClient(id, to: nil)
        #expect(try await desk.at(6).token(client: id, secret: secret) != nil)
    }

    @Test func `guesses lock the client and the address, at every server`() async throws {
        let desk = try await Desk()
        let (id, secret) = try await desk.at(0).issueClient(organisation: "med", name: "電子カルテ")
        for _ in 0..<11 {
            #expect(try await desk.at(0).token(client: id, secret: "wrong", address: "192.0.2.1") == nil)
        }
        await #expect(throws: Refusal.self, "another server, another address") {
            try await desk.at(1).token(client: id, secret: secret, address: "192.0.2.9")
        }
        #expect(try await desk.at(3600).token(client: id, secret: secret, address: "192.0.2.9") != nil)
        for number in 0..<60 {
            _ = try? await desk.at(0).token(client: "client-\(number)", secret: "x", address: "192.0.2.7")
        }
        await #expect(throws: Refusal.self) {
            try await desk.at(1).token(client: "client-new", secret: "x", address: "192.0.2.7")
        }
    }

    @Test func `issuers of an organisation see and change its clients, others find none there`() async throws {
        let desk = try await Desk()
        let (issuer, nurse, foreign) = (
            try await desk.caller("issuer"), try await desk.caller("nurse"), try await desk.caller("foreign")
        )
        let casework = desk.at(1)
        let (id, secret) = try await casework.issueClient(
            organisation: "med",
            name: "電子カルテ",
            writes: true,
            certificate: nil,
            by: issuer
        )
        #expect(try await casework.clients(by: issuer).map(\.id) == [id])
        #expect(try await casework.clients(by: foreign).isEmpty)
        #expect(try await casework.clientOrganisations(by: issuer).map(\.key) == ["hc", "med"])
        await #expect(throws: Refusal.self) { try await casework.clients(by: nurse) }
        for stranger in [nurse, foreign] {
            await #expect(throws: Refusal.self) { try await casework.client(id, by: stranger) }
            await #expect(throws: Refusal.self) { try await casework.rotateClient(id, endsEarlier: true, by: stranger) }
            await #expect(throws: Refusal.self) { try await casework.bindClient(id, to: nil, by: stranger) }
            await #expect(throws: Refusal.self) { try await casework.stopClient(id, by: stranger) }
            await #expect(throws: Refusal.self) {
                try await casework.issueClient(
                    organisation: "med",
                    name: "x",
                    writes: true,
                    certificate: nil,
                    by: stranger
                )
            }
        }
        #expect(try await casework.token(client: id, secret: secret) != nil, "nobody has changed anything")
        _ = try await casework.rotateClient(id, endsEarlier: false, by: issuer)
        try await casework.stopClient(id, by: issuer)
        let history = try await casework.client(id, by: issuer).history
        #expect(history.map(\.deed.kind) == [.stop, .rotate, .issue])
        #expect(history.allSatisfy { $0.name == "試験 issuer" && $0.organisation == "試験保健所" })
    }

    @Test func `the ministry finds no program of a health centre, and takes none`() async throws {
        let desk = try await Desk()
        let (casework, ministry) = (desk.at(1), try await desk.caller("ministry"))
        var issued: [(id: String, secret: String)] = []
        for organisation in ["hc", "med", "other"] {
            issued.append(try await casework.issueClient(organisation: organisation, name: "電子カルテ"))
            await #expect(throws: Refusal.self, "\(organisation)") {
                try await casework.issueClient(
                    organisation: organisation,
                    name: "集計",
                    writes: false,
                    certificate: nil,
                    by: ministry
                )
            }
        }
        for (id, secret) in issued {
            await #expect(throws: Refusal.self) { try await casework.client(id, by: ministry) }
            await #expect(throws: Refusal.self) { try await casework.rotateClient(id, endsEarlier: true, by: ministry) }
            await #expect(throws: Refusal.self) { try await casework.bindClient(id, to: nil, by: ministry) }
            await #expect(throws: Refusal.self) { try await casework.stopClient(id, by: ministry) }
            #expect(try await casework.token(client: id, secret: secret) != nil)
        }
        #expect(try await casework.clientOrganisations(by: ministry).map(\.key) == ["mhlw"])
        let own = try await casework.issueClient(
            organisation: "mhlw",
            name: "集計",
            writes: false,
            certificate: nil,
            by: ministry
        )
        #expect(try await casework.clients(by: ministry).map(\.id) == [own.id])
    }

    @Test(arguments: ["replace", "bind", "stop"])
    func `a change between the secret and the token leaves no token`(change: String) async throws {
        let desk = try await Desk()
        let mine = [UInt8](repeating: 1, count: 32)
        let (id, secret) = try await desk.at(0).issueClient(organisation: "med", name: "電子カルテ")
        let slow = desk.at(1) {
            switch change {
            case "replace": _ = try await desk.at(1).rotateClient(id, endsEarlier: true)
            case "bind": try await desk.at(1).bindClient(id, to: mine)
            default: try await desk.at(1).stopClient(id)
            }
        }
        #expect(try await slow.token(client: id, secret: secret, certificate: mine) == nil)
        let left = try await desk.database.engine.read { try $0.number("SELECT count(*) FROM bearers") }
        #expect(left == 0)
    }

    @Test func `a secret that is changed and works on gives a token all the same`() async throws {
        let desk = try await Desk()
        let (id, secret) = try await desk.at(0).issueClient(organisation: "med", name: "電子カルテ")
        let slow = desk.at(1) { _ = try await desk.at(1).rotateClient(id, endsEarlier: false) }
        #expect(try await slow.token(client: id, secret: secret) != nil)
    }

    @Test(arguments: ["issue", "rotate", "bind", "stop"])
    func `whoever stops being an issuer on the way changes nothing`(deed: String) async throws {
        let desk = try await Desk()
        let issuer = try await desk.caller("issuer")
        let (id, secret) = try await desk.at(0).issueClient(organisation: "med", name: "電子カルテ")
        let slow = desk.at(1) {
            try await desk.database.engine.write {
                try DutyStore.set([], of: issuer.viewer.account, by: 0, at: Desk.now, $0)
            }
        }
        await #expect(throws: Refusal.self) {
            switch deed {
            case "issue":
                _ = try await slow.issueClient(
                    organisation: "med",
                    name: "電子カルテ",
                    writes: true,
                    certificate: nil,
                    by: issuer
                )
            case "rotate": _ = try await slow.rotateClient(id, endsEarlier: true, by: issuer)
            case "bind": try await slow.bindClient(id, to: [UInt8](repeating: 1, count: 32), by: issuer)
            default: try await slow.stopClient(id, by: issuer)
            }
        }
        #expect(try await desk.at(2).clients().map(\.id) == [id])
        #expect(try await desk.at(2).token(client: id, secret: secret) != nil)
    }

    @Test(arguments: [
        (String(repeating: "ab", count: 32), true), (String(repeating: "AB:", count: 32).dropLast(1).description, true),
        (String(repeating: "ab", count: 31), false), (String(repeating: "zz", count: 32), false), ("", false),
        (String(repeating: "+1", count: 32), false),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", false),
        ("-----END CERTIFICATE----------BEGIN CERTIFICATE-----", false),
    ])
    func `a certificate is named by itself or by its SHA-256`(text: String, isOne: Bool) {
        #expect((Thumbprint.read(text)?.count == 32) == isOne)
    }
}
