import Access
import Casework
import Catalogue
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Storage
import TestSupport

@testable import Web

/// A server of its own for one test: a database in a temporary folder with a few organisations.
struct TestSite {
    static let now = Timestamp(day("2020-06-05"), hour: 15)

    let casework: Casework
    let site: Site
    let engine: any Engine
    let keys: KeyRing
    let client: any TestClientProtocol

    /// The health centre in charge, another one, one of another prefecture; two institutions.
    static let organisations = [
        Organisation(key: "mhlw", kind: .ministry, name: "厚生労働省", prefecture: "13"),
        Organisation(key: "pref-13", kind: .prefecture, name: "東京都調整本部", prefecture: "13"),
        Organisation(key: "pref-27", kind: .prefecture, name: "大阪府調整本部", prefecture: "27"),
        centre("hc-a", "みなと保健所", parent: "pref-13", municipality: "131032"),
        centre("hc-b", "しぶや保健所", parent: "pref-13", municipality: "131130"),
        centre("hc-c", "大阪保健所", parent: "pref-27", municipality: "271004"),
        Organisation(
            key: "med-a",
            kind: .medical,
            name: "みなと病院",
            healthCentre: "hc-a",
            prefecture: "13",
            municipality: "131032",
            address: "東京都港区芝1-1-1",
            phone: "03-1234-5678",
            institutionCode: "1310000011"
        ),
        Organisation(key: "med-b", kind: .medical, name: "しぶや診療所", healthCentre: "hc-b", prefecture: "13"),
        Organisation(key: "fol-a", kind: .followUp, name: "フォローアップデスク", parent: "pref-13", prefecture: "13"),
        Organisation(key: "lod-a", kind: .lodging, name: "ホテル", parent: "pref-13", prefecture: "13"),
        Organisation(key: "ana-a", kind: .analysis, name: "情報センター", parent: "pref-13", prefecture: "13"),
    ]

    private static func centre(
        _ key: String,
        _ name: String,
        parent: String,
        municipality: String
    ) -> Organisation {
        Organisation(
            key: key,
            kind: .healthCentre,
            name: name,
            parent: parent,
            prefecture: String(municipality.prefix(2)),
            municipality: municipality
        )
    }

    static func day(_ iso: String) -> CalendarDate {
        CalendarDate(iso: iso) ?? CalendarDate(dayNumber: 0)
    }

    /// Runs a test against a fresh server and clears up behind it.
    static func run(
        at now: Timestamp = now,
        _ body: @Sendable (TestSite) async throws -> Void
    ) async throws {
        let database = try await TemporaryDatabase()
        let engine = database.engine
        try await engine.write { connection in
            for organisation in organisations { try DirectoryStore.save(organisation, connection) }
        }
        let keys = KeyRing.generate()
        var casework = Casework(engine: engine, keys: keys, passwordCost: 10) { now }
        casework.sendLimit = .none
        var site = Site(casework: casework, isDemonstration: false)
        site.relyingParty = RelyingParty(origin: "https://hersys.example.jp")
        let application = Hummingbird.Application(router: WebApplication.router(site))
        try await application.test(.router) { [casework, site] client in
            try await body(
                TestSite(casework: casework, site: site, engine: engine, keys: keys, client: client)
            )
        }
        withExtendedLifetime(database) {}
    }

    /// Sends a request and reads the answer.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ headers: [String: String] = [:],
        body: [UInt8] = []
    ) async throws -> Answer {
        var fields: HTTPFields = [:]
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let response = try await client.executeRequest(
            uri: path,
            method: method,
            headers: fields,
            body: ByteBuffer(bytes: body)
        )
        return Answer(
            status: Int(response.status.code),
            headers: response.headers,
            bytes: Array(response.body.readableBytesView)
        )
    }

    /// An API client of an organisation with its bearer token.
    func program(of organisation: OrganisationKey) async throws -> Program {
        let issued = try await casework.issueClient(organisation: organisation, name: "\(organisation)のシステム")
        let token = try await casework.token(client: issued.id, secret: issued.secret)
        return Program(site: self, id: issued.id, secret: issued.secret, token: token?.token ?? "")
    }
}

/// What a server answered.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSON { (try? JSONParser.parse(bytes)) ?? .null }

    /// Item and code of each thing to mend.
    var errors: [String] {
        (json["errors"]?.list ?? []).map { "\($0["item"]?.text ?? "?") \($0["code"]?.text ?? "?")" }
    }

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }
}

/// A program that uses the API for an organisation.
struct Program {
    let site: TestSite
    let id: String
    let secret: String
    let token: String

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await site.send(.get, path, headers.merging(["Authorization": "Bearer \(token)"]) { old, _ in old })
    }

    func post(_ path: String, _ body: JSON? = nil, _ headers: [String: String] = [:]) async throws -> Answer {
        try await send(.post, path, body, headers)
    }

    func patch(_ path: String, _ body: JSON, version: String) async throws -> Answer {
        try await send(.patch, path, body, ["If-Match": version])
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSON?,
        _ headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = headers
        fields["Authorization"] = "Bearer \(token)"
        var writer = JSONWriter()
        if let body {
            fields["Content-Type"] = fields["Content-Type"] ?? "application/json"
            writer.json(body)
        }
        return try await site.send(method, path, fields, body: writer.bytes)
    }

    /// Files the notification of the description's example.
    func notify(_ changes: [(String, JSON)] = []) async throws -> Answer {
        try await post("/api/v1/cases", APISamples.notification(changes))
    }
}

/// Bodies that tests send.
enum APISamples {
    static var notification: JSON { OpenAPI.examples["notification"] ?? .null }

    /// The example with items changed, added or, with nil, left out.
    static func notification(_ changes: [(String, JSON)], without removed: [String] = []) -> JSON {
        var items = notification["items"]?.members ?? []
        for (name, value) in changes {
            items.removeAll { $0.name == name }
            items.append(JSON.Member(name: name, value: value))
        }
        items.removeAll { removed.contains($0.name) }
        return replacing("items", by: .object(items))
    }

    /// The example with another member.
    static func replacing(_ name: String, by value: JSON) -> JSON {
        let kept = (notification.members ?? []).filter { $0.name != name }
        return .object(kept + [JSON.Member(name: name, value: value)])
    }
}
