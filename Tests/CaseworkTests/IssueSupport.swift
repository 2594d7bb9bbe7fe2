import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// An office in which the ministry, a headquarters and a health centre have somebody who issues.
struct IssuingOffice {
    let office: Office
    var work: Casework { office.casework }

    static let password = "hersys-renshu-2020"

    init() async throws {
        office = try await Office()
        try await Loader.load(
            [
                Organisation(key: "fol-9", kind: .followUp, name: "東京見守り", parent: "pref-13", prefecture: "13"),
                Organisation(
                    key: "med-9",
                    kind: .medical,
                    name: "新宿みなみ病院",
                    healthCentre: "hc-13104",
                    prefecture: "13",
                    phone: "03-0000-0099",
                    institutionCode: "1310000099"
                ),
            ],
            into: office.casework
        )
        for (login, organisation) in [("mhlw", "mhlw"), ("tokyo", "pref-13"), ("shinjuku", "hc-13104")] {
            try await account(login, organisation, [.issuer])
        }
    }

    @discardableResult
    func account(_ login: String, _ organisation: OrganisationKey, _ duties: Set<Duty> = []) async throws -> Caller {
        try await work.issueAccount(
            login: login,
            name: "\(login)の担当",
            organisation: organisation,
            phone: "03-0000-0002",
            password: Self.password,
            duties: duties
        )
        return try await caller(login)
    }

    /// Somebody by their user ID, as their session says it.
    func caller(_ login: String, through: Caller.Channel = .page) async throws -> Caller {
        let store = work.accounts
        let account = try #require(try await office.engine.read { try store.find(login: login, $0) })
        let organisation = try #require(try await work.directory()[account.organisation])
        return Caller(
            Viewer(organisation: organisation, account: account.id, name: account.name),
            through: through,
            address: "192.0.2.1"
        )
    }

    func signIn(_ login: String, _ password: String = password) async throws -> String {
        let pending = try await work.signIn(login: login, password: password, address: "192.0.2.1", returnTo: "/")
        return try await work.completeSignIn(
            pending.secret,
            code: SignInTests.code(office),
            address: "192.0.2.1"
        ).session
    }

    static func draft(
        _ login: String,
        _ organisation: OrganisationKey,
        _ duties: Set<Duty> = [],
        name: String = "佐々木 花",
        phone: String = "090-0000-0003"
    ) -> AccountDraft {
        AccountDraft(login: login, name: name, organisation: organisation, phone: phone, duties: duties)
    }
}

/// The codes of what an operation complains about; nil where it complains of nothing.
func complaints(_ body: () async throws -> Void) async -> [String]? {
    do {
        try await body()
        return nil
    } catch Refusal.findings(let findings) {
        return findings.map { "\($0.place.item) \($0.code)" }
    } catch Refusal.notFound {
        return ["not found"]
    } catch Refusal.forbidden {
        return ["forbidden"]
    } catch {
        return ["\(type(of: error))"]
    }
}
