import Access
import Foundation
import Testing

/// ＩＤ・パスワード発行事務: who looks after whose accounts, and what each duty allows.
@Suite struct IssuingTests {
    private static let all = [
        Organisation(key: "mhlw", kind: .ministry, name: ""),
        Organisation(key: "pref", kind: .prefecture, name: ""),
        Organisation(key: "city", kind: .city, name: "", parent: "pref"),
        Organisation(key: "hc", kind: .healthCentre, name: "", parent: "city"),
        Organisation(key: "hc2", kind: .healthCentre, name: "", parent: "pref"),
        Organisation(key: "med", kind: .medical, name: "", healthCentre: "hc"),
        Organisation(key: "med2", kind: .medical, name: "", healthCentre: "hc2"),
        Organisation(key: "fol", kind: .followUp, name: "", parent: "pref"),
        Organisation(key: "lod", kind: .lodging, name: "", parent: "city"),
        Organisation(key: "ana", kind: .analysis, name: "", parent: "pref"),
        Organisation(key: "far", kind: .prefecture, name: ""),
        Organisation(key: "none", kind: .medical, name: ""),
        // A directory that goes in a circle, and one whose parent is an institution.
        Organisation(key: "ring", kind: .lodging, name: "", parent: "ring"),
        Organisation(key: "branch", kind: .medical, name: "", parent: "med"),
    ]

    private static func find(_ key: OrganisationKey) -> Organisation? { all.first { $0.key == key } }

    private static func holder(
        _ key: OrganisationKey,
        _ duties: Set<Duty>,
        _ account: Int64 = 1
    ) throws
        -> Issuing.Holder
    {
        Issuing.Holder(account: account, organisation: try #require(find(key)), duties: duties)
    }

    @Test func `each duty allows exactly what the golden table says, for each kind of organisation`() throws {
        var lines: [String] = []
        for duty in Duty.allCases {
            for kind in OrganisationKind.allCases {
                let powers = duty.powers(at: kind)
                let words = AccountPower.allCases.filter(powers.contains).map(\.rawValue)
                lines.append("\(duty.rawValue) \(kind.rawValue): \(words.isEmpty ? "-" : words.joined(separator: " "))")
            }
        }
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("duties.txt")
        let golden = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines == golden)
    }

    @Test(arguments: [
        ("mhlw", "mhlw pref city hc hc2 far"),
        ("pref", "pref med med2 fol lod ana"),
        ("city", "city med lod"),
        ("hc", "hc med"),
        ("hc2", "hc2 med2"),
        ("far", "far"),
        ("med", "med"),
        ("fol", "fol"),
        ("ring", "ring"),
    ])
    func `an organisation looks after its own accounts and those of what belongs to it`(
        own: OrganisationKey,
        governed: String
    ) throws {
        let organisation = try #require(Self.find(own))
        let found = Self.all.filter { Issuing.governs(organisation, $0, parentOf: Self.find) }.map(\.key)
        #expect(found.joined(separator: " ") == governed)
    }

    @Test(
        arguments: [
            // The ministry's issuer: issuers of local governments, its own people, nobody else.
            ("mhlw", Duty.issuer, "hc", Set([Duty.issuer]), "see issue change stop resume reset"),
            ("mhlw", .issuer, "hc", [], ""),
            ("mhlw", .issuer, "hc", [.manager], ""),
            ("mhlw", .issuer, "mhlw", [], "see issue change stop resume reset"),
            ("mhlw", .issuer, "med", [], ""),
            // A health centre's issuer: colleagues and institutions; another issuer can only be stopped.
            ("hc", .issuer, "hc", [], "see review issue change stop resume reset"),
            ("hc", .issuer, "hc", [.issuer], "see stop"),
            ("hc", .issuer, "med", [.manager], "see review issue change stop resume reset"),
            ("hc", .issuer, "hc2", [], ""),
            ("hc", .issuer, "city", [], ""),
            // Those who don't issue.
            ("hc", .supervisor, "hc", [], "see review"),
            ("hc", .supervisor, "hc", [.issuer], "see"),
            ("hc", .manager, "hc", [], "see review stop reset"),
            ("hc", .manager, "hc", [.issuer], "see stop"),
            ("hc", .manager, "med", [], "see review stop reset"),
            // An institution's manager: its own users only.
            ("med", .manager, "med", [], "see issue change stop resume reset"),
            ("med", .manager, "hc", [], ""),
            ("med", .manager, "branch", [], ""),
            ("med", .issuer, "med", [], ""),
        ] as [(OrganisationKey, Duty, OrganisationKey, Set<Duty>, String)]
    )
    func `what somebody may do with an account`(
        own: OrganisationKey,
        duty: Duty,
        other: OrganisationKey,
        held: Set<Duty>,
        expected: String
    ) throws {
        let powers = Issuing.powers(
            try Self.holder(own, [duty]),
            on: try Self.holder(other, held, 2),
            parentOf: Self.find
        )
        #expect(AccountPower.allCases.filter(powers.contains).map(\.rawValue).joined(separator: " ") == expected)
    }

    @Test(arguments: [
        // The ministry names issuers in local governments and has no program there: it would read identified cases.
        ("mhlw", Duty.issuer, "mhlw"), ("mhlw", .supervisor, ""), ("mhlw", .manager, ""),
        ("pref", .issuer, "pref med med2 fol lod ana"), ("pref", .supervisor, ""), ("pref", .manager, ""),
        ("city", .issuer, "city med lod"), ("hc", .issuer, "hc med"), ("hc2", .issuer, "hc2 med2"),
        ("hc", .manager, ""), ("far", .issuer, "far"),
        ("med", .manager, "med"), ("med", .issuer, ""), ("fol", .manager, "fol"), ("ana", .manager, "ana"),
    ])
    func `who issues the programs of which organisations`(
        own: OrganisationKey,
        duty: Duty,
        expected: String
    ) throws {
        let actor = try Self.holder(own, [duty])
        let found = Self.all.filter { Issuing.issuesClients(actor, of: $0, parentOf: Self.find) }.map(\.key)
        #expect(found.joined(separator: " ") == expected)
    }

    @Test func `nobody acts on oneself, and without a duty nobody acts at all`() throws {
        let issuer = try Self.holder("hc", [.issuer])
        #expect(Issuing.powers(issuer, on: issuer, parentOf: Self.find) == [.see])
        let colleague = try Self.holder("hc", [], 2)
        #expect(Issuing.powers(colleague, on: issuer, parentOf: Self.find).isEmpty)
        #expect(Issuing.powers(colleague, over: try #require(Self.find("hc")), parentOf: Self.find).isEmpty)
    }

    @Test(
        arguments: [
            ("mhlw", "hc", Set([Duty.issuer]), Set([Duty.issuer])), ("mhlw", "mhlw", [.issuer], []),
            ("pref", "pref", [.supervisor, .manager], []), ("hc", "med", [.manager], []), ("hc", "ana", [.manager], []),
            ("med", "med", [], []),
        ] as [(OrganisationKey, OrganisationKey, Set<Duty>, Set<Duty>)]
    )
    func `who may be named for what, and what an ID must be for`(
        own: OrganisationKey,
        other: OrganisationKey,
        namable: Set<Duty>,
        required: Set<Duty>
    ) throws {
        let (own, other) = (try #require(Self.find(own)), try #require(Self.find(other)))
        #expect(Issuing.namable(by: own, for: other) == namable)
        #expect(Issuing.required(by: own, for: other) == required)
    }
}
