import Access
import Casework
import Catalogue
import Testing

@testable import Web

/// Papers for patients and for the wall.
@Suite struct LeafletTests {
    @Test func `anybody may read the leaflets, which lead nowhere and ask for nothing`() async throws {
        try await TestSite.run { site in
            for path in ["/leaflets/patients", "/leaflets/patients?lang=en", "/leaflets/security"] {
                let answer = try await site.send(.get, path)
                #expect(answer.status == 200)
                #expect(answer.text.matches(of: /<h1/).count == 1, "\(path)")
                #expect(!answer.text.contains("<form") && !answer.text.contains("<input"))
                #expect(answer.header("Set-Cookie") == nil)
                for link in answer.text.matches(of: /href="([^"]+)"/) {
                    let target = String(link.1)
                    #expect(["/assets/", "#main", "?lang="].contains { target.hasPrefix($0) }, "\(target)")
                }
            }
            let english = try await site.send(.get, "/leaflets/patients?lang=en").text
            #expect(english.contains("<html lang=\"en\">"))
            #expect(SelfReportEnglishTests.japanese(english) == "")
        }
    }

    @Test func `the patients' table has every section that is a person's, once`() {
        let told = SeenBy.matters.flatMap { $0.sections ?? [] }
        #expect(Set(told).count == told.count)
        // 管理 tells who handles the case, nothing of the person.
        #expect(Set(told) == Set(Section.allCases).subtracting([.management]))
        let roles = SeenBy.readers.flatMap(\.roles)
        #expect(Set(roles).count == roles.count)
        // 緊急閲覧 is told in words, and the person reads nothing.
        #expect(Set(roles) == Set(CaseRole.allCases).subtracting([.opened, .person]))
    }

    @Test func `no row or column of it mixes what is different`() {
        for matter in SeenBy.matters {
            for reader in SeenBy.readers {
                for role in reader.roles {
                    let sights = Set(SeenBy.sights(role, matter))
                    #expect(sights.count == 1, "\(matter.name.ja): \(role) sees \(sights)")
                }
            }
        }
    }

    @Test func `what the notice promises stands in the table`() throws {
        func sight(_ reader: Int, _ section: Section) throws -> SeenBy.Sight {
            let matter = try #require(SeenBy.matters.first { $0.sections?.contains(section) == true })
            return SeenBy.sight(SeenBy.readers[reader], matter)
        }
        for section in [Section.activity, .contact, .infectionLink, .route] {
            for reader in [2, 3, 4] { #expect(try sight(reader, section) == .nothing) }
        }
        #expect(try sight(4, .whereabouts) == .nothing)
        #expect(try sight(4, .observation) == .all)
        #expect(try sight(2, .test) == .own)
        #expect(try sight(5, .person) == .nameless)
        #expect(
            SeenBy.readers.allSatisfy { SeenBy.sight($0, SeenBy.matters[0]) == .all || $0.roles.contains(.ministry) }
        )
    }

    @Test func `the words about grants and 緊急閲覧 are what the rules say`() async throws {
        for section in [Section.activity, .contact, .infectionLink, .route] {
            for kind in [OrganisationKind.medical, .followUp, .lodging] { #expect(Rights.isClosed(section, to: kind)) }
        }
        try await TestSite.run { site in
            let text = try await site.send(.get, "/leaflets/patients").text
            #expect(text.contains("\(Casework.openingSeconds / 3600)時間に限って"))
            let english = try await site.send(.get, "/leaflets/patients?lang=en").text
            #expect(english.contains("for \(Casework.openingSeconds / 3600) hours"))
        }
    }

    @Test func `the leaflet names every question of the report, and the report asks for none of what it warns of`()
        async throws
    {
        try await TestSite.run { site in
            for (query, language) in [("", Language.ja), ("?lang=en", .en)] {
                let text = try await site.send(.get, "/leaflets/patients\(query)").text.lowercased()
                for item in SelfReportView.items {
                    let label = try #require(item.asked?.label[language])
                    #expect(text.contains(label.lowercased()), "\(item.key)")
                }
            }
            let warned = ["パスワード", "口座", "カード", "マイナンバー"]
            for item in SelfReportView.items {
                for word in warned { #expect(item.asked?.label.ja.contains(word) == false) }
            }
        }
    }

    @Test func `the security leaflet has the numbers that hold`() async throws {
        try await TestSite.run { site in
            let text = try await site.send(.get, "/leaflets/security").text
            #expect(text.contains("\(PasswordRule.length.lowerBound)～\(PasswordRule.length.upperBound)文字"))
            #expect(text.contains("\(Casework.idleSeconds / 60)分間操作がない"))
            #expect(text.contains("<html lang=\"ja\">") && !text.contains("hreflang"))
        }
    }

    @Test func `staff find the leaflets where they hand out links, IDs and terms`() async throws {
        try await TestSite.run { site in
            let number = try await site.report([("birth_date", "1986-04-01")])
            let browser = try await site.browser(of: "hc-a")
            let address = "/cases/\(number.digits)/report-link"
            #expect(try await browser.get(address).text.contains("href=\"/leaflets/patients\""))
            let made = try await browser.post(address, [("host", "her-sys.example")]).text
            #expect(made.contains("href=\"/leaflets/patients?lang=en\""))
            #expect(made.contains("href=\"/leaflets/patients?lang=ja\""))
            #expect(made.contains("<p lang=\"en\">Please scan or open this"))
            #expect(made.matches(of: /aria-label="健康観察用のURLのQRコード"/).count == 1)
            #expect(try await browser.get("/account/terms").text.contains("href=\"/leaflets/security\""))
        }
    }
}
