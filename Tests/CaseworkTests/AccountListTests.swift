import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// アカウントの一覧: whose accounts are in it, page by page.
@Suite struct AccountListTests {
    @Test(arguments: [
        ("mhlw", "mhlw"), ("tokyo", "pref-13"), ("shinjuku", "hc-13104"), ("city", "city-13104"), ("clinic", "med-1"),
    ])
    func `the list holds what the rules say, account by account`(login: String, key: OrganisationKey) async throws {
        let desk = try await IssuingOffice()
        let directory = try await desk.work.directory()
        for organisation in directory.organisations.keys.sorted() {
            try await desk.account("user-\(organisation)", organisation)
        }
        try await desk.account("city", "city-13104", [.issuer])
        try await desk.account("clinic", "med-1", [.manager])
        let caller = try await desk.caller(login)
        let found = try await desk.work.accountPage(desk.work.accountFilter(), after: "", by: caller).rows
        var expected: [String] = []
        for account in try await desk.work.accountList() {
            let sees = await complaints { _ = try await desk.work.managedAccount(account.login, by: caller) } == nil
            if sees { expected.append(account.login) }
        }
        #expect(found.map(\.login) == expected)
        #expect(
            found.contains { $0.login == login }
                && found.allSatisfy { ($0.login == login) == ($0.id == caller.viewer.account) }
        )
        #expect(found.first { $0.login == login }?.duties.isEmpty == false)
    }

    @Test(arguments: [Set<Duty>(), [.supervisor], [.manager]])
    func `only whoever holds a duty sees a list`(duties: Set<Duty>) async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.account("somebody", "hc-13104", duties)
        let found = await complaints {
            _ = try await desk.work.accountPage(desk.work.accountFilter(), after: "", by: caller)
        }
        #expect(found == (duties.isEmpty ? ["not found"] : nil))
    }

    @Test func `the list is narrowed by kind, state, text, and flags what nobody uses`() async throws {
        let desk = try await IssuingOffice()
        try await desk.account("never", "hc-13104")
        try await desk.account("gone", "hc-13104")
        try await desk.account("old", "med-1")
        try await desk.account("a_b", "med-9")
        _ = try await desk.signIn("old")
        _ = try await desk.signIn("shinjuku")
        desk.office.clock.advance(90 * 86_400 + 1)
        _ = try await desk.signIn("shinjuku")
        try await desk.work.stopAccount(login: "gone")
        let caller = try await desk.caller("shinjuku")
        func found(_ change: (inout AccountFilter) -> Void) async throws -> [String] {
            var filter = desk.work.accountFilter()
            change(&filter)
            return try await desk.work.accountPage(filter, after: "", by: caller).rows.map(\.login)
        }
        #expect(try await found { $0.state = .unused } == ["a_b", "never", "old"])
        #expect(try await found { $0.state = .stopped } == ["gone"])
        #expect(try await found { $0.state = .active } == ["a_b", "never", "old", "shinjuku"])
        #expect(try await found { $0.kind = .medical } == ["a_b", "old"])
        #expect(try await found { $0.text = "みなみ" } == ["a_b"])
        #expect(try await found { $0.text = "NEV" } == ["never"])
        #expect(try await found { $0.text = "_" } == ["a_b"])
        #expect(try await found { $0.text = "%" }.isEmpty)
        #expect(try await found { $0.organisation = "med-1" } == ["old"])
        let all = try await desk.work.accountPage(desk.work.accountFilter(), after: "", by: caller).rows
        #expect(all.filter(desk.work.isUnused).map(\.login) == ["a_b", "never", "old"])
    }

    @Test func `pages follow each other without a gap and without a row twice`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        let (store, directory, now) = (desk.work.accounts, try await desk.work.directory(), desk.office.clock.now)
        try await desk.office.engine.write { connection in
            for number in 0..<130 {
                let account = Account(
                    login: "user-\(number)",
                    organisation: number % 2 == 0 ? "med-1" : "med-2",
                    name: "使う人",
                    password: "",
                    phone: "03-0000-0001"
                )
                _ = try store.insert(account, at: now, directory: directory, connection)
            }
        }
        var seen: [String] = []
        var after: String? = ""
        var pages = 0
        while let place = after {
            let page = try await desk.work.accountPage(desk.work.accountFilter(), after: place, by: caller)
            seen += page.rows.map(\.login)
            (after, pages) = (page.next, pages + 1)
        }
        #expect(pages == 2 && seen.count == 66 && Set(seen).count == 66)
        #expect(seen == seen.sorted())
    }

    @Test func `organisations are found by name, key and code, the own first`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        func found(_ text: String) async throws -> [String] {
            try await desk.work.issuableOrganisations(text, most: 50, by: caller).found.map(\.key)
        }
        #expect(try await found("") == ["hc-13104", "med-1", "med-9"])
        #expect(try await found("みなみ") == ["med-9"])
        #expect(try await found("１３１００００099") == ["med-9"])
        #expect(try await found("渋谷").isEmpty)
        let some = try await desk.work.issuableOrganisations("", most: 2, by: caller)
        #expect(some.found.count == 2 && some.isMore)
    }

    @Test func `the ministry finds itself, then prefectures, cities, health centres, each by key`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("mhlw")
        let found = try await desk.work.issuableOrganisations("", most: 50, by: caller).found
        #expect(found.first?.key == "mhlw")
        let kinds: [OrganisationKind] = [.ministry, .prefecture, .city, .healthCentre]
        #expect(kinds.allSatisfy { kind in found.contains { $0.kind == kind } })
        let expected = kinds.flatMap { kind in found.filter { $0.kind == kind }.map(\.key).sorted() }
        #expect(found.map(\.key) == expected)
    }

    @Test func `a proposed user ID is free`() async throws {
        let desk = try await IssuingOffice()
        let caller = try await desk.caller("shinjuku")
        #expect(try await desk.work.proposedLogin(for: "med-9", by: caller) == "med-9")
        try await desk.account("med-9", "med-9")
        try await desk.account("med-9-2", "med-9")
        #expect(try await desk.work.proposedLogin(for: "med-9", by: caller) == "med-9-3")
        #expect(await complaints { _ = try await desk.work.proposedLogin(for: "med-2", by: caller) } == ["not found"])
    }
}
